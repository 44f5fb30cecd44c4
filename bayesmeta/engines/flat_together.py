"""What is said where several flat coefficients beside several spreads have no numbers far out."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np

from bayesmeta.errors import PosteriorError
from bayesmeta.priors import is_flat
from bayesmeta.spec import Prior

_SEVERAL = 2


@contextmanager
def flat_together(
    priors: Mapping[str, Prior], coefficients: Sequence[str], spreads: Sequence[str]
) -> Iterator[None]:
    """Integrate inside; a failure says that flat priors are too many, and what would do.

    Where a spread is very large it leaves nothing of what tells its coefficient: numbers end
    before the theorem does, by which the posterior is proper.

    Parameters
    ----------
    spreads
        The hyperparameters.

    Raises
    ------
    PosteriorError
        Naming the flat coefficients and the spreads.
    """
    flat = [name for name in coefficients if is_flat(priors[name])]
    if len(flat) < _SEVERAL or len(spreads) < _SEVERAL:
        yield
        return
    try:
        with np.errstate(all="ignore"):
            yield
    except PosteriorError as error:
        raise PosteriorError(
            f"{' and '.join(flat)} are flat together beside {' and '.join(spreads)}, of which very "
            f"large values leave no numbers to compute with; give one a prior, such as "
            f"{flat[-1]} = Normal(mu=0, sigma=...)."
        ) from error
