"""What order, names and units of a table cannot change."""

import numpy as np
import pandas as pd
import pytest

HALF = "HalfNormal(sigma=0.5)"
WIDE = "Normal(mu=0, sigma=2)"
CASES = {
    "nested": ({"mu": WIDE, "tau": HALF, "tau_within": HALF}, {"cluster": "cluster"}),
    "correlated": ({"mu": WIDE, "tau": HALF}, {"trial": "cluster"}),
    "location-scale": (
        {"mu": WIDE, "tau": HALF, "gamma": "Normal(mu=0, sigma=0.5)"},
        {"tau_formula": "x"},
    ),
    "tau-by-level": ({"mu": WIDE, "tau": HALF}, {"level": "kind"}),
}


@pytest.fixture(scope="module")
def rows(frame):
    """Return a table that has what every model's roles need."""
    found = frame()
    return found.assign(
        study=[f"row {number}" for number in range(len(found))],
        x=np.sqrt(np.arange(len(found))),
        kind=list("uvuvvuuvu"),
    )


def _sorted(solution):
    """Return numbers by name, and the evidence."""
    numbers, evidence = solution
    return numbers.sort_index().to_numpy(), evidence


@pytest.mark.parametrize("model", CASES)
def test_the_order_of_rows_changes_nothing(rows, solved, model):
    """A table turned upside down, and shuffled, has the same posterior."""
    priors, roles = CASES[model]
    numbers, evidence = _sorted(solved(rows, model, priors=priors, **roles))
    shuffled = rows.sample(frac=1, random_state=1)
    other, again = _sorted(solved(shuffled, model, priors=priors, **roles))

    np.testing.assert_allclose(other, numbers, rtol=1e-7, atol=1e-8)
    assert again == pytest.approx(evidence, abs=1e-9)


@pytest.mark.parametrize("model", ["nested", "correlated"])
def test_the_names_of_clusters_change_nothing(rows, solved, model):
    """Whatever clusters are called, in words or numbers."""
    priors, roles = CASES[model]
    numbers, evidence = _sorted(solved(rows, model, priors=priors, **roles))
    named = {name: 7 - 2 * place for place, name in enumerate(rows["cluster"].unique())}
    other, again = _sorted(
        solved(rows.assign(cluster=rows["cluster"].map(named)), model, priors=priors, **roles)
    )

    np.testing.assert_allclose(other, numbers, rtol=1e-12, atol=1e-14)
    assert again == pytest.approx(evidence, abs=1e-12)


def _thousandfold(prior):
    """Return the prior of a thousand times the parameter."""
    return {WIDE: "Normal(mu=0, sigma=2000)", HALF: "HalfNormal(sigma=500)"}.get(prior, prior)


@pytest.mark.parametrize("model", CASES)
def test_another_unit_is_another_scale(rows, solved, model):
    """In thousandths mu and each tau are a thousandfold; what has no unit as it was."""
    priors, roles = CASES[model]
    numbers, evidence = solved(rows, model, priors=priors, **roles)
    large = rows.assign(estimate=1000 * rows["estimate"], variance=1e6 * rows["variance"])
    scaled = {name: _thousandfold(prior) for name, prior in priors.items()}
    other, again = solved(large, model, priors=scaled, **roles)
    plain = ("rho", "gamma", "I2", "intraclass_share", "tau_ratio")
    factor = [1.0 if name.startswith(plain) else 1000.0 for name in numbers.index]
    logs = numbers.index == "gamma[Intercept]"  # of tau: moved, and not stretched
    other.loc[logs, ["mean", "median", "q025", "q975"]] -= np.log(1000)

    np.testing.assert_allclose(other, numbers.mul(factor, axis=0), rtol=1e-7, atol=1e-8)
    assert again == pytest.approx(evidence - len(rows) * np.log(1000), abs=1e-7)


@pytest.fixture(scope="module")
def pairs():
    """Return two outcomes of five studies, one of which lacks the second."""
    generator = np.random.default_rng(3)
    estimate = generator.normal(0.3, 0.4, 9).round(2)
    return pd.DataFrame(
        {
            "study": list("aabbccdde"),
            "outcome": list("xyxyxyxyx"),
            "estimate": estimate,
            "variance": generator.uniform(0.02, 0.1, 9).round(3),
        }
    )


FIXED = {"mu": WIDE, "tau": HALF, "rho_between": 0.5, "rho_within": 0.3}


def test_outcomes_swapped_swap_the_answers(pairs, solved):
    """No outcome is the first one."""
    numbers, evidence = solved(pairs, "several-outcomes", priors=FIXED)
    swapped = pairs.assign(outcome=pairs["outcome"].map({"x": "y", "y": "x"}))
    other, again = solved(swapped, "several-outcomes", priors=FIXED)
    names = {name: name.translate(str.maketrans("xy", "yx")) for name in numbers.index
             if name.endswith(("[x]", "[y]"))}  # fmt: skip

    np.testing.assert_allclose(
        other.loc[list(names.values())], numbers.loc[list(names)], rtol=1e-5, atol=1e-6
    )
    assert again == pytest.approx(evidence, abs=1e-7)


def test_order_of_rows_of_outcomes_changes_nothing(pairs, solved):
    """The first outcome may stand second in a study."""
    numbers, evidence = solved(pairs, "several-outcomes", priors=FIXED)
    other, again = solved(pairs.iloc[::-1], "several-outcomes", priors=FIXED)

    np.testing.assert_allclose(other.loc[numbers.index], numbers, rtol=1e-5, atol=1e-6)
    assert again == pytest.approx(evidence, abs=1e-7)


def test_uncorrelated_outcomes_are_two_analyses(pairs, solved):
    """rho_between = rho_within = 0: each outcome alone, the evidence a product."""
    priors = {**FIXED, "rho_between": 0, "rho_within": 0}
    numbers, evidence = solved(pairs, "several-outcomes", priors=priors)
    total = 0.0
    for outcome, rows in pairs.groupby("outcome"):
        alone, own = solved(rows, "random-effects", priors={"mu": WIDE, "tau": HALF})
        total += own
        for name in ("mu", "tau", "theta_new"):
            np.testing.assert_allclose(
                numbers.loc[f"{name}[{outcome}]"], alone.loc[name], rtol=1e-6, atol=1e-7
            )

    assert evidence == pytest.approx(total, abs=1e-8)
