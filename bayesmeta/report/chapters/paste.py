"""Two paragraphs to paste into a paper: made of the same numbers, and of nothing else."""

from bayesmeta import schema
from bayesmeta.report.asked import Asked
from bayesmeta.report.document import Chapter, Quote
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.tails import tail
from bayesmeta.summaries.text import counted

_SOFTWARE = ("bayesmeta", "pymc", "python")


def paste(asked: Asked) -> Chapter:
    """Return a Methods and a Results paragraph."""
    return Chapter(
        "paste",
        "Methods and Results, to paste",
        (Quote("Methods", _methods(asked)), Quote("Results", _results(asked))),
    )


def _methods(asked: Asked) -> str:
    view = asked.view
    title = "a Bayesian model" if view.model is None else f"the {_lower(view.model.title)}"
    unit = view.word("unit")
    measure = wording.with_unit(wording.measure_title(view).lower(), unit)
    priors = "; ".join(wording.prior_lines(view))
    sentences = [
        f"We pooled {counted(view, len(view.studies.labels))} ({measure}) with {title}"
        + (f", moderators {view.word('formula')}." if view.word("formula") else "."),
        f"Priors{_on(asked)} were {priors}." if priors else "",
        _engine(asked),
        f"We report posterior medians with {asked.page.interval}s.",
        _benefit(asked),
        _software(asked),
    ]
    return " ".join(each for each in sentences if each)


def _on(asked: Asked) -> str:
    unit = asked.view.word("unit")
    if asked.view.is_ratio:
        return " (log scale)"
    return f" ({unit})" if unit else ""


def _engine(asked: Asked) -> str:
    view = asked.view
    if view.word("engine") != "nuts":
        return "The posterior was integrated exactly, with the numerical error of each number."
    checked = ", and checked against exact integration, whose numbers are reported"
    return f"The posterior was sampled with NUTS{checked if view.is_exact else ''}."


def _benefit(asked: Asked) -> str:
    if asked.benefit is None:
        return ""
    names = {name: wording.label_of(name) for name in asked.view.means}
    said = [
        f"{asked.side(name).capitalize()} values{f' of {label}' if label else ''} are a benefit"
        for name, label in names.items()
    ]
    difference, unit = asked.page.difference, wording.unit(asked.view)
    if difference is None:
        return f"{'; '.join(said)}."
    return (
        f"{'; '.join(said)}; a difference of {difference:g}{f' {unit}' if unit else ''} "
        "was taken as the smallest that matters."
    )


def _software(asked: Asked) -> str:
    known = asked.view.record("versions")
    said = [f"{name} {known[name]}" for name in _SOFTWARE if name in known]
    return f"Software: {', '.join(said)}." if said else ""


def _results(asked: Asked) -> str:
    view, page = asked.view, asked.page
    said = []
    for name in view.means:
        label = wording.label_of(name)
        title = wording.pooled_title(view) + (f", {label}," if label else "")
        said.append(f"The {_lower(title)} was {_span(asked, name)}{_chance(asked, name)}.")
    if schema.TAU in page:
        said.append(f"The {_tau(asked)}, tau, was {_span(asked, schema.TAU)}.")
    said += [
        f"The effect in a new study{_of(name)} is expected at {_span(asked, name)}."
        for name in view.news
        if name in page
    ]
    if not page.verdict.ok:
        said.append("Diagnostics failed: these numbers are not to be relied on.")
    return " ".join(said)


def _tau(asked: Asked) -> str:
    """Return what tau is: the standard deviation of study effects, or what its part says."""
    kernel, known = asked.view.kernel, asked.view.parameter(schema.TAU)
    if known is None or kernel is None or not kernel.MARK:
        return "standard deviation between studies"
    return known.says.replace("SD", "standard deviation")


def _of(name: str) -> str:
    label = wording.label_of(name)
    return f", {label}," if label else ""


def _span(asked: Asked, name: str) -> str:
    span, unit = asked.page.span(name), wording.quantity_unit(asked.view, name)
    log = " on the log scale" if asked.view.is_ratio and not wording.is_effect(name) else ""
    shown = f"{span.point}{f' {unit}' if unit and not log else ''}"
    return f"{shown}{log} ({asked.page.interval} {span.lower} to {span.upper})"


def _chance(asked: Asked, name: str) -> str:
    if asked.benefit is None:
        return ""
    found = tail(asked.view, name, benefit=asked.side(name), beyond=asked.page.difference)
    shown = digits.probability(found.benefit, found.benefit_error)
    said = f", with a probability of benefit of {shown}"
    if asked.page.difference is None:
        return said
    matters = digits.probability(found.beyond, found.beyond_error)
    return f"{said} and of a benefit that matters of {matters}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
