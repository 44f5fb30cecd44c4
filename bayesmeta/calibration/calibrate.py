"""Simulate the user's own design, analyse each simulation in every way, count."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from numpy.typing import ArrayLike

from bayesmeta.assembly import FurtherRoles, named_roles
from bayesmeta.calibration.analyses import (
    Analysis,
    Intervals,
    OneByOne,
    classical_methods,
    joined,
)
from bayesmeta.calibration.design import Design, design_of
from bayesmeta.calibration.model_truth import Truth, truth_of, truths
from bayesmeta.calibration.rows import analyses_of, nearest
from bayesmeta.calibration.scenario import scenario_of
from bayesmeta.calibration.scores import scores
from bayesmeta.calibration.simulation import Simulated, simulate
from bayesmeta.comparison.prior_sets import PriorChoices, sorted_out
from bayesmeta.comparison.setting import require_choices, set_up
from bayesmeta.comparison.table import messages
from bayesmeta.errors import AnalysisError
from bayesmeta.keywords import require_taken
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd

type Say = Callable[[int, int], None]

_AT_ONCE, _ONE_BY_ONE = 500, 10
_FEWEST = 2


def calibrate(  # noqa: PLR0913  (a design, a truth and what to look at, each by its name)
    design: Design,
    model: str | Path | ModelSpec | None = None,
    *,
    tau: Truth,
    mu: Truth = 0.0,
    truth: Mapping[str, Truth] | None = None,
    moderators: str | None = None,
    shape: str = "normal",
    n: ArrayLike | None = None,
    estimated_sd: bool = False,
    priors: PriorChoices | None = None,
    rows: Sequence[str] | None = None,
    simulations: int = 10_000,
    seed: int = 1,
    interval: float = 0.95,
    say: Say = lambda _done, _all: None,
    **roles: Unpack[FurtherRoles],
) -> "pd.DataFrame":
    """Return how often intervals cover the truth, how wide and how biased they are, by method.

    All methods see the same simulated meta-analyses: of one tau around one mean, or drawn by the
    parts of a model, which the Bayesian rows then are of.

    Parameters
    ----------
    design
        `Effects`, whose standard errors (and participants) count; standard errors, shape
        (study,); or a number of studies, whose standard errors are then all 1.
    model, moderators
        As in `bayesmeta.fit`. Models whose rows depend on each other, or have study effects that
        are not normal, are integrated one table at a time: ask for fewer simulations. Classical
        rows are the nearest there are, of independent studies around one mean.
    tau, mu
        The truth: a number, or a prior that each simulation draws it from, such as
        ``"HalfNormal(sigma=5)"``. When all of it is drawn, the analysis under these priors, ``Bayes
        (prior of the truth)``, is a row: it covers at its level, up to Monte Carlo error.
    truth
        The same of the model's other parameters: ``{"tau_within": 3, "nu": 5}``; those not named
        are drawn from the analysis' own priors, or are the numbers in their place.
    shape
        Of the study effects around mu: ``"normal"``, ``"skewed"`` (exponential) or ``"t"`` (4
        degrees of freedom), each with SD tau; of models of one tau around one mean.
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
    **roles
        As in `bayesmeta.fit`: ``cluster="district"``, ``heterogeneity="student-t"``; a model file
        names the column of designs, where it is another than ``design``.

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
        If the design, the model, the truth, the priors or the names of rows cannot be used; models
        of counts, of powers of the data, or of several means are refused by the part's name.

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
    require_taken(calibrate, roles)
    _check(simulations, seed)
    effects = design_of(design, n)
    setting = set_up(effects, model, moderators=moderators, roles=named_roles(roles))
    true = truths(mu, tau, truth)
    scenario = scenario_of(
        effects, n=None, mu=mu, tau=tau, shape=shape, estimated_sd=estimated_sd,
        own=truth_of(setting, true, sorted_out(priors)[0]),
    )  # fmt: skip
    analyses, left_out = analyses_of(scenario, setting, priors, rows, level=interval)
    data = simulate(scenario, simulations, seed=seed)
    found = _analysed(analyses, data, say)
    table = _table(found, data)
    table.attrs = {
        "measure": scenario.design.measure, "unit": scenario.design.unit,
        "outcome": scenario.design.outcome, "notes": list(scenario.design.said),
        "k": len(scenario.design), "scenario": scenario.describe(), "simulations": simulations,
        "seed": seed, "interval": interval, "model": setting.spec.name,
        "messages": [*messages(left_out), *nearest(scenario, analyses)],
    }  # fmt: skip
    return table


def _check(simulations: int, seed: int) -> None:
    if simulations < _FEWEST:
        raise AnalysisError(f"simulations is {simulations}; it must be at least {_FEWEST}.")
    if seed < 0:
        raise AnalysisError(f"seed is {seed}; it must be at least 0.")


def _analysed(analyses: Mapping[str, Analysis], data: Simulated, say: Say) -> dict[str, Intervals]:
    """Return every analysis of every simulation, some hundreds at a time."""
    size = data.mu.size
    slow = any(isinstance(analyse, OneByOne) for analyse in analyses.values())
    at_once = _ONE_BY_ONE if slow else _AT_ONCE
    parts: dict[str, list[Intervals]] = {name: [] for name in analyses}
    for start in range(0, size, at_once):
        batch = data.take(slice(start, start + at_once))
        for name, analyse in analyses.items():
            parts[name].append(analyse(batch))
        say(min(start + at_once, size), size)
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
