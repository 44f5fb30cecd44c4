"""The dial of the cohorts for a report's controls: which studies they are, the bias's prior."""

from bayesmeta.analysis.artefacts import Fitted
from bayesmeta.analysis.sections import design_of, has_designs
from bayesmeta.assembly import assemble, cohorts, parts_of, with_choices
from bayesmeta.catalogue import load_model
from bayesmeta.cohorts.names import names_of
from bayesmeta.covariance import NO_LAYOUT
from bayesmeta.errors import BayesmetaError
from bayesmeta.location.grammar import read_formula
from bayesmeta.priors import normal
from bayesmeta.report.dial import Dial
from bayesmeta.spec import Prior
from bayesmeta.studies.table import in_words

_MODEL = "design-bias"


def dial_of(fitted: Fitted) -> Dial | None:
    """Return how much the cohorts of a table may count; None where it has no two designs.

    None too where the moderators have the designs already, or the table does not say how large a
    bias is usual: its section says why.
    """
    if fitted.plan.outcomes or not has_designs(fitted) or _has_design_among_moderators(fitted):
        return None
    design, reference = design_of(fitted.plan)
    try:
        marks = cohorts(fitted.effects, design, reference)
        prior = normal(_bias_prior(fitted, design, reference))
    except BayesmetaError:
        return None
    if prior is None or prior.is_flat:
        return None
    words = [in_words(word) for word in fitted.effects.studies[design]]
    names = names_of(reference, [word for word in words if word != reference])
    labels = zip(fitted.effects.labels, marks, strict=True)
    return Dial({label: bool(mark) for label, mark in labels}, prior.mean, prior.sd, names)


def _has_design_among_moderators(fitted: Fitted) -> bool:
    formula, known = fitted.plan.moderators, tuple(fitted.effects.studies.columns)
    design, _ = design_of(fitted.plan)
    return formula is not None and design in read_formula(formula, known=known).columns


def _bias_prior(fitted: Fitted, design: str, reference: str) -> Prior:
    """Return the bias's prior, resolved to the unit of the estimates."""
    spec = with_choices(
        load_model(_MODEL), {"design": design, "reference": reference, "spread": "common"}
    )
    known = {"mu", *(item.name for item in parts_of(spec).hyperparameters(NO_LAYOUT)), "bias"}
    stated = {name: prior for name, prior in fitted.priors.items() if name in known}
    return assemble(fitted.effects, spec, priors=stated).priors["bias"]
