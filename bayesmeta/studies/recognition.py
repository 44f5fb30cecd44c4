"""Our name for each name of a header, from the names that other programs use."""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from bayesmeta.studies.names.arms import LETTERED
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.names.metafor import CELLS, CHANGE, COUNTED
from bayesmeta.studies.names.ready import LOGARITHMS, OF_RATIOS, RATIOS, limit_of
from bayesmeta.studies.names.register import STRONG, WEAK
from bayesmeta.studies.names.tests import P_VALUES, SHORT, STATISTICS

SHARE = re.compile(r"(?<!n \()(?<!n\()%|percent|per cent|pct|proportion|share", re.IGNORECASE)
"""What a name says of shares, which are no numbers of events."""


_TESTED = frozenset((*STATISTICS, *P_VALUES, *SHORT))
COUNTS = ("events", "non_events")

_OBSERVED = frozenset(("oe", "o\N{MINUS SIGN}e", "ome", "ominuse", "observedexpected", "logrankoe",
                       "observedminusexpected"))  # fmt: skip
_OF_OBSERVED = (
    "oevariance",
    "varianceoe",
    "varoe",
    "voe",
    "v",
    "variance",
    "var",
    "logrankvariance",
)
_REVIEW = frozenset(("givmean", "applicability", "datatype", "outcomenumber"))


def _is_share(name: str) -> bool:
    """Return whether a column has the name of a count, and that it is in per cent."""
    key = key_of(name)
    role = STRONG.get(key, "") or LETTERED.get(key, "")
    return role.startswith(("events_", "non_events_")) and bool(SHARE.search(name))


def _of_observed(key: str, keys: frozenset[str]) -> str:
    """Return our name of observed minus expected events, or of the variance beside them."""
    if not _OBSERVED & keys or _REVIEW & keys:
        return ""
    if key in _OBSERVED:
        return "o_e"
    first = next((name for name in _OF_OBSERVED if name in keys), "")
    return "o_e_variance" if key == first else ""


def recognised(header: Sequence[str]) -> dict[str, str]:
    """Return our name for each name of a header, or the name itself."""
    table = _seen(header)
    strong = {name: _strong(name, table) for name in header if name}
    taken = set(strong.values())
    meant = {name: _weak(name) for name, ours in strong.items() if ours == name}
    weak = {name: ours for name, ours in meant.items() if ours and ours not in taken}
    if any(key_of(name) in LOGARITHMS for name in weak):
        # A ratio beside its logarithm is the same estimate, not another.
        weak = {name: ours for name, ours in weak.items()
                if key_of(name) not in RATIOS and key_of(name) not in OF_RATIOS}  # fmt: skip
    weak = _with_correlations(strong, weak)
    tested = any(key in _TESTED for key in table.keys)
    return strong | {
        name: ours
        for name, ours in weak.items()
        if _in_company(ours, {*strong.values(), *weak.values()}, table.keys, tested=tested)
    }


class _Seen(NamedTuple):
    """A header's keys, those that look like ours and are not, and whether arms have sizes."""

    keys: frozenset[str]
    hidden: frozenset[str]
    sized: bool


def _seen(header: Iterable[str]) -> _Seen:
    keys = frozenset(map(key_of, header))
    return _Seen(keys, hidden(header), _sized(keys))


def _with_correlations(strong: Mapping[str, str], weak: Mapping[str, str]) -> dict[str, str]:
    """Return the weak names, correlations without n being estimates where nothing else is one."""
    roles = {*strong.values(), *weak.values()}
    if roles & {"n", "estimate"} or not roles & {"standard_error", "variance"}:
        return dict(weak)
    return {name: "estimate" if ours == "correlation" else ours for name, ours in weak.items()}


def _weak(name: str) -> str:
    key = key_of(name)
    limit = limit_of(key)
    return WEAK.get(key, "") or (limit[0] if limit else "")


def _in_company(
    role: str, roles: AbstractSet[str], keys: AbstractSet[str], *, tested: bool
) -> bool:
    """Return whether a weak name stands beside what it needs: an estimate and its spread."""
    spread = roles & {"standard_error", "variance"} or {"ci_lower", "ci_upper"} <= roles or tested
    # bayesmeta calls the standard error sigma, but only beside y.
    if role in ("estimate", "standard_error", "variance", "ci_lower", "ci_upper"):
        return bool("estimate" in roles and (spread or "sigma" in keys))
    return role != "correlation" or "n" in roles


def _strong(name: str, table: _Seen) -> str:
    key, keys = key_of(name), table.keys
    if key in CELLS and {"ai", "ci"} <= keys and keys & {"bi", "n1i"}:
        return CELLS[key]
    if key in COUNTED and "xi" in keys and keys & {"ni", "ti"}:
        return COUNTED[key]
    # One group measured twice (ri is the correlation): which mean is the later one, and whose
    # standard deviation sd1i is, differs between metafor's measures. The user has to say.
    if key in CHANGE and "ri" in keys and "n1i" not in keys:
        return name
    if key in table.hidden or _is_share(name):
        return name
    if key == "sigma" and "y" in keys:
        return "standard_error"
    composed = LETTERED.get(key, "") if table.sized else ""
    return _of_observed(key, keys) or composed or STRONG.get(key, name)


def _sized(keys: Iterable[str]) -> bool:
    """Return whether both arms have their size under names with a letter or digit."""
    roles = {LETTERED.get(key) for key in keys}
    return {"n_treatment", "n_control"} <= roles or {"time_treatment", "time_control"} <= roles


def hidden(header: Iterable[str]) -> frozenset[str]:
    """Return the headings that look like ours and mean something else."""
    keys = {key_of(name) for name in header}
    # RevMan's Variance belongs to O - E; its limits are on the natural scale of a ratio, while
    # its GIV Mean is a logarithm.
    variance = {"variance"} if keys & _OBSERVED and keys & _REVIEW else set()
    limits = {"cistart", "ciend"} if keys & {"givmean", "applicability"} else set()
    # Cases are events only beside the number of participants; alone they may be the patients.
    roles = {STRONG.get(key) for key in keys}
    cases = {key for key in keys if key.endswith("cases") and
             f"n_{STRONG.get(key, '').removeprefix('events_')}" not in roles}  # fmt: skip
    return frozenset(variance | limits | cases)
