"""The JSON that other programs rely on."""

import json

import pytest

NORMAND = "examples/data/normand1999.csv"
WEEKS = "examples/data/bangertdrowns2004.csv"
PRIORS = ["--prior", "mu=Normal(mu=0, sigma=100)", "--prior", "tau=HalfNormal(sigma=10)"]


@pytest.fixture
def fitted(bayesmeta):
    """Return the JSON of an exact fit."""

    def run(*arguments):
        ran = bayesmeta("fit", *arguments, "--engine", "exact", "--json")
        assert ran.code == 0, ran.err
        return json.loads(ran.out)

    return run


def test_the_contract_has_its_keys(fitted):
    """Every key of the contract is there, with the right kinds of value."""
    found = fitted(NORMAND, "--measure", "MD", "--unit", "days", *PRIORS)

    assert found["measure"] == "MD"
    assert found["unit"] == "days"
    assert found["k"] == 9
    assert found["model"] == "random-effects"
    assert found["engine"] == "exact"
    assert found["interval"] == 0.95
    assert found["priors"] == {"mu": "Normal(mu=0, sigma=100)", "tau": "HalfNormal(sigma=10)"}
    assert set(found["parameters"]) == {"mu", "tau", "theta_new", "I2"}
    assert isinstance(found["log_marginal_likelihood"], float)
    assert found["diagnostics"] == {"ok": True, "messages": []}
    assert found["dropped"] == []
    assert len(found["data_sha256"]) == 64
    assert found["versions"]["bayesmeta"]


def test_every_parameter_has_every_number(fitted):
    """mean, sd, median, interval, tail probability and error; null only for tau's and I2's tail."""
    parameters = fitted(NORMAND, "--measure", "MD", *PRIORS)["parameters"]

    for name, numbers in parameters.items():
        assert set(numbers) == {"mean", "sd", "median", "lower", "upper", "p_below_0", "error"}
        missing = [key for key, value in numbers.items() if value is None]
        assert missing == (["p_below_0"] if name in ("tau", "I2") else [])


def test_studies_stand_in_file_order_and_shares_sum_to_one(fitted):
    """Weights are fractions; with the prior's share they make one."""
    found = fitted(NORMAND, "--measure", "MD", *PRIORS)

    names = [study["study"] for study in found["studies"]]
    assert names[0] == "Edinburgh"
    assert names[-1] == "Uppsala"
    total = sum(study["weight"] for study in found["studies"]) + found["prior_weight"]
    assert total == pytest.approx(1, abs=1e-12)


def test_moderators_imply_meta_regression_and_dropped_rows_are_listed(fitted):
    """Two studies of Bangert-Drowns do not give their weeks."""
    found = fitted(WEEKS, "--measure", "SMD", "--moderators", "duration_weeks", "--missing", "drop")

    assert found["model"] == "meta-regression"
    assert found["k"] == 46
    assert {"Intercept", "beta[duration_weeks]"} <= set(found["parameters"])
    assert [item["reason"] for item in found["dropped"]] == ["no duration_weeks"] * 2


def test_the_common_effect_has_no_tau(fitted):
    """A parameter that the model lacks is not printed."""
    assert "tau" not in fitted(NORMAND, "--measure", "MD", "--model", "common-effect")["parameters"]


def test_numbers_that_do_not_exist_are_null(fitted, tmp_path):
    """Three studies, flat mu, uniform tau: a proper posterior without a mean of tau."""
    table = tmp_path / "three.csv"
    table.write_text("study,estimate,standard_error\nA,1,1\nB,3,1\nC,8,2\n", encoding="utf-8")

    priors = ["--prior", "mu=flat", "--prior", "tau=uniform"]
    found = fitted(table, "--measure", "generic", *priors)

    assert found["parameters"]["tau"]["mean"] is None
    assert found["parameters"]["tau"]["sd"] is None
    assert found["parameters"]["tau"]["median"] > 0
    assert found["log_marginal_likelihood"] is None


def test_an_improper_posterior_is_refused_with_the_smallest_fix(bayesmeta, tmp_path):
    """Two studies with flat mu and uniform tau give no posterior."""
    table = tmp_path / "two.csv"
    table.write_text("study,estimate,standard_error\nA,1,1\nB,3,1\n", encoding="utf-8")

    priors = ["--prior", "mu=flat", "--prior", "tau=uniform"]
    ran = bayesmeta("fit", table, "--measure", "generic", "--engine", "exact", *priors)

    assert ran.code == 2
    assert "proper" in ran.err


def test_effects_prints_estimates_in_file_order(bayesmeta):
    """The mean difference of Edinburgh is 55 - 75 days (Normand 1999, Table VIII)."""
    found = json.loads(bayesmeta("effects", NORMAND, "--measure", "MD", "--json").out)

    assert found["measure"] == "MD"
    assert found["studies"][0]["study"] == "Edinburgh"
    assert found["studies"][0]["estimate"] == -20
    assert found["studies"][0]["standard_error"] == pytest.approx(
        (47**2 / 155 + 64**2 / 156) ** 0.5
    )


def test_intervals_are_as_asked(fitted):
    """A shorter probability is a shorter interval; the shortest is no longer than the central."""
    parameters = fitted(NORMAND, "--measure", "MD")["parameters"]["tau"]
    shorter = fitted(NORMAND, "--measure", "MD", "--interval", "0.9")["parameters"]["tau"]
    shortest = fitted(NORMAND, "--measure", "MD", "--shortest")["parameters"]["tau"]

    def width(numbers):
        return numbers["upper"] - numbers["lower"]

    assert width(shorter) < width(parameters)
    assert width(shortest) < width(parameters)


def test_a_saved_fit_says_the_same_without_its_model(bayesmeta, tmp_path):
    """What is read back from the file gives the summary that was printed."""
    import bayesmeta as bm

    path = tmp_path / "posterior.nc"
    ran = bayesmeta("fit", NORMAND, "--measure", "MD", "--engine", "exact", "--output", path)
    again = bayesmeta("fit", NORMAND, "--measure", "MD", "--engine", "exact", "--output", path)

    assert ran.code == 0
    assert bm.text(bm.read_posterior(path)).strip() == ran.out.strip()
    assert again.code == 2
    assert "--force" in again.err
