"""A refit, and many exact posteriors of one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.answering import Answer
from bayesmeta.engines.lines import Lines
from bayesmeta.engines.moments import Moments
from bayesmeta.errors import ModelError
from bayesmeta.mixtures import NormalMixture
from bayesmeta.sinc import SincDensity
from bayesmeta.spec import Prior

_NOTHING = 1e-20
"""Components of less weight are left out of the tens of thousands of a Student-t prior's rule."""

type Mixed = NormalMixture | SincDensity
"""What combinations of coefficients can be."""

type Priors = Mapping[str, Prior]


class Refit(NamedTuple):
    """One refit of a table.

    Parameters
    ----------
    priors
        By coefficient and ``tau``, resolved to the outcome's unit.
    members
        The power that each study's likelihood is raised to, shape (study,): 1 for studies that
        take part, 0 for others.
    powers
        What the prior densities of hyperparameters are raised to, by name; those not there to 1.
    """

    priors: Priors
    members: FloatArray
    powers: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Part:
    """Refits that were integrated together.

    Parameters
    ----------
    rows
        Where they stand among all.
    integral
        Their posteriors.
    moments
        How many moments of each one's quantities exist.
    """

    rows: IntArray
    integral: Answer
    moments: tuple[Moments, ...]

    def new_study(self, row: FloatArray, kind: str | None) -> Mixed:
        """Return the posteriors of the effect in a new study of a kind around row @ coefficients.

        Raises
        ------
        ModelError
            If there are several kinds, and none is named.
        """
        if kind is None:
            raise ModelError("The model has several kinds of new studies; name one.")
        return self.combination(row, new_study=True, kind=kind)

    def combination(self, row: FloatArray, *, new_study: bool = False, kind: str = "") -> Mixed:
        """Return the posteriors of row @ coefficients, with tau's spread for a new study."""
        known = {id(each): each for each in self.moments}
        exist = {key: each.combination(row, new_study=new_study) for key, each in known.items()}
        finite = np.array([exist[id(each)] for each in self.moments])
        if isinstance(self.integral, Lines):
            return self.integral.combination(row, new_study=new_study, moments=finite)
        found = self.integral.combination(row, new_study=new_study, kind=kind, moments=finite)
        return found if self.integral.problem.components == 1 else found.pruned(_NOTHING)

    def heterogeneity(self, name: str | None = None) -> SincDensity:
        """Return the posteriors of a hyperparameter, by default of the first one."""
        inner = (
            name in (None, next(iter(self.integral.marginals), None))
            if isinstance(self.integral, Lines)
            else name in (None, self.integral.problem.structure.inner)
        )
        finite = np.array([each.of(name or "", 0 if inner else 1) for each in self.moments])
        return self.integral.heterogeneity(name, moments=finite)


@dataclass(frozen=True, eq=False)
class Refits:
    """A batch of exact posteriors of one table and design.

    Parameters
    ----------
    parts
        What was integrated together.
    size
        How many refits there are.
    """

    parts: tuple[Part, ...]
    size: int

    def gather(self, function: Callable[[Part], FloatArray]) -> FloatArray:
        """Return a function of the posteriors, one row a refit, shape (refit, ...)."""
        found = [function(part) for part in self.parts]
        result = np.empty((self.size, *found[0].shape[1:]))
        for part, values in zip(self.parts, found, strict=True):
            result[part.rows] = values
        return result

    @property
    def log_marginal_likelihood(self) -> FloatArray:
        """Log p(y) with all constants, shape (refit,)."""
        return self.gather(lambda part: part.integral.log_marginal_likelihood)

    @property
    def log_marginal_likelihood_error(self) -> FloatArray:
        """Its numerical error, shape (refit,)."""
        return self.gather(lambda part: part.integral.error)
