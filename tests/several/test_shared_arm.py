"""Rows of a trial that share a control arm: three doses against one placebo."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.agreement import LIMIT
from bayesmeta.errors import BayesmetaError
from bayesmeta.measures import MEASURES
from bayesmeta.measures.contract import USUAL

PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=0.5)"}
ASKED = {"priors": PRIORS, "trial": "study", "control_arm": "arm"}
CLOSE = {"rtol": 1e-9, "atol": 1e-10}
SHARING = [code for code, measure in MEASURES.items() if measure.control_arm]


@pytest.fixture
def doses():
    """Return arms of four trials, simulated: in the first one placebo, in the second two."""
    return pd.DataFrame(
        {
            "study": list("aaabbbbcd"),
            "arm": list("pppppqqpp"),
            "n_treatment": [20, 25, 30, 22, 31, 19, 27, 40, 33],
            "mean_treatment": [5.1, 6.0, 4.4, 5.2, 4.9, 6.1, 5.5, 4.8, 5.0],
            "sd_treatment": [2.0, 2.1, 2.2, 1.9, 2.4, 1.7, 2.0, 2.2, 1.8],
            "n_control": [22, 22, 22, 35, 35, 30, 30, 38, 21],
            "mean_control": [4.0, 4.0, 4.0, 4.4, 4.4, 4.1, 4.1, 4.7, 4.2],
            "sd_control": [1.8, 1.8, 1.8, 2.2, 2.2, 2.0, 2.0, 2.1, 2.3],
            "events_treatment": [9, 11, 8, 7, 13, 6, 12, 14, 10],
            "events_control": [6, 6, 6, 9, 9, 8, 8, 12, 5],
            "time_treatment": [20, 25, 30, 22, 31, 19, 27, 40, 33],
            "time_control": [22, 22, 22, 35, 35, 30, 30, 38, 21],
        }
    )


def dense(table, measure, variance=USUAL):
    """Return the covariance of the estimates, element by element."""
    found, how = MEASURES[measure], MEASURES[measure].control_arm[variance]
    columns = {name: table[name].to_numpy(float) for name in found.columns}
    formula = found.other_variances.get(variance, found.effect)
    shared, matrix = how(columns), np.diag(formula(columns).standard_error ** 2)
    for one in range(len(table)):
        for other in range(len(table)):
            alike = all(table[name][one] == table[name][other] for name in ("study", "arm"))
            if one != other and alike:
                matrix[one, other] = shared[:, one] @ shared[:, other]
    return matrix


@pytest.mark.parametrize("measure", SHARING)
def test_the_covariance_is_that_of_rows_with_one_arm_and_trial(doses, sized, measure):
    """Element by element, for every measure that has a control arm; all else is 0."""
    assembly = assemble(sized(doses, measure), "correlated", roles={
        "trial": "study", "control_arm": "arm",
    }, priors=PRIORS)  # fmt: skip

    found = assembly.parts.sampling.covariance({}, assembly.rows).matrix(len(doses))

    np.testing.assert_allclose(found, dense(doses, measure), rtol=1e-12, atol=1e-15)
    assert [item.name for item in assembly.hyperparameters] == ["tau"]


def test_pooled_variances_share_what_they_are_made_of(doses):
    """With one variance for both arms of a row, the covariance is s_i s_j / n_c."""
    effects = bm.effect_sizes(bm.read_studies(doses), "MD", variance="pooled", repeated=True)
    assembly = assemble(effects, "correlated", roles={"trial": "study", "control_arm": "arm"},
                        priors=PRIORS)  # fmt: skip

    found = assembly.parts.sampling.covariance({}, assembly.rows).matrix(len(doses))

    np.testing.assert_allclose(found, dense(doses, "MD", "pooled"), rtol=1e-12, atol=1e-15)


def _log_joint(taus, estimate, sampling):
    """Return log p(y, tau), mu integrated out, with dense matrices."""
    eye = np.eye(len(estimate))
    return [
        stats.multivariate_normal.logpdf(estimate, cov=sampling + tau**2 * eye + 4.0)
        + stats.halfnorm.logpdf(tau, scale=0.5)
        for tau in taus
    ]


@pytest.mark.parametrize("measure", ["SMD", "OR"])
def test_the_posterior_is_that_of_dense_matrices(doses, solved, sized, measure):
    """Evidence and E[tau] by Simpson's rule over NumPy's matrices."""
    numbers, evidence = solved(doses, "correlated", measure, **ASKED)
    taus = np.linspace(0, 4, 1601)
    log_joint = np.array(_log_joint(taus, sized(doses, measure).estimate, dense(doses, measure)))
    weight = np.exp(log_joint - log_joint.max())
    total = integrate.simpson(weight, x=taus)

    assert evidence == pytest.approx(np.log(total) + log_joint.max(), abs=1e-6)
    assert numbers.loc["tau", "mean"] == pytest.approx(
        integrate.simpson(weight * taus, x=taus) / total, rel=1e-6
    )


@pytest.mark.parametrize("form", ["marginal", "hierarchical"])
def test_the_log_density_is_that_of_plain_pymc(doses, sized, form):
    """A dense MvNormal by hand, at one point of the parameters, to 1e-10."""
    import pymc as pm

    effects = sized(doses, "SMD")
    ours = bm.build_model(effects, "correlated", form=form, **ASKED)
    sampling, count = dense(doses, "SMD"), len(doses)
    with pm.Model() as theirs:
        mu, tau = pm.Normal("mu", 0.0, np.array(2.0)), pm.HalfNormal("tau", np.array(0.5))
        if form == "marginal":
            pm.MvNormal("y", mu, sampling + tau**2 * np.eye(count), observed=effects.estimate)
        else:
            own = pm.Normal("theta_deviation", 0.0, 1.0, shape=count)
            pm.MvNormal("y", mu + tau * own, sampling, observed=effects.estimate)
    point = {name: np.asarray(value) * 0 + 0.3 for name, value in ours.initial_point().items()}

    one, other = (model.compile_logp(mode="FAST_COMPILE")(point) for model in (ours, theirs))

    assert float(one) == pytest.approx(float(other), abs=1e-10)


def test_one_row_an_arm_is_independence(doses, solved):
    """No arm is shared: the random effects of single rows."""
    rows = doses.groupby(["study", "arm"], as_index=False).first()
    found = solved(rows, "correlated", "SMD", **ASKED)
    alone = rows.assign(study=[f"row {row}" for row in rows.index])
    plain = solved(alone, "random-effects", "SMD", priors=PRIORS)

    np.testing.assert_allclose(found[0], plain[0], **CLOSE)
    assert found[1] == pytest.approx(plain[1], abs=1e-9)


@pytest.mark.parametrize("order", [[1, 0, 2, *range(3, 9)], [8, 3, 0, 5, 2, 7, 1, 6, 4]])
def test_the_order_of_arms_and_of_rows_changes_nothing(doses, solved, order):
    """Two treated arms swapped; all rows shuffled."""
    first = solved(doses, "correlated", "SMD", **ASKED)
    second = solved(doses.iloc[order].reset_index(drop=True), "correlated", "SMD", **ASKED)

    np.testing.assert_allclose(second[0], first[0], **CLOSE)
    assert second[1] == pytest.approx(first[1], abs=1e-9)


def test_names_of_arms_are_of_their_trial(doses, solved):
    """A placebo p in two trials is two arms: the same as with other names in each."""
    renamed = doses.assign(arm=doses["study"] + doses["arm"] + "!")

    first, second = (solved(rows, "correlated", "MD", **ASKED) for rows in (doses, renamed))

    np.testing.assert_array_equal(second[0], first[0])


def test_the_same_as_a_file_of_covariances(doses, solved, tmp_path):
    """The matrix written by hand, and given as one."""
    path = tmp_path / "covariance.csv"
    np.savetxt(path, dense(doses, "SMD"), delimiter=",", fmt="%.17g")
    given = {"priors": PRIORS, "trial": "study", "covariance": str(path)}

    found = (solved(doses, "correlated", "SMD", **asked) for asked in (ASKED, given))

    np.testing.assert_allclose(*(numbers for numbers, _ in found), **CLOSE)


def test_a_saved_posterior_knows_its_arms(doses, sized, tmp_path):
    """Study effects of the posterior read back are those of the one saved."""
    posterior = bm.fit(sized(doses, "SMD"), "correlated", engine="exact", **ASKED)

    again = bm.read_posterior(bm.save_posterior(posterior, tmp_path / "arms.nc"))

    for found in (bm.summary, bm.study_effects):
        pd.testing.assert_frame_equal(found(again), found(posterior))


def test_a_trial_left_out_is_one_that_was_never_there(doses, sized):
    """All its rows at once, with those that share its arm."""
    left_out = bm.leave_one_out(sized(doses, "SMD"), "correlated", **ASKED)
    rest = doses[doses["study"] != "a"].reset_index(drop=True)
    own = bm.summary(bm.fit(sized(rest, "SMD"), "correlated", engine="exact", **ASKED))

    np.testing.assert_allclose(
        left_out.loc["a", ["estimate", "sd"]].astype(float), own.loc["mu", ["median", "sd"]],
        rtol=1e-7,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"n_control": [22, 11, 22, 35, 35, 30, 30, 38, 21]},
         ("row 1, study 'a' and DataFrame, row 2, study 'a' share a control arm, and n_control is "
          "22 in one and 11 in the other; give the whole arm in each of its rows")),
        ({"sd_control": [1.8, None, 1.8, 2.2, 2.2, 2.0, 2.0, 2.1, 2.3],
          "yi": [0.5, 0.9, 0.2] * 3, "sei": [0.3] * 9},
         "DataFrame, row 2, study 'a': its estimate is not made of arms, and it shares a"),
    ],
    ids=["a share of the arm", "a ready-made estimate"],
)  # fmt: skip
def test_rows_that_do_not_say_what_their_arm_is(doses, sized, changed, expected):
    """The row is named, and what would do."""
    effects = sized(doses.assign(**changed), "SMD")

    with pytest.raises(BayesmetaError) as error:
        bm.fit(effects, "correlated", engine="exact", **ASKED)

    assert expected in str(error.value)


def test_a_ready_made_estimate_of_its_own_is_no_matter(doses, sized):
    """It shares no arm: what it is made of is not asked."""
    lacking = doses["sd_control"].where(doses["study"] != "d")
    rows = doses.assign(sd_control=lacking, yi=0.4, sei=0.3)

    posterior = bm.fit(sized(rows, "SMD"), "correlated", engine="exact", **ASKED)

    assert posterior.constant_data["standard_error"].to_numpy()[-1] == 0.3


def test_estimates_alone_share_no_arm(frame, sized):
    """A measure without arms: the message has what else there is."""
    with pytest.raises(BayesmetaError, match=r"generic has no control arm that rows could share"):
        bm.fit(sized(frame().assign(arm="p"), "generic"), "correlated", engine="exact",
               priors=PRIORS, trial="cluster", control_arm="arm")  # fmt: skip


def test_standard_errors_of_other_numbers_are_refused(doses, sized):
    """Effects whose standard errors somebody changed: the arm's part in them is unknown."""
    from dataclasses import replace

    effects = sized(doses, "SMD")
    other = replace(effects, standard_error=effects.standard_error * 1.1)

    with pytest.raises(BayesmetaError, match=r"its standard error, .* is not that of its arms"):
        bm.fit(other, "correlated", engine="exact", **ASKED)


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ({"control_arm": "arm", "weeks": "n_control", "trial": "study"}, "name one of them"),
        ({"control_arm": "arm", "covariance": "v1i", "trial": "study"}, "name one of them"),
        ({"control_arm": "arm"}, 'which rows share patients: trial="COLUMN"'),
        ({"control_arm": "placebo", "trial": "study"}, "no column 'placebo'"),
    ],
)
def test_roles_that_do_not_go_together(doses, sized, roles, expected):
    """Said before anything is computed."""
    with pytest.raises(BayesmetaError) as error:
        bm.fit(sized(doses, "SMD"), "correlated", engine="exact", priors=PRIORS, **roles)

    assert expected in str(error.value)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["marginal", "hierarchical"])
def test_draws_agree_with_the_integral(doses, sized, form):
    """Every parameter within four Monte Carlo errors."""
    posterior = bm.fit(sized(doses, "SMD"), "correlated", form=form, seed=4, **ASKED)

    differences = json.loads(posterior.attrs["diagnostics"])["exact_difference"]
    assert {"mu", "tau", "theta_new"} <= set(differences)
    assert max(map(abs, differences.values())) <= LIMIT
