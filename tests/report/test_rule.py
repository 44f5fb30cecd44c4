"""The page's own arithmetic prints what the exact engine prints, to every digit."""

import json
import shutil
import subprocess
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.assembly import with_choices
from bayesmeta.catalogue import load_model
from bayesmeta.report.asked import Asked
from bayesmeta.report.chapters.playing import play_data, playing
from bayesmeta.report.dial import Dial
from bayesmeta.spec import Prior
from bayesmeta.summaries import digits
from bayesmeta.summaries.studies import study_tables
from bayesmeta.summaries.tails import tail

NODE = shutil.which("node")
PAGE = Path("bayesmeta/report/page").resolve()
SCRIPT = """
for (const name of ["digits", "rule", "mixture", "answers"]) {
  global[name] = require(`${process.argv[1]}/${name}.js`);
}
const asked = JSON.parse(require("fs").readFileSync(0));
const said = (each) => each && `${each.text.point} [${each.text.lower} to ${each.text.upper}]`;
console.log(JSON.stringify(asked.map(({ data, chosen }) => {
  const found = answers.of(data, chosen);
  if (found === null) return null;
  const printed = [said(found.mu), said(found.fresh), said(found.tau), ...found.slopes.map(said),
    ...found.probabilities.flatMap((each) => [each.benefit, each.beyond]),
    ...found.effects.map(said)];
  const effects = found.effects.map((each) => each && each.numbers.median);
  return { printed, mu: found.mu.numbers, below: found.mu.known.cdf(0), effects,
    sds: [found.tau.numbers.sd, found.fresh.numbers.sd] };
})));
"""
FAMILIES = {
    "HalfNormal": "HalfNormal(sigma={scale!r})",
    "HalfCauchy": "HalfCauchy(beta={scale!r})",
    "HalfStudentT": "HalfStudentT(nu={shape!r}, sigma={scale!r})",
    "Exponential": "Exponential(lam={rate!r})",
    "LogNormal": "LogNormal(mu={log!r}, sigma={shape!r})",
}
TABLES = {
    "MD": ([-20, -2, -55, -71, -4, 1, 11, -10, 7],
           [6.4, 1.44, 3.96, 12.3, 4.16, 1.08, 9.7, 2.5, 4.45]),
    "OR": ([-0.94, -1.67, -1.39, -1.46, -0.22, -0.96, -1.63,
            0.01, -0.47, -1.40, -0.34, 0.45, -0.02],
           [0.6, 0.46, 0.66, 0.14, 0.23, 0.1, 0.48, 0.06, 0.24, 0.27, 0.11, 0.73, 0.27]),
    "ZCOR": ([0.15, 0.42, 0.31, 0.98, -0.07, 0.22, 0.55, 0.36, 1.35],
             [0.13, 0.1, 0.2, 0.25, 0.08, 0.17, 0.12, 0.06, 0.3]),
}  # fmt: skip
"""Estimates near Normand's (days), the BCG trials' (log odds ratios), and some of Fisher's z."""

DIFFERENCES = {"MD": 2.0, "OR": 1.25, "ZCOR": 0.1}
SIZES = {"MD": 2.5, "OR": 2.5, "ZCOR": 0.5}
"""Of priors on the mean, at most, as powers of ten."""

WIDEST = {"MD": np.inf, "OR": np.log(1e8), "ZCOR": np.log(1e5)}
"""Beyond it limits of a ratio or a correlation have the digits that each rule's error supports."""

needs_node = pytest.mark.skipif(
    NODE is None, reason="no node on this machine to run the page's arithmetic"
)


class Kind(NamedTuple):
    """A model whose controls are tried.

    Parameters
    ----------
    slope, bias, power, ratio
        Whether it has a moderator, a bias of cohorts, a power of their likelihood, a wider spread
        of their effects by a stated ratio.
    """

    slope: bool = False
    bias: bool = False
    power: bool = False
    ratio: bool = False


KINDS = (
    Kind(), Kind(slope=True), Kind(bias=True), Kind(slope=True, bias=True), Kind(power=True),
    Kind(bias=True, power=True), Kind(slope=True, bias=True, power=True),
    Kind(bias=True, ratio=True),
)  # fmt: skip


class Setting(NamedTuple):
    """One setting of the controls.

    Parameters
    ----------
    prior
        Of tau: family, scale, shape.
    coefficients
        Mean and sd of the prior on each, of the bias 0 for none and None for a flat one.
    power
        Of the cohorts' likelihood.
    kept
        Which studies are in.
    """

    prior: dict
    coefficients: dict
    power: float
    kept: np.ndarray


def _setting(generator, count, kind, size=2.5):
    """Draw one setting: priors of any size, any studies, at least one of each design."""
    family = str(generator.choice(list(FAMILIES)))
    shapes = {"HalfStudentT": float(generator.uniform(2, 9)),
              "LogNormal": float(generator.uniform(0.3, 2))}  # fmt: skip
    prior = {"family": family, "scale": float(10 ** generator.uniform(-1.5, size - 1)),
             "shape": shapes.get(family)}  # fmt: skip
    kept = generator.random(count) < generator.uniform(0.3, 1)
    least = [0, 1] if kind == Kind() else [0, 1, 2, 3, 4]
    kept[generator.permutation(count)[:1] if kind == Kind() else least] = True

    def normal(largest):
        return {
            "mean": float(generator.normal()),
            "sd": float(10 ** generator.uniform(-1, largest)),
        }

    coefficients = {"mu": normal(size)}
    if kind.slope:
        coefficients["beta"] = {**normal(1), "mean": 0.0}
    if kind.bias:
        ends = {} if kind.ratio else {0: 0.0} if kind.power else {0: 0.0, 1: None}
        sd = ends.get(int(generator.integers(5)), normal(2)["sd"])
        coefficients["bias"] = {"mean": 0.0 if sd in (0.0, None) else normal(1)["mean"], "sd": sd}
    power = float(generator.choice([0.05, 0.3, 0.5, 0.77, 1])) if kind.power else 1.0
    return Setting(prior, coefficients, power, kept)


def _asked(measure, kind, setting, benefit, folder):
    """Return the exact posterior under a setting, as a report asks of it."""
    effects = _effects(measure, setting.kept)
    dial = None
    if kind.bias and setting.coefficients["bias"]["sd"] == 0.0:
        designs = effects.studies["design"]
        marks = {label: design != "RCT"
                 for label, design in zip(effects.labels, designs, strict=True)}  # fmt: skip
        dial = Dial(marks, 0.0, 1.0)
    posterior = bm.fit(
        effects, _model(kind, setting, biased=dial is None), engine="exact",
        priors=_priors(setting, biased=dial is None),
        moderators="weeks" if kind.slope else None,
    )  # fmt: skip
    return Asked.of(
        posterior, folder, benefit=benefit, dial=dial,
        minimal_important_difference=DIFFERENCES[measure],
    )  # fmt: skip


def _effects(measure, kept):
    estimates, errors = TABLES[measure]
    k = len(estimates)
    frame = pd.DataFrame({
        "study": [f"Study {place}" for place in range(k)], "estimate": estimates,
        "standard_error": errors,
        "design": [("RCT", "cohort", "RCT", "register")[place % 4] for place in range(k)],
        "weeks": [float(2 + 3 * place % 11) for place in range(k)],
    })[kept]  # fmt: skip
    return bm.effect_sizes(
        bm.read_studies(frame), measure, values={"OR": "log", "ZCOR": "z"}.get(measure)
    )


def _model(kind, setting, *, biased):
    """Return the model of a kind: both parts of cohorts where it has both."""
    model = load_model("meta-regression" if kind.slope else "random-effects")
    if kind.bias and biased:
        spread = {"spread": "ratio", "ratio": "3"} if kind.ratio else {"spread": "common"}
        model = with_choices(load_model("design-bias"), spread)
    if kind.power:
        model = model.with_part("power", "cohorts").with_priors(power=Prior.fixed(setting.power))
    return model


def _priors(setting, *, biased):
    scale, shape = setting.prior["scale"], setting.prior["shape"]
    tau = FAMILIES[setting.prior["family"]].format(
        scale=scale, shape=shape, rate=1 / scale, log=float(np.log(scale))
    )
    said = {name: "flat" if prior["sd"] is None
            else f"Normal(mu={prior['mean']!r}, sigma={prior['sd']!r})"
            for name, prior in setting.coefficients.items()
            if name != "bias" or biased}  # fmt: skip
    return {**said, "tau": tau}


def _printed(asked):
    page, view = asked.page, asked.view
    chances = []
    for name in ("mu", "theta_new"):
        found = tail(view, name, benefit=asked.benefit, beyond=page.difference)
        chances += [digits.probability(found.benefit, found.benefit_error),
                    digits.probability(found.beyond, found.beyond_error)]  # fmt: skip
    effects = page.printer.study_spans(*study_tables(view, interval=page.level, shortest=False))
    slopes = [page.span(name).bracketed() for name in view.coefficients[1:]]
    dialled = "is_cohort" in view.layout.marks or asked.dial is not None
    without = [None] if dialled and "bias" not in view.coefficients else []
    return [
        *(page.span(name).bracketed() for name in ("mu", "theta_new", "tau")),
        None, *slopes, *without, *chances, *(span.bracketed() for span in effects),
    ]  # fmt: skip


def _width(asked):
    """Return how wide the interval of a new study is, on the scale of the estimates."""
    ends = asked.page.table.loc["theta_new"]
    return ends["upper"] - ends["lower"]


def _differences(count, seed, folder):
    generator = np.random.default_rng(seed)
    asked, wanted = [], []
    while len(asked) < count:
        measure = tuple(TABLES)[len(asked) % len(TABLES)]
        kind = KINDS[(len(asked) + len(asked) // len(KINDS)) % len(KINDS)]
        setting = _setting(generator, len(TABLES[measure][0]), kind, SIZES[measure])
        benefit = ("lower", "higher")[len(asked) // 2 % 2]
        found = _asked(measure, kind, setting, benefit, folder)
        if _width(found) > WIDEST[measure]:
            continue
        pooled = [{"mean": 0.0, "sd": 0.0}] if kind.power and not kind.bias else []
        chosen = {
            "prior": setting.prior,
            "coefficients": [*setting.coefficients.values(), *pooled],
            "power": setting.power, "studies": [True] * int(setting.kept.sum()),
        }  # fmt: skip
        asked.append({"data": play_data(found), "chosen": chosen})
        wanted.append(_printed(found))
    return [
        (mine["printed"], theirs, ask["chosen"])
        for mine, theirs, ask in zip(_answered(asked), wanted, asked, strict=True)
        if mine["printed"] != theirs
    ]


def _answered(asked):
    """Return what the page's arithmetic says to a list of settings."""
    run = subprocess.run(
        [NODE, "-e", SCRIPT, str(PAGE)], input=json.dumps(asked), capture_output=True,
        text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    return json.loads(run.stdout)


def _numbers(answer):
    return [*(answer["mu"][name] for name in ("sd", "median", "lower", "upper")), answer["below"]]


@needs_node
def test_the_page_prints_what_the_engine_prints(tmp_path):
    """Random priors and subsets, ratios and differences: the same characters."""
    assert _differences(18, 1, tmp_path) == []


@needs_node
@pytest.mark.slow
def test_the_page_prints_what_the_engine_prints_a_thousand_times(tmp_path):
    """The same for a thousand settings."""
    assert _differences(1000, 2, tmp_path) == []


@needs_node
def test_the_dial_says_what_the_analysis_of_designs_says(tmp_path):
    """Every point of its dials, pooled designs and a flat prior among them, to a millionth."""
    effects = _effects("MD", np.ones(9, dtype=bool))
    priors = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)",
              "bias": "Normal(mu=1, sigma=4)"}  # fmt: skip
    designs = bm.designs(effects, priors=priors, spread="common", points=7)
    model = with_choices(load_model("design-bias"), {"spread": "common"})
    fitted = bm.fit(effects, model, engine="exact", priors=priors)
    data = play_data(Asked.of(fitted, tmp_path, benefit="lower"))
    points = [({"mean": 1.0, "sd": None if np.isinf(row.u) else row.u}, 1.0, row)
              for row in designs.over_bias.itertuples()]  # fmt: skip
    points += [({"mean": 0.0, "sd": 0.0}, row.power, row)
               for row in designs.over_power.itertuples()]  # fmt: skip
    asked = [
        {"data": data, "chosen": {
            "prior": data["prior"], "power": power, "studies": [True] * 9,
            "coefficients": [data["coefficients"][0], bias],
        }} for bias, power, _ in points
    ]  # fmt: skip
    found = [_numbers(answer) for answer in _answered(asked)]
    wanted = [[row.sd, row.median, row.lower, row.upper, row.p_benefit] for _, _, row in points]
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


@needs_node
def test_a_known_bias_moves_the_cohorts_effects_alone(tmp_path):
    """A bias fixed at 2 is one of 0 with cohorts' estimates 2 lower, and their effects 2 higher."""
    effects = _effects("MD", np.ones(9, dtype=bool))
    priors = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)",
              "bias": "Normal(mu=0, sigma=4)"}  # fmt: skip
    fitted = bm.fit(effects, "design-bias", spread="common", engine="exact", priors=priors)
    data = play_data(Asked.of(fitted, tmp_path))
    cohort = np.array([study["cohort"] for study in data["studies"]])
    lower = {**data, "studies": [{**study, "y": study["y"] - 2 * study["cohort"]}
                                 for study in data["studies"]]}  # fmt: skip
    chosen = {"prior": data["prior"], "power": 1.0, "studies": [True] * 9}
    asked = [
        {"data": table, "chosen": {
            **chosen, "coefficients": [data["coefficients"][0], {"mean": mean, "sd": 0.0}],
        }} for table, mean in ((data, 2.0), (lower, 0.0))
    ]  # fmt: skip
    moved, plain = _answered(asked)
    np.testing.assert_allclose(_numbers(moved), _numbers(plain), rtol=1e-9)
    np.testing.assert_allclose(moved["effects"], plain["effects"] + 2 * cohort, rtol=1e-9)


@needs_node
def test_a_correlation_next_to_one_is_told_apart(tmp_path, monkeypatch):
    """Studies far apart: a new one's upper limit of 0.9994 is not 1.00."""
    estimates, errors = TABLES["ZCOR"]
    monkeypatch.setitem(TABLES, "ZCOR", ([3 * each for each in estimates], errors))
    prior = {"family": "HalfNormal", "scale": 2.0, "shape": None}
    mu = {"mean": 0.0, "sd": 3.0}
    found = _asked("ZCOR", Kind(), Setting(prior, {"mu": mu}, 1.0, np.ones(9, dtype=bool)),
                   "higher", tmp_path)  # fmt: skip
    chosen = {"prior": prior, "coefficients": [mu], "power": 1.0, "studies": [True] * 9}
    (mine,) = _answered([{"data": play_data(found), "chosen": chosen}])

    assert any(" to 0.999" in text for text in mine["printed"] if text)
    assert mine["printed"] == _printed(found)


@needs_node
def test_a_spread_that_does_not_exist_is_not_printed_from(tmp_path):
    """One study and a half-Cauchy: no sd of tau or a new study, so the interval says the digits."""
    kept = np.arange(9) == 3
    prior = {"family": "HalfCauchy", "scale": 4.0, "shape": None}
    setting = Setting(prior, {"mu": {"mean": 0.0, "sd": 30.0}}, 1.0, kept)
    found = _asked("MD", Kind(), setting, "lower", tmp_path)
    chosen = {"prior": prior, "coefficients": [{"mean": 0.0, "sd": 30.0}], "power": 1.0,
              "studies": [True]}  # fmt: skip
    (mine,) = _answered([{"data": play_data(found), "chosen": chosen}])
    assert mine["printed"] == _printed(found)
    assert mine["sds"] == [None, None]  # as JSON has infinity
    assert found.page.table["sd"]["theta_new"] == np.inf


REFUSED = {
    "a prior it does not know": ({"tau": "Gamma(alpha=2, beta=1)"}, "Gamma"),
    "a heavy prior": ({"mu": "Cauchy(alpha=0, beta=1)"}, "Cauchy"),
    "no tau": ({"tau": 0.5}, "no tau"),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_the_page_says_why_it_has_no_controls(case, tmp_path):
    """No control rather than another model's numbers, and the reason in a sentence."""
    priors, word = REFUSED[case]
    known = {"mu": "Normal(mu=0, sigma=5)", "tau": "HalfNormal(sigma=1)"}
    effects = _effects("MD", np.ones(9, dtype=bool))
    posterior = bm.fit(effects, priors={**known, **priors}, engine="exact")
    (said,) = playing(Asked.of(posterior, tmp_path)).blocks
    assert said.text.startswith("No controls are offered")
    assert word in said.text


@pytest.mark.parametrize(
    ("model", "roles", "word"),
    [("nested", {"cluster": "design"}, "cluster"), ("probably-biased", {}, "not normal")],
)
def test_the_page_says_which_models_it_does_not_know(model, roles, word, tmp_path):
    """Clusters, a bias that there may be: neither is one normal model in one tau."""
    effects = _effects("MD", np.ones(9, dtype=bool))
    priors = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)"}
    own = {"nested": {"tau_within": "HalfNormal(sigma=3)"},
           "probably-biased": {"bias": "Normal(mu=0, sigma=4)"}}  # fmt: skip
    posterior = bm.fit(effects, model, engine="exact", priors={**priors, **own.get(model, {})},
                       **roles)  # fmt: skip
    (said,) = playing(Asked.of(posterior, tmp_path)).blocks
    assert word in said.text


def test_a_further_spread_of_cohorts_is_said_to_be_left_out(tmp_path):
    """The default model of designs has kappa: the controls take one tau, and say so."""
    priors = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)",
              "bias": "Normal(mu=0, sigma=4)", "kappa": "HalfNormal(sigma=2)"}  # fmt: skip
    posterior = bm.fit(_effects("MD", np.ones(9, dtype=bool)), "design-bias", priors=priors,
                       engine="exact")  # fmt: skip
    chapter = playing(Asked.of(posterior, tmp_path))
    assert "one tau for both" in chapter.blocks[2].text
    assert chapter.blocks[-1].data["dial"]["sd"] == 4.0


TIES = list(product([1.25, 0.125, -2.5, 0.375, 3.5, -0.5, 2.675, 1250.0], [-2, 0, 1, 2]))


@pytest.fixture(scope="module")
def rounded():
    """Return what the page prints of each tie, all by one process."""
    script = (
        "const { fixed } = require(process.argv[1] + '/digits.js');"
        "const asked = JSON.parse(require('fs').readFileSync(0));"
        "console.log(JSON.stringify(asked.map((each) => fixed(...each))));"
    )
    run = subprocess.run(
        [NODE, "-e", script, "--", str(PAGE)], input=json.dumps(TIES), capture_output=True,
        text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    return dict(zip(TIES, json.loads(run.stdout), strict=True))


@needs_node
@pytest.mark.parametrize(("value", "decimals"), TIES)
def test_ties_are_rounded_as_python_rounds_them(value, decimals, rounded):
    """A limit next to a minimal important difference of 1.25 showed the difference."""
    assert rounded[value, decimals] == digits.fixed(value, decimals)
