"""Subgroups as plain text, as JSON, and as files of tables."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bayesmeta.duration_response.subgroups import COMMON, TABLES, Subgroups
from bayesmeta.plain import plain, records
from bayesmeta.summaries import digits
from bayesmeta.summaries.grid import Grid
from bayesmeta.summaries.own_scale import has_null, is_moved, kind_of, on_scale, title_of
from bayesmeta.summaries.page import WIDTH, wrapped
from bayesmeta.summaries.precision import Kind, Precision
from bayesmeta.summaries.prior_words import rounded
from bayesmeta.summaries.wording import with_unit

type Row = Mapping[Any, Any]  # one row of a table

_ODDS = (
    "All four models are as likely before the data. A Bayes factor for a difference depends on "
    "how large a difference the priors expect: here Normal(mu=0, sigma={sd:.3g}) between two "
    "means."
)


def text(found: Subgroups, *, title: str = "") -> str:
    """Return subgroups as aligned text: groups, contrasts, taus, Bayes factors, priors."""
    said = heading(found, title)
    parts = [
        [said, "=" * min(len(said), WIDTH), *wrapped([about(found)])],
        group_grid(found).lines(),
        contrast_grid(found).lines(),
        tau_grid(found).lines(),
        [*factor_grid(found).lines(), *wrapped(odds(found))],
        wrapped(prior_sentences(found)),
    ]
    return "\n\n".join("\n".join(part) for part in parts)


def heading(found: Subgroups, title: str = "") -> str:
    """Return title or outcome; simulated data are called so even where the title does not."""
    said = title or f"{found.outcome or 'Subgroups'} by {found.column}"
    simulated = "simulated" in f"{title} {found.outcome} {found.source}".lower()
    return f"SIMULATED DATA. {said}" if simulated and "SIMULATED" not in said else said


def about(found: Subgroups) -> str:
    """Return what was asked, of how many studies, in a sentence."""
    name = title_of(found.measure)
    taus = "one tau" if found.tau == COMMON else "a tau each"
    return (
        f"{with_unit(name, '' if is_moved(found.measure) else found.unit)}, by {found.column}: "
        f"{len(found.groups)} groups of {len(found.studies)} studies, each with a mean of its own, "
        f"{taus}; all studies with one mean and one tau. Medians, {100 * found.interval:g} % "
        f"intervals; benefit: {found.benefit}."
    )


def is_ratio(found: Subgroups) -> bool:
    """Return whether effects are logarithms of a ratio, and shown as the ratio."""
    return kind_of(found.measure) is Kind.RATIO


def span(row: Row, *, prefix: str = "", kind: Kind = Kind.NUMBER) -> str:
    """Return median and interval of an effect as text, such as ``-3.3 [-8.2 to 1.7]``."""
    lower, upper, median = (float(row[f"{prefix}{name}"]) for name in ("lower", "upper", "median"))
    known = Precision.of(
        sd=float(row[f"{prefix}sd"]), lower=lower, upper=upper, median=median, kind=kind
    )
    return known.span([median, lower, upper]).bracketed()


def tau_span(row: Row) -> str:
    """Return median and interval of tau as text."""
    lower, upper, median = (float(row[f"tau_{name}"]) for name in ("lower", "upper", "median"))
    known = Precision.of(sd=np.inf, lower=lower, upper=upper, median=median)
    return known.span([median, lower, upper]).bracketed()


def prior_sentences(found: Subgroups) -> list[str]:
    """Return the priors, a sentence each."""
    return [f"Prior of {name}: {rounded(prior)}." for name, prior in found.priors.items()]


def group_grid(found: Subgroups) -> Grid:
    """Return the groups, then all studies together."""
    head = ["group", "studies", "mean effect", "P(benefit)", "new study", "P(benefit)", "tau"]
    kind = kind_of(found.measure)
    rows = [
        [
            str(row["group"]), str(row["studies"]), span(row, kind=kind),
            digits.probability(row["p_benefit"], row["p_error"]),
            span(row, prefix="new_", kind=kind),
            digits.probability(row["new_p_benefit"], row["new_p_error"]), tau_span(row),
        ]
        for table in (found.groups, found.overall) for row in table.to_dict("records")
    ]  # fmt: skip
    kept = [place for place, name in enumerate(head)
            if name != "P(benefit)" or has_null(found.measure)]  # fmt: skip
    return Grid([head[place] for place in kept], [[row[place] for place in kept] for row in rows])


def contrast_grid(found: Subgroups) -> Grid:
    """Return the differences between the groups' means, a row a pair."""
    ratio = is_ratio(found)
    what = "ratio" if ratio else f"difference{on_scale(found.measure)}"
    head = ["means", what, "P(first better)"]
    rows = [
        [_pair(row), span(row, kind=Kind.RATIO if ratio else Kind.NUMBER),
         digits.probability(row["p_better"], row["p_error"])]
        for row in found.contrasts.to_dict("records")
    ]  # fmt: skip
    return Grid(head, rows)


def tau_grid(found: Subgroups) -> Grid:
    """Return the ratios of the groups' own taus, a row a pair."""
    rows = []
    for row in found.tau_contrasts.to_dict("records"):
        known = Precision.of(
            sd=np.inf, lower=row["lower"], upper=row["upper"], median=row["median"]
        )
        ends = known.span([row["median"], row["lower"], row["upper"]]).bracketed()
        rows.append([_pair(row), ends, digits.probability(row["p_greater"], row["p_error"])])
    return Grid(["own taus", "ratio", "P(first larger)"], rows)


def _pair(row: Row) -> str:
    return f"{row['first']} vs {row['second']}"


def factor_grid(found: Subgroups) -> Grid:
    """Return the Bayes factors of a difference of the means, and of the taus."""
    rows = [[f"{row['for']}, given {row['given']}", factor(row["bayes_factor"])]
            for row in found.bayes_factors.to_dict("records")]  # fmt: skip
    return Grid(["Bayes factor for", "factor"], rows)


def odds(found: Subgroups) -> list[str]:
    """Return what the Bayes factors rest on, where mu's prior is normal."""
    sd = _difference_sd(found)
    return [] if sd is None else [_ODDS.format(sd=sd)]


def factor(value: float) -> str:
    """Return a Bayes factor as text; below 1 as one over what speaks against.

    Examples
    --------
    >>> factor(12.345), factor(0.22), factor(float("nan"))
    ('12', '1/4.5', 'none: a prior is improper')
    """
    if np.isnan(value):
        return "none: a prior is improper"
    if value >= 1:
        return digits.number(value, significant=2)
    return f"1/{digits.number(1 / value, significant=2)}" if value > 0 else "0"


def _difference_sd(found: Subgroups) -> float | None:
    from bayesmeta.spec import parse_prior

    sd = parse_prior(found.priors["mu"]).parameters.get("sigma")
    return None if not isinstance(sd, int | float) else float(np.sqrt(2) * sd)


def contract(found: Subgroups) -> dict[str, Any]:
    """Return everything `subgroups --json` says; what is not a finite number is None.

    Examples
    --------
    ``contract(bm.subgroups(effects, column="design"))["groups"][0]["p_benefit"]``
    """
    words = ("column", "measure", "unit", "outcome", "tau", "benefit", "interval")
    tables: Sequence[str] = TABLES
    return {
        **{name: getattr(found, name) for name in words},
        "k": len(found.studies),
        **{name: records(getattr(found, name)) for name in tables},
        "log_marginal_likelihood": plain(found.log_marginal_likelihood),
        "priors": dict(found.priors),
    }


def write_tables(found: Subgroups, folder: Path) -> None:
    """Write every table as a CSV file into an existing folder."""
    for name in TABLES:
        getattr(found, name).to_csv(folder / f"{name}.csv", index=False)
