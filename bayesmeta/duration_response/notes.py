"""Whose effects a duration analysis predicts, and how much cohorts count there, in sentences."""

from bayesmeta import schema
from bayesmeta.duration_response.beside import PLAIN, Beside
from bayesmeta.duration_response.scales import Scales

_OF_TRIALS = "Cohorts have a bias in every shape: all predictions are of trials."
_IF_BIASED = "Cohorts may have a bias, in every shape: all predictions are of trials."


def predicted(model: Beside, scales: Scales) -> str:
    """Return whose effects are predicted; nothing where all studies are alike."""
    if schema.BIAS in scales.priors:
        return _OF_TRIALS if model.parts.bias.CERTAIN else _IF_BIASED
    if scales.assembly.powers is not None:
        power = scales.assembly.fixed["power"]
        return f"The likelihood of cohorts counts to the power {power:g}, in shapes, mean and tau."
    if model.kind:
        return f"The effect in a new study is that of one with {model.settings[0]} {model.kind}."
    return ""


def notes_of(model: Beside, scales: Scales) -> tuple[str, ...]:
    """Return what stands beside the shapes, in sentences; nothing of one tau alone."""
    spec, part = model.spec, model.parts.heterogeneity
    if spec.name == PLAIN and part.SPREAD:
        return ()
    found = [f"Beside the shapes stands the model {spec.name}: {spec.title}."]
    found += [predicted(model, scales)] if predicted(model, scales) else []
    if schema.IS_COHORT in model.layout.marks and not part.SPREAD:
        found.append("A new study is a trial, and its effect spreads by tau.")
    return tuple(found)
