"""Other names of measures, as titles, papers and programs have them."""

from bayesmeta.errors import MeasureError
from bayesmeta.measures.contract import Measure
from bayesmeta.measures.register import MEASURES
from bayesmeta.near import asked_back, near
from bayesmeta.studies import key_of

_OTHERS = {
    "WMD": "MD", "weighted mean difference": "MD", "weighted mean difference WMD": "MD",
    "raw mean difference": "MD",
    "Hedges g": "SMD", "g": "SMD", "standardized mean difference": "SMD",
    "standardised mean difference": "SMD", "log ratio of means": "ROM", "RoM": "ROM",
    "log OR": "OR", "log odds ratio": "OR", "log RR": "RR", "log risk ratio": "RR",
    "relative risk": "RR", "log IRR": "IRR", "incidence rate ratio": "IRR",
}  # fmt: skip


def measure_of(name: object) -> Measure:
    """Return a measure by its code, or by another name that means it alone.

    Raises
    ------
    MeasureError
        If nothing has that name.

    Examples
    --------
    >>> measure_of("WMD").code, measure_of("odds ratio").code, measure_of("smd").code
    ('MD', 'OR', 'SMD')
    """
    if isinstance(name, str) and name in MEASURES:
        return MEASURES[name]
    found = _KNOWN.get(key_of(name)) if isinstance(name, str) else None
    if found is None:
        raise MeasureError(f"Unknown measure {name!r}; known: {', '.join(MEASURES)}.{_hint(name)}")
    return MEASURES[found]


def _hint(name: object) -> str:
    """Return which measure may be meant: by a name of several, or one that is nearly known."""
    meant = _NEARLY.get(key_of(str(name)))
    if meant is not None:
        return f" {meant}"
    close = near(name, [*MEASURES, *_OTHERS, *(one.title for one in MEASURES.values())])
    found = None if close is None else MEASURES.get(close) or measure_of(close)
    return "" if found is None else asked_back(found.code, f" ({found.title})")


_NEARLY = {
    **dict.fromkeys(("cohensd", "d", "cohend"),
                    "Cohen's d with Hedges' correction is 'SMD'; a d as printed, with its standard "
                    "error, is 'SMD' too."),
    **dict.fromkeys(("correlation", "cor", "r", "pearsonr"),
                    "Correlations are pooled as Fisher's z: 'ZCOR'."),
    **dict.fromkeys(("proportion", "pr", "prevalence", "prop"),
                    "Proportions are pooled as logits: 'PLO'."),
    **dict.fromkeys(("rate", "ir", "incidence"),
                    "Rates are pooled as logarithms: 'IRLN'; two arms' ratio is 'IRR'."),
    **dict.fromkeys(("peto", "petoor", "por", "petooddsratio"),
                    "Peto's odds ratio is bayesmeta.peto of effects of 'OR'; compare prints it."),
    **dict.fromkeys(("mean", "mn"), "A mean of one arm has no measure; with its standard error it "
                    "is 'generic'."),
}  # fmt: skip
"""Names that other programs give to what has another name here, or several, and what to say."""

_KNOWN = (
    {key_of(measure.title): code for code, measure in MEASURES.items() if code != "generic"}
    | {key_of(name): code for name, code in _OTHERS.items()}
    | {key_of(code): code for code in MEASURES}
)
