"""Simulate the user's own design, analyse each simulation in every way, count."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from bayesmeta.calibration.analyses import (
    Analysis,
    Bayesian,
    Classical,
    Intervals,
    classical_methods,
    joined,
)
from bayesmeta.calibration.scenario import Design, Scenario, Truth, scenario_of
from bayesmeta.calibration.scores import scores
from bayesmeta.calibration.simulation import Simulated, simulate
from bayesmeta.comparison.prior_sets import PriorChoices, PriorSet, prior_sets
from bayesmeta.comparison.setting import require_choices, set_up
from bayesmeta.comparison.table import chosen, messages
from bayesmeta.errors import AnalysisError, ImproperPosteriorError, PriorError

if TYPE_CHECKING:
    import pandas as pd

type Say = Callable[[int, int], None]

USUAL = ("CE", "DL", "PM", "REML", "DL+HKSJ", "PM+HKSJ", "REML+HKSJ")
"""Classical rows where none are asked for."""
_TRUTH = "prior of the truth"
_AT_ONCE = 500
_FEWEST = 2


def calibrate(  # noqa: PLR0913  (a design, a truth and what to look at, each by its name)
    design: Design,
    *,
    tau: Truth,
    mu: Truth = 0.0,
    shape: str = "normal",
    n: ArrayLike | None = None,
    estimated_sd: bool = False,
    priors: PriorChoices | None = None,
    rows: Sequence[str] | None = None,
    simulations: int = 10_000,
    seed: int = 1,
    interval: float = 0.95,
    say: Say = lambda _done, _all: None,
) -> "pd.DataFrame":
    """Return how often intervals cover the truth, how wide and how biased they are, by method.

    All methods see the same simulated meta-analyses, without moderators.

    Parameters
    ----------
    design
        `Effects`, whose standard errors (and participants) count; standard errors, shape
        (study,); or a number of studies, whose standard errors are then all 1.
    tau, mu
        The truth: a number, or a prior that each simulation draws it from, such as
        ``"HalfNormal(sigma=5)"``. When both are drawn, the analysis under these priors, ``Bayes
        (prior of the truth)``, is a row: it covers at its level, up to Monte Carlo error.
    shape
        Of the study effects around mu: ``"normal"``, ``"skewed"`` (exponential) or ``"t"`` (4
        degrees of freedom), each with SD tau.
    n
        Participants of each study, or one number, for a design given as numbers.
    estimated_sd
        Whether the analyses see standard errors from SDs estimated on n participants. Priors in
        unit-information SDs keep those of the design.
    priors
        As in `bayesmeta.compare`: the Bayesian rows are its rows.
    rows
        Methods to look at, such as ``["DL", "REML+HKSJ", "Bayes (default)"]``; all Bayesian and
        seven classical ones by default.
    simulations
        How many meta-analyses; the Monte Carlo error falls with its root.
    seed
        The same seed gives the same numbers.
    interval
        Level of the intervals.
    say
        Called with how many simulations are done, and how many there are.

    Returns
    -------
    DataFrame
        A row a method: ``coverage`` of mu, mean ``width`` and ``median_width`` of the interval,
        ``bias`` of the estimate (a posterior's median), ``squared_error``, ``excludes_zero``
        (the share of intervals that do), ``sign_error`` (the share of those on the wrong side of
        0; none where mu is 0), ``pi_coverage`` of the effect in a new study and mean
        ``pi_width``; each with its Monte Carlo standard error in a column of its name and
        ``_error``. ``attrs["messages"]`` says which rows are left out and why.

    Raises
    ------
    BayesmetaError
        If the design, the truth, the priors or the names of rows cannot be used.

    References
    ----------
    Cook SR, Gelman A, Rubin DB (2006). J Comput Graph Stat 15:675-692, for draws from the prior.
    Gelman A, Carlin J (2014). Perspect Psychol Sci 9:641-651, for sign errors. Agresti A, Coull BA
    (1998). Am Stat 52:119-126, for the error of a share.

    Examples
    --------
    Five studies of equal precision and a tau of twice their standard error: Wald's interval
    covers too rarely, Knapp and Hartung's about as it should.

    >>> found = calibrate(5, tau=2.0, rows=["DL", "DL+HKSJ"], simulations=2000, seed=1)
    >>> found[["method", "coverage", "coverage_error"]].round(3)
        method  coverage  coverage_error
    0       DL     0.884           0.007
    1  DL+HKSJ     0.947           0.005
    """
    require_choices(interval, None)
    _check(simulations, seed)
    scenario = scenario_of(design, n=n, mu=mu, tau=tau, shape=shape, estimated_sd=estimated_sd)
    analyses, left_out = _analyses(scenario, priors, rows, level=interval)
    data = simulate(scenario, simulations, seed=seed)
    found = _analysed(analyses, data, say)
    table = _table(found, data)
    table.attrs = {
        "measure": scenario.design.measure, "unit": scenario.design.unit,
        "outcome": scenario.design.outcome, "notes": list(scenario.design.said),
        "k": len(scenario.design), "scenario": scenario.describe(), "simulations": simulations,
        "seed": seed, "interval": interval, "messages": messages(left_out),
    }  # fmt: skip
    return table


def _check(simulations: int, seed: int) -> None:
    if simulations < _FEWEST:
        raise AnalysisError(f"simulations is {simulations}; it must be at least {_FEWEST}.")
    if seed < 0:
        raise AnalysisError(f"seed is {seed}; it must be at least 0.")


def _analyses(
    scenario: Scenario, priors: PriorChoices | None, rows: Sequence[str] | None, *, level: float
) -> tuple[dict[str, Analysis], dict[str, str]]:
    """Return the analyses by name, and why others are not there."""
    bayesian, left_out = _bayesian(scenario, priors, rows, level=level)
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
    scenario: Scenario, priors: PriorChoices | None, rows: Sequence[str] | None, *, level: float
) -> tuple[dict[str, Analysis], dict[str, str]]:
    setting = set_up(scenario.design)
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
                found[_row(name)] = Bayesian.of(assembly, level=level)
        except (ImproperPosteriorError, PriorError) as error:
            left_out[name] = str(error)
    return found, left_out


def _row(name: str) -> str:
    """Return the name of the row of a set of priors."""
    return f"Bayes ({name})"


def _asked(name: str, rows: Sequence[str] | None) -> bool:
    return rows is None or _row(name) in rows


def _analysed(analyses: Mapping[str, Analysis], data: Simulated, say: Say) -> dict[str, Intervals]:
    """Return every analysis of every simulation, some hundreds at a time."""
    size = data.mu.size
    parts: dict[str, list[Intervals]] = {name: [] for name in analyses}
    for start in range(0, size, _AT_ONCE):
        batch = data.take(slice(start, start + _AT_ONCE))
        for name, analyse in analyses.items():
            parts[name].append(analyse(batch))
        say(min(start + _AT_ONCE, size), size)
    return {name: joined(pieces) for name, pieces in parts.items()}


def _table(found: Mapping[str, Intervals], data: Simulated) -> "pd.DataFrame":
    import pandas as pd

    classical = classical_methods()
    rows = [
        {"method": name, "kind": "classical" if name in classical else "Bayesian"}
        | scores(intervals, data)
        for name, intervals in found.items()
    ]
    return pd.DataFrame(rows)
