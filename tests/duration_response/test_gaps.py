"""Durations that are ranges or missing: row by row, exactly, with honest errors."""

from functools import cache

import numpy as np
import pytest

from bayesmeta.duration_response import duration
from bayesmeta.duration_response.gaps import solved
from bayesmeta.errors import StudiesError
from bayesmeta.location.shapes import SHAPES, Observed

# Five of twelve durations missing: the reference case of issue 9.
FIVE_WEEKS = [2, 12, np.nan, np.nan, np.nan, 8, np.nan, 4, 2, np.nan, 4, 10]
FIVE_ESTIMATES = [
    7.136519789476446, -14.946376678505374, -12.212337485468613, -13.92575246039723,
    -2.8392176986219892, -5.516134436948099, -16.48287845033667, 0.0520797470653529,
    2.4858236351293135, -0.007160500445805074, 4.527639551504581, -11.55417508679687,
]  # fmt: skip
FIVE_ERRORS = [
    2.324952774876386, 3.651483716701107, 2.721655269759087, 2.390457218668787, 3.333333333333333,
    2.42535625036333, 3.429971702850177, 2.773500981126146, 2.390457218668787, 3.0151134457776365,
    2.948839123097943, 3.0860669992418384,
]  # fmt: skip
FIVE_PRIORS = {
    "mu": "Normal(mu=0, sigma=20)", "tau": "HalfCauchy(beta=5)",
    "change": "Normal(mu=0, sigma=16.602380144899215)",
}  # fmt: skip
ENDS = {"lower": 0.025, "median": 0.5, "upper": 0.975}


@pytest.fixture(scope="module")
def five_missing(effects_of):
    """Return the straight line's row of the reference case."""
    effects = effects_of(FIVE_WEEKS, FIVE_ESTIMATES, FIVE_ERRORS)
    return duration(effects, shapes=["constant", "linear"], priors=FIVE_PRIORS).shapes.iloc[1]


def test_five_of_twelve_missing_durations_have_the_reference_answer(five_missing):
    """P(linear), and the change's mean, SD and probability.

    Source: by separation with 24 and 48 Gauss nodes a row and 120 and 200 in tau; 600 000
    weighted completions beside it (round2_cases.json, missing_durations).
    """
    found = five_missing

    assert found["probability"] == pytest.approx(0.990747, abs=2e-6)
    assert found["change_mean"] == pytest.approx(-20.37171, abs=2e-4)
    assert found["change_sd"] == pytest.approx(3.57863, abs=1e-4)
    assert found["change_p_better"] == pytest.approx(0.9992, abs=1e-4)


@pytest.fixture(scope="session")
def case(twelve, effects_of, brute, open_weeks):
    """Return twelve studies with some cells open, and the enumeration of one shape on them."""

    @cache
    def make(name, words, *, parameter=(), count=16, mu_sd=4.0):
        cells = dict(words)
        effects = twelve()
        weeks = effects.studies["duration_weeks"]
        words = [cells.get(row, f"{week:g}") for row, week in enumerate(weeks)]
        ranges = {
            row: tuple(map(float, word.split("-"))) if word else None for row, word in cells.items()
        }
        middles = [np.mean(ranges[row]) if ranges.get(row) else week for row, week in
                   enumerate(weeks) if ranges.get(row, ()) is not None]  # fmt: skip
        ends = [end for cell in ranges.values() if cell for end in cell]
        closed = [week for row, week in enumerate(weeks) if row not in cells]
        observed = Observed.of(np.array([*closed, *ends]))

        def design(at):
            at = np.asarray(at, dtype=float)
            columns = np.column_stack(SHAPES[name].columns(at, observed, list(parameter)))
            reference = SHAPES[name].columns(np.array(middles), observed, list(parameter))
            centred = columns - np.mean(np.column_stack(reference), axis=0)
            return np.column_stack([np.ones(at.size), centred])

        breaks = [float(week) for week in SHAPES[name].breaks(observed, list(parameter))]
        designs = []
        for row, week in enumerate(weeks):
            at, weight = ([week], [1.0])
            if row in cells:
                at, weight = open_weeks(
                    ranges[row], np.array(middles), count, breaks=breaks,
                    ends=(observed.shortest, observed.longest),
                )  # fmt: skip
            designs.append((design(at), np.array(weight)))
        own = designs[0][0].shape[1] - 1
        known = brute(effects.estimate, effects.standard_error, designs, [mu_sd, *[2.0] * own])
        asked = effects_of(words, effects.estimate, effects.standard_error, column="weeks")
        return asked, known, design

    return make


@pytest.mark.usefixtures("no_single_studies")
@pytest.mark.parametrize("name", ["linear", "natural_spline", "categories"])
@pytest.mark.parametrize("cell", ["", "4-11"])
def test_one_open_duration_is_an_exact_mixture(name, cell, case, priors):
    """Evidence, mean and SD of the change are those of the enumeration over its weeks."""
    effects, known, design = case(name, ((5, cell),))
    found = duration(effects, column="weeks", shapes=[name], priors=priors).shapes.iloc[0]
    change = np.diff(design([2, 12]), axis=0)[0]
    mean, sd = known.moments(change)

    assert found["log_marginal_likelihood"] == pytest.approx(known.log_evidence, abs=1e-6)
    assert found["change_mean"] == pytest.approx(mean, abs=1e-5)
    assert found["change_sd"] == pytest.approx(sd, abs=1e-5)
    for end, p in ENDS.items():
        assert found[f"change_{end}"] == pytest.approx(known.quantile(change, p), abs=1e-4), end


WAYS = {
    "every choice": {"_FEW": 10**9},
    "merged normals": {"_FEW": 0, "_NORMALS": 10**9},
    "cumulants of every choice": {"_FEW": 0, "_FEW_ITEMS": 0, "_CHOICES": 10**9},
    "merged normals alone": {"_FEW": 0, "_NORMALS": 0},
    "a lattice": {"_FEW": 0, "_FEW_ITEMS": 0, "_CHOICES": 0},
}


@pytest.mark.usefixtures("no_single_studies")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["linear", "natural_spline", "categories"])
def test_every_way_of_integrating_tells_its_error(name, way, case, priors, monkeypatch):
    """Whichever way suits: the enumeration is within ten printed errors, and they are small."""
    effects, known, design = case(name, ((5, ""), (9, "4-11")), count=11)
    for constant, value in WAYS[way].items():
        monkeypatch.setattr(solved, constant, value)
    found = duration(effects, column="weeks", shapes=[name], priors=priors, weeks=[7.0])
    row, middle = found.shapes.iloc[0], found.predictions.iloc[0]
    change, at = np.diff(design([2, 12]), axis=0)[0], design([7.0])[0]
    gaps = {
        "evidence": (row["log_marginal_likelihood"] - known.log_evidence,
                     row["log_marginal_likelihood_error"], 1.0),
        "mean": (row["change_mean"] - known.moments(change)[0], row["change_error"],
                 row["change_sd"]),
        "p": (row["change_p_better"] - known.cdf(change, 0.0), row["change_p_error"], 1.0),
        "new": (middle["new_lower"] - known.quantile(at, 0.025, new_study=True),
                middle["new_error"], middle["new_sd"]),
        **{end: (middle[end] - known.quantile(at, p), middle["error"], middle["sd"])
           for end, p in ENDS.items()},
    }  # fmt: skip

    for what, (gap, error, unit) in gaps.items():
        assert abs(gap) < 10 * error + 1e-6 * unit, what
        assert error < 0.02 * unit, what


@pytest.mark.usefixtures("no_single_studies")
@pytest.mark.parametrize("way", ["every choice", "a lattice"])
def test_a_further_moderator_meets_open_durations(
    way, twelve, effects_of, brute, open_weeks, monkeypatch
):
    """Two open rows of different years look at three directions of the coefficients."""
    for constant, value in WAYS[way].items():
        monkeypatch.setattr(solved, constant, value)
    years = np.array([1990, 1991, 1995, 1998, 2001, 2003, 2004, 2006, 2009, 2011, 2012, 2015.0])
    effects = twelve()
    words = [f"{week:g}" for week in effects.studies["duration_weeks"]]
    words[3], words[7] = "3-10", "5-9"
    middles = np.array([np.mean([float(end) for end in word.split("-")]) for word in words])
    year = years - years.mean()

    def design(row, at):
        return np.column_stack([np.ones(len(at)), np.full(len(at), year[row]),
                                (np.array(at) - middles.mean()) / 10])  # fmt: skip

    designs = []
    for row, word in enumerate(words):
        at, weight = [middles[row]], [1.0]
        if "-" in word:
            at, weight = open_weeks(tuple(map(float, word.split("-"))), middles, 16)
        designs.append((design(row, at), np.array(weight)))
    known = brute(effects.estimate, effects.standard_error, designs, [4.0, 0.1, 2.0])
    asked = effects_of(words, effects.estimate, effects.standard_error, column="weeks", year=years)
    priors = {"mu": "Normal(mu=0, sigma=4)", "tau": "HalfNormal(sigma=1)",
              "change": "Normal(mu=0, sigma=2)", "beta": "Normal(mu=0, sigma=0.1)"}  # fmt: skip
    found = duration(asked, column="weeks", shapes=["linear"], moderators="year", priors=priors)
    row, change = found.shapes.iloc[0], np.array([0.0, 0.0, 1.0])

    assert row["log_marginal_likelihood"] == pytest.approx(known.log_evidence, abs=1e-5)
    assert row["change_mean"] == pytest.approx(known.moments(change)[0], abs=1e-5)
    gap = row["change_error"] if way == "a lattice" else 1e-4
    assert row["change_lower"] == pytest.approx(known.quantile(change, 0.025), abs=gap)


# Three open cells that leave the slope's sign open; one whose missing level nothing else tells.
TWO_MODES = {
    "words": ["3.5", "3-9", "3.5", "2.5", "5.5", "3.5", "", ""],
    "estimate": [0.09, 1.26, 0.59, -0.4, 0.83, 2.18, -0.77, -1.2],
    "error": [0.421, 0.999, 0.658, 0.826, 0.918, 0.568, 0.673, 0.382],
}
TWO_WIDTHS = {
    "words": ["6.3-18.35", "5.5", "5.1-14.95", "7", "3.5"],
    "estimate": [-0.37, 0.6, 0.86, 0.71, 0.57],
    "error": [0.043, 0.019, 0.04, 0.035, 0.047],
}


@pytest.mark.usefixtures("no_single_studies")
@pytest.mark.parametrize("asked", [(TWO_MODES, "logarithm", 2.0), (TWO_WIDTHS, "categories", 20.0)])
def test_a_lattice_is_tightened_and_widened_until_it_sees_all(
    asked, effects_of, brute, open_weeks, monkeypatch
):
    """Two narrow modes, far apart; a narrow and a far wider one: evidence and SD are right."""
    table, name, mu_sd = asked
    for constant, value in WAYS["a lattice"].items():
        monkeypatch.setattr(solved, constant, value)
    cells = [tuple(map(float, word.split("-"))) if word else None for word in table["words"]]
    middles = np.array([np.mean(cell) for cell in cells if cell])
    ends = (min(cell[0] for cell in cells if cell), max(cell[-1] for cell in cells if cell))
    observed = Observed.of(np.array([end for cell in cells if cell for end in cell]))

    def design(at):
        columns, reference = (
            np.column_stack(SHAPES[name].columns(np.asarray(w, dtype=float), observed, []))
            for w in (at, middles)
        )
        return np.column_stack([np.ones(len(at)), columns - reference.mean(axis=0)])

    breaks = [float(week) for week in SHAPES[name].breaks(observed, [])]
    count = 1 if name == "categories" else 18
    designs = []
    for cell in cells:
        at, weight = (cell, np.ones(1))
        if cell is None or len(cell) > 1:
            at, weight = open_weeks(cell, middles, count, breaks=breaks, ends=ends)
        designs.append((design(at), weight))
    own = designs[0][0].shape[1] - 1
    estimate, error = np.array(table["estimate"]), np.array(table["error"])
    known = brute(estimate, error, designs, [mu_sd, *[4.0] * own], nodes=150)
    priors = {"mu": f"Normal(mu=0, sigma={mu_sd})", "tau": "HalfNormal(sigma=1)",
              "change": "Normal(mu=0, sigma=4)"}  # fmt: skip
    effects = effects_of(table["words"], estimate, error, column="weeks")
    row = duration(effects, column="weeks", shapes=[name], priors=priors).shapes.iloc[0]
    sd = known.moments(np.diff(design(ends), axis=0)[0])[1]

    assert row["log_marginal_likelihood"] == pytest.approx(known.log_evidence, abs=1e-3)
    assert row["change_sd"] == pytest.approx(sd, rel=0.01)


@pytest.mark.usefixtures("no_single_studies")
def test_a_missing_week_that_fits_after_all_makes_tau_small(effects_of, brute, open_weeks):
    """Precise studies on a line; one of week 8.9, not told, far from the line at a mean week.

    Tau is far below what that study as one of a mean week would have it; nobody else is as far.
    """
    weeks = np.array([2.0, 4, 6, 8, 10])
    estimate = np.array([-2.02, -3.97, -6.05, -8.01, -9.96, -8.9])
    error = 1.4 * np.array([0.03, 0.02, 0.04, 0.03, 0.02, 0.02])
    at, weight = open_weeks(None, weeks, 400, ends=(2, 10))
    places = [*([week] for week in weeks), at]
    designs = [
        (np.column_stack([np.ones(len(place)), (np.array(place) - 6) / 8]), np.ones(1))
        for place in places
    ]
    designs[-1] = (designs[-1][0], weight)
    known = brute(estimate, error, designs, [20.0, 20.0], tau_sd=0.2, nodes=90)
    priors = {"mu": "Normal(mu=0, sigma=20)", "tau": "HalfNormal(sigma=0.2)",
              "change": "Normal(mu=0, sigma=20)"}  # fmt: skip
    words = [*(f"{week:g}" for week in weeks), ""]
    asked = effects_of(words, estimate, error, column="weeks")
    row = duration(asked, column="weeks", shapes=["linear"], priors=priors).shapes.iloc[0]
    mean, sd = known.moments(np.array([0.0, 1.0]))

    assert row["log_marginal_likelihood"] == pytest.approx(known.log_evidence, abs=1e-4)
    assert row["change_mean"] == pytest.approx(mean, abs=1e-3 * sd)
    assert row["change_sd"] == pytest.approx(sd, rel=1e-3)


@pytest.mark.usefixtures("no_single_studies")
def test_tau_under_a_step_is_that_of_its_cuts_by_their_evidence(effects_of, brute, open_weeks):
    """Cuts whose residual spread differs tenfold: each tells next to nothing of the others' tau."""
    words = ["10", "9", "7-21", "3", "3.5", ""]
    cells = [tuple(map(float, word.split("-"))) if word else None for word in words]
    estimate = np.array([1.7366, 1.0691, 3.0173, -2.8034, -2.4144, -0.8969])
    error = np.array([0.012, 0.0262, 0.042, 0.0144, 0.0321, 0.0254])
    middles = np.array([np.mean(cell) for cell in cells if cell])
    observed = Observed.of(np.array([end for cell in cells if cell for end in cell]))

    def at_cut(cut):
        designs = []
        for cell in cells:
            at, weight = cell, np.ones(1)
            if cell is None or len(cell) > 1:
                at, weight = open_weeks(cell, middles, 16, breaks=[cut], ends=(3, 21))
            later = np.asarray(at) > cut
            shares = {side: weight[later == side].sum() for side in set(later.tolist())}
            columns = [[1.0, side - (middles > cut).mean()] for side in shares]
            designs.append((np.array(columns), np.array(list(shares.values()))))
        return brute(estimate, error, designs, [20.0, 4.0], nodes=200)

    known = [at_cut(cut) for cut in observed.middles]
    share = np.exp([part.log_evidence for part in known])
    share /= share.sum()
    priors = {"mu": "Normal(mu=0, sigma=20)", "tau": "HalfNormal(sigma=1)",
              "change": "Normal(mu=0, sigma=4)"}  # fmt: skip
    asked = effects_of(words, estimate, error, column="weeks")
    row = duration(asked, column="weeks", shapes=["step"], priors=priors).shapes.iloc[0]

    for end, p in ENDS.items():
        reached = sum(each * part.weight[part.tau <= row[f"tau_{end}"]].sum()
                      for each, part in zip(share, known, strict=True))  # fmt: skip
        assert reached == pytest.approx(p, abs=0.02), end


@pytest.mark.usefixtures("no_single_studies")
def test_nobody_need_give_a_number(effects_of, brute, open_weeks):
    """Four ranges and a flat mu: closed studies are none, the posterior is proper."""
    words = ["1-3", "2-6", "5-9", "6-12"]
    estimate, error = np.array([0.1, -0.4, -0.3, -1.2]), np.array([0.3, 0.2, 0.3, 0.25])
    middles = np.array([2.0, 4, 7, 9])
    designs = []
    for word in words:
        at, weight = open_weeks(tuple(map(float, word.split("-"))), middles, 9)
        designs.append((np.column_stack([np.ones(9), (at - middles.mean()) / 11]), weight))
    known = brute(estimate, error, designs, [np.inf, 2.0])
    priors = {"mu": "flat", "tau": "HalfNormal(sigma=1)", "change": "Normal(mu=0, sigma=2)"}
    asked = effects_of(words, estimate, error, column="weeks")
    row = duration(asked, column="weeks", shapes=["linear"], priors=priors).shapes.iloc[0]
    mean, sd = known.moments(np.array([0.0, 1.0]))

    assert row["log_marginal_likelihood"] == pytest.approx(known.log_evidence, abs=1e-4)
    assert row["change_mean"] == pytest.approx(mean, abs=1e-3 * sd)
    assert row["change_sd"] == pytest.approx(sd, rel=1e-3)


@pytest.mark.usefixtures("no_single_studies")
def test_the_order_of_the_studies_is_of_no_account(five_missing, effects_of):
    """Five missing among twelve, backwards."""
    back = slice(None, None, -1)
    there = duration(
        effects_of(FIVE_WEEKS[back], FIVE_ESTIMATES[back], FIVE_ERRORS[back]), shapes=["linear"],
        priors=FIVE_PRIORS,
    )  # fmt: skip
    one, other = five_missing, there.shapes.iloc[0]

    for name in ("log_marginal_likelihood", "change_mean", "change_sd", "tau_median"):
        assert one[name] == pytest.approx(other[name], abs=1e-4), name
    assert one["change_lower"] == pytest.approx(other["change_lower"], abs=one["change_error"])


@pytest.mark.parametrize("factor", [7.0, 1 / 52])
def test_the_unit_of_open_durations_is_of_no_account(factor, twelve, effects_of, priors):
    """Days, years: a missing log-normal and a range move with the rest."""
    effects = twelve()
    known = effects.studies["duration_weeks"].copy()

    def of(unit):
        words = [f"{week * unit!r}" for week in known.tolist()]
        words[3], words[7] = "", f"{6.0 * unit:.12f}-{10.0 * unit:.12f}"
        asked = effects_of(words, effects.estimate, effects.standard_error, column="weeks")
        return duration(asked, column="weeks", shapes=["constant", "logarithm"], priors=priors)

    here, there = of(1.0), of(factor)
    np.testing.assert_allclose(
        here.shapes["log_marginal_likelihood"], there.shapes["log_marginal_likelihood"], atol=1e-8
    )
    np.testing.assert_allclose(here.predictions["lower"].iloc[[0, -1]],
                               there.predictions["lower"].iloc[[0, -1]], atol=1e-7)  # fmt: skip


def test_a_range_that_closes_becomes_a_number(twelve, effects_of, priors):
    """Six weeks, and 5.999-6.001 weeks."""
    effects = twelve()
    words = [f"{week:g}" for week in effects.studies["duration_weeks"]]
    words[5] = "5.999-6.001"
    there = duration(
        effects_of(words, effects.estimate, effects.standard_error, column="weeks"),
        column="weeks", shapes=["linear", "logarithm"], priors=priors,
    )  # fmt: skip
    here = duration(effects, shapes=["linear", "logarithm"], priors=priors)

    for name in ("log_marginal_likelihood", "change_mean", "change_lower", "tau_upper"):
        np.testing.assert_allclose(there.shapes[name], here.shapes[name], atol=1e-5)
    np.testing.assert_allclose(there.leave_one_out["mean"], here.leave_one_out["mean"], atol=1e-6)


def test_moments_of_tau_that_barely_exist_reach_far(effects_of):
    """Five studies, mu flat, tau uniform: E[tau**2] has a tail that a closing range keeps."""
    estimate, error = np.array([0.2, -0.5, -0.1, -0.9, -0.4]), np.full(5, 0.3)
    priors = {"mu": "flat", "tau": "uniform", "change": "Normal(mu=0, sigma=1)"}
    here, there = (
        duration(effects_of(["1", "2", cell, "6", "8"], estimate, error, column="weeks"),
                 column="weeks", shapes=["constant", "linear"], priors=priors)
        for cell in ("4", "3.9999-4.0001")
    )  # fmt: skip
    shares = [found.shapes["share_explained"][1] for found in (here, there)]

    assert shares[1] == pytest.approx(shares[0], abs=2e-5)


@pytest.mark.parametrize("way", ["every choice", "a lattice"])
def test_leaving_a_study_out_of_a_table_with_ranges_is_fitting_the_others(
    way, twelve, effects_of, monkeypatch
):
    """With a flat mu the slope without a study, open or closed, equals that of the others."""
    for constant, value in WAYS[way].items():
        monkeypatch.setattr(solved, constant, value)
    effects = twelve()
    words = [f"{week:g}" for week in effects.studies["duration_weeks"]]
    words[3], words[7] = "3-6", "6-10"
    whole = effects_of(words, effects.estimate, effects.standard_error, column="weeks")
    priors = {"mu": "flat", "tau": "HalfNormal(sigma=1)", "change": "Normal(mu=0, sigma=2)"}
    options = {"column": "weeks", "shapes": ["linear"], "priors": priors}
    table = duration(whole, **options).leave_one_out

    for row in (5, 7):
        alone = duration(whole.take(np.arange(12) != row), **options).leave_one_out.iloc[0]
        for name in ("mean", "sd", "lower"):
            gap = 10 * (table["error"][row + 1] + alone["error"])
            assert table[name][row + 1] == pytest.approx(alone[name], abs=gap + 1e-6), name
        assert table["mean"][row + 1] == pytest.approx(alone["mean"], abs=1e-5)


def test_missing_durations_need_known_ones_that_differ(effects_of, priors):
    """All known ones at 4, one of them as 2-6: nothing says how the missing ones vary."""
    effects = effects_of(["4", "2-6", "4", ""], np.arange(4) / 10, np.full(4, 0.2), column="weeks")

    with pytest.raises(StudiesError, match=r"middle 4.*leave those studies out"):
        duration(effects, column="weeks", priors=priors)
