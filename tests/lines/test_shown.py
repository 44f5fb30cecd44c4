"""What is shown of models whose rows inform an effect each: marks, and what estimates are."""

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.random_effects import HETEROGENEITY
from bayesmeta.summaries.forest import forest_table
from bayesmeta.summaries.text import text


@pytest.fixture(scope="module")
def outliers(normand):
    """Return a posterior with Student-t study effects."""
    priors = {"mu": "Normal(mu=0, sigma=30)", "tau": 15.0}
    return bm.fit(normand, "student-t", priors=priors, engine="exact", draws=20)


@pytest.fixture(scope="module")
def events():
    """Return a posterior of three tables of events."""
    table = {"study": ["a", "b", "c"], "events_treatment": [3, 0, 7], "n_treatment": [50, 60, 90],
             "events_control": [6, 2, 9], "n_control": [50, 60, 80]}  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(pd.DataFrame(table)), measure="OR")
    return bm.fit(effects, "hypergeometric", priors={"tau": 0.4}, engine="exact", draws=20)


def test_each_studys_precision_stands_in_table_text_and_forest(outliers):
    """Orpington-Severe, the farthest, has the least; all three say the same number."""
    table, shown = bm.study_effects(outliers), forest_table(outliers)
    mark = table["relative_precision"]

    assert table["study"][mark.argmin()] == "Orpington-Severe"
    assert "relative precision" in text(outliers)
    assert shown["mark_text"][: len(mark)].tolist() == [f"{each:.2f}" for each in mark]


@pytest.mark.parametrize(("nu", "ratio"), [(4.0, np.sqrt(2.0)), (3.0, np.sqrt(3.0)), (2.0, np.inf)])
def test_the_sd_of_student_t_effects_is_named_apart_from_tau(nu, ratio):
    """Tau sqrt(nu / (nu - 2)), infinite up to nu = 2 (Gelman et al. 2013, appendix A)."""
    said, found = HETEROGENEITY["student-t"].deviation({"nu": nu})

    assert found == pytest.approx(ratio)
    assert "not their SD" in said


def test_estimates_of_counts_are_called_approximate(events):
    """In the text's head and below it, and under the figure: the model is fitted to counts."""
    assert "log OR, approximate" in text(events)
    assert "the model is fitted to the counts" in " ".join(text(events).split())


def test_normal_estimates_are_not_called_approximate(outliers):
    """They are what the model is fitted to."""
    assert "approximate" not in text(outliers)
