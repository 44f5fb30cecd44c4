"""What stands under a figure: model, priors, engine, heterogeneity, what failed."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.contents import listing, terms, word
from bayesmeta.summaries.diagnostics import diagnostics
from bayesmeta.summaries.studies import prior_weight
from bayesmeta.summaries.summary import errors, summary

if TYPE_CHECKING:
    import xarray as xr

AT_MEAN = "Pooled effect and new study: where each moderator has its mean over the studies."
_THREE = ["median", "lower", "upper"]


def footnotes(
    posterior: "xr.DataTree", *, interval: float = 0.95, shortest: bool = False
) -> tuple[str, ...]:
    """Return the lines under a figure, each a sentence or two."""
    priors = "; ".join(wording.prior_lines(posterior))
    share = prior_weight(posterior)
    found = [
        f"{wording.model_line(posterior)}.",
        AT_MEAN if terms(posterior) else "",
        f"Priors{_in_unit(posterior)}: {priors}." if priors else "",
        _heterogeneity(posterior, interval=interval, shortest=shortest),
        f"The prior's share in mu: {digits.per_cent(share)}." if np.isfinite(share) else "",
        _dropped(posterior),
    ]
    return tuple(line for line in found if line)


def alarm(posterior: "xr.DataTree") -> str:
    """Return what to say first where diagnostics failed; nothing where they passed."""
    verdict = diagnostics(posterior)
    return "" if verdict.ok else f"DIAGNOSTICS FAILED: {' '.join(verdict.messages)}".strip()


def _heterogeneity(posterior: "xr.DataTree", *, interval: float, shortest: bool) -> str:
    table = summary(posterior, interval=interval, shortest=shortest)
    problems = errors(posterior, interval=interval, shortest=shortest)
    found = []
    if schema.TAU in table.index:
        row, error = (
            [float(each[name][schema.TAU]) for name in _THREE] for each in (table, problems)
        )
        unit = word(posterior, "unit")
        shown = digits.span(row, error).bracketed()
        found.append(f"tau {shown}{f' {unit}' if unit else ''}")
    if schema.I2 in table.index:
        pairs = zip(table.loc[schema.I2, _THREE], problems.loc[schema.I2, _THREE], strict=True)
        fractions = (digits.per_cent(value, error) for value, error in pairs)
        found.append(f"I² {digits.Span(*fractions).bracketed()}")
    kind = f"median [{100 * interval:g} %{' shortest' if shortest else ''} interval]"
    return f"Heterogeneity, {kind}: {'; '.join(found)}." if found else ""


def _in_unit(posterior: "xr.DataTree") -> str:
    unit = word(posterior, "unit")
    return f" ({unit})" if unit else ""


def _dropped(posterior: "xr.DataTree") -> str:
    count = len(listing(posterior, "dropped"))
    return (
        f"{count} {'row' if count == 1 else 'rows'} of the table dropped; see the text."
        if count
        else ""
    )
