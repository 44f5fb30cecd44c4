"""Events of two arms whose logits differ by theta; the study's own logit integrated out."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import ColumnRole, Layout, Rows, Use
from bayesmeta.likelihoods import fisher, reading
from bayesmeta.likelihoods.logistic import Arm, log_likelihood
from bayesmeta.priors import pymc_variable

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

CODING = ColumnRole(
    "coding",
    "whose logit has the baseline prior",
    use=Use.WORD,
    needed=False,
    default="control",
    choices=("control", "half"),
)
kinks: tuple[float, ...] = ()
"""None: likelihoods are smooth."""
_SHIFTS = {"control": (1.0, 0.0), "half": (0.5, -0.5)}


def _shifts(rows: Rows) -> tuple[float, float]:
    """Return what part of theta is added to the study's logit in either arm."""
    return _SHIFTS[rows.layout.words.get(CODING.name, CODING.default)]


def level(layout: Layout) -> str:
    """Return what each study's own level is, by whose logit the prior is of."""
    half = layout.words.get(CODING.name, CODING.default) == "half"
    return "logit halfway between the arms'" if half else "logit of the control arm's risk"


def log_density(theta: FloatArray, rows: Rows) -> FloatArray:
    """Return log p(events | theta), shape (point, study)."""
    data, prior = rows.data, reading.baseline(rows)
    arms = tuple(
        Arm(np.asarray(data[f"events_{name}"]), np.asarray(data[f"n_{name}"]), shift * theta)
        for name, shift in zip(("treatment", "control"), _shifts(rows), strict=True)
    )
    return log_likelihood((arms[0], arms[1]), mean=prior.mean, sd=prior.sd)


def draw(theta: FloatArray, rows: Rows, generator: np.random.Generator) -> dict[str, FloatArray]:
    """Draw events of both arms, given how many both have together."""
    return fisher.draw(theta, rows.data, generator)


def below(theta: FloatArray, rows: Rows) -> FloatArray:
    """Return the mid-p of the events, given how many both arms have together."""
    return fisher.below(theta, rows.data)


def observe(theta: "TensorVariable", rows: Rows) -> "TensorVariable":
    """Return the observed events of treatment, those of control beside them."""
    import pymc as pm

    own = pymc_variable(rows.priors[reading.BASELINE.name], reading.BASELINE.name, dims="study")
    nodes = [
        pm.Binomial(
            f"events_{name}",
            n=rows.data[f"n_{name}"],
            logit_p=own + shift * theta,
            observed=rows.data[f"events_{name}"],
            dims="study",
        )
        for name, shift in zip(("treatment", "control"), _shifts(rows), strict=True)
    ]
    return nodes[0]
