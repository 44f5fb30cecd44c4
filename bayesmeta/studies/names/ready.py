"""Ready-made estimates in R's meta, bayesmeta, RoBMA, metaBMA, JASP, jamovi and CMA.

Many are short or common words, so they are weak: they count where no stronger name has the role.
"""

from collections.abc import Mapping

LOGARITHMS = (
    "logor", "lnor", "logrr", "lnrr", "loghr", "lnhr", "logoddsratio", "logriskratio", "lor",
    "loghazardratio", "logirr", "lnirr", "logrom", "lnrom", "lrr", "lnoddsratio",
    "yi", "te", "givmean",
)  # fmt: skip
"""Estimates that are logarithms wherever they belong to a ratio."""

RATIOS = (
    "or", "rr", "hr", "irr", "rom", "oddsratio", "oddsratios", "riskratio", "relativerisk",
    "hazardratio", "rateratio", "incidencerateratio", "ratioofmeans",
)  # fmt: skip
"""Estimates that are ratios."""

_DIFFERENCES = (
    "te", "es", "effectsize", "effect", "d", "g", "smd", "hedgesg", "hedgessg", "cohend",
    "cohensd", "md", "wmd", "meandifference", "meandiff", "est", "y", "pointestimate", "effsize",
    "fisherz", "fishersz",
)  # fmt: skip
_ERRORS = (
    "se", "sete", "stderr", "stderror", "standarderr", "seeffect", "seeffectsize", "sees", "sed",
    "seg", "sesmd", "semd", "selogor", "selnor", "selogrr", "selnrr", "seloghr", "selnhr",
    "selog", "seyi", "sey", "sete", "effectsizese", "standarderrors",
)  # fmt: skip
_VARIANCES = ("v", "var", "vard", "varg", "samplingvariance", "varsmd", "vy", "vyi", "varianceg")
_LOWER = (
    "lower", "lowerci", "cilow", "cil", "lci", "ll", "lcl", "lowerlimit", "lowerbound",
    "95cilower", "ci95lower", "cilower95", "lowerci95", "lower95", "lower95ci", "lowercl",
    "lci95", "cilowerbound", "cilowerlimit", "95lower", "95cilow", "cimin", "ci95low",
)  # fmt: skip
_UPPER = (
    "upper", "upperci", "cihigh", "ciu", "uci", "ul", "ucl", "upperlimit", "upperbound",
    "95ciupper", "ci95upper", "ciupper95", "upperci95", "upper95", "upper95ci", "uppercl",
    "uci95", "ciupperbound", "ciupperlimit", "95upper", "95cihigh", "cimax", "ci95high",
)  # fmt: skip
_PARTICIPANTS = ("samplesize", "ntotal", "totaln", "participants", "numberofparticipants")
_CORRELATIONS = ("r", "cor", "corr", "pearsonr", "pearsonsr")

STRONG: Mapping[str, str] = {}
WEAK: Mapping[str, str] = {
    **dict.fromkeys([*_DIFFERENCES, *LOGARITHMS[:-3], *RATIOS], "estimate"),
    **dict.fromkeys(_ERRORS, "standard_error"),
    **dict.fromkeys(_VARIANCES, "variance"),
    **dict.fromkeys(_LOWER, "ci_lower"),
    **dict.fromkeys(_UPPER, "ci_upper"),
    **dict.fromkeys(_PARTICIPANTS, "n"),
    **dict.fromkeys(_CORRELATIONS, "correlation"),
}
