"""Ready-made estimates in R's meta, bayesmeta, RoBMA, metaBMA, JASP, jamovi, CMA and Stata.

Many are short or common words, so they are weak: they count where no stronger name has the role.
"""

import re
from collections.abc import Iterable, Mapping

_LOG = ("log", "ln")
_RATIO_WORDS = (
    "or", "rr", "hr", "irr", "rom", "oddsratio", "riskratio", "relativerisk", "hazardratio",
    "rateratio", "incidencerateratio", "ratioofmeans",
)  # fmt: skip

_NAMED_LOGARITHMS = (*(f"{log}{word}" for log in _LOG for word in _RATIO_WORDS), "lor", "lrr")
LOGARITHMS = (*_NAMED_LOGARITHMS, "yi", "te", "givmean")
"""Estimates that are logarithms wherever they belong to a ratio."""

RATIOS = (*_RATIO_WORDS, "oddsratios", "riskratios", "hazardratios", "aor", "ahr", "petoor")
"""Estimates that are ratios."""

_STANDARDISED = (
    "d", "g", "smd", "hedgesg", "hedgessg", "cohend", "cohensd", "standardizedmeandifference",
    "standardisedmeandifference", "stddiffinmeans",
)  # fmt: skip
_MEAN_DIFFERENCES = ("md", "wmd", "meandifference", "meandiff", "diffinmeans", "differenceinmeans",
                     "rawdifferenceinmeans", "mittelwertsdifferenz",
                     "differencedemoyennes")  # fmt: skip
_RISK_DIFFERENCES = ("rd", "riskdifference")
_TRANSFORMED = ("fisherz", "fishersz")
_DIFFERENCES = (
    *_STANDARDISED, *_MEAN_DIFFERENCES, *_RISK_DIFFERENCES, *_TRANSFORMED,
    "te", "es", "effectsize", "effect", "est", "y", "pointestimate", "effsize", "beta", "coef",
    "coefficient", "metaes", "b", "effectestimate", "effekt", "effektstarke", "difference", "diff",
    "differenz", "ratedifference", "schatzer", "effet", "tailledeffet",
)  # fmt: skip
_ERRORS = (
    "se", "sete", "stderr", "stderror", "standarderr", "seeffect", "selog", "standarderrors",
    "metase", "stderrs", "standardfehler", "erreurtype", "errorestandar",
)  # fmt: skip
_VARIANCES = ("v", "var", "samplingvariance", "vd", "vg", "vy", "vsmd", "vlnor", "vlogor",
              "vlnrr", "vlogrr", "samplingvar", "vlnrom", "varianz")  # fmt: skip
_LOWER = (
    "lower", "lowerci", "cilower", "cilow", "cil", "lci", "ll", "lcl", "lowerlimit", "lowerbound",
    "lowercl", "cilowerbound", "cilowerlimit", "cimin", "cilb", "lowerconfidencelimit", "loci",
    "lowerconfidenceinterval", "metacil", "lowerlimitci", "lowerboundci", "llci", "cill", "low",
    "untergrenze", "unteregrenze", "kiuntergrenze", "kiunten", "borneinferieure", "borneinf",
    "icinf", "icinferieur",
)  # fmt: skip
_UPPER = (
    "upper", "upperci", "ciupper", "cihigh", "ciu", "uci", "ul", "ucl", "upperlimit", "upperbound",
    "uppercl", "ciupperbound", "ciupperlimit", "cimax", "ciub", "upperconfidencelimit", "hici",
    "upperconfidenceinterval", "metaciu", "upperlimitci", "upperboundci", "ulci", "ciul", "high",
    "obergrenze", "oberegrenze", "kiobergrenze", "kioben", "bornesuperieure", "bornesup",
    "icsup", "icsuperieur",
)  # fmt: skip
_PARTICIPANTS = ("samplesize", "ntotal", "totaln", "participants", "numberofparticipants")
_CORRELATIONS = ("r", "cor", "corr", "pearsonr", "pearsonsr", "correlationcoefficient")


def _of(quantities: Iterable[str], estimates: Iterable[str]) -> frozenset[str]:
    """Return quantities of estimates, whichever is first: `seor`, `orse`, `se of or`."""
    return frozenset(
        name
        for estimate in estimates
        for quantity in quantities
        for name in (f"{quantity}{estimate}", f"{estimate}{quantity}", f"{quantity}of{estimate}")
    )


_QUANTITIES = {
    "standard_error": ("se", "stderr", "stderror", "standarderror"),
    "variance": ("var", "variance"),
    "ci_lower": ("lower", "lci", "cil", "ll", "lowerci", "cilower", "lowerlimit", "lcl"),
    "ci_upper": ("upper", "uci", "ciu", "ul", "upperci", "ciupper", "upperlimit", "ucl"),
}
_ESTIMATES = frozenset((*_DIFFERENCES, *LOGARITHMS, *RATIOS))

OF_LOGARITHMS = frozenset(("selog", "givse")).union(
    *(_of(words, _NAMED_LOGARITHMS) for words in _QUANTITIES.values())
)
"""Standard errors, variances and limits of logarithms, by their names."""

OF_RATIOS = frozenset[str]().union(*(_of(words, RATIOS) for words in _QUANTITIES.values()))
"""Standard errors, variances and limits of ratios, by their names."""

_SMD = ("SMD", "SMDH", "SMCC", "SMCR")
MEANT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_STANDARDISED, _SMD),
    **dict.fromkeys(_MEAN_DIFFERENCES, ("MD", "MC")),
    **dict.fromkeys(_RISK_DIFFERENCES, ("RD",)),
    **dict.fromkeys(_TRANSFORMED, ("ZCOR",)),
    **{f"{log}{word}": codes
       for log in ("", *_LOG)
       for words, codes in (
           (("or", "oddsratio", "oddsratios"), ("OR",)),
           (("rr", "riskratio", "riskratios", "relativerisk"), ("RR", "ROM")),
           (("irr", "rateratio", "incidencerateratio"), ("IRR",)),
           (("rom", "ratioofmeans"), ("ROM",)),
           (("hr", "hazardratio", "hazardratios"), ("HR",)),
       )
       for word in words},
    "lor": ("OR",), "lrr": ("RR", "ROM"), "aor": ("OR",), "ahr": ("HR",), "petoor": ("OR",),
}  # fmt: skip
"""The measures that a name of estimates may mean."""

_LEVEL = re.compile(r"(?<![\d.])(80|90|95|98|99|999)(?!\d)")


def limit_of(key: str) -> tuple[str, float] | None:
    """Return which limit a name is, with the level that it has in it; None if it is none.

    Examples
    --------
    >>> limit_of("90cilower"), limit_of("orul99"), limit_of("cilower")
    (('ci_lower', 90.0), ('ci_upper', 99.0), None)
    """
    found = _LEVEL.search(key)
    if not found:
        return None
    rest = key[: found.start()] + key[found.end() :]
    role = _LIMITS.get(rest, "")
    level = 99.9 if found.group(1) == "999" else float(found.group(1))
    return (role, level) if role else None


STRONG: Mapping[str, str] = {}
WEAK: Mapping[str, str] = {
    **{name: role for role, words in _QUANTITIES.items() for name in _of(words, _ESTIMATES)},
    **dict.fromkeys(_ESTIMATES - {"yi", "te", "givmean"} | {"te"}, "estimate"),
    **dict.fromkeys(_ERRORS, "standard_error"),
    **dict.fromkeys(_VARIANCES, "variance"),
    **dict.fromkeys(_LOWER, "ci_lower"),
    **dict.fromkeys(_UPPER, "ci_upper"),
    **dict.fromkeys(_PARTICIPANTS, "n"),
    **dict.fromkeys(_CORRELATIONS, "correlation"),
}
_LIMITS = {name: role for name, role in WEAK.items() if role in ("ci_lower", "ci_upper")}
