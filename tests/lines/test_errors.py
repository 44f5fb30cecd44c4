"""Errors that are printed: no smaller than what finer rules change, nor far larger."""

import pytest

import bayesmeta as bm
from bayesmeta.engines.lines import outer
from bayesmeta.engines.lines.integrate import change_counted

PRIORS = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)",
          "nu": "Gamma(alpha=2, beta=0.1, lower=1)"}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "gap", "share"),
    [
        (None, 0.01, 1.0),
        (1e-7, 1e-3, 0.01),
        (1e-12, 1e-3, 1e-3),
        (1e-3, 1e-3, 1.0),
        (0.0, 0.0, 0.0),
    ],
)
def test_of_a_change_as_much_is_an_error_as_the_next_halving_left(changed, gap, share):
    """A hundred times what it left, never less than the square's share; all where it is unknown."""
    assert change_counted(changed, gap) == pytest.approx(share)


def _told(effects):
    posterior = bm.fit(effects, "student-t", priors=PRIORS, engine="exact")
    return posterior.attrs, bm.summary(posterior)


@pytest.mark.slow
def test_with_a_prior_on_nu_the_errors_are_those_of_the_nodes_left_out(normand, monkeypatch):
    """With all nodes of both axes nothing moves by more than was told, and that is little."""
    attributes, told = _told(normand)
    monkeypatch.setattr(outer, "_SAME", 0.0)
    whole, finer = _told(normand)

    columns = ["lower", "median", "upper"]
    moved = (told - finer)[columns].abs().max(axis=1)
    assert (moved[["mu", "theta_new"]] <= told.loc[["mu", "theta_new"], "error"]).all()
    known = "log_marginal_likelihood"
    assert abs(attributes[known] - whole[known]) <= attributes[f"{known}_error"]
    assert told.loc["mu", "error"] < 1e-5 * told.loc["mu", "sd"]
