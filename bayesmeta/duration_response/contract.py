"""A duration analysis as JSON, and as files of tables."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from bayesmeta.duration_response.first_week import FirstWeek
from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.sentences import answers
from bayesmeta.sheets import write_csv

TABLES = ("shapes", "predictions", "changes", "tau", "studies", "leave_one_out", "curve",
          "shape_curves", "first_week", "strip")  # fmt: skip

type Json = dict[str, Any]  # what `json.dumps` takes


def contract(found: Duration) -> Json:
    """Return everything `duration --json` says; what is not a finite number is None.

    Examples
    --------
    ``contract(bm.duration(effects))["p_longer_is_better"]``
    """
    words = ("column", "measure", "unit", "outcome", "benefit", "threshold", "required",
             "interval", "shortest", "longest")  # fmt: skip
    return {
        **{name: getattr(found, name) for name in words},
        "k": len(found.studies),
        "p_longer_is_better": found.p_longer_is_better,
        "p_constant": found.p_constant,
        "prior_chances": dict(found.prior_chances),
        "factor_of_change": _known(found.factor_of_change),
        "between_designs": _known(found.between_designs),
        "sufficient": _answer(found.sufficient),
        "sufficient_new_study": _answer(found.sufficient_new),
        "answers": list(answers(found)),
        "priors": dict(found.priors),
        "statements": dict(found.statements),
        **{name: _records(getattr(found, name)) for name in TABLES},
        "associations": [vars(item) for item in found.associations],
        "offered": list(found.offered),
        "skipped": dict(found.skipped),
        "warnings": list(found.warnings),
        "notes": list(found.notes),
        "study_effects": found.study_effects,
        "tau_is": found.tau_is,
        "sd_over_tau": _known(found.sd_over_tau),
    }


def write_tables(found: Duration, folder: Path) -> tuple[Path, ...]:
    """Write every table as a CSV file into an existing folder; return the files."""
    paths = []
    for name in TABLES:
        path = folder / f"{name}.csv"
        write_csv(getattr(found, name), path)
        paths.append(path)
    return tuple(paths)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _answer(answer: FirstWeek | None) -> Json | None:
    return None if answer is None else _finite(answer._asdict())


def _records(table: pd.DataFrame) -> list[Json]:
    return [_finite(row) for row in table.to_dict("records")]


def _finite(row: Mapping[Any, Any]) -> Json:
    return {
        str(name): None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in row.items()
    }
