"""Whose effects a duration analysis predicts, and how much cohorts count there, in sentences."""

from bayesmeta import schema
from bayesmeta.duration_response.beside import Beside
from bayesmeta.duration_response.scales import Scales

_OF_TRIALS = "Cohorts have a bias in every shape: all predictions are of trials."
_IF_BIASED = "Cohorts may have a bias, in every shape: all predictions are of trials."


def notes_of(model: Beside, scales: Scales) -> tuple[str, ...]:
    """Return what a reader has to know of a model beside the mean; nothing of one tau."""
    found = []
    if schema.BIAS in scales.priors:
        found.append(_OF_TRIALS if model.parts.bias.CERTAIN else _IF_BIASED)
    if scales.assembly.powers is not None:
        power = scales.assembly.fixed["power"]
        found.append(
            f"The likelihood of cohorts counts to the power {power:g}, in shapes, mean and tau; "
            "predictions are of trials."
        )
    if model.kind:
        found.append(f"The effect in a new study is that of one with {_kind(model)}.")
    elif schema.IS_COHORT in model.layout.marks and not model.parts.heterogeneity.SPREAD:
        found.append("A new study is a trial, and its effect spreads by tau.")
    return tuple(found)


def _kind(model: Beside) -> str:
    return f"{model.settings[0]} {model.kind}"
