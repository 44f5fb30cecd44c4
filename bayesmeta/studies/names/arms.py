"""Names put together from an arm and a quantity, in either order.

So write R's meta (`n.e`, `mean.c`, `event.e`), metadat (`n_trt`), RevMan (`Experimental SD`),
jamovi and most sheets of reviewers (`mean1`, `experimental_events`, `xt nt xc nc`), in English,
German, French, Spanish or Italian.
"""

from collections.abc import Mapping

_ARMS = {
    "treatment": (
        "treatment", "treat", "treated", "trt", "trmt", "tx", "experimental", "experiment", "exp",
        "intervention", "interv", "int", "active", "group1", "grp1", "arm1", "treatmentgroup",
        "interventiongroup", "experimentalgroup", "treatmentarm", "interventionarm",
        "behandlung", "verum", "interventionsgruppe", "behandlungsgruppe", "experimentalgruppe",
        "traitement", "traite", "traites", "groupeintervention", "groupetraite",
        "intervencion", "tratamiento", "intervento", "trattamento",
    ),
    "control": (
        "control", "controls", "ctl", "ctrl", "cont", "con", "placebo", "pbo", "plac",
        "comparator", "comparison", "group2", "grp2", "arm2", "controlgroup", "controlarm",
        "kontrolle", "kontroll", "kontrollen", "kontrollgruppe", "placebogruppe", "vergleich",
        "temoin", "temoins", "controle", "controles", "groupecontrole", "groupetemoin",
        "controllo", "controlli",
    ),
}  # fmt: skip
_LETTERS = {"treatment": ("e", "t", "1", "ti"), "control": ("c", "2", "ci")}
"""What stands alone after a quantity only."""

QUANTITIES: Mapping[str, tuple[str, ...]] = {
    "n": ("n", "total", "samplesize", "size", "participants", "ntotal", "totaln", "npatients",
          "patients", "numberofpatients", "numberofparticipants", "anzahl", "patienten",
          "teilnehmer", "effectif", "effectifs", "randomized", "randomised", "nrandomized",
          "nrandomised", "ntot", "sampsize"),
    "mean": ("mean", "m", "avg", "average", "mittelwert", "mw", "moyenne", "moy", "media"),
    "se": ("se", "sem", "stderr", "stderror", "standarderror", "standarderrorofmean", "semean",
           "standardfehler", "erreurtype"),
    "sd": ("sd", "stddev", "stdev", "standarddeviation", "standardabweichung", "stdabw", "sa",
           "ecarttype", "ecarttypes"),
    "var": ("var", "variance", "varianz"),
    "events": ("events", "event", "ev", "nevents", "eventsn", "responders", "deaths", "death",
               "died", "dead", "cases", "eventcount", "numberofevents", "ereignisse",
               "evenements", "eventos", "eventi"),
    "non_events": ("nonevents", "nonevent", "noevents", "noevent", "alive", "survivors",
                   "survived"),
    "time": ("time", "persontime", "personyears", "exposure", "patientyears", "py", "pyears"),
}  # fmt: skip
"""What is counted or measured in an arm, by our name."""

TIMES = ("time", "timepoint", "visit", "phase", "wave", "assessment", "moment", "prepost", "when",
         "measurement", "zeitpunkt")  # fmt: skip
"""Names of columns that tell apart when the same patients were measured."""

_EVENTS = {"xe": "events_treatment", "xt": "events_treatment", "xc": "events_control",
           "xti": "events_treatment", "xci": "events_control"}  # fmt: skip
_ONLY_DIGITS = ("time", "cases", *QUANTITIES["se"])
"""Before a letter these are more often a point of time, a label, or another word."""


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
        if word not in _ONLY_DIGITS or (letter.isdigit() and word in QUANTITIES["se"])
    }
    return found | _EVENTS | {"timee": "time_treatment", "timec": "time_control"}


LETTERED: Mapping[str, str] = _lettered()
"""Names that end in one letter or digit: they count where both arms have their size."""

STRONG: Mapping[str, str] = _composed() | {
    "tdeath": "events_treatment", "tnodeath": "non_events_treatment",
    "cdeath": "events_control", "cnodeath": "non_events_control",
}  # fmt: skip
WEAK: Mapping[str, str] = {}
