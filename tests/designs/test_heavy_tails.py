"""Study effects with heavy tails, chosen by a word; beside a bias of cohorts."""

import numpy as np
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.assembly import is_line
from bayesmeta.assembly.choices import with_choices
from bayesmeta.catalogue import load_model
from bayesmeta.errors import ModelError
from bayesmeta.random_effects import student_t

PRIORS = {"mu": "Normal(mu=0, sigma=14)", "tau": "HalfNormal(sigma=5)",
          "bias": "Normal(mu=0, sigma=3.5)"}  # fmt: skip


@pytest.mark.parametrize("word", ["student-t", "contaminated"])
def test_the_word_makes_the_model_of_the_shelf(word):
    """Of random effects: title, statement and parts are those of the model of that name."""
    chosen, shelf = (
        with_choices(load_model("random-effects"), {"heterogeneity": word}),
        load_model(word),
    )

    assert (chosen.title, chosen.summary) == (shelf.title, shelf.summary)
    assert chosen.statement.split() == shelf.statement.split()
    assert dict(chosen.parts) == dict(shelf.parts)


def test_the_statement_of_a_bias_says_the_tails():
    """Centres stay, the spread is another."""
    words = {"spread": "common", "heterogeneity": "student-t"}
    found = with_choices(load_model("design-bias"), words)

    assert "~ StudentT(nu, mu + is_cohort[i] * bias, tau)" in found.statement
    assert is_line(found)


WRONG = [
    ("random-effects", {"heterogeneity": "wild"}, "known: normal, student-t, contaminated"),
    ("nested", {"heterogeneity": "student-t"}, "its heterogeneity is 'nested'"),
    ("design-bias", {"heterogeneity": "contaminated"}, "'cohort-extra', .*; add spread=\"common\""),
    ("random-effects", {"heterogeneity": "student-t", "spread": "own"}, "knows no designs"),
]


@pytest.mark.parametrize(("model", "words", "said"), WRONG)
def test_what_cannot_be_chosen_is_said(model, words, said):
    """An unknown word; a model whose spread says something else already."""
    with pytest.raises(ModelError, match=said):
        with_choices(load_model(model), words)


def _brute(effects):
    """Return the means of mu and bias on a grid, study effects integrated as scale mixtures."""
    cohort = np.array([str(word) != "RCT" for word in effects.studies["design"]])
    mu, bias, tau = np.linspace(-30, 16, 185), np.linspace(-14, 14, 113), np.linspace(0.05, 22, 90)
    log_weight, variance = (np.ravel(each) for each in student_t.scales({"tau": 1.0, "nu": 4.0}))
    line = np.linspace(-44, 30, 1481)
    total = np.zeros((mu.size, bias.size))
    for spread in tau:
        each = [np.log(np.exp(log_weight) @ stats.norm.pdf(
                    y, line, np.sqrt(s**2 + spread**2 * variance)[:, np.newaxis]))
                for y, s in zip(effects.estimate, effects.standard_error, strict=True)]  # fmt: skip
        trials, cohorts = (np.sum([each[i] for i in np.flatnonzero(cohort == side)], axis=0)
                           for side in (False, True))  # fmt: skip
        log_joint = np.interp(mu, line, trials)[:, np.newaxis] - 0.5 * (spread / 5) ** 2
        log_joint = log_joint + np.interp(mu[:, np.newaxis] + bias, line, cohorts)
        log_joint -= 0.5 * (mu[:, np.newaxis] / 14) ** 2 + 0.5 * (bias / 3.5) ** 2
        total += np.exp(log_joint + 60)
    total /= total.sum()
    return total.sum(axis=1) @ mu, total.sum(axis=0) @ bias


@pytest.mark.slow
def test_a_bias_beside_heavy_tails_is_integrated(tnf):
    """Means of mu and the bias, by brute force."""
    posterior = bm.fit(tnf, "design-bias", spread="common", heterogeneity="student-t",
                       priors=PRIORS, engine="exact")  # fmt: skip
    found = bm.summary(posterior)["mean"]

    assert (found["mu"], found["bias"]) == pytest.approx(_brute(tnf), abs=2e-3)
