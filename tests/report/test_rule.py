"""The page's own arithmetic prints what the exact engine prints, to every digit."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.report.asked import Asked
from bayesmeta.report.chapters.playing import play_data
from bayesmeta.summaries import digits
from bayesmeta.summaries.tails import tail

NODE = shutil.which("node")
PAGE = Path("bayesmeta/report/page").resolve()
SCRIPT = """
global.digits = require(process.argv[1] + "/digits.js");
global.rule = require(process.argv[1] + "/rule.js");
global.document = { querySelectorAll: () => [] };
const panel = require(process.argv[1] + "/panel.js");
const asked = JSON.parse(require("fs").readFileSync(0));
const said = (text) => `${text.point} [${text.lower} to ${text.upper}]`;
console.log(JSON.stringify(asked.map(({ data, chosen }) => {
  const found = panel.answers(data, chosen);
  return [said(found.mu.text), said(found.fresh.text), said(found.tau.text),
    ...found.probabilities.flatMap((each) => [each.benefit, each.beyond]),
    ...found.effects.map((each) => said(each.text))];
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
}  # fmt: skip
"""Estimates near Normand's (days) and the BCG trials' (log odds ratios), standard errors beside."""

WIDEST = np.log(1e8)
"""Beyond it a lower limit of a ratio has the digits that each rule's own error supports."""

needs_node = pytest.mark.skipif(
    NODE is None, reason="no node on this machine to run the page's arithmetic"
)


def _setting(generator, count):
    """Draw one setting of the controls: priors of any size, any studies."""
    family = str(generator.choice(list(FAMILIES)))
    shape = {
        "HalfStudentT": float(generator.uniform(2, 9)),
        "LogNormal": float(generator.uniform(0.3, 2)),
    }
    kept = generator.random(count) < generator.uniform(0.3, 1)
    kept[generator.integers(count)] = True
    return {
        "family": family,
        "scale": float(10 ** generator.uniform(-1.5, 1.5)),
        "shape": shape.get(family),
        "mean": float(generator.normal()),
        "sd": float(10 ** generator.uniform(-1, 2.5)),
    }, kept


def _asked(measure, setting, kept, benefit, folder):
    """Return the analysis that the engine makes of a setting."""
    estimates, errors = (np.array(each, float)[kept] for each in TABLES[measure])
    frame = pd.DataFrame({"study": [f"s{n}" for n in np.flatnonzero(kept)],
                          "estimate": estimates, "standard_error": errors})  # fmt: skip
    effects = bm.effect_sizes(
        bm.read_studies(frame), measure, values="log" if measure == "OR" else None
    )
    written = FAMILIES[setting["family"]].format(
        scale=setting["scale"], shape=setting["shape"], rate=1 / setting["scale"],
        log=float(np.log(setting["scale"])),
    )  # fmt: skip
    priors = {"mu": f"Normal(mu={setting['mean']!r}, sigma={setting['sd']!r})", "tau": written}
    posterior = bm.fit(effects, priors=priors, engine="exact")
    return Asked.of(
        posterior, folder, benefit=benefit,
        minimal_important_difference=1.25 if measure == "OR" else 2.0,
    )  # fmt: skip


def _printed(asked):
    page, view = asked.page, asked.view
    chances = []
    for name in ("mu", "theta_new"):
        found = tail(view, name, benefit=asked.benefit, beyond=page.difference)
        chances += [digits.probability(found.benefit, found.benefit_error),
                    digits.probability(found.beyond, found.beyond_error)]  # fmt: skip
    from bayesmeta.summaries.studies import study_tables

    effects = page.printer.study_spans(*study_tables(view, interval=page.level, shortest=False))
    return [page.span(name).bracketed() for name in ("mu", "theta_new", "tau")] + chances + [
        span.bracketed() for span in effects
    ]  # fmt: skip


def _width(asked):
    """Return how wide the interval of a new study's log ratio is."""
    ends = asked.page.table.loc["theta_new"]
    return ends["upper"] - ends["lower"]


def _differences(count, seed, folder):
    generator = np.random.default_rng(seed)
    asked, wanted = [], []
    while len(asked) < count:
        measure = ("MD", "OR")[len(asked) % 2]
        setting, kept = _setting(generator, len(TABLES[measure][0]))
        benefit = ("lower", "higher")[len(asked) // 2 % 2]
        found = _asked(measure, setting, kept, benefit, folder)
        if measure == "OR" and _width(found) > WIDEST:
            continue
        chosen = {"prior": setting, "bias": 0, "studies": [True] * int(kept.sum())}
        asked.append({"data": play_data(found), "chosen": chosen})
        wanted.append(_printed(found))
    run = subprocess.run(
        [NODE, "-e", SCRIPT, str(PAGE)], input=json.dumps(asked), capture_output=True,
        text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    return [
        (mine, theirs, ask["chosen"])
        for mine, theirs, ask in zip(json.loads(run.stdout), wanted, asked, strict=True)
        if mine != theirs
    ]


@needs_node
def test_the_page_prints_what_the_engine_prints(tmp_path):
    """Random priors and subsets, ratios and differences: the same characters."""
    assert _differences(24, 1, tmp_path) == []


@needs_node
@pytest.mark.slow
def test_the_page_prints_what_the_engine_prints_a_thousand_times(tmp_path):
    """The same for a thousand settings."""
    assert _differences(1000, 2, tmp_path) == []


def test_the_page_has_no_controls_for_models_it_does_not_know(tmp_path):
    """Moderators, priors of other families: no control rather than another model's numbers."""
    frame = pd.DataFrame({"study": list("abcd"), "estimate": [1.0, 2, 3, 5],
                          "standard_error": [1.0] * 4, "weeks": [1.0, 2, 3, 4]})  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(frame), "MD")
    priors = {"mu": "Normal(mu=0, sigma=5)", "tau": "HalfNormal(sigma=1)"}
    weeks = bm.fit(effects, moderators="weeks", engine="exact",
                   priors={**priors, "beta": "Normal(mu=0, sigma=1)"})  # fmt: skip
    other = bm.fit(effects, engine="exact", priors={**priors, "tau": "Gamma(alpha=2, beta=1)"})
    assert [play_data(Asked.of(each, tmp_path)) for each in (weeks, other)] == [None, None]


@needs_node
@pytest.mark.parametrize("value", [1.25, 0.125, -2.5, 0.375, 3.5, -0.5, 2.675, 1250.0])
@pytest.mark.parametrize("decimals", [-2, 0, 1, 2])
def test_ties_are_rounded_as_python_rounds_them(value, decimals):
    """A limit next to a minimal important difference of 1.25 showed the difference."""
    script = (
        "console.log(require(process.argv[1] + '/digits.js')"
        ".fixed(+process.argv[2], +process.argv[3]))"
    )
    run = subprocess.run(
        [NODE, "-e", script, "--", str(PAGE), str(value), str(decimals)],
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert run.stdout.strip() == digits.fixed(value, decimals)
