"""Whatever an analysis or model file holds: an analysis, or one message."""

import random
import warnings
from pathlib import Path

import pytest

import bayesmeta as bm
from bayesmeta.analysis import read_analysis
from bayesmeta.analysis.artefacts import priors_of
from bayesmeta.catalogue import shelf
from bayesmeta.errors import BayesmetaError

TABLE = """study,estimate,standard_error,n
A,-1.0,0.4,40
B,-2.5,0.5,50
C,0.3,0.6,30
D,0.4,0.5,70
"""
ANALYSIS = """title = "T"
studies = "table.csv"
measure = "MD"
engine = "exact"
seed = 3
draws = 10
interval = 0.9
benefit = "lower"
missing = "drop"
moderators = "n"
minimal_important_difference = 0.5
[columns]
study = "study"
[priors]
tau = "HalfNormal(sigma=1)"
mu = {distribution = "Normal", mu = 0, sigma = 1}
beta = "Normal(mu=0, sigma=1)"
"""
MODEL = (shelf() / "random-effects.toml").read_text(encoding="utf-8")
VALUES = (
    '""', "3", "-1", "0", "1e400", "nan", "inf", "true", "[]", "[[1]]", "{}", "{a = 1}", '"x"',
    '"a\\u0000b"', "2020-01-01", "12:00:00", "0x" + "f" * 5000, "1" + "0" * 400, '"flat"',
    '"' + "x" * 3000 + '"', "[" * 600, "{a=" * 600, '[1, "a"]', '"HalfNormal(sigma=5"', '"nuts"',
    '{distribution = "HalfNormal"}', '{distribution = "Normal", mu = {distribution = "x"}}',
    "{distribution = 3}", '{distribution = "HalfNormal", sigma = 1, unit = [1]}', '"I(x)"', '"MD"',
)  # fmt: skip
LINES = ("x = 1", "[x]", "[[outcomes]]", '[[outcomes]]\nname = "a"', "a" + ".a" * 3000 + " = 1",
         "priors = 3", "outcomes = 3", "\x7f", "\N{COMBINING RING ABOVE}", "=", '"')  # fmt: skip


def _cut(text, generator):
    start = generator.randrange(len(text))
    return text[:start] + text[start + generator.randrange(1, 30) :]


def _put(text, generator):
    place = generator.randrange(len(text))
    return (
        text[:place] + generator.choice(["'", '"', "[", "{", "\t", "\0", "\ufeff"]) + text[place:]
    )


def _line(text, generator):
    lines = text.split("\n")
    lines.insert(generator.randrange(len(lines)), generator.choice([*LINES, *lines]))
    return "\n".join(lines)


def _without(text, generator):
    lines = text.split("\n")
    del lines[generator.randrange(len(lines))]
    return "\n".join(lines)


def _value(text, generator):
    lines = text.split("\n")
    row = generator.choice([row for row, line in enumerate(lines) if "=" in line])
    lines[row] = f"{lines[row].split('=')[0]}= {generator.choice(VALUES)}"
    return "\n".join(lines)


CHANGES = (_cut, _put, _line, _without, _value, _value, _value)


def changed(text, seed):
    generator = random.Random(seed)  # noqa: S311  (no secret)
    for _ in range(generator.choice([1, 1, 2])):
        text = generator.choice(CHANGES)(text, generator)
    return text


def analysed(path, *, fit):
    for plan in read_analysis(path).plans:
        priors = priors_of(plan)
        if fit:
            studies = bm.read_studies(path.parent / "table.csv")
            effects = bm.effect_sizes(
                studies, plan.measure, outcome=plan.name, missing=plan.missing
            )
            bm.text(
                bm.fit(effects, plan.model, moderators=plan.moderators, priors=priors, draws=10,
                       engine="exact", missing=plan.missing, form=plan.settings.form,
                       seed=plan.settings.seed),
                interval=plan.interval, shortest=plan.shortest, benefit=plan.benefit,
            )  # fmt: skip


def modelled(path, *, fit):
    model = bm.load_model(path)
    if fit:
        effects = bm.effect_sizes(bm.read_studies(path.parent / "table.csv"), "MD")
        bm.text(bm.fit(effects, model, engine="exact", draws=10))


KINDS = {"analysis": (ANALYSIS, analysed), "model": (MODEL, modelled)}


@pytest.fixture
def answers(tmp_path):
    """Return how many of the changed files of a kind work, and how many are refused."""
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")

    def count(kind, seeds, *, fit):
        text, use = KINDS[kind]
        found = [answer(tmp_path, changed(text, seed), use, fit=fit) for seed in seeds]
        return sum(found), len(found) - sum(found)

    return count


def answer(folder, text, use, *, fit):
    """Return whether a file could be used; anything but a BayesmetaError is raised."""
    path = Path(folder) / "file.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            use(path, fit=fit)
        except BayesmetaError:
            return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_file_is_read_or_refused(kind, answers):
    """Lines lost, doubled, put in; values of other kinds, sizes and depths."""
    works, refused = answers(kind, range(150), fit=False)

    assert works > 5
    assert refused > 50


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_file_that_is_read_can_be_fitted_or_is_refused(kind, answers):
    """What the reader lets through has an answer, or one message from a later room."""
    works, refused = answers(kind, range(600), fit=True)

    assert works > 20
    assert refused > 200
