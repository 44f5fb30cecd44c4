"""Under a flat prior of mu, at metafor's own taus, the posterior of mu is metafor's estimate.

Its values are of metafor 3.8-1, ``rma.mv`` and ``rma`` with ``scale``, printed to ten digits.
"""

import numpy as np
import pytest

KONST = "konstantopoulos2011.csv", "nested", "SMD", {"cluster": "district"}
BERKEY = "berkey1998.csv", "several-outcomes", "MD", {"trial": "trial", "covariance": "v1i v2i"}
BANGERT = "bangertdrowns2004.csv", "location-scale", "SMD", {"tau_formula": "x"}

FOUND = {
    "nested, REML": (
        KONST,
        {"tau": np.sqrt(0.0650619443), "tau_within": np.sqrt(0.032736517)},
        {"mu": (0.1847131637, 0.0845559187)},
    ),
    "nested, ML": (
        KONST,
        {"tau": np.sqrt(0.0577383589), "tau_within": np.sqrt(0.0328647919)},
        {"mu": (0.184455384, 0.0804816822)},
    ),
    "several outcomes, REML": (
        BERKEY,
        {"tau[PD]": np.sqrt(0.0117331439), "tau[AL]": np.sqrt(0.0326514437),
         "rho_between": 0.6087962504},
        {"mu[AL]": (-0.3392152256, 0.0879052687), "mu[PD]": (0.3534283518, 0.0588488447)},
    ),
    "several outcomes, ML": (
        BERKEY,
        {"tau[PD]": np.sqrt(0.00700203837), "tau[AL]": np.sqrt(0.0261445598),
         "rho_between": 0.6992295348},
        {"mu[AL]": (-0.33793811521, 0.07976320931), "mu[PD]": (0.34483925648, 0.04945993336)},
    ),
    "location and scale, REML": (
        BANGERT,
        {"tau": np.exp(-3.0601841 / 2), "gamma": 0.50664239 / 2},
        {"mu": (0.199512723, 0.0455460969)},
    ),
    "location and scale, ML": (
        BANGERT,
        {"tau": np.exp(-3.12149552 / 2), "gamma": 0.530440044 / 2},
        {"mu": (0.198306661, 0.0447757636)},
    ),
}  # fmt: skip
"""Table, model and roles; metafor's scales and correlations, its log tau² halved; estimate and
standard error of each mean. x is the length in tens of weeks."""


@pytest.mark.parametrize("name", FOUND, ids=list(FOUND))
def test_at_its_own_scales_metafor_has_mean_and_sd_of_mu(name, table, solved):
    """Generalised least squares, to the digits that its scales are printed with."""
    (file, model, measure, roles), scales, means = FOUND[name]
    frame = table(file)
    if model == "location-scale":
        frame["x"] = frame["length_weeks"] / 10
    priors = {"mu": "flat", **{key: float(value) for key, value in scales.items()}}

    numbers, _ = solved(frame, model, measure, priors=priors, draws=10, **roles)

    found = numbers.loc[list(means), ["mean", "sd"]].to_numpy()
    assert np.allclose(found, list(means.values()), rtol=3e-8, atol=0)
