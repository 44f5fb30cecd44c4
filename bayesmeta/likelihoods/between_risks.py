"""Events of two arms whose risks differ by a factor, or by an amount: the scales' parts.

As in `risks`, the control arm's own risk has a normal prior on its log (of a ratio) or logit (of a
difference), cut to where both risks lie between 0 and 1. In PyMC the free variable is the logit of
the share that the larger risk has of the range that is left; ``baseline`` follows from it, and a
potential turns the share's uniform density into that of the prior.
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
        logit = pm.Logistic(_FREE, 0.0, 1.0, dims="study")  # the share is uniform
        level, treatment, control, log_jacobian, log_mass = self.graph(theta, logit, prior)
        own = pm.Deterministic(name, level, dims="study")
        density = -0.5 * ((own - prior.mean) / prior.sd) ** 2
        constant = np.log(prior.sd) + 0.5 * np.log(2 * np.pi)
        pm.Potential(f"{name}_prior", density + log_jacobian - log_mass - constant, dims="study")
        nodes = [
            pm.Binomial(f"events_{arm}", n=rows.data[f"n_{arm}"], p=risk,
                        observed=rows.data[f"events_{arm}"], dims="study")
            for arm, risk in (("treatment", treatment), ("control", control))
        ]  # fmt: skip
        return nodes[0]


def _ratio(theta: "TensorVariable", logit: "TensorVariable", prior: Bell) -> tuple[Any, ...]:
    """Return control log risk, risks, log of d log risk / d share, and the prior's mass."""
    import pytensor.tensor as pt

    log_share = -pt.softplus(-logit)
    control = log_share - pt.maximum(theta, 0.0)
    treatment = log_share + pt.minimum(theta, 0.0)
    end = (pt.minimum(0.0, -theta) - prior.mean) / prior.sd
    return control, pt.exp(treatment), pt.exp(control), -log_share, _log_ndtr(end)


def _difference(theta: "TensorVariable", logit: "TensorVariable", prior: Bell) -> tuple[Any, ...]:
    """Return control logit, risks, log of d logit / d share, and the prior's mass."""
    import pytensor.tensor as pt

    width, share, left = 1.0 - pt.abs(theta), pt.sigmoid(logit), pt.sigmoid(-logit)
    treatment = pt.maximum(theta, 0.0) + width * share
    control = pt.maximum(-theta, 0.0) + width * share
    rest = pt.maximum(theta, 0.0) + width * left
    level = pt.log(control) - pt.log(rest)
    jacobian = pt.log(width) - pt.log(control) - pt.log(rest)
    end = pt.log(width) - pt.log(pt.abs(theta))
    mean = pt.switch(theta > 0, prior.mean, -prior.mean)
    mass = pt.switch(pt.eq(theta, 0.0), 0.0, _log_ndtr((end - mean) / prior.sd))
    return level, treatment, control, jacobian, mass


def _log_ndtr(x: "TensorVariable") -> "TensorVariable":
    import pymc as pm

    return pm.logcdf(pm.Normal.dist(0.0, 1.0), x)


RATIO = Scale(risks.Ratio, _ratio, (0.0,), "log of the control arm's risk")
DIFFERENCE = Scale(
    risks.Difference, _difference, (-1.0, 0.0, 1.0), "logit of the control arm's risk"
)
