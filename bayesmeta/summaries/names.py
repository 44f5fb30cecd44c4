"""Which quantities a posterior has."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.measures.typical_variance import typical_variance
from bayesmeta.near import did_you_mean

if TYPE_CHECKING:
    from bayesmeta.summaries.view import View

_SHOWN = 30


@dataclass(frozen=True, eq=False)
class Names:
    """The names of a posterior's quantities.

    What it does not store is derived where it says what its model is, and absent elsewhere.
    """

    view: "View"

    @cached_property
    def main(self) -> tuple[str, ...]:
        """Those of the main table, in its order."""
        view = self.view
        assert schema.MU in view.sampled  # noqa: S101  (reading the group raises what there is)
        others = [name for name in view.coefficients if name not in view.means]
        found = [*view.means]
        single = len(view.means) == 1
        found += [schema.INTERCEPT] if others and single and self._has_intercept else []
        found += [*view.follows.contrasts, *others, *view.hyperparameters, *view.follows.derived]
        found += view.news if self.has(schema.THETA_NEW) else []
        found += [schema.I2] if self._has_fraction else []
        return tuple(found)

    @cached_property
    def every(self) -> tuple[str, ...]:
        """All that can be asked for."""
        view, names = self.view, list(self.main)
        # Of a model that nobody states, tau squared is the square of what is called tau.
        square = view.spread == schema.TAU if view.parts else schema.TAU in names
        names += [schema.TAU2] if square else []
        labels = view.studies.labels if self.has(schema.THETA) else ()
        return (*names, *(schema.study_effect(label) for label in labels))

    def require(self, name: str) -> None:
        """Raise unless there is a quantity of that name.

        Raises
        ------
        PosteriorError
            If there is none; the message lists those there are.
        """
        if not isinstance(name, str) or name not in self.every:
            shown, more = ", ".join(self.every[:_SHOWN]), len(self.every) - _SHOWN
            rest = f" and {more} more" if more > 0 else ""
            raise PosteriorError(
                f"The posterior has no {name!r}; it has: {shown}{rest}."
                f"{did_you_mean(name, self.every)}"
            )

    def has(self, name: str) -> bool:
        """Return whether study effects, or that of a new study, are stored or follow."""
        view = self.view
        if name in view.sampled or view.is_exact:
            return True
        if name == schema.THETA:
            return view.is_conjugate and view.studies.known
        return view.parts is not None

    @property
    def _has_intercept(self) -> bool:
        view = self.view
        centred = view.design_mean is not None and bool(view.word("formula"))
        return centred or schema.INTERCEPT in view.sampled

    @property
    def _has_fraction(self) -> bool:
        view, data = self.view, self.view.studies
        if schema.I2 in view.sampled:
            return True
        if view.spread is None or view.spread not in view.sampled:
            return False
        known = data.known and data.labels and view.is_normal_normal
        return bool(known) and typical_variance(data.standard_error, data.design) is not None
