"""Names put together from an arm and a quantity, in either order.

So write R's meta (`n.e`, `mean.c`, `event.e`), metadat (`n_trt`), RevMan (`Experimental SD`),
jamovi and most sheets of reviewers (`mean1`, `experimental_events`, `xt nt xc nc`).
"""

from collections.abc import Mapping

_ARMS = {
    "treatment": (
        "treatment", "treat", "treated", "trt", "trmt", "tx", "experimental", "experiment", "exp",
        "intervention", "interv", "int", "active", "group1", "grp1", "arm1",
    ),
    "control": (
        "control", "controls", "ctl", "ctrl", "cont", "con", "placebo", "pbo", "plac",
        "comparator", "comparison", "group2", "grp2", "arm2",
    ),
}  # fmt: skip
_LETTERS = {"treatment": ("e", "t", "1"), "control": ("c", "2")}
"""What stands alone after a quantity only."""

QUANTITIES: Mapping[str, tuple[str, ...]] = {
    "n": ("n", "total", "samplesize", "size", "participants", "ntotal", "totaln"),
    "mean": ("mean", "m", "avg", "average"),
    "se": ("se", "sem", "stderr", "stderror", "standarderror", "standarderrorofmean", "semean"),
    "sd": ("sd", "stddev", "stdev", "standarddeviation"),
    "events": ("events", "event", "ev", "nevents", "eventsn", "responders", "deaths", "cases"),
    "non_events": ("nonevents", "nonevent", "noevents", "noevent"),
    "time": ("time", "persontime", "personyears", "exposure", "patientyears"),
}
"""What is counted or measured in an arm, by our name."""

_EVENTS = {"xe": "events_treatment", "xt": "events_treatment", "xc": "events_control"}
_NOT_LETTERED = ("time", "cases")
"""Before a letter or digit these are more often a point of time, or a label."""


def _composed() -> dict[str, str]:
    found: dict[str, str] = {}
    for quantity, words in QUANTITIES.items():
        for arm, names in _ARMS.items():
            for word in words:
                ours = f"{quantity}_{arm}"
                found |= dict.fromkeys([f"{word}{name}" for name in names], ours)
                found |= dict.fromkeys([f"{name}{word}" for name in names], ours)
    return found


def _lettered() -> dict[str, str]:
    found = {
        f"{word}{letter}": f"{quantity}_{arm}"
        for quantity, words in QUANTITIES.items()
        for arm, letters in _LETTERS.items()
        for word in words
        for letter in letters
        if word not in _NOT_LETTERED and not (word in QUANTITIES["se"] and letter.isalpha())
    }
    return found | _EVENTS | {"timee": "time_treatment", "timec": "time_control"}


LETTERED: Mapping[str, str] = _lettered()
"""Names that end in one letter or digit: they count where both arms have their size."""

STRONG: Mapping[str, str] = _composed()
WEAK: Mapping[str, str] = {}
