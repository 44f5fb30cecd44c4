"""Which rows a calibration has: analyses by name, and why others are not there."""

from collections.abc import Mapping, Sequence

from bayesmeta import schema
from bayesmeta.calibration.analyses import Analysis, Classical, analysis_of, classical_methods
from bayesmeta.calibration.scenario import Scenario
from bayesmeta.comparison.prior_sets import PriorChoices, PriorSet, prior_sets
from bayesmeta.comparison.setting import Setting
from bayesmeta.comparison.table import chosen
from bayesmeta.errors import AnalysisError, ImproperPosteriorError, PriorError

USUAL = ("CE", "DL", "PM", "REML", "DL+HKSJ", "PM+HKSJ", "REML+HKSJ")
"""Classical rows where none are asked for."""
_TRUTH = "prior of the truth"


def nearest(scenario: Scenario, analyses: Mapping[str, Analysis]) -> list[str]:
    """Return what classical rows leave out of the truth's model."""
    if scenario.own is None or not analyses.keys() & classical_methods().keys():
        return []
    own = scenario.own.assembly
    others = [item.name for item in own.parameters if item.name not in (schema.MU, schema.TAU)]
    without = f"without {', '.join(others)}"
    return [f"Classical rows are of independent studies around one mean, {without}."] * bool(others)


def analyses_of(
    scenario: Scenario, setting: Setting, priors: PriorChoices | None, rows: Sequence[str] | None,
    *, level: float,
) -> tuple[dict[str, Analysis], dict[str, str]]:  # fmt: skip
    """Return the analyses by name, and why others are not there."""
    bayesian, left_out = _bayesian(scenario, setting, priors, rows, level=level)
    classical = {name: Classical(*parts, level) for name, parts in classical_methods().items()}
    known: dict[str, Analysis] = {**bayesian, **classical}
    wanted = [*bayesian, *USUAL] if rows is None else list(dict.fromkeys(rows))
    absent = [name for name in wanted if name not in known and name not in map(_row, left_out)]
    if absent or not wanted:
        raise AnalysisError(
            f"No row {', '.join(map(repr, absent)) or 'at all'}; there are: {', '.join(known)}."
        )
    chosen_rows = {name: known[name] for name in wanted if name in known}
    return chosen_rows, {name: why for name, why in left_out.items() if _asked(name, rows)}


def _bayesian(
    scenario: Scenario, setting: Setting, priors: PriorChoices | None, rows: Sequence[str] | None,
    *, level: float,
) -> tuple[dict[str, Analysis], dict[str, str]]:  # fmt: skip
    sets: dict[str, PriorSet] = prior_sets(setting, priors)
    if scenario.priors:
        sets[_TRUTH] = scenario.priors
    found: dict[str, Analysis] = {}
    left_out: dict[str, str] = {}
    for name, given in sets.items():
        assembly = chosen(setting, given, where=name)
        try:
            if isinstance(assembly, str):
                left_out[name] = assembly
            elif _asked(name, rows):
                found[_row(name)] = analysis_of(assembly, level=level)
        except (ImproperPosteriorError, PriorError) as error:
            left_out[name] = str(error)
    return found, left_out


def _row(name: str) -> str:
    """Return the name of the row of a set of priors."""
    return f"Bayes ({name})"


def _asked(name: str, rows: Sequence[str] | None) -> bool:
    return rows is None or _row(name) in rows
