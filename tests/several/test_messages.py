"""What is said where a table or a choice does not fit a model of several estimates."""

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import BayesmetaError, PriorError

HALF = "HalfNormal(sigma=0.5)"
PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": HALF}


@pytest.fixture
def rows():
    """Return five rows of three studies."""
    return pd.DataFrame(
        {
            "study": list("aabbc"),
            "cluster": list("ppqqr"),
            "outcome": list("xyxyx"),
            "estimate": [0.1, 0.4, 0.2, 0.9, 0.5],
            "variance": [0.04, 0.05, 0.06, 0.07, 0.08],
            "v1i": [0.04, 0.01, 0.06, 0.02, 0.08],
        }
    )


@pytest.fixture
def said(sized):
    """Return the message that a fit ends with."""

    def message(frame, model, **options):
        priors = {**PRIORS, "tau_within": HALF} if model == "nested" else PRIORS
        priors = {**priors, **options.pop("priors", {})}
        with pytest.raises(BayesmetaError) as error:
            bm.fit(sized(frame), model, engine="exact", priors=priors, **options)
        return str(error.value)

    return message


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        ("nested", 'which rows are of one cluster: cluster="COLUMN"'),
        ("tau-by-level", 'which level of tau a study has: level="COLUMN"'),
        ("location-scale", 'what tau depends on: tau_formula="FORMULA"'),
        ("correlated", 'which rows share patients: trial="COLUMN" or covariance="FILE"'),
    ],
)
def test_a_role_that_nothing_is_named_for(rows, sized, model, asked, said):
    """The message has what to write, and the columns there are."""
    alone = rows.assign(study=list("abcde"))

    assert f"{asked}. Columns of DataFrame: study, cluster," in said(alone, model)


def test_a_role_that_the_model_has_not(rows, said):
    """The message says what it has, and which models have that one."""
    message = said(rows, "nested", cluster="cluster", trial="study")

    assert message == (
        "Model nested takes no 'trial' (study); it takes: cluster. "
        "Models that take it: correlated, several-outcomes."
    )


def test_a_role_of_a_model_without_any(rows, said):
    """Random effects of single rows group nothing."""
    message = said(rows.assign(study=list("abcde")), "random-effects", cluster="cluster")

    assert "groups no rows. Models that take it: correlated, nested." in message


def test_a_column_that_is_not_there(rows, said):
    """The message lists the columns."""
    message = said(rows, "nested", cluster="district")

    assert "no column 'district' for cluster; columns: study, cluster, outcome" in message


@pytest.mark.parametrize("column", [["p", "p", None, "q", "r"], [1, 1, np.nan, 2, 3]])
def test_an_empty_cell_of_a_cluster(rows, said, column):
    """File, row and study; of text and of numbers."""
    message = said(rows.assign(cluster=column), "nested", cluster="cluster")

    assert message.startswith("DataFrame, row 3, study 'b': cluster is empty")


def _square(rows, *changes):
    """Return the covariance of independent rows with some elements changed."""
    matrix = np.diag(rows["variance"])
    for row, column, value in changes:
        matrix[row, column] = value
    return matrix


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([(2, 2, 0.5)], "the variance of DataFrame, row 3, study 'b' is 0.5 there, and its "),
        ([(0, 1, 0.06), (1, 0, 0.06)], ("not positive definite, the least eigenvalue of its "
         "correlations is -0.342; look at DataFrame, row 1, study 'a' and DataFrame, row 2, "
         "study 'a', whose correlation is 1.34.")),
        ([(0, 1, 0.02)], "row 1, study 'a' and DataFrame, row 2, study 'a' differ by direction"),
        ([(3, 2, np.nan)], ("the covariance of DataFrame, row 4, study 'b' and DataFrame, row 3, "
         "study 'b' is nan, and not a number")),
        ([(0, 2, 0.02), (2, 0, 0.02)], ("The covariance of DataFrame, row 1, study 'a' and "
         "DataFrame, row 3, study 'b' is not 0, and they are not of one trial.")),
    ],
    ids=["other variances", "not definite", "not symmetric", "no number", "across trials"],
)  # fmt: skip
def test_a_matrix_that_is_no_covariance_of_the_rows(rows, said, tmp_path, changes, expected):
    """The message names the rows."""
    path = tmp_path / "covariance.csv"
    np.savetxt(path, _square(rows, *changes), delimiter=",")

    assert expected in said(rows, "correlated", trial="study", covariance=str(path))


def test_a_matrix_of_another_size(rows, said, tmp_path):
    """So many numbers for so many estimates."""
    path = tmp_path / "covariance.csv"
    np.savetxt(path, np.eye(4), delimiter=",")
    message = said(rows, "correlated", trial="study", covariance=str(path))

    assert "covariance.csv: 4 x 4 numbers for 5 estimates" in message


def test_a_matrix_with_a_header(rows, said, tmp_path):
    """Numbers alone are read."""
    path = tmp_path / "covariance.csv"
    np.savetxt(path, np.eye(5), delimiter=",", header="a,b,c,d,e", comments="")

    assert "without a header" in said(rows, "correlated", trial="study", covariance=str(path))


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ({"trial": "study", "covariance": "nowhere.csv"}, "there is no such file, and no column"),
        ({"trial": "study", "covariance": "v1i v2i"}, "and no column v2i; columns of DataFrame"),
        ({"trial": "study", "covariance": "v1i"}, ("Trial 'a' has 2 rows, and covariances stand in "
         "fewer columns: v1i.")),
        ({"covariance": "v1i"}, 'which rows those are, trial="COLUMN".'),
    ],
)  # fmt: skip
def test_covariances_that_cannot_be_read(rows, said, roles, expected):
    """Neither a file nor columns, or too few of them."""
    assert expected in said(rows, "correlated", **roles)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ("xyxyz", "there are 6: tau[y], tau[z], rho_between[x, y], rho_between[x, z],"),
        ("xxxyx", "Study 'a' has outcome 'x' 2 times; the model takes an outcome once a study."),
    ],
)
def test_outcomes_that_are_too_many(rows, said, outcomes, expected):
    """More than are integrated exactly, or one twice in a study."""
    assert expected in said(rows.assign(outcome=list(outcomes)), "several-outcomes")


def test_one_outcome(rows, said):
    """A model for one is on the shelf."""
    alone = rows.assign(study=list("abcde"), outcome="x")

    assert said(alone, "several-outcomes").endswith("has 1: x; use random-effects.")


def test_a_table_without_outcomes(rows, said):
    """The column is named."""
    message = said(rows.drop(columns="outcome"), "several-outcomes")

    assert "Model several-outcomes needs a column 'outcome', the outcome of each row." in message


def test_outcomes_in_another_column(rows, said):
    """Location and heterogeneity would read different columns: refused, whatever is there."""
    message = said(rows.assign(end=list("uvuvu")), "several-outcomes", outcome="end")

    assert "in the column 'outcome' alone, and not in 'end'; rename that column." in message


def test_too_many_components_beside_further_hyperparameters_are_refused():
    """Two Student-t priors multiply to hundreds of normals: minutes, so it is said at once."""
    rows = {"study": list("aabb"), "outcome": list("xyxy"), "estimate": [0.1, 0.4, 0.3, 0.2]}
    table = pd.DataFrame({**rows, "v1i": [0.01, 0.002] * 2, "v2i": [0.002, 0.02] * 2})
    effects = bm.effect_sizes(
        bm.read_studies(table.assign(variance=[0.01, 0.02] * 2)), measure="MD", repeated=True
    )
    priors = {
        "mu": "StudentT(nu=4, mu=0, sigma=1)",
        "tau": "HalfNormal(sigma=0.5)",
        "rho_between": 0.5,
    }

    with pytest.raises(PriorError, match=r"mu\[x\], mu\[y\] are \d+ normals together.*nuts"):
        bm.fit(effects, "several-outcomes", engine="exact", covariance="v1i v2i", priors=priors)
