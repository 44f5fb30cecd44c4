"""Events of two arms whose risks differ by a factor, or by an amount: the scales' parts.

As in `risks`, the control arm's own risk has a normal prior on its log (of a ratio) or logit (of a
difference), cut to where both risks lie between 0 and 1. In PyMC the free variable is the mean of
both arms' logits, any number, of which and theta both risks are smooth functions; ``baseline``
follows from it, and a potential turns its density into that of the prior.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import Layout, Rows
from bayesmeta.likelihoods import modal, reading, risks
from bayesmeta.priors.traits import Bell

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

_FREE = "baseline_logit"
_NEAR, _NEARLY_ALL, _DIGITS = 0.005, 0.5, 2.0**70
"""Risk differences that leapfrog steps take for 0, if the prior's mass there is above 0.69."""


class Scale(NamedTuple):
    """One of the two scales: its integrand, and what PyMC makes of it."""

    tables: type[risks.Ratio] | type[risks.Difference]
    graph: Any
    kinks: tuple[float, ...]
    baseline: str

    def level(self, _layout: Layout) -> str:
        """Return what each study's own level is."""
        return self.baseline

    def _tables(self, theta: FloatArray, rows: Rows) -> risks.Ratio | risks.Difference:
        data, prior = rows.data, reading.baseline(rows)
        cells = []
        for name in ("treatment", "control"):
            events = np.asarray(data[f"events_{name}"])
            cells += [events, np.asarray(data[f"n_{name}"]) - events]
        return self.tables.of(theta, tuple(cells), mean=prior.mean, sd=prior.sd)

    def log_density(self, theta: FloatArray, rows: Rows) -> FloatArray:
        """Return log p(events | theta), shape (point, study); -inf where no risks differ so."""
        possible = self.tables.possible(theta)
        inside = np.where(possible, theta, 0.0)
        return np.where(possible, risks.log_likelihood(self._tables(inside, rows)), -np.inf)

    def draw(
        self, theta: FloatArray, rows: Rows, generator: np.random.Generator
    ) -> dict[str, FloatArray]:
        """Draw events of both arms around risks that suit theta and the study's own events.

        NaN where no two risks differ by theta.
        """
        possible = self.tables.possible(theta)
        tables = self._tables(np.where(possible, theta, 0.0), rows)
        span = modal.zoomed_span(tables, -tables.reach, tables.reach)
        found = tables.risks(modal.draw(tables, span, generator))
        size = {name: np.asarray(rows.data[f"n_{name}"], dtype=int)
                for name in ("treatment", "control")}  # fmt: skip
        return {
            f"events_{name}": np.where(
                possible, generator.binomial(np.broadcast_to(n, theta.shape), risk), np.nan
            )
            for (name, n), risk in zip(size.items(), found, strict=True)
        }

    def below(self, theta: FloatArray, _rows: Rows) -> FloatArray:
        """Return NaN: without the study's own risk nothing orders its pairs of events."""
        return np.full(theta.shape, np.nan)

    def observe(self, theta: "TensorVariable", rows: Rows) -> "TensorVariable":
        """Return the observed events of treatment, those of control beside them."""
        import pymc as pm

        name, prior = reading.BASELINE.name, reading.baseline(rows)
        # A plain 10.0 would become a number of half the digits in PyTensor.
        logit = pm.Normal(_FREE, np.float64(prior.mean), np.float64(prior.sd), dims="study")
        level, (treatment, control), log_jacobian, log_mass = self.graph(theta, logit, prior)
        own = pm.Deterministic(name, level, dims="study")
        squares = ((logit - prior.mean) ** 2 - (own - prior.mean) ** 2) / (2 * prior.sd**2)
        pm.Potential(f"{name}_prior", squares + log_jacobian - log_mass, dims="study")
        nodes = [
            pm.Binomial(f"events_{arm}", n=rows.data[f"n_{arm}"], p=risk,
                        observed=rows.data[f"events_{arm}"], dims="study")
            for arm, risk in (("treatment", treatment), ("control", control))
        ]  # fmt: skip
        return nodes[0]


def _ratio(theta: "TensorVariable", logit: "TensorVariable", prior: Bell) -> tuple[Any, ...]:
    """Return control log risk, both risks, log of d log risk / d logit, and the prior's mass.

    With q = expit(2 logit) the risks' geometric mean g solves (1 - 2q) g**2 + 2q cosh(theta/2) g
    = q; what the larger risk leaves solves an equation like it.
    """
    import pytensor.tensor as pt

    high, low = pt.sigmoid(2 * logit), pt.sigmoid(-2 * logit)
    half, apart = theta / 2, -pt.expm1(-pt.abs(theta))
    root = pt.sqrt(high * low + (high * pt.sinh(half)) ** 2)
    middle = pt.log(high) - pt.log(high * pt.cosh(half) + root)
    ratio = 1 - apart
    under = pt.sqrt(4 * ratio * high * low + (high * apart) ** 2)
    least = 2 * ratio * low / (2 * ratio * low + high * apart + under)
    most = apart + ratio * least  # what the smaller risk leaves
    jacobian = np.log(2.0) + pt.log(least) + pt.log(most) - pt.log(least + most)
    risks = (pt.exp(middle + side * half) for side in (1, -1))
    end = (pt.minimum(0.0, -theta) - prior.mean) / prior.sd
    return middle - half, tuple(risks), jacobian, _log_ndtr(end)


def _difference(theta: "TensorVariable", logit: "TensorVariable", prior: Bell) -> tuple[Any, ...]:
    """Return control logit, both risks, log of d logit / d mean logit, and the prior's mass.

    With q = expit(2 logit), d = abs(theta) and r**2 = d**2 (1 - 2q)**2 + 4q (1 - q) the smaller
    risk is 2q (1 - d) / (d (1 - 2q) + 2q + r), and what the larger leaves likewise.
    """
    import pytensor.tensor as pt

    high, low, apart = pt.sigmoid(2 * logit), pt.sigmoid(-2 * logit), pt.abs(theta)
    root = pt.sqrt((apart * (low - high)) ** 2 + 4 * high * low)
    less, rest = (
        2 * one * (1 - apart) / (apart * (other - one) + 2 * one + root)
        for one, other in ((high, low), (low, high))
    )
    treatment, control = (less + pt.maximum(side * theta, 0.0) for side in (1, -1))
    rests = [rest + pt.maximum(side * theta, 0.0) for side in (-1, 1)]
    spread = [treatment * rests[0], control * rests[1]]
    level = pt.log(control) - pt.log(rests[1])
    jacobian = np.log(2.0) + pt.log(spread[0]) - pt.log(spread[0] + spread[1])
    return level, (treatment, control), jacobian, _log_mass(theta, prior)


def _log_mass(theta: "TensorVariable", prior: Bell) -> "TensorVariable":
    """Return the log of the prior's mass where both risks of a difference are between 0 and 1.

    At 0 it has a cusp as slow as a logarithm, whose slope has no bound: a leapfrog step that comes
    near is thrown out of the posterior. Steps near 0 go by the slope of all else; whether they are
    taken is decided by the density itself, so that the draws are right.
    """
    import pytensor.tensor as pt

    def cut(apart: "TensorVariable") -> "TensorVariable":
        end = pt.log1p(-apart) - pt.log(apart)
        return (end - pt.switch(theta > 0, prior.mean, -prior.mean)) / prior.sd

    apart = pt.abs(theta)
    # Rounded far beyond the last digit: the number itself, and to its derivative a constant.
    constant = pt.round(apart * _DIGITS) / _DIGITS
    near = (apart < _NEAR) & (cut(apart) > _NEARLY_ALL)
    mass = _log_ndtr(cut(pt.switch(near, constant, apart)))
    return pt.switch(pt.eq(theta, 0.0), 0.0, mass)


def _log_ndtr(x: "TensorVariable") -> "TensorVariable":
    import pymc as pm

    return pm.logcdf(pm.Normal.dist(0.0, 1.0), x)


RATIO = Scale(risks.Ratio, _ratio, (0.0,), "log of the control arm's risk")
DIFFERENCE = Scale(
    risks.Difference, _difference, (-1.0, 0.0, 1.0), "logit of the control arm's risk"
)
