"""What a message offers where duration cannot integrate a prior: numbers, or one spread for all."""

from collections.abc import Sequence

from bayesmeta.assembly import Assembly, parts_of, with_choices
from bayesmeta.errors import ModelError
from bayesmeta.studies.wording import choice, numbers_choice

_EXAMPLES = {"nu": 4, "share": 0.1}


def numbers(names: Sequence[str]) -> str:
    """Return numbers in place of priors, ready to paste; which numbers is the reader's to say.

    Examples
    --------
    >>> numbers(["kappa", "nu"])
    'priors={"kappa": 1, "nu": 4}'
    """
    return numbers_choice({name: _EXAMPLES.get(name, 1) for name in names})


def one_spread(assembly: Assembly, names: Sequence[str]) -> str:
    """Return the choice of one spread for trials and cohorts; nothing where that is no help.

    Parameters
    ----------
    names
        Hyperparameters that have to go; none may be left under that spread.
    """
    try:
        spec = with_choices(assembly.model, {"spread": "common"})
    except ModelError:  # of a model without designs, or a part that no spread is chosen for
        return ""
    left = {item.name for item in parts_of(spec).heterogeneity.parameters(assembly.layout)}
    if left & set(names):
        return ""
    return f"let effects of cohorts spread as those of trials ({choice('spread', 'common')})"
