"""An analysis of trials beside cohorts as plain text, for the terminal and a discussion section."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.cohorts import words
from bayesmeta.cohorts.members import Member
from bayesmeta.cohorts.result import Designs
from bayesmeta.cohorts.sentences import sentences
from bayesmeta.errors import AnalysisError
from bayesmeta.summaries.digits import MINUS, per_cent, probability
from bayesmeta.summaries.grid import Grid
from bayesmeta.summaries.own_scale import is_moved, on_scale
from bayesmeta.summaries.page import wrapped

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = {
    "trials-only": "trials only",
    "naive": "pooled as one design",
    "design-bias": "bias of cohorts",
    "power-prior": "power",
    "probably-biased": "probably biased",
    "moderator": "design a moderator",
    "cohorts-only": "cohorts only",
}


def designs_text(found: Designs, *, title: str = "") -> str:
    """Return the analysis as plain text: sentences first, then the members, then warnings.

    Parameters
    ----------
    found
        From `bayesmeta.designs`.
    title
        Heading; the outcome without one.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.designs`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> found = bm.designs(effects, spread="common", points=5)
    >>> bm.designs_text(found).splitlines()[0]
    'SIMULATED DATA. TNF-alpha: MD in pg/mL, 6 RCT, 6 cohort'
    """
    if not isinstance(found, Designs):
        raise AnalysisError(
            f"The text is of an answer of bayesmeta.designs, not of a {type(found).__name__}."
        )
    priors = [f"  {line}" for line in words.priors(found)]
    parts = [
        [f"{words.heading(found, title)}: {words.scale(found)}, {_designs(found)}", ""],
        [f"- {sentence}" for sentence in sentences(found)],
        ["", *member_grid(found).lines()],
        ["", *wrapped([f"{_key(found)} {words.spreads(found)}{words.at_mean(found)}"])],
        ["", f"Priors, {found.unit or "the outcome's unit"}", *priors],
        ["", "Mind", *(f"- {sentence}" for sentence in found.warnings)] if found.warnings else [],
        ["", *found.notes] if found.notes else [],
    ]
    return "\n".join(line for part in parts for line in part)


def _key(found: Designs) -> str:
    trials, cohorts = found.names
    return (
        f"mu, tau: posterior medians; new trial: interval of the effect in one; weight of "
        f"{cohorts}: their share in mu{words.no_weight(found)}; log p(t|c): log probability of the "
        f"results of the {trials} given those of the {cohorts}, the higher the better predicted."
    )


def _designs(found: Designs) -> str:
    return ", ".join(f"{count} {level}" for level, count in found.counts.items())


def member_grid(found: Designs) -> Grid:
    """Return the members: effect in trials, new trial, tau, P(benefit), share, evidence.

    Beside P(benefit) that of one beyond the minimal important difference, where one is stated.
    """
    return Grid(_head(found), [_row(member, found) for member in found.rows])


def dial_grid(found: Designs) -> Grid:
    """Return some points of the dial over the bias's SD, each as it was integrated.

    Under the spread of the analysis, then under the common one where that is another.
    """
    tables = _by_spread(found.over_bias)
    return _grid(found, list(tables.values()), [f"spread {spread}" for spread in tables])


def tail_dial_grid(found: Designs) -> Grid | None:
    """Return some points of the dial with t effects; None where nobody asked for them."""
    if found.tails is None:
        return None
    tables = _by_spread(found.tails.over_bias)
    several = len(tables) > 1
    names = [f"spread {spread}, t effects" if several else "t effects" for spread in tables]
    return _grid(found, list(tables.values()), names)


def _by_spread(table: "pd.DataFrame") -> "dict[str, pd.DataFrame]":
    """Return a dial over the bias by spread, that of the analysis first."""
    return {spread: table[table["spread"] == spread] for spread in dict.fromkeys(table["spread"])}


def _grid(found: Designs, tables: "Sequence[pd.DataFrame]", names: Sequence[str]) -> Grid:
    places = np.unique(np.linspace(0, len(tables[0]) - 1, _ROWS).round().astype(int))
    moved = is_moved(found.measure)
    unit = on_scale(found.measure) if moved else f", {found.unit}" if found.unit else ""
    head = [f"u{unit}", *(["u, uisd"] if found.uisd else [])]
    for name in names:
        head += [f"{column}, {name}" for column in ("mu", "interval", f"P({words.event(found)})",
                                                      _weight(found))]  # fmt: skip
    rows = [_point([table.iloc[place] for table in tables], found) for place in places]
    return Grid(head, rows)


_ROWS = 10


def _point(points: "Sequence[pd.Series]", found: Designs) -> Sequence[str]:
    sizes = [points[0]["u"], *([points[0]["u_uisd"]] if found.uisd else [])]
    ends = {0.0: "0", np.inf: "∞"}
    cells = [ends.get(float(size), words.plain(float(size))) for size in sizes]
    for point in points:
        known = {name: float(point[name]) for name in ("median", "lower", "upper")}
        cells += [words.shown(found, known["median"]), words.between(found, known),
                  probability(float(point["p_benefit"])),
                  per_cent(float(point["cohort_share"]))]  # fmt: skip
    return cells


def _head(found: Designs) -> Sequence[str]:
    difference = found.question.difference
    beyond = [] if difference is None else [f"P({words.beyond(found, difference)})"]
    last = [f"P({words.event(found)})", *beyond, _weight(found), "log p(t|c)"]
    if words.is_ratio(found):
        code = found.measure
        return ["member", code, "interval", f"log {code}", "interval", f"new trial, {code}",
                "tau, log", *last]  # fmt: skip
    return ["member", "mu", "interval", "new trial", "tau", *last]


def _weight(found: Designs) -> str:
    """Return the head of the weight that cohorts have; `share` is how many are biased."""
    return f"weight of {found.names.cohorts}"


def _row(member: Member, found: Designs) -> Sequence[str]:
    mu, tau = member.parameters["mu"], member.parameters.get("tau")
    new = member.parameters.get("theta_new", {"lower": np.nan, "upper": np.nan})
    trials, cohorts = found.names
    shown = _SHOWN[member.member].replace("trials", trials).replace("cohorts", cohorts)
    name = member.named(shown)
    logs = [words.plain(mu["median"]), f"{words.plain(mu['lower'])} to {words.plain(mu['upper'])}"]
    evidence = member.log_trials_given_cohorts
    return [
        name,
        words.shown(found, mu["median"]),
        words.between(found, mu),
        *(logs if words.is_ratio(found) else []),
        words.between(found, new),
        words.plain(tau["median"]) if tau else "",
        probability(member.p_benefit),
        *([] if member.p_beyond is None else [probability(member.p_beyond)]),
        per_cent(member.cohort_share),
        "" if evidence is None else f"{evidence:.2f}".replace("-", MINUS),
    ]
