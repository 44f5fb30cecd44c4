"""A toy on every register that is no slot of a model: named, it acts; nobody keeps another list."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from parts.rayleigh import RAYLEIGH

import bayesmeta as bm
from bayesmeta.analysis import run
from bayesmeta.analysis.artefacts import ARTEFACTS
from bayesmeta.analysis.reporting import write_report
from bayesmeta.analysis.sections import SECTIONS
from bayesmeta.calibration.shapes import SHAPES as SPREADS
from bayesmeta.cli import COMMANDS, app
from bayesmeta.covariance import Diagonal
from bayesmeta.engines import exact, tree
from bayesmeta.engines.drawn import Draws
from bayesmeta.engines.fitting import ENGINES
from bayesmeta.errors import ModelError, PriorError
from bayesmeta.frequentist.estimators import ESTIMATORS
from bayesmeta.frequentist.inference import TESTS
from bayesmeta.frequentist.variance_intervals import VARIANCE_INTERVALS
from bayesmeta.location.shapes import SHAPES, square_root
from bayesmeta.measures.contract import NO_CONTROL, USUAL_ONLY, Effect
from bayesmeta.measures.register import MEASURES
from bayesmeta.plots.register import PLOTS, plot_named
from bayesmeta.priors.register import FAMILIES
from bayesmeta.random_effects import HETEROGENEITY
from bayesmeta.report.chapters import AFTER, BEFORE
from bayesmeta.report.document import Chapter, Words
from bayesmeta.report.rendering import PAGES
from bayesmeta.sampling import SAMPLING, independent
from bayesmeta.studies.formats import delimited
from bayesmeta.studies.formats import register as formats
from bayesmeta.studies.layouts import register as layouts
from bayesmeta.studies.names import register as names
from bayesmeta.summaries.contract import contract
from bayesmeta.summaries.text import text

DATA = Path(__file__).parents[2] / "examples" / "data"
PRIORS = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)"}


def _numbers(table):
    return table.select_dtypes("number").to_numpy(float)


@pytest.fixture
def analysis(tmp_path):
    """Write an analysis file that names what it is told; return its path."""

    def written(**keys):
        told = {
            "studies": str(DATA / "normand1999.csv"),
            "measure": "MD",
            "engine": "exact",
            **keys,
        }
        path = tmp_path / "analysis.toml"
        lines = [f'{name} = "{value}"' for name, value in told.items()]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return written


@pytest.fixture
def rayleigh(monkeypatch):
    """Register a family of priors; return a prior, and the same in a family that there is."""
    monkeypatch.setitem(FAMILIES, "Rayleigh", RAYLEIGH)
    return "Rayleigh(s=8)", f"Weibull(alpha=2, beta={8 * 2**0.5})"


ASKED = {
    "leave_one_out": bm.leave_one_out,
    "prior_sensitivity": bm.prior_sensitivity,
    "compare": bm.compare,
    "explain_gap": bm.explain_gap,
    "power_scaling": bm.power_scaling,
    "prior_data_conflict": bm.prior_data_conflict,
    "informativeness": bm.informativeness,
    "prior_predictive": bm.prior_predictive_table,
    "summary": lambda effects, **asked: bm.summary(bm.fit(effects, engine="exact", **asked)),
}


@pytest.mark.parametrize("verb", ASKED)
def test_a_family_of_priors_is_what_its_functions_say(verb, rayleigh, normand):
    """Every verb has the numbers of the same density under another name."""
    found, expected = (
        _numbers(ASKED[verb](normand, priors={**PRIORS, "tau": prior})) for prior in rayleigh
    )

    assert found == pytest.approx(expected, rel=1e-6, abs=1e-8, nan_ok=True)


def test_nuts_draws_under_a_family_that_pymc_lacks(rayleigh, normand):
    """By the family's graph; where that does not say all it takes, a sentence names the family."""
    import pymc as pm

    priors = {**PRIORS, "tau": rayleigh[0]}
    model = bm.build_model(normand, priors=priors)
    value = pm.logp(model["tau"], 5.0).eval()
    assert value == pytest.approx(np.log(5.0) - 2 * np.log(8.0) - (5 / 8) ** 2 / 2)

    FAMILIES["Rayleigh"] = replace(FAMILIES["Rayleigh"], graph=None)
    with pytest.raises(PriorError, match="PyMC has no Rayleigh"):
        bm.build_model(normand, priors=priors)


def _drawn(assembly, settings):
    """Sample as an engine of somebody else would: draws alone, and nothing said of it."""
    known = exact.sample(assembly, settings)["posterior"]
    coefficients = known["mu"].to_numpy()[..., np.newaxis]
    drawn = Draws(coefficients, {"tau": known["tau"].to_numpy()})
    return tree.build(assembly, drawn, settings=settings)


def _quick(monkeypatch):
    """Leave sections out, and draw no figures: others look at them."""
    for name in SECTIONS:
        monkeypatch.setitem(SECTIONS, name, lambda *_: None)
    for name in [*ARTEFACTS]:
        if name.endswith((".png", ".svg")):
            monkeypatch.setitem(ARTEFACTS, name, lambda _fitted, path: path.write_text("figure"))
    monkeypatch.setattr("bayesmeta.analysis.running.report_of", lambda *_, **__: _Titled())


class _Titled:
    title = "Mine"


def test_an_engine_is_named_and_its_posterior_read_back(monkeypatch, normand, tmp_path, analysis):
    """In the posterior, in JSON, in files, in an analysis; refits name the engines they know."""
    _quick(monkeypatch)
    monkeypatch.setitem(PAGES, ".html", lambda document: document.title.encode())
    monkeypatch.setitem(ENGINES, "toy", _drawn)
    posterior = bm.fit(normand, engine="toy", priors=PRIORS, chains=2, draws=300)
    bm.save_posterior(posterior, tmp_path / "toy.nc")
    again = bm.read_posterior(tmp_path / "toy.nc")
    run(analysis(engine="toy"), output=tmp_path / "answers")

    assert contract(posterior)["engine"] == again.attrs["engine"] == "toy"
    assert contract(posterior)["settings"]["draws"] == 300
    assert "toy" in text(again)
    with pytest.raises(ModelError, match="No engine 'toy' refits; known: exact, nuts"):
        bm.leave_one_out(normand, engine="toy")


def test_a_measure_is_computed_and_carried_through(monkeypatch, tmp_path, analysis):
    """From the table to text, figure, file and classical rows, under its own title."""
    effect = lambda table: Effect(  # noqa: E731
        table["mean_treatment"] - table["mean_control"],
        table["sd_control"] / np.sqrt(table["n_control"]),
    )
    _quick(monkeypatch)
    monkeypatch.setitem(PAGES, ".html", lambda document: document.title.encode())
    monkeypatch.setitem(MEASURES, "TOY", SimpleNamespace(
        code="TOY", title="Toy difference", unit="", ratio=False, effect=effect,
        columns=("mean_treatment", "mean_control", "sd_control", "n_control"),
        other_variances=USUAL_ONLY, control_arm=NO_CONTROL,
    ))  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(DATA / "normand1999.csv"), "TOY")
    posterior = bm.fit(effects, engine="exact")
    run(analysis(measure="TOY"), output=tmp_path / "answers")

    assert effects.standard_error[0] == pytest.approx(64 / 156**0.5)
    assert text(posterior).startswith("Toy difference")
    assert "Toy difference" in (tmp_path / "answers" / "summary.txt").read_text(encoding="utf-8")
    assert bm.compare(effects).attrs["measure"] == "TOY"


def test_a_plot_is_drawn_by_its_name(monkeypatch, normand):
    """With the options that its signature has, and no others."""
    asked = []
    monkeypatch.setitem(
        PLOTS, "toy", lambda _posterior, *, title="": asked.append(title) or Figure()
    )

    assert isinstance(plot_named("toy", bm.fit(normand, engine="exact"), title="Mine"), Figure)
    assert asked == ["Mine"]


def test_a_shape_is_weighed(monkeypatch):
    """Beside no change, with a share of the posterior probability and a graph of its own."""
    square = SimpleNamespace(**{name: getattr(square_root, name) for name in square_root.__all__})
    square.TITLE, square.STATEMENT = "square", "f(w) = mu + change * square"
    square.columns = lambda weeks, observed, _: (
        (weeks**2 - observed.shortest**2) / (observed.longest**2 - observed.shortest**2),
    )
    monkeypatch.setitem(SHAPES, "square", square)
    table = pd.read_csv(DATA / "normand1999.csv")
    table["duration_weeks"] = [2, 4, 6, 8, 12, 16, 24, 36, 52]
    effects = bm.effect_sizes(bm.read_studies(table), "MD")
    found = bm.duration(effects, shapes=["constant", "square"])

    assert found.shapes["shape"].tolist().count("square") == 1
    assert "square" in str(found)
    assert bm.duration_model(effects, shape="square") is not None


def test_an_estimator_and_a_test_have_rows(monkeypatch, normand):
    """In `pool`, in `compare` and in a calibration, without another list."""
    monkeypatch.setitem(ESTIMATORS, "HALF", lambda data: ESTIMATORS["DL"](data) / 2)
    monkeypatch.setitem(TESTS, "wide", lambda dispersion, _spare: TESTS["t"](dispersion, 1))
    rows = bm.compare(normand)["method"].tolist()

    assert bm.pool(normand, method="HALF").tau2 == bm.pool(normand, method="DL").tau2 / 2
    assert bm.pool(normand, test="wide").lower < bm.pool(normand, test="t").lower
    assert {"HALF", "HALF+HKSJ"} <= set(rows)
    calibrated = bm.calibrate(normand, tau=1.0, rows=["HALF"], simulations=5)
    assert calibrated["method"].tolist() == ["HALF"]


def test_a_shape_of_effects_is_simulated(monkeypatch, normand):
    """A calibration draws it; its words say which."""
    monkeypatch.setitem(SPREADS, "none", lambda _generator, size: np.zeros(size))
    found = bm.calibrate(normand, tau=1e6, shape="none", rows=["CE"], simulations=400)

    assert found["coverage"][0] == pytest.approx(0.95, abs=0.05)
    assert "none study effects" in found.attrs["scenario"]


def test_artefact_section_and_page_are_written(monkeypatch, analysis, tmp_path):
    """By an analysis, which asks the registers what there is."""
    note = lambda _fitted, path: path.write_text("toy")  # noqa: E731
    _quick(monkeypatch)
    monkeypatch.setitem(ARTEFACTS, "toy.txt", note)
    monkeypatch.setitem(
        SECTIONS, "toy", lambda _fitted, folder: note(None, folder / "a.txt") and None
    )
    monkeypatch.setitem(PAGES, ".toy", lambda document: document.title.encode())
    folder = tmp_path / "answers"
    run(analysis(title="Mine"), output=folder, report=tmp_path / "mine.toy")

    assert {"toy.txt", "toy/a.txt"} <= {str(path.relative_to(folder)) for path in folder.rglob("*")}
    assert (tmp_path / "mine.toy").read_bytes() == b"Mine"


def test_every_command_is_on_the_command_line():
    """The register is what is offered, in its order."""
    assert [command.name for command in app.registered_commands] == [*COMMANDS]


def test_a_format_and_a_layout_are_tried(monkeypatch, tmp_path):
    """Before those that take anything."""
    shouted = SimpleNamespace(
        title="shouted text", recognises=lambda content: content.startswith(b"SHOUTED"),
        grids=lambda content, *, source: delimited.grids(content[8:].lower(), source=source),
    )  # fmt: skip
    monkeypatch.setattr(formats, "FORMATS", (shouted, *formats.FORMATS))
    path = tmp_path / "table.csv"
    path.write_bytes(b"SHOUTED\nSTUDY,ESTIMATE,STANDARD_ERROR\nA,1,0.5\nB,2,0.5\n")
    seen = []
    spy = SimpleNamespace(recognises=lambda rows: seen.append(rows) and False)
    monkeypatch.setattr(layouts, "LAYOUTS", (spy, *layouts.LAYOUTS))

    assert bm.effect_sizes(bm.read_studies(path), "generic").estimate.tolist() == [1.0, 2.0]
    assert seen


def test_a_sampling_part_may_not_widen_rows(monkeypatch, normand):
    """What reads standard errors would know nothing of it: the part is refused by name."""
    widened = SimpleNamespace(
        ROLES=(), SHOWN_AT={}, WORKING={}, parameters=independent.parameters,
        covariance=lambda _values, rows: Diagonal(4 * rows.standard_error**2),
    )  # fmt: skip
    monkeypatch.setitem(SAMPLING, "widened", widened)
    model = bm.load_model("random-effects").with_part("sampling", "widened")

    with pytest.raises(ModelError, match=r"sampling 'widened'.*is a heterogeneity"):
        bm.fit(normand, model, engine="exact")


def test_a_heterogeneity_may_not_call_a_third_of_its_spread_the_spread(monkeypatch, model, normand):
    """I-squared is made of it: three times tau is no part whose SPREAD is tau."""
    path = model("heterogeneity", "wide")
    HETEROGENEITY["wide"].SPREAD = "tau"

    with pytest.raises(ModelError, match=r"heterogeneity 'wide'.*at 2 their variance is 36"):
        bm.fit(normand, path, engine="exact")


@pytest.mark.parametrize("slot", ["heterogeneity", "sampling", "likelihood", "bias", "power"])
def test_a_part_is_asked_and_never_its_name(slot, monkeypatch, normand):
    """Under another name each usual part gives every number that it gave under its own."""
    from bayesmeta.assembly.parts import REGISTERS

    usual = bm.load_model("random-effects")
    part = usual.parts[slot]
    monkeypatch.setitem(REGISTERS[slot], "other", REGISTERS[slot][part])
    named = usual.with_part(slot, "other")

    for verb in ("summary", "compare", "explain_gap", "leave_one_out", "power_scaling"):
        found, expected = (
            _numbers(ASKED[verb](normand, model=model, priors=PRIORS)) for model in (named, usual)
        )
        assert np.array_equal(found, expected, equal_nan=True), verb


@pytest.mark.parametrize(
    ("shelf", "slot"),
    [("design-bias", "bias"), ("probably-biased", "bias"), ("power-prior", "power")],
    ids=["design-bias", "probably-biased", "power-prior"],
)
def test_a_bias_and_a_power_are_asked_and_never_their_names(shelf, slot, monkeypatch):
    """Under another name each gives every number: a fit, its text, a duration."""
    from bayesmeta.assembly.parts import REGISTERS

    table = bm.read_studies(DATA / "rtms_SIMULATED.csv")
    effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    usual = bm.load_model(shelf)
    monkeypatch.setitem(REGISTERS[slot], "other", REGISTERS[slot][usual.parts[slot]])
    roles = {} if slot == "power" else {"spread": "common"}

    texts, curves = [], []
    for model in (usual.with_part(slot, "other"), usual):
        texts.append(str(text(bm.fit(effects, model, engine="exact", **roles))))
        found = bm.duration(effects, model=model, shapes=["constant", "linear"], **roles)
        curves.append(_numbers(found.curve))
    assert texts[0] == texts[1]
    assert np.array_equal(*curves, equal_nan=True)


def test_an_interval_of_a_variance_is_that_of_the_register(monkeypatch, normand):
    """What `pool` and `compare` print of tau."""
    monkeypatch.setitem(VARIANCE_INTERVALS, "Q-profile", lambda _data, level: (level, 4.0))
    found = bm.pool(normand)

    assert (found.tau2_lower, found.tau2_upper) == (0.95, 4.0)
    rows = bm.compare(normand).set_index("method")
    assert rows.loc["REML", "tau_upper"] == 2.0


def test_a_programs_names_of_columns_are_read(monkeypatch):
    """Of a program that nobody knew, whose words are strong."""
    assert "wirkung" not in names.STRONG  # the others' names are known by now
    toy = SimpleNamespace(STRONG={"wirkung": "estimate", "streuung": "standard_error"}, WEAK={})
    monkeypatch.setattr(names, "PROGRAMS", (*names.PROGRAMS, toy))
    frame = pd.DataFrame({"study": list("ab"), "Wirkung": [1.0, 2.0], "Streuung": [0.5, 0.5]})

    assert bm.effect_sizes(bm.read_studies(frame), "generic").estimate.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("register", [BEFORE, AFTER], ids=["before", "after"])
def test_a_chapter_is_in_every_report(register, monkeypatch, normand, tmp_path):
    """As a page and as text, with its title among the contents."""
    chapter = Chapter("toy", "A chapter of a toy", (Words("Said by a toy."),))
    monkeypatch.setitem(register, "toy", lambda _asked: chapter)
    posterior = bm.fit(normand, priors=PRIORS, engine="exact")

    for name in ("report.md", "report.html"):
        said = write_report(posterior, tmp_path / name).read_text(encoding="utf-8")
        assert said.count("A chapter of a toy") >= 1
        assert "Said by a toy." in said
