"""What a reader of classical rows must be told, each with its numbers."""

from typing import TYPE_CHECKING

from scipy.special import stdtrit

from bayesmeta import schema
from bayesmeta.comparison import wording
from bayesmeta.comparison.printing import printing
from bayesmeta.comparison.row import Record
from bayesmeta.frequentist.fit import SUFFIX

if TYPE_CHECKING:
    import pandas as pd

HKSJ = SUFFIX["knha"]
BRIEF = ("REML", f"REML{HKSJ}", "REML+CR2", "DL")
"""The classical rows that a short table shows; all stand in the CSV."""
_ROUNDING = 1e-9
_SPELLED = {
    "CE": "common effect", "DL": "DerSimonian and Laird", "HE": "Hedges",
    "HS": "Hunter and Schmidt",
    "SJ": "Sidik and Jonkman", "ML": "maximum likelihood", "REML": "restricted maximum likelihood",
    "EB": "empirical Bayes", "PM": "Paule and Mandel",
}  # fmt: skip


def spelled(methods: "pd.Series[str]") -> str:
    """Return the methods' short names with what they stand for."""
    known = {str(method).removesuffix(HKSJ): None for method in methods}
    parts = [f"{name}, {_SPELLED[name]}" for name in known if name in _SPELLED]
    if any(str(method).endswith(HKSJ) for method in methods):
        parts.append(f"{HKSJ}, Hartung, Knapp, Sidik and Jonkman's interval")
    return "; ".join(parts)


def narrow_intervals(table: "pd.DataFrame") -> list[str]:
    """Return a remark where Knapp and Hartung's interval is no wider than Wald's for REML.

    It happens where the estimates agree better than their standard errors let one expect. Beside it
    stands the interval that takes Wald's standard error at the least, with the same t quantile.
    """
    rows = {row["method"]: row for row in table.to_dict("records")
            if row["coefficient"] == schema.MU}  # fmt: skip
    wald, adjusted = rows.get("REML"), rows.get(f"REML{HKSJ}")
    if wald is None or adjusted is None or not _narrower(adjusted, wald):
        return []
    coefficients = set(table["coefficient"]) - {schema.INTERCEPT}
    spare = int(table.attrs["k"]) - len(coefficients)
    half = float(stdtrit(spare, (1 + table.attrs["interval"]) / 2)) * wald["se"]
    ad_hoc = {"lower": wald["estimate"] - half, "upper": wald["estimate"] + half}
    precision = printing(table[table["coefficient"] == schema.MU], schema.MU).effect
    own, plain, wider = (f"{precision.limit(row['lower'])} to {precision.limit(row['upper'])}"
                         for row in (adjusted, wald, ad_hoc))  # fmt: skip
    name = wording.quantity_title(table.attrs)
    sentence = (
        f"REML{HKSJ} ({name}): {own} is narrower than Wald's {plain}, because the estimates agree "
        f"better than their standard errors let one expect; never narrower (ad hoc): {wider}."
    )
    return [sentence]


def _narrower(adjusted: Record, wald: Record) -> bool:
    width, usual = (row["upper"] - row["lower"] for row in (adjusted, wald))
    return bool(width < usual * (1 - _ROUNDING))
