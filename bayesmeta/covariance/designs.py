"""The column of designs, and which of its levels is the reference."""

from bayesmeta.covariance.rows import ColumnRole, Use

REFERENCE = "RCT"
"""The level that stands for trials, where nobody names another."""

ROLES = (
    ColumnRole("design", "which design each study has", Use.MARK, default="design"),
    ColumnRole(
        "reference", "which design is the reference", Use.LEVEL, default=REFERENCE, needed=False
    ),
)
