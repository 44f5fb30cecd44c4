"""What cannot be is an error, never a number."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmeta.engines.quadrature import integrate
from bayesmeta.errors import PosteriorError
from bayesmeta.mixtures.probabilities import probability


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_prior_density_that_is_no_number_is_refused(pose, value):
    """Log densities of NaN and +inf stop the integral; the message says where."""

    def log_prior(log_tau):
        return np.where(log_tau > 1.0, value, -np.exp(log_tau))

    with pytest.raises(PosteriorError, match=rf"prior density of log tau came out as {value}"):
        integrate(replace(pose([0.0, 1.0], [1.0, 1.0]), log_prior=log_prior))


@pytest.mark.parametrize("value", [-0.01, 1.01])
def test_a_probability_outside_0_to_1_is_refused(value):
    """More than rounding outside is no probability."""
    with pytest.raises(PosteriorError, match="probability came out as"):
        probability(np.array([0.5, value]))


def test_a_probability_outside_by_rounding_is_an_end():
    """1 + 1e-12 is 1; NaN, no probability at all, stays NaN."""
    assert probability(np.array([-1e-12, 1 + 1e-12])).tolist() == [0.0, 1.0]
    assert np.isnan(probability(np.array([np.nan]))[0])
