"""Other names of measures, as titles, papers and programs have them."""

from bayesmeta.errors import MeasureError
from bayesmeta.measures.contract import Measure
from bayesmeta.measures.register import MEASURES
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
    if name in MEASURES:
        return MEASURES[str(name)]
    found = _KNOWN.get(key_of(str(name)))
    if found is None:
        raise MeasureError(f"Unknown measure {name!r}; known: {', '.join(MEASURES)}.")
    return MEASURES[found]


_KNOWN = (
    {key_of(measure.title): code for code, measure in MEASURES.items() if code != "generic"}
    | {key_of(name): code for name, code in _OTHERS.items()}
    | {key_of(code): code for code in MEASURES}
)
