"""Numbers of an independent program: dense grids over every parameter, refined until stable.

The references' own accuracy is said beside each: `student-t` 8e-9, `contaminated` 2.5e-4 (mean and
sd of mu 1e-4 by a second program).
"""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.lines import integrate_lines

LEVELS = np.array([0.025, 0.5, 0.975])


def test_student_t_effects_of_normand(normand, priors, student_t):
    """Nu = 4: evidence, mean and sd of mu and tau, quantiles of mu, tau and a new study."""
    lines = integrate_lines(assemble(normand, student_t, priors=priors))
    mu, new = (lines.combination(np.ones(1), new_study=new) for new in (False, True))
    tau = lines.heterogeneity("tau")

    found = [
        lines.log_marginal_likelihood[0],
        *(each[0] for each in (mu.mean(), mu.sd(), mu.cdf(0.0), tau.mean(), tau.sd())),
        *mu.quantile(LEVELS)[0],
        *tau.quantile(LEVELS)[0],
        *new.quantile(LEVELS)[0],
    ]
    known = [
        -45.0434467971126,
        *(-7.946348708712275, 6.80889288391251, 0.8935138771555992),
        *(16.095421328047017, 4.550210364072004),
        *(-22.51317318539407, -7.563304097413225, 4.59552142862704),
        *(8.468534966876353, 15.663747659039927, 26.16892103920277),
        *(-57.330895936380024, -7.561326608629, 39.86163233753351),
    ]
    assert found == pytest.approx(known, abs=1e-6)


@pytest.mark.slow
def test_outliers_of_normand(normand, priors):
    """Evidence, means, sds, and each study's probability of being an outlier."""
    own = {"tau_outlier": "HalfNormal(sigma=60)", "share": "Beta(alpha=1, beta=9)"}
    posterior = bm.fit(normand, "contaminated", priors={**priors, **own}, engine="exact")
    table = bm.summary(posterior)

    known = {
        "mu": (-5.134198735244307, 6.169752330678207),
        "tau": (10.160878746687324, 6.283938085700798),
        "tau_outlier": (56.8573260231523, 27.530938512075373),
        "share": (0.17293769915191762, 0.10307122998170501),
    }
    outlier = [0.1827065565, 0.0465221952, 0.8298747355, 0.8460568103, 0.0487145216,
               0.0547728424, 0.0990289729, 0.0860713495, 0.0920683400]  # fmt: skip
    assert posterior.attrs["log_marginal_likelihood"] == pytest.approx(-44.51708802846, abs=1e-6)
    for name, pair in known.items():
        assert table.loc[name, ["mean", "sd"]].tolist() == pytest.approx(pair, rel=2e-5)
    assert posterior["weights"]["p_outlier"].to_numpy() == pytest.approx(outlier, abs=2e-5)


@pytest.mark.slow
def test_student_t_effects_of_normand_with_a_prior_on_nu(normand, priors):
    """Nu ~ Gamma(2, 0.1) above 1; the reference is right to 1.2e-5, of nu to 6.3e-5."""
    own = {"nu": "Gamma(alpha=2, beta=0.1, lower=1)"}
    posterior = bm.fit(normand, "student-t", priors={**priors, **own}, engine="exact")
    table = bm.summary(posterior)

    found = [
        posterior.attrs["log_marginal_likelihood"],
        *table.loc["mu", ["mean", "sd", "lower", "median", "upper", "p_below_0"]],
        *table.loc["tau", ["mean", "sd", "lower", "median", "upper"]],
    ]
    known = [
        -45.695197156973485,
        *(-10.549620034539725, 7.511892560127356, -25.950284524838462, -10.286458018204799,
          3.310011165581335, 0.9291532302356085),
        *(18.310061440133403, 5.1991139015602315, 7.643768943749272, 18.3069824059039,
          28.73217327242364),
    ]  # fmt: skip
    assert found == pytest.approx(known, abs=2e-5)
    assert table.loc["nu", ["mean", "sd"]].tolist() == pytest.approx(
        [15.533197176395396, 13.484385701427875], abs=1e-4
    )
