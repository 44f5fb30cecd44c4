"""A calibration as plain text, for a terminal."""

import math
from typing import TYPE_CHECKING

from bayesmeta.comparison import wording
from bayesmeta.comparison.row import Record
from bayesmeta.summaries import digits, grid
from bayesmeta.summaries.page import WIDTH, wrapped

if TYPE_CHECKING:
    import pandas as pd

_SHARES = {"coverage": "coverage", "sign_error": "sign error", "pi_coverage": "prediction"}


def calibration_text(table: "pd.DataFrame", *, title: str = "") -> str:
    """Return a calibration as aligned text; ± is the Monte Carlo standard error.

    Parameters
    ----------
    table
        From `calibrate`.
    title
        Heading.

    Examples
    --------
    ``print(calibration_text(bm.calibrate(effects, tau=5.0)))``
    """
    attrs = table.attrs
    heading = wording.heading(attrs, title or "Calibration of this design")
    about = (
        f"Truth: {attrs['scenario']} {attrs['simulations']} simulated meta-analyses, seed "
        f"{attrs['seed']}; {100 * attrs['interval']:g} % intervals; ± Monte Carlo standard error."
    )
    legend = ("sign error: of the intervals that exclude 0, those on the wrong side; prediction: "
              "coverage of the effect in a new study.")  # fmt: skip
    head = ["method", "coverage", "width", "bias", "sign error", "prediction"]
    rows = [[cells[name] for name in ("method", "coverage", "width", "bias", "sign_error",
                                      "pi_coverage")] for cells in texts(table)]  # fmt: skip
    parts = [[heading, "=" * min(len(heading), WIDTH), *wrapped([about])], grid.lines(head, rows),
             wrapped([legend, *attrs["messages"]])]  # fmt: skip
    return "\n\n".join("\n".join(part) for part in parts)


def texts(table: "pd.DataFrame") -> list[dict[str, str]]:
    """Return every row as text, each number with its Monte Carlo error behind ±."""
    return [_text(row) for row in table.to_dict("records")]


def _text(row: Record) -> dict[str, str]:
    shares = {name: _share(row[name], row[f"{name}_error"]) for name in _SHARES}
    others = {name: _number(row[name], row[f"{name}_error"]) for name in ("width", "bias")}
    return {"method": row["method"], **shares, **others}


def _share(value: float, error: float) -> str:
    """Return a share in per cent.

    Examples
    --------
    >>> _share(0.9513, 0.0022), _share(math.nan, math.nan)
    ('95.1 ± 0.2 %', '–')
    """  # noqa: RUF002
    if math.isnan(value):
        return "\N{EN DASH}"
    return f"{digits.fixed(100 * value, 1)} ± {max(100 * error, 0.1):.1f} %"


def _number(value: float, error: float) -> str:
    """Return a number with its error to one digit, both to the same decimals.

    Examples
    --------
    >>> _number(12.3456, 0.0321), _number(-0.0004, 0.02)
    ('12.35 ± 0.03', '0.00 ± 0.02')
    """
    if math.isnan(value) or not (math.isfinite(error) and error > 0):
        return wording.shown(value, places=3)
    places = -math.floor(math.log10(error))
    return f"{digits.fixed(value, places)} ± {digits.fixed(error, places)}"
