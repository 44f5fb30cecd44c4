"""Effects of clusters beside the effects of their estimates."""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.covariance import Blocks, Clustered, Groups, SharedEffects
from bayesmeta.errors import PosteriorError
from bayesmeta.summaries.contract import contract
from bayesmeta.summaries.forest import GROUP, forest_table

HALF = "HalfNormal(sigma=0.5)"
PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": HALF, "tau_within": HALF}
FIXED = {**PRIORS, "tau": 0.4, "tau_within": 0.3}


@pytest.fixture(scope="module")
def fitted(frame, sized):
    """Return an exact fit to a small table made by chance."""

    def posterior(rows=None, **options):
        rows = frame() if rows is None else rows
        options = {"priors": PRIORS, "cluster": "cluster", **options}
        return bm.fit(sized(rows), "nested", engine="exact", **options)

    return posterior


@pytest.fixture(scope="module")
def usual(fitted):
    """A fit with both taus unknown."""
    return fitted()


@pytest.mark.parametrize("moderators", [None, "x"])
def test_the_effects_where_all_is_fixed_are_one_matrix_away(moderators, frame, fitted):
    """Effects, coefficients and estimates are jointly normal: condition on the estimates."""
    rows = frame()
    rows = rows.assign(x=np.sqrt(np.arange(9.0)))
    priors = FIXED | ({"beta": "Normal(mu=0, sigma=1)"} if moderators else {})
    y, s2 = rows["estimate"].to_numpy(), rows["variance"].to_numpy()
    codes = np.repeat(np.arange(5), (3, 1, 2, 2, 1))
    member = (codes[:, np.newaxis] == np.arange(5)).astype(float)
    x = rows["x"].to_numpy()
    design = np.column_stack([np.ones(9), x - x.mean()])[:, : 2 if moderators else 1]
    prior = np.diag([4.0, 1.0][: design.shape[1]])
    marginal = design @ prior @ design.T + 0.16 * member @ member.T + np.diag(0.09 + s2)
    across = 4.0 * np.ones((5, 9)) + 0.16 * member.T
    gain = across @ np.linalg.inv(marginal)
    variance = np.diag(4.0 + 0.16 * np.eye(5) - gain @ across.T)

    found = bm.study_effects(fitted(rows, priors=priors, moderators=moderators), of="cluster")

    np.testing.assert_allclose(found["mean"], gain @ y, rtol=1e-10)
    np.testing.assert_allclose(found["sd"], np.sqrt(variance), rtol=1e-10)


def test_nothing_within_and_one_row_a_cluster_makes_both_levels_one(frame, fitted):
    """tau_within = 0: a cluster's effect is its estimate's, every number of it."""
    rows = frame()
    rows = rows.assign(cluster=rows.index.astype(str), study=rows.index.astype(str))
    posterior = fitted(rows, priors={**PRIORS, "tau_within": 0})

    numbers = ["mean", "sd", "median", "lower", "upper"]
    np.testing.assert_allclose(
        bm.study_effects(posterior, of="cluster")[numbers], bm.study_effects(posterior)[numbers],
        rtol=1e-8, atol=1e-10,
    )  # fmt: skip


def test_the_way_round_by_a_solve_for_each_group_is_the_same():
    """Compound symmetry in closed form, against its blocks written out."""
    groups = Groups.of("aabbbc")
    own, t2 = np.array([0.5, 1.0, 2.0, 0.3, 0.7, 1.5]), np.array([1.3])
    short = Clustered(own, t2, groups)
    every = short.matrix(6)[groups.member[:, :, None], groups.member[:, None, :]]
    long = Blocks(every, groups)

    np.testing.assert_allclose(
        SharedEffects(long, t2, groups).left(), SharedEffects(short, t2, groups).left(), rtol=1e-12
    )


def test_draws_alone_say_nearly_the_same(usual):
    """Without the integral: within 5 Monte Carlo standard errors of its means."""
    alone = usual.copy()
    del alone["mixture"]
    drawn, exact = (bm.study_effects(one, of="cluster") for one in (alone, usual))

    assert (np.abs(drawn["mean"] - exact["mean"]) < 5 * drawn["error"]).all()
    np.testing.assert_allclose(drawn["sd"], exact["sd"], rtol=0.06)


def test_every_room_has_the_clusters(usual):
    """Text, JSON and forest: one row a cluster, with the number of its estimates."""
    table = forest_table(usual)
    shown = table[table["kind"] == GROUP]

    assert list(shown["label"])[:2] == ["Cluster c0 (3 estimates)", "Cluster c1 (1 estimate)"]
    assert [row["cluster"] for row in contract(usual)["clusters"]] == [f"c{n}" for n in range(5)]
    assert "\nClusters.\ncluster  estimates  cluster effect" in bm.text(usual)
    assert (
        sum(line.get_gid() == "group effect" for line in bm.plot_forest(usual).axes[0].lines) == 5
    )


def test_another_model_has_no_clusters(frame, sized):
    """It says what it has effects of; and nothing of clusters stands in its JSON."""
    rows = frame()
    rows["study"] = [f"row {number}" for number in range(len(rows))]
    posterior = bm.fit(sized(rows), priors={"mu": PRIORS["mu"], "tau": HALF}, engine="exact")

    with pytest.raises(PosteriorError, match="'study'"):
        bm.study_effects(posterior, of="cluster")
    assert "clusters" not in contract(posterior)
