"""Study effects whose scale outside the reference design is another than within it.

Made of a kernel, which says how effects are distributed around their centres, and of a spread,
which says by how much outside the reference design. With s the standard deviation that the spread
would give normal effects there, and i = 1 for cohorts::

    theta     ~ StudentT(nu, c, tau)                  trials
    theta     ~ StudentT(nu, c, s)                    cohorts

and s one of sqrt(tau**2 + kappa**2), tau_cohort and sqrt(ratio) * tau. A new study is a trial.

References
----------
Lee KJ, Thompson SG (2008). Flexible parametric models for random-effects distributions. Stat Med
27:418-434. doi:10.1002/sim.2897
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import NO_LAYOUT, ColumnRole, Diagonal, Layout, Quantity, Rows, Values
from bayesmeta.parameters import Parameter
from bayesmeta.random_effects import cohort_extra, cohort_own, cohort_ratio, student_t
from bayesmeta.random_effects.kernel import Kernel, ScaleMixture, Scales
from bayesmeta.random_effects.part import Heterogeneity

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

_COHORT = Rows(1.0, Layout(marks={schema.IS_COHORT: np.array(1.0)}))
"""A row outside the reference design."""
_OF_SCALES = ((r"\bSD\b", "scale"), (r"\bvariance\b", "squared scale"))
"""What a spread says of standard deviations, said of scales."""


@dataclass(frozen=True)
class Rescaled:
    """The kernel of cohorts: that of trials at another scale.

    Parameters
    ----------
    kernel
        Of trials.
    spread
        What makes another scale of the hyperparameters.
    """

    kernel: Kernel
    spread: Heterogeneity

    def scales(self, values: Values) -> Scales:
        """Return the mixture at values of shape (...)."""
        return self.kernel.scales(self._own(values))

    def variable_scales(self, values: Values, fixed: Mapping[str, float]) -> Scales:
        """Return the mixture of a ``pm.Model``'s variables, each of shape (component,)."""
        return self.kernel.variable_scales(self._own(values), fixed)

    def log_kernel(self, deviation: FloatArray, values: Values) -> FloatArray:
        """Return the log density of deviations that broadcast against the values."""
        return self.kernel.log_kernel(deviation, self._own(values))

    def mark(self, values: Values) -> FloatArray:
        """Return a number for each component, by the scale of cohorts."""
        return self.kernel.mark(self._own(values))

    def _own(self, values: Values) -> Values:
        return {**values, schema.TAU: _scale(self.spread, values, _COHORT)}


@dataclass(frozen=True)
class ByDesign:
    """A kernel whose scale outside the reference design is what a spread says.

    Parameters
    ----------
    kernel
        A distribution of study effects, its scale called tau.
    spread
        Normal study effects of two designs.
    outside
        What the scale is outside the reference design, in words.
    """

    kernel: Kernel
    spread: Heterogeneity
    outside: str

    NORMAL: ClassVar[bool] = False
    SPREAD: ClassVar[str | None] = None

    @property
    def ROLES(self) -> tuple[ColumnRole, ...]:  # noqa: N802  (a constant elsewhere)
        """The column of designs."""
        return (*self.kernel.ROLES, *self.spread.ROLES)

    @property
    def KIND(self) -> str:  # noqa: N802  (a constant elsewhere)
        """As the kernel's."""
        return self.kernel.KIND

    @property
    def MARK(self) -> str:  # noqa: N802  (a constant elsewhere)
        """As the kernel's."""
        return self.kernel.MARK

    @property
    def MARK_HEAD(self) -> str:  # noqa: N802  (a constant elsewhere)
        """As the kernel's."""
        return self.kernel.MARK_HEAD

    @property
    def MIXING(self) -> str:  # noqa: N802  (a constant elsewhere)
        """As the kernel's."""
        return self.kernel.MIXING

    @property
    def OUTSIDE(self) -> ScaleMixture:  # noqa: N802  (a constant elsewhere)
        """The kernel of cohorts."""
        return Rescaled(self.kernel, self.spread)

    def parameters(self, layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
        """Return those of the kernel, then what the spread has beside tau.

        Examples
        --------
        >>> [(item.name, item.says) for item in EXTRA.parameters()][::2]
        [('tau', 'scale of the spread between studies'), \
('kappa', 'further scale outside the reference design')]
        """
        own = self.kernel.parameters(layout)
        known = {item.name for item in own}
        more = [item for item in self.spread.parameters(layout) if item.name not in known]
        return (*own, *(replace(item, says=_of_scales(item.says)) for item in more))

    def covariance(self, values: Values, rows: Rows) -> Diagonal:
        """Return the variance of each study effect around its centre."""
        own = {**values, schema.TAU: _scale(self.spread, values, rows)}
        return cast("Diagonal", self.kernel.covariance(own, rows))

    def kinds(self, layout: Layout) -> tuple[str, ...]:
        """Return one kind: all new studies are trials."""
        return self.kernel.kinds(layout)

    def new_variance(self, values: Values, kind: str = "") -> Quantity:
        """Return the variance of the effect in a new trial."""
        return self.kernel.new_variance(values, kind)

    def scales(self, values: Values) -> Scales:
        """Return the mixture that trials have."""
        return self.kernel.scales(values)

    def variable_scales(self, values: Values, fixed: Mapping[str, float]) -> Scales:
        """Return the mixture that trials have, of a ``pm.Model``'s variables."""
        return self.kernel.variable_scales(values, fixed)

    def log_kernel(self, deviation: FloatArray, values: Values) -> FloatArray:
        """Return the log density of a trial's deviation from its centre."""
        return self.kernel.log_kernel(deviation, values)

    def mark(self, values: Values) -> FloatArray:
        """Return a number for each component, of trials."""
        return self.kernel.mark(values)

    def deviation(self, fixed: Mapping[str, float]) -> tuple[str, float]:
        """Return what tau is, and the scale outside the reference design; and the SD over it.

        Examples
        --------
        >>> EXTRA.deviation({"nu": 4.0})[0]
        'tau is the scale of Student-t study effects in the reference design (outside it \
sqrt(tau² + kappa²)), not their SD'
        """
        said, ratio = self.kernel.deviation(fixed)
        both = f" in the reference design (outside it {self.outside}), not"
        return said.replace(", not", both, 1), ratio

    def moments(self, values: Values, lower: Mapping[str, float]) -> float:
        """Return how many moments of a deviation exist, in either design."""
        return self.kernel.moments(values, lower)

    def study_effects(
        self, centre: "TensorVariable", values: Values, rows: Rows, *, centred: bool = False
    ) -> "TensorVariable":
        """Return ``theta``, dims (study,), inside a ``pm.Model``: each of its own scale."""
        own = {**values, schema.TAU: _scale(self.spread, values, rows)}
        return self.kernel.study_effects(centre, own, rows, centred=centred)

    def new_study(
        self, centre: FloatArray, values: Values, generator: np.random.Generator, kind: str = ""
    ) -> FloatArray:
        """Draw effects of new trials."""
        return self.kernel.new_study(centre, values, generator, kind)


def _scale(spread: Heterogeneity, values: Values, rows: Rows) -> Quantity:
    """Return the scale of each row's effect."""
    variance: Quantity = cast("Diagonal", spread.covariance(values, rows)).variance
    scale: Quantity = np.sqrt(variance)
    return scale


def _of_scales(says: str) -> str:
    for own, wanted in _OF_SCALES:
        says = re.sub(own, wanted, says)
    return says


EXTRA = ByDesign(student_t, cohort_extra, "sqrt(tau² + kappa²)")
OWN = ByDesign(student_t, cohort_own, "tau_cohort")
RATIO = ByDesign(student_t, cohort_ratio, "sqrt(ratio) tau")
