"""Verbs that refit or compare, asked of Student-t study effects."""

import pytest

import bayesmeta as bm


@pytest.fixture(scope="module")
def five(normand):
    """Return the numbers of a fit, under some prior of tau: estimate, sd and ends of mu."""

    def asked(tau):
        priors = {"mu": "Normal(mu=0, sigma=30)", "tau": tau}
        row = bm.summary(bm.fit(normand, "student-t", priors=priors, engine="exact")).loc["mu"]
        return row[["median", "sd", "lower", "upper"]].tolist()

    return asked


def test_a_comparison_has_student_t_effects_as_a_fit_has_them(normand, priors, five):
    """The row of the analysis' own priors, beside classical ones, is that of a fit."""
    table = bm.compare(normand, "student-t", priors=priors).set_index("method")
    own = table.loc["Bayes (own)", ["estimate", "lower", "upper"]].tolist()
    median, _, lower, upper = five(priors["tau"])
    assert own == pytest.approx([median, lower, upper], rel=1e-9)


@pytest.mark.slow
def test_named_priors_of_student_t_effects_are_fits_under_them(normand, priors, five):
    """Of own priors and of a named set; each row is the exact posterior under its priors."""
    named = {"narrow": {"tau": "HalfNormal(sigma=2)"}}
    table = bm.prior_sensitivity(normand, "student-t", priors=priors, named=named)
    columns = ["estimate", "sd", "lower", "upper"]
    found = [table.loc[name, columns].tolist() for name in ("own", "narrow")]
    assert found[0] == pytest.approx(five(priors["tau"]), rel=1e-9)
    assert found[1] == pytest.approx(five("HalfNormal(sigma=2)"), rel=1e-9)
