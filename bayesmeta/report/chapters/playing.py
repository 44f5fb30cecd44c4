"""Other priors, fewer studies: what the page itself recomputes, and what it starts from."""

from math import exp

from bayesmeta import schema
from bayesmeta.report.asked import Asked
from bayesmeta.report.document import Chapter, Play, Words
from bayesmeta.spec import Prior, parse_prior
from bayesmeta.summaries import wording
from bayesmeta.summaries.tails import distance
from bayesmeta.summaries.view import View

_SIZES = {
    "HalfNormal": "sigma",
    "HalfCauchy": "beta",
    "HalfStudentT": "sigma",
    "Exponential": "scale",
}
_LEAD = (
    "Change a prior or leave out studies: every number below follows at once. The page computes "
    "them itself, by the same model's integral over tau; no data leave it. Priors stay as they "
    "are when studies are left out, and each slider moves from a hundredth to a hundred times the "
    "analysis' own value. The report's other numbers do not follow."
)


def playing(asked: Asked) -> Chapter | None:
    """Return the controls; None where the page's integral does not know the model or priors."""
    data = play_data(asked)
    return None if data is None else Chapter(
        "playing", "Other priors, fewer studies", (Words(_LEAD), Play("play", data))
    )  # fmt: skip


def play_data(asked: Asked) -> dict[str, object] | None:
    """Return what the page's integral starts from, as JSON has it."""
    view = asked.view
    prior = _prior(view)
    if prior is None or not view.is_normal_normal or len(view.coefficients) != 1:
        return None
    if not view.studies.known or schema.TAU not in view.hyperparameters:
        return None
    measure, difference = view.word("measure"), asked.page.difference
    away = None if difference is None else distance(measure, difference)
    rows = zip(*(view.studies.labels, view.studies.estimate, view.studies.standard_error),
               strict=True)  # fmt: skip
    return {
        "studies": [
            {"label": str(label), "y": float(y), "s": float(s), "cohort": False}
            for label, y, s in rows
        ],
        "prior": prior,
        "cohorts": False,
        "bias": 0.0,
        "interval": asked.page.level,
        "benefit": asked.benefit,
        "difference": away,
        "stated": difference,
        "marks": [0.0] if away is None else [0.0, -away, away],
        "ratio": view.is_ratio,
        "places": asked.page.printer.places,
        "measure": measure,
        "unit": wording.unit(view),
        "tauUnit": "(log scale)" if view.is_ratio else view.word("unit"),
        "pooled": wording.pooled_title(view),
        "title": wording.with_unit(wording.measure_title(view), wording.unit(view)),
    }


def _prior(view: View) -> dict[str, object] | None:
    """Return both priors by the numbers that the page moves; None where it knows no such."""
    stated = {name: parse_prior(str(said)) for name, said in view.record("priors").items()}
    mu, tau = stated.get(schema.MU), stated.get(schema.TAU)
    if (
        mu is None
        or tau is None
        or mu.distribution != "Normal"
        or set(mu.parameters) != {"mu", "sigma"}
    ):
        return None
    scale = _scale(tau)
    if scale is None or tau.on != "tau":
        return None
    size, shape = scale
    return {"family": tau.distribution, "scale": size, "shape": shape, **_normal(mu)}


def _normal(mu: Prior) -> dict[str, float]:
    known = _numbers(mu)
    return {"mean": known["mu"], "sd": known["sigma"]}


def _numbers(prior: Prior) -> dict[str, float]:
    """Return the parameters that are plain numbers."""
    return {name: value for name, value in prior.parameters.items() if isinstance(value, float)}


def _scale(tau: Prior) -> tuple[float, float | None] | None:
    """Return a prior's size and, where its family has one, its shape."""
    known = _numbers(tau)
    if tau.distribution == "LogNormal" and set(known) == {"mu", "sigma"}:
        return exp(known["mu"]), known["sigma"]
    if tau.distribution == "Exponential" and set(known) == {"lam"}:
        return 1 / known["lam"], None
    size = _SIZES.get(tau.distribution)
    if size is None or size not in known or set(known) - {size, "nu"}:
        return None
    return known[size], known.get("nu")
