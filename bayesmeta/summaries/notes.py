"""What stands under a figure: model, priors, engine, heterogeneity, what failed."""

import numpy as np

from bayesmeta import schema
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.phrases import beside_signs
from bayesmeta.summaries.prior_words import prior_lines
from bayesmeta.summaries.remarks import approximations, at_mean
from bayesmeta.summaries.studies import weights
from bayesmeta.summaries.view import View

_UNDEFINED = (
    "Left out: {what}, which are defined for the normal-normal model; this posterior's attribute "
    "'specification' does not say that it is one."
)
_ABSENT = "Left out: {what}, which the posterior does not store."


def footnotes(page: Page) -> tuple[str, ...]:
    """Return the lines under a figure, each a sentence or two."""
    view = page.view
    priors, share = "; ".join(prior_lines(view, explained=True)), view.prior_weight
    unit = f" ({view.word('unit')})" if view.word("unit") else ""
    found = [
        f"{wording.model_line(view)}.",
        at_mean(view) if view.terms else "",
        f"Priors{unit}: {priors}." if priors else "",
        _slopes(page),
        _heterogeneity(page),
        *(approximations(view) if view.is_approximate else []),
        f"The prior's share in mu: {digits.per_cent(share)}." if np.isfinite(share) else "",
        *left_out(view),
        _dropped(len(view.listing("dropped"))),
    ]
    return tuple(line for line in found if line)


def left_out(view: View) -> list[str]:
    """Return what is not shown of a posterior that does not say it is normal-normal, and why."""
    if view.is_normal_normal or view.is_exact:
        return []
    data = view.studies
    undefined = ["weights"] if np.isnan(weights(view, data)).any() else []
    names = view.names.main
    undefined += ["I²"] if data.known and schema.TAU in names and schema.I2 not in names else []
    stored = ((schema.THETA, "study effects"), (schema.THETA_NEW, "the effect in a new study"))
    absent = [words for name, words in stored if not view.names.has(name)]
    said = [_UNDEFINED.format(what=" and ".join(undefined))] if undefined else []
    return said + ([_ABSENT.format(what=" and ".join(absent))] if absent else [])


def alarm(page: Page) -> str:
    """Return what to say first where diagnostics failed; nothing where they passed."""
    verdict = page.verdict
    return "" if verdict.ok else f"DIAGNOSTICS FAILED: {' '.join(verdict.messages)}".strip()


def slope_rows(page: Page) -> list[tuple[str, str]]:
    """Return each slope with its unit, and its median and interval."""
    view = page.view
    return [
        (wording.with_unit(f"Slope of {term}", wording.quantity_unit(view, schema.slope(term))),
         page.span(schema.slope(term)).bracketed())
        for term in view.terms if schema.slope(term) in page
    ]  # fmt: skip


def _slopes(page: Page) -> str:
    """Return the slopes in a sentence: nothing else in a figure of effects shows them."""
    said = "; ".join(f"{title}: {span}" for title, span in slope_rows(page))
    return f"{said}, median [{page.interval}]." if said else ""


def _heterogeneity(page: Page) -> str:
    view = page.view
    shown = {
        name: page.span(name).bracketed()
        for name in (*view.hyperparameters, *view.follows.derived, schema.I2)
        if name in page
    }
    if not shown:
        return ""
    if not view.is_normal_normal:
        said = [
            f"{beside_signs(wording.quantity_title(view, name))}: {span}"
            for name, span in shown.items()
        ]
        return f"Median [{page.interval}] of {'; of '.join(said)}."
    said = [
        f"I² {span}" if name == schema.I2 else f"{name} {span} {view.word('unit')}".strip()
        for name, span in shown.items()
    ]
    return f"Heterogeneity, median [{page.interval}]: {'; '.join(said)}."


def _dropped(count: int) -> str:
    rows = "row" if count == 1 else "rows"
    return f"{count} {rows} of the table dropped; see the text." if count else ""
