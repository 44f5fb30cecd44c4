"""Subgroups: all studies beside the groups, own taus, Bayes factors, command and analysis file."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad

import bayesmeta as bm
from bayesmeta.analysis import Plan, read_analysis
from bayesmeta.analysis.artefacts import Fitted
from bayesmeta.analysis.sections import sections_of, write_section
from bayesmeta.cli import main
from bayesmeta.errors import BayesmetaError
from bayesmeta.plots.duration_subgroups import plot_subgroups

STUDIES = (Path(__file__).parents[2] / "examples" / "data" / "rtms_SIMULATED.csv").resolve()
POOLED = {"mu": "Normal(mu=0, sigma=4)", "tau": "HalfNormal(sigma=1)"}
ARMS = list("aaaabbabbabb")
NUMBERS = ("mean", "sd", "median", "lower", "upper")


@pytest.fixture(scope="module")
def effects(twelve):
    """Twelve studies in two groups."""
    return twelve(arm=ARMS)


@pytest.fixture(scope="module")
def own(effects):
    """Subgroups with a tau each."""
    return bm.subgroups(effects, column="arm", tau="own", priors=POOLED)


def _factor(found, question, given):
    table = found.bayes_factors.set_index(["for", "given"])
    return table.loc[(question, given), "log_bayes_factor"]


def test_all_studies_together_are_the_random_effects_model(effects, own):
    """Mean, new study, tau and P(benefit): those of an exact fit to all."""
    table = bm.summary(bm.fit(effects, priors=POOLED, engine="exact"))
    row = own.overall.iloc[0]

    for prefix, name in (("", "mu"), ("new_", "theta_new")):
        found = [row[f"{prefix}{number}"] for number in NUMBERS]
        np.testing.assert_allclose(found, table.loc[name, list(NUMBERS)], atol=1e-7)
        assert row[f"{prefix}p_benefit"] == pytest.approx(table.loc[name, "p_below_0"], abs=1e-9)
    assert row["tau_median"] == pytest.approx(table.loc["tau", "median"], abs=1e-7)


def test_one_mean_and_a_tau_each_is_tau_by_level(effects, own):
    """The evidence by a sum over the mean is that of the model integrated over both taus."""
    posterior = bm.fit(effects, "tau-by-level", level="arm", priors=POOLED, engine="exact")
    models = own.models.set_index(["means", "taus"])

    assert models.loc[("one", "each"), "log_marginal_likelihood"] == pytest.approx(
        posterior.attrs["log_marginal_likelihood"], abs=1e-8
    )


def test_a_mean_and_a_tau_each_are_two_analyses(effects, own):
    """Evidences multiply, and so do Bayes factors for the two questions, in either order."""
    group = np.array(ARMS)
    parts = [
        bm.fit(effects.take(group == name), priors=POOLED, engine="exact")
        .attrs["log_marginal_likelihood"] for name in "ab"
    ]  # fmt: skip
    both = own.models.set_index(["means", "taus"])["log_marginal_likelihood"]

    assert both[("each", "each")] == pytest.approx(sum(parts), abs=1e-9)
    one = _factor(own, "difference of means", "one tau") + _factor(own, "own taus", "a mean each")
    other = _factor(own, "own taus", "one mean") + _factor(own, "difference of means", "a tau each")
    assert one == pytest.approx(other, abs=1e-12)
    assert one == pytest.approx(both[("each", "each")] - both[("one", "one")], abs=1e-12)


def test_probabilities_of_the_models_are_their_evidence_weighed(own):
    """All four as likely before: shares of the marginal likelihoods."""
    weight = np.exp(own.models["log_marginal_likelihood"])

    np.testing.assert_allclose(own.models["probability"], weight / weight.sum(), rtol=1e-10)


def test_which_own_tau_is_larger_is_a_convolution(effects, own):
    """The taus are independent: P(first > second) by SciPy's quadrature over both posteriors."""
    group = np.array(ARMS)
    a, b = (bm.fit(effects.take(group == name), priors=POOLED, engine="exact") for name in "ab")

    def integrand(tau):
        return float(bm.density(a, "tau", tau)) * float(bm.cdf(b, "tau", tau))

    expected = quad(integrand, 0, 8, epsabs=1e-9, epsrel=1e-9)[0]
    assert own.tau_contrasts["p_greater"][0] == pytest.approx(expected, abs=1e-7)


def test_the_ratio_of_own_taus_the_other_way_round_is_its_reciprocal(effects, own, twelve):
    """With the rows in another order the second group comes first."""
    other = bm.subgroups(effects.take(np.arange(12)[::-1]), column="arm", tau="own", priors=POOLED)
    here, there = own.tau_contrasts.iloc[0], other.tau_contrasts.iloc[0]

    assert (there["first"], there["second"]) == (here["second"], here["first"])
    for mine, theirs in (("median", "median"), ("lower", "upper"), ("upper", "lower")):
        assert there[mine] * here[theirs] == pytest.approx(1, rel=1e-6)


def test_the_direction_of_benefit_turns_the_probabilities(effects):
    """P(benefit: lower) and P(benefit: higher) of the same effect sum to 1."""
    lower, higher = (bm.subgroups(effects, column="arm", priors=POOLED, benefit=side)
                     for side in ("lower", "higher"))  # fmt: skip

    for table, name in (("groups", "p_benefit"), ("groups", "new_p_benefit"),
                        ("overall", "p_benefit"), ("contrasts", "p_better")):  # fmt: skip
        pair = getattr(lower, table)[name] + getattr(higher, table)[name]
        np.testing.assert_allclose(pair, 1, atol=1e-12)


def test_an_improper_tau_leaves_no_factor_for_own_taus(effects):
    """Its constant stands once more with two taus than with one; with one it cancels."""
    found = bm.subgroups(effects, column="arm", priors={**POOLED, "tau": "uniform"})

    assert np.isfinite(_factor(found, "difference of means", "one tau"))
    assert np.isnan(_factor(found, "own taus", "one mean"))
    assert found.models["log_marginal_likelihood"].isna().all()


def test_an_empty_cell_is_no_group(twelve):
    """It is refused with its place."""
    effects = twelve(arm=["", *ARMS[1:]])

    with pytest.raises(BayesmetaError, match="arm is empty"):
        bm.subgroups(effects, column="arm", priors=POOLED)


def test_the_forest_has_tau_and_probability_beside_each_diamond(own):
    """Two groups and all studies; Bayes factors below."""
    figure = plot_subgroups(own)
    axes, said = figure.axes[0], [text.get_text() for text in figure.texts]
    kinds = [patch.get_gid() for patch in axes.patches]

    assert (kinds.count("subtotal"), kinds.count("overall")) == (2, 1)
    assert any(text.startswith("Bayes factor for own taus") for text in said)
    assert "All studies, mean of 12" in said


def _ran(*words):
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    return int(stopped.value.code or 0)


CALL = ("subgroups", STUDIES, "--measure", "MD", "--outcome", "TNF-alpha", "--by", "design")


def test_the_command_says_it_in_json(capsys):
    """Every table as rows; the numbers of the function."""
    code = _ran(*CALL, "--tau", "own", "--json")
    found = json.loads(capsys.readouterr().out)
    effects = bm.effect_sizes(bm.read_studies(STUDIES), "MD", outcome="TNF-alpha")
    expected = bm.subgroups(effects, column="design", tau="own")

    assert code == 0
    assert [row["group"] for row in found["groups"]] == ["RCT", "cohort"]
    assert found["groups"][0]["p_benefit"] == expected.groups["p_benefit"][0]
    assert len(found["bayes_factors"]) == len(found["models"]) == 4


def test_the_command_says_it_in_words_and_files(capsys, tmp_path):
    """Simulated data are called so; tables and the forest are written."""
    _ran(*CALL, "--output", tmp_path / "out")
    said = capsys.readouterr().out

    assert said.startswith("SIMULATED DATA. TNF-alpha by design")
    assert "All studies" in said
    assert "own taus, given one mean" in said
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"groups.csv", "overall.csv", "bayes_factors.csv", "subgroups.png"} <= names


@pytest.fixture
def written(effects, tmp_path):
    """Return the section's folder of an outcome that is planned so."""

    def section(**plan):
        asked = Plan(measure="generic", title="", subgroups="arm", priors=POOLED, **plan)
        posterior = bm.fit(effects, priors=POOLED, engine="exact")
        write_section("subgroups", Fitted(asked, effects, posterior), tmp_path)
        return tmp_path / "subgroups"

    return section


def test_an_analysis_file_asks_for_subgroups_by_a_key(tmp_path):
    """With the tau that it names; without the key there are none."""
    file = tmp_path / "analysis.toml"
    lines = ['studies = "x.csv"', 'measure = "MD"']
    keys = ['subgroups = "design"', 'subgroups_tau = "own"']
    for asked, expected in ((keys, ("design", "own")), ([], (None, "common"))):
        file.write_text("\n".join([*lines, *asked]), encoding="utf-8")
        (plan,) = read_analysis(file).plans
        assert (plan.subgroups, plan.subgroups_tau) == expected


def test_a_section_has_what_the_key_asks_for(written):
    """Text, tables and forest, with the tau that the file names."""
    folder = written(subgroups_tau="own")

    assert "a tau each" in (folder / "subgroups.txt").read_text(encoding="utf-8")
    assert (folder / "subgroups.svg").is_file()


def test_only_who_names_a_column_has_the_section(effects):
    """A run without the key writes no such folder."""
    posterior = bm.fit(effects, priors=POOLED, engine="exact")
    plans = [Plan(measure="generic", title="", subgroups=column, priors=POOLED)
             for column in (None, "arm")]  # fmt: skip
    plain, asked = (Fitted(plan, effects, posterior) for plan in plans)

    assert "subgroups" in sections_of(asked)
    assert "subgroups" not in sections_of(plain)


def test_subgroups_beside_moderators_are_not_done_and_say_why(written):
    """The rest of the run stands."""
    why = (written(moderators="duration_weeks") / "not-done.txt").read_text(encoding="utf-8")

    assert "moderators duration_weeks" in why


def test_a_column_that_is_none_is_found_before_anything_is_written(tmp_path):
    """A slip of the pen stops the run."""
    file = tmp_path / "analysis.toml"
    lines = [f'studies = "{STUDIES.as_posix()}"', 'measure = "MD"', 'engine = "exact"',
             'subgroups = "desgin"', "[[outcomes]]", 'name = "TNF-alpha"']  # fmt: skip
    file.write_text("\n".join(lines), encoding="utf-8")

    with pytest.raises(BayesmetaError, match="No column 'desgin'"):
        bm.run(file, output=tmp_path / "out")
