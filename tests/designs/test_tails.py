"""The members with t effects, in rows beside those with normal ones."""

import json

import numpy as np
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.cohorts import contract
from bayesmeta.cohorts.evidence import cohorts_alone
from bayesmeta.cohorts.question import Question
from bayesmeta.engines.lines import integrate_lines
from bayesmeta.errors import AnalysisError, ModelError

Y, S = [-3.1, -8.0, -11.2, -5.5, 2.0], [1.9, 2.2, 1.4, 2.8, 1.2]
DESIGN = ["RCT", "cohort", "RCT", "cohort", "RCT"]
PRIORS = {"mu": "Normal(mu=1, sigma=6)", "tau": 3.0, "bias": "Normal(mu=0, sigma=5)"}


@pytest.fixture(scope="module")
def table(sized):
    """Three trials beside two cohorts; tau is a number, so that each integral is quick."""
    return sized(Y, S, DESIGN, weeks=[2.0, 3, 4, 6, 9])


@pytest.fixture(scope="module")
def normal(table):
    """The answer with normal effects."""
    return bm.designs(table, priors=PRIORS, spread="common", points=5)


@pytest.fixture(scope="module")
def found(table):
    """The answer with t effects beside."""
    return bm.designs(table, priors=PRIORS, spread="common", points=5, heterogeneity="student-t")


@pytest.fixture(scope="module")
def tailed(found):
    """Its rows with t effects, by name and power."""
    return {(row.member, row.power): row for row in found.rows if row.heterogeneity != "normal"}


def test_every_member_has_a_row_with_t_effects_beside_the_normal_one(normal, found):
    """The normal ones first and as they were, then the same names; dials are of normal effects."""
    names = [row.label for row in normal.rows]

    assert [row.label for row in found.rows] == [*names, *(f"{name}, t effects" for name in names)]
    assert found.members.iloc[: len(names)].equals(normal.members)
    assert found.over_bias.equals(normal.over_bias)
    assert any("dials" in note and "normal" in note for note in found.notes)


SAME = [("naive", None, "random-effects", {}), ("design-bias", None, "design-bias", {}),
        ("power-prior", 0.5, "power-prior", {"power": 0.5}),
        ("probably-biased", None, "probably-biased", {})]  # fmt: skip


@pytest.mark.parametrize(("member", "power", "model", "choices"), SAME,
                         ids=[case[0] for case in SAME])  # fmt: skip
def test_a_row_is_the_fit_of_its_model(table, tailed, member, power, model, choices):
    """Mean, SD and interval of mu are those of the model under the same priors, by itself."""
    spread = {} if model == "random-effects" else {"spread": "common"}
    roles = {"heterogeneity": "student-t", **spread, **{n: str(w) for n, w in choices.items()}}
    own = {name: prior for name, prior in PRIORS.items()
           if name != "bias" or "bias" in model}  # fmt: skip
    lines = integrate_lines(assemble(table, model, priors=own, roles=roles))
    mu = lines.combination(np.eye(lines.design.shape[1])[0])

    known = tailed[member, power].parameters["mu"]
    assert [known[name] for name in ("mean", "sd", "lower", "upper")] == pytest.approx(
        [mu.mean()[0], mu.sd()[0], *mu.interval(0.95)[0]], rel=1e-9
    )


def test_the_ends_of_the_power_are_the_trials_alone_and_both_pooled(tailed):
    """With t effects as with normal ones, evidence and shares too."""
    for power, end in ((0.0, "trials-only"), (1.0, "naive")):
        one, other = tailed["power-prior", power], tailed[end, None]
        assert one.parameters["mu"]["median"] == pytest.approx(other.parameters["mu"]["median"])
        assert one.log_trials_given_cohorts == pytest.approx(other.log_trials_given_cohorts)
        assert one.cohort_share == pytest.approx(other.cohort_share, abs=5e-3)


def test_the_cohorts_share_is_that_of_normals_with_scales_drawn_from_their_prior(tailed):
    """Effects are normal given u ~ Gamma(2, rate 2): shares by importance, of 4e5 draws."""
    u = stats.gamma.rvs(2, scale=0.5, size=(400_000, 5), random_state=1)
    variance = np.array(S) ** 2 + 9 / u
    precision = np.sum(1 / variance, axis=1) + 1 / 36
    centre = (np.array(Y) / variance).sum(axis=1) + 1 / 36
    log_weight = (
        -0.5 * np.log(variance).sum(axis=1) - 0.5 * np.log(precision)
        - 0.5 * (np.array(Y) ** 2 / variance).sum(axis=1) + 0.5 * centre**2 / precision
    )  # fmt: skip
    weight = np.exp(log_weight - log_weight.max())
    share = (1 / variance)[:, [1, 3]].sum(axis=1) / precision

    expected = weight @ share / weight.sum()
    assert tailed["naive", None].cohort_share == pytest.approx(expected, abs=6e-3)


@pytest.mark.parametrize("member", ["design-bias", "moderator"])
def test_cohorts_alone_are_integrated_over_the_sum_of_their_coefficients(found, tailed, member):
    """Their evidence is that over both coefficients."""
    assembly, question = tailed[member, None].posed.assembly, found.question
    asked = type(question)(**{**vars_of(question), "heterogeneity": "student-t"})
    both = integrate_lines(assembly, question.cohort)
    one = integrate_lines(cohorts_alone(assembly, asked), question.cohort)

    assert len(one.design[0]) == 1
    assert one.log_marginal_likelihood == pytest.approx(both.log_marginal_likelihood, abs=1e-6)


def vars_of(question):
    """Return what a question was made of."""
    return {name: getattr(question, name) for name in type(question).__dataclass_fields__}


def test_what_cannot_have_t_effects_is_left_out_with_its_reason(table, monkeypatch):
    """One member whose model is refused; all others stay."""
    assembled = Question.assembled

    def refused(question, model, choices=None):
        if model == "probably-biased" and question.heterogeneity != "normal":
            raise ModelError("not with t effects.")
        return assembled(question, model, choices)

    monkeypatch.setattr(Question, "assembled", refused)
    found = bm.designs(table, priors=PRIORS, spread="common", points=5, heterogeneity="student-t")

    names = [row.member for row in found.rows]
    assert (names.count("probably-biased"), names.count("naive")) == (1, 2)
    assert (
        "The member probably-biased with t effects is left out: not with t effects."
        in found.warnings
    )


def test_a_spread_of_two_taus_is_refused_beside_t_effects(table):
    """Before anything is integrated."""
    with pytest.raises(AnalysisError, match='the spread is own; add spread="common"'):
        bm.designs(table, spread="own", heterogeneity="student-t")


def test_beside_moderators_they_are_left_out_by_name(table):
    """Each takes minutes there."""
    found = bm.designs(table, priors=PRIORS, spread="common", points=5, moderators="weeks",
                       heterogeneity="student-t")  # fmt: skip

    assert {row.heterogeneity for row in found.rows} == {"normal"}
    assert any("t effects are left out: beside moderators" in said for said in found.warnings)


def test_text_and_json_say_which_effects_a_row_has(found):
    """A share that is none is null."""
    rows = json.loads(json.dumps(contract(found), allow_nan=False))["rows"]

    assert {row["heterogeneity"] for row in rows} == {"normal", "student-t"}
    assert [row["cohort_share"] for row in rows if row["power"] == 0.5][1] is None
    assert "probably biased, t effects" in found.as_text()


def test_an_unknown_heterogeneity_is_refused(table):
    """With those that there are."""
    with pytest.raises(AnalysisError, match="the members have: normal, student-t"):
        bm.designs(table, heterogeneity="contaminated")
