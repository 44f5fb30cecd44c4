"""Rows that share patients, in clusters whose effects are alike: `correlated` with a cluster."""

import json

import numpy as np
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.analysis.reading import read_analysis
from bayesmeta.assembly import assemble
from bayesmeta.cli import main
from bayesmeta.errors import StudiesError

HALF = "HalfNormal(sigma=0.5)"
PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": HALF, "tau_within": HALF, "rho_within": 0.4}
ROLES = {"trial": "cluster", "cluster": "cluster"}
NUMBERS = ["mean", "sd", "median", "q025", "q975"]


def _alike(one, other, names, tolerance=1e-7):
    """Compare printed numbers, by the names that each solution has for them, and the evidence."""
    for ours, theirs in names.items():
        left, right = (found[0].loc[name, NUMBERS].to_numpy(float)
                       for found, name in ((one, ours), (other, theirs)))  # fmt: skip
        np.testing.assert_allclose(left, right, rtol=tolerance, atol=tolerance, err_msg=ours)
    assert one[1] == pytest.approx(other[1], abs=tolerance)


def test_no_correlation_leaves_the_nested_model(frame, solved):
    """rho_within = 0: the rows' errors are independent, their effects as in `nested`."""
    priors = {**PRIORS, "rho_within": 0.0}
    nested = {name: PRIORS[name] for name in ("mu", "tau", "tau_within")}

    both = solved(frame(), "correlated", priors=priors, **ROLES)

    alone = solved(frame(), "nested", priors=nested, cluster="cluster")
    _alike(both, alone, {name: name for name in ("mu", "tau", "tau_within", "theta_new")})


def test_nothing_between_clusters_leaves_effects_by_row(frame, solved):
    """Tau = 0: `correlated` without a cluster, whose tau is tau_within here."""
    priors = {**PRIORS, "tau": 0.0}
    by_row = {name: PRIORS[name] for name in ("mu", "tau", "rho_within")}

    both = solved(frame(), "correlated", priors=priors, **ROLES)

    alone = solved(frame(), "correlated", priors=by_row, trial="cluster")
    _alike(both, alone, {"mu": "mu", "tau_within": "tau", "theta_new": "theta_new"})


def _dense(frame, tau, within, rho):
    same = frame["cluster"].to_numpy()[:, np.newaxis] == frame["cluster"].to_numpy()
    error, one = np.sqrt(frame["variance"].to_numpy()), np.eye(len(frame))
    correlation = np.where(same, rho + (1 - rho) * one, 0.0)
    return np.outer(error, error) * correlation + tau**2 * same + within**2 * one


def test_all_fixed_is_a_normal_posterior_of_a_dense_matrix(frame, solved):
    """V = D R D + tau^2 J + tau_within^2 I; mu is normal, the evidence a normal density."""
    rows, fixed = frame(), {"tau": 0.3, "tau_within": 0.2, "rho_within": 0.6}
    dense, ones = _dense(rows, 0.3, 0.2, 0.6), np.ones(len(rows))
    precision = 1 / 4 + ones @ np.linalg.solve(dense, ones)
    mean = ones @ np.linalg.solve(dense, rows["estimate"]) / precision
    evidence = stats.multivariate_normal.logpdf(rows["estimate"], 0 * ones, dense + 4)

    numbers, found = solved(rows, "correlated", priors={**PRIORS, **fixed}, **ROLES)

    assert numbers.loc["mu", ["mean", "sd"]].to_list() == pytest.approx([mean, precision**-0.5])
    assert found == pytest.approx(evidence, abs=1e-10)


@pytest.mark.parametrize("form", ["marginal", "hierarchical"])
def test_the_log_density_is_that_of_plain_pymc(frame, sized, form):
    """A dense MvNormal by hand, effects integrated out or explicit, to 1e-10."""
    import pymc as pm

    rows = frame()
    ours = bm.build_model(sized(rows), "correlated", priors=PRIORS, form=form, **ROLES)
    with pm.Model() as theirs:
        mu, tau = pm.Normal("mu", 0.0, np.array(2.0)), pm.HalfNormal("tau", np.array(0.5))
        within = pm.HalfNormal("tau_within", np.array(0.5))
        if form == "marginal":
            pm.MvNormal("y", mu, _dense(rows, tau, within, 0.4), observed=rows["estimate"])
        else:
            codes = [f"c{number}" for number in range(5)]
            code = [codes.index(name) for name in rows["cluster"]]
            cluster = pm.Normal("cluster_deviation", 0.0, 1.0, shape=5)
            own = pm.Normal("theta_deviation", 0.0, 1.0, shape=len(rows))
            theta = mu + tau * cluster[code] + within * own
            pm.MvNormal("y", theta, _dense(rows, 0, 0, 0.4), observed=rows["estimate"])
    point = {name: np.asarray(value) * 0 + 0.3 for name, value in ours.initial_point().items()}

    one, other = (model.compile_logp(mode="FAST_COMPILE")(point) for model in (ours, theirs))

    assert float(one) == pytest.approx(float(other), abs=1e-10)


def test_its_statement_says_both(frame, sized):
    """What is written on the board is the model that is fitted."""
    found = assemble(sized(frame()), "correlated", priors=PRIORS, roles=ROLES).model.statement

    assert found.splitlines()[1:] == [
        "theta[i]        ~ Normal(mu + cluster_effect[cluster[i]], tau_within)",
        "cluster_effect[j] ~ Normal(0, tau)",
    ]


def test_groups_that_lie_across_each_other_are_refused(frame, sized):
    """No block holds them: the message names two rows of a trial in two clusters."""
    rows = frame((2, 1, 1)).assign(other=["p", "q", "p", "q"])

    with pytest.raises(StudiesError, match="of one trial, 'c0', and of two clusters; name"):
        assemble(sized(rows), "correlated", priors=PRIORS,
                 roles={"trial": "cluster", "cluster": "other"})  # fmt: skip


@pytest.mark.parametrize("inner", ["trial", "cluster"])
def test_the_outermost_groups_are_left_out_together(frame, sized, inner):
    """Trials within clusters, or clusters within trials: what depends goes together."""
    rows = frame((2, 2, 2, 2)).assign(region=list("aaaabbbb"))
    outer = "cluster" if inner == "trial" else "trial"
    asked = {inner: "cluster", outer: "region"}

    found = bm.leave_one_out(sized(rows), "correlated", priors={**PRIORS, "tau_within": 0.2},
                             **asked)  # fmt: skip

    assert (found.index.name, list(found.index)) == (outer, ["a", "b"])


def test_every_door_has_it(frame, sized, tmp_path, capsys):
    """Options and keys have the keywords' names, and the answer is Python's."""
    rows, cluster = frame(), {"trial": "cluster", "cluster": "cluster"}
    priors = {**PRIORS, "tau_within": 0.2}
    rows.to_csv(tmp_path / "rows.csv", index=False)
    (tmp_path / "rows.toml").write_text(
        'studies = "rows.csv"\nmeasure = "MD"\nmodel = "correlated"\ntrial = "cluster"\n'
        'cluster = "cluster"\n',
        encoding="utf-8",
    )
    posterior = bm.fit(sized(rows), "correlated", priors=priors, engine="exact", **cluster)
    options = [word for name, prior in priors.items() for word in ("--prior", f"{name}={prior}")]
    options += [f"--{name}={column}" for name, column in cluster.items()]

    with pytest.raises(SystemExit):
        main(["fit", str(tmp_path / "rows.csv"), "--measure", "MD", "--model", "correlated",
              "--engine", "exact", "--json", *options])  # fmt: skip

    found = json.loads(capsys.readouterr().out)["parameters"]["tau"]["median"]
    assert found == pytest.approx(bm.summary(posterior).loc["tau", "median"], rel=1e-12)
    (plan,) = read_analysis(tmp_path / "rows.toml").plans
    assert plan.spec.parts["heterogeneity"] == "nested"
