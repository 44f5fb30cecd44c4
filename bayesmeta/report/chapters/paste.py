"""Two paragraphs to paste into a paper: made of the same numbers, and of nothing else."""

from collections.abc import Iterator, Mapping

from bayesmeta import schema
from bayesmeta.cohorts.names import Names
from bayesmeta.report.asked import Asked
from bayesmeta.report.document import Chapter, Quote
from bayesmeta.schema import slope
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.own_scale import has_null, kind_of, scale_words
from bayesmeta.summaries.phrases import chance, moderators
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.prior_words import prior_lines
from bayesmeta.summaries.tails import tail
from bayesmeta.summaries.text import counted

_SOFTWARE = {"bayesmeta": "bayesmeta", "pymc": "PyMC", "python": "Python"}
_NAMES = ("Poisson",)
"""Persons that a title may begin with."""
_WARNING = "SIMULATED data, not of patients."
_MOST_NAMED = 5


def paste(asked: Asked) -> Chapter:
    """Return a Methods and a Results paragraph."""
    first = [_WARNING] if wording.is_simulated(asked.view, asked.title) else []
    return Chapter(
        "paste",
        "Methods and Results, to paste",
        (
            Quote("Methods", " ".join([*first, *_methods(asked)])),
            Quote("Results", " ".join([*first, *_results(asked)])),
        ),
    )


def _methods(asked: Asked) -> Iterator[str]:
    view = asked.view
    title = "a Bayesian model" if view.model is None else f"the {_lower(view.model.title)}"
    formula = view.word("formula")
    yield (
        f"We pooled {counted(view, len(view.studies.labels))} with {title}"
        f"{f', {moderators(formula)}' if formula else ''}."
    )
    yield f"Effects are {_measure(asked)}."
    yield from _dropped(asked)
    priors = "; ".join(prior_lines(view, explained=True))
    if priors:
        yield f"Priors{_on(asked)} were {priors}."
    yield _engine(asked)
    central = "" if asked.page.shortest else "central "
    yield f"We report posterior medians with {central}{asked.page.interval}s."
    yield from _benefit(asked)
    yield from _software(asked)


_COUNTED = ("difference", "ratio", "effect", "proportion", "correlation")


def _measure(asked: Asked) -> str:
    title, unit = _lower(wording.measure_title(asked.view)), wording.unit(asked.view)
    base, bracket, more = title.partition(" (")
    several = f"{base}s" if base.endswith(_COUNTED) else base.replace("rate per", "rates per")
    moved = scale_words(asked.view.word("measure"))
    scale = f", analysed on {moved}" if moved else f", in {unit}" if unit else ""
    return f"{several}{bracket}{more}{scale}"


def _dropped(asked: Asked) -> Iterator[str]:
    rows = [row for row in asked.view.listing("dropped") if isinstance(row, Mapping)]
    if not rows:
        return
    count = f"{len(rows)} {'study was' if len(rows) == 1 else 'studies were'} left out"
    said = "; ".join(f"{row.get('study')}, {row.get('reason')}" for row in rows[:_MOST_NAMED])
    yield f"{count}{f' ({said})' if len(rows) <= _MOST_NAMED else ''}."


def _on(asked: Asked) -> str:
    unit = asked.view.word("unit")
    if asked.view.is_ratio:
        return " (log scale)"
    return f" ({unit})" if unit else ""


def _engine(asked: Asked) -> str:
    view = asked.view
    if view.word("engine") != "nuts":
        return "The posterior was integrated numerically, to a stated error, without sampling."
    checked = ", and checked against exact integration, whose numbers are reported"
    return f"The posterior was sampled with NUTS{checked if view.is_exact else ''}."


def _benefit(asked: Asked) -> Iterator[str]:
    if asked.benefit is None or not has_null(asked.view.word("measure")):
        return
    names = {name: wording.label_of(name) for name in asked.view.means}
    said = "; ".join(
        f"{asked.side(name).capitalize()} values{f' of {label}' if label else ''} are a benefit"
        for name, label in names.items()
    )
    difference = asked.page.difference
    matters = (
        "" if difference is None else f"; {_size(asked)} was taken as the smallest that matters"
    )
    yield f"{said}{matters}."


def _size(asked: Asked) -> str:
    """Return the minimal important difference in words: of ratio measures a ratio."""
    unit = wording.unit(asked.view)
    named = {Kind.RATIO: "ratio", Kind.CORRELATION: "correlation", Kind.NUMBER: "difference"}
    what = named[kind_of(asked.view.word("measure"))]
    return f"a {what} of {asked.page.difference:g}{f' {unit}' if unit else ''}"


def _software(asked: Asked) -> Iterator[str]:
    known = asked.view.record("versions")
    said = [f"{shown} {known[name]}" for name, shown in _SOFTWARE.items() if name in known]
    if said:
        yield f"Software: {', '.join(said)}."


def _results(asked: Asked) -> Iterator[str]:
    yield from _means(asked)
    yield from _coefficients(asked)
    for name in asked.view.hyperparameters:
        if name in asked.page:
            yield f"{_spread(asked, name)} {_span(asked, name)}."
    if schema.I2 in asked.page:
        span = asked.page.span(schema.I2)
        yield f"I² was {span.point} ({asked.page.interval} {span.lower} to {span.upper})."
    yield from _predictions(asked)
    if not asked.page.verdict.ok:
        yield "Diagnostics failed: these numbers are not to be relied on."


def _means(asked: Asked) -> Iterator[str]:
    view = asked.view
    where = ", where each moderator has its mean over the studies," if view.terms else ""
    for name in view.means:
        title = wording.pooled_title(view) + (f", {label}," if (label := _label(name)) else "")
        yield f"The {_lower(title)}{where} was {_span(asked, name)}{_chance(asked, name)}."


def _coefficients(asked: Asked) -> Iterator[str]:
    view, page = asked.view, asked.page
    for term in view.terms:
        if (name := slope(term)) in page:
            yield f"The slope of {term} was {_span(asked, name)}; {_below(asked, name)}."
    if schema.BIAS in view.coefficients and schema.BIAS in page:
        names = Names() if asked.dial is None else asked.dial.names
        said = f"The bias of the {names.cohorts} beside the {names.trials}"
        yield f"{said} was {_span(asked, schema.BIAS)}."


def _predictions(asked: Asked) -> Iterator[str]:
    for name in asked.view.news:
        if name in asked.page:
            label = f", {_label(name)}," if _label(name) else ""
            shown = _span(asked, name).replace(" interval ", " prediction interval ", 1)
            yield f"The effect in a new study{label} had the median {shown}."


def _label(name: str) -> str:
    return wording.label_of(name)


def _spread(asked: Asked, name: str) -> str:
    """Return the start of a sentence on a hyperparameter, which its part says in words."""
    if name == schema.TAU and asked.view.is_normal_normal:
        return "The standard deviation between studies, tau, was"
    title, _, said = wording.parameter_title(asked.view, name).partition(", ")
    return f"The posterior median of {title}{f' ({said})' if said else ''} was"


def _span(asked: Asked, name: str) -> str:
    span, unit = asked.page.span(name), wording.quantity_unit(asked.view, name)
    known = asked.view.parameter(name)
    plain = known is not None and known.unit_power == 0
    log = " on the log scale" if _is_logged(asked, name) and not plain else ""
    shown = f"{span.point}{f' {unit}' if unit and not log else ''}"
    return f"{shown}{log} ({asked.page.interval} {span.lower} to {span.upper})"


def _is_logged(asked: Asked, name: str) -> bool:
    return asked.view.is_ratio and not wording.is_effect(name)


def _below(asked: Asked, name: str) -> str:
    return f"the probability that it is below 0 was {chance(asked.page.shown(name, 'p_below_0'))}"


def _chance(asked: Asked, name: str) -> str:
    if asked.benefit is None or not has_null(asked.view.word("measure")):
        return ""
    found = tail(asked.view, name, benefit=asked.side(name), beyond=asked.page.difference)
    shown = chance(digits.probability(found.benefit, found.benefit_error))
    said = f"; the probability of benefit was {shown}"
    if asked.page.difference is None:
        return said
    matters = chance(digits.probability(found.beyond, found.beyond_error))
    return f"{said}, that of a benefit beyond {_size(asked)} {matters}"


def _lower(text: str) -> str:
    """Return a title as it stands within a sentence; a person's name keeps its capital."""
    return text if text.startswith(_NAMES) else text[:1].lower() + text[1:]
