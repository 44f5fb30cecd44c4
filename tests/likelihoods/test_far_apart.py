"""Events of two arms that a study effect puts far apart, under a narrow prior of the level."""

import numpy as np
import pytest
from scipy import special, stats

CELLS = [(13, 121, 16, 121), (5, 45, 6, 45), (0, 50, 3, 60)]


@pytest.mark.parametrize("theta", [-60.0, -25.0, 40.0])
def test_the_level_is_integrated_wherever_its_peak_is(theta, rows_of, log_density):
    """By a fine sum over logits: Newton's steps to the peak went round in circles here."""
    rows = rows_of(CELLS, "OR", baseline="Normal(mu=-1.5, sigma=1)")
    x = np.linspace(-120, 100, 440_001)[:, np.newaxis]
    events_t, n_t, events_c, n_c = np.array(CELLS, dtype=float).T
    log_integrand = stats.norm.logpdf(x, -1.5, 1)
    for events, n, logit in ((events_t, n_t, x + theta), (events_c, n_c, x)):
        log_integrand = log_integrand + special.gammaln(n + 1) - special.gammaln(events + 1)
        log_integrand += events * special.log_expit(logit) - special.gammaln(n - events + 1)
        log_integrand += (n - events) * special.log_expit(-logit)
    expected = special.logsumexp(log_integrand, axis=0) + np.log(x[1, 0] - x[0, 0])

    found = log_density("binomial", np.full((1, 3), theta), rows)[0]
    assert found == pytest.approx(expected, rel=1e-10)
