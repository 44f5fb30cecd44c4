"""The answer at assumed within-study correlations."""

import json

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.analysis.sections import SECTIONS
from bayesmeta.cli import main
from bayesmeta.errors import AnalysisError, ModelError
from bayesmeta.sensitivity.strip_words import strip_grid, strip_text

PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=0.5)"}
CORRELATIONS = [0.0, 0.3, 0.5, 0.7, 0.9]


@pytest.fixture
def stripped(frame, sized):
    """Return a function that makes the strip of a model of the small table."""

    def strip(model="correlated", priors=PRIORS, **asked):
        roles = {"trial": "cluster"} if model == "correlated" else {}
        return bm.correlation_strip(sized(frame()), model, priors=priors, **roles, **asked)

    return strip


def test_each_line_is_a_fit_at_that_correlation(stripped, frame, solved):
    """The table of five fixed correlations and the integral is that of six fits."""
    strip = stripped()
    for value, label in [*((value, f"{value:g}") for value in CORRELATIONS), (None, "integrated")]:
        priors = PRIORS if value is None else {**PRIORS, "rho_within": value}
        numbers, _ = solved(frame(), "correlated", priors=priors, trial="cluster")
        own = strip.loc[[label]].set_index("quantity")
        expected = numbers.loc[["mu", "tau"], ["median", "q025", "q975", "sd"]]
        np.testing.assert_allclose(own[["estimate", "lower", "upper", "sd"]], expected, rtol=1e-9)

    known = strip["rho_within"][strip["quantity"] == "mu"].tolist()
    assert known[:-1] == CORRELATIONS
    assert np.isnan(known[-1])


def test_no_correlation_is_independence(stripped, frame, solved):
    """The first line is the random effects of single rows."""
    alone = frame().assign(study=lambda rows: [f"row {row}" for row in rows.index])
    numbers, _ = solved(alone, "random-effects", priors=PRIORS)

    own = stripped().loc[["0"]].set_index("quantity")

    np.testing.assert_allclose(own["estimate"], numbers.loc[["mu", "tau"], "median"], rtol=1e-9)


def test_a_quantity_has_as_many_decimals_at_every_correlation(stripped):
    """Where sds differ by ten between rows, those of the finest row are printed of all."""
    strip = stripped()
    strip.loc[strip.index == "0.9", "sd"] /= 10

    cells = [line[1].split(" ")[0] for line in strip_grid(strip).rows]

    assert {len(cell.partition(".")[2]) for cell in cells} == {3}


def test_an_assumed_correlation_is_a_line_of_its_own(stripped):
    """Beside it the answer that integrates over the model's default prior, the same as without."""
    assumed = stripped(priors={**PRIORS, "rho_within": 0.6})
    usual = stripped()

    assert assumed.index.unique().tolist() == [
        "0", "0.3", "0.5", "0.6 assumed", "0.7", "0.9", "integrated"
    ]  # fmt: skip
    pd.testing.assert_frame_equal(assumed.loc[["integrated"]], usual.loc[["integrated"]])
    assert stripped(priors={**PRIORS, "rho_within": 0.5}).index.unique()[2] == "0.5 assumed"


def test_every_outcome_has_its_effect_and_its_spread(sized):
    """Two outcomes, everything but the correlation within fixed or plain."""
    rows = pd.DataFrame(
        {"study": list("aabbc"), "outcome": list("xyxyx"), "estimate": [0.5, 0.3, 0.1, 0.2, 0.4],
         "variance": [0.04, 0.05, 0.03, 0.06, 0.05]}
    )  # fmt: skip
    priors = {**PRIORS, "tau[y]": 0.4, "rho_between": 0.3, "rho_within": 0.5}

    strip = bm.correlation_strip(sized(rows), "several-outcomes", priors=priors)

    assert strip["quantity"].unique().tolist() == ["mu[x]", "mu[y]", "tau[x]"]


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        ("random-effects", {}),
        ("nested", {"cluster": "cluster"}),
        ("correlated", {"trial": "cluster", "covariance": "v1i v2i v3i"}),
    ],
)
def test_a_model_without_such_a_correlation_says_so(frame, sized, model, asked):
    """Independent rows, and a covariance that is known."""
    rows = frame()
    place = rows.groupby("cluster").cumcount()
    own = {f"v{k + 1}i": np.where(place == k, rows["variance"], 0.0) for k in range(3)}
    priors = {**PRIORS, "tau_within": 0.2} if model == "nested" else PRIORS

    with pytest.raises(ModelError, match=f"Model {model} has no correlation"):
        bm.correlation_strip(sized(rows.assign(**own)), model, priors=priors, **asked)


def test_an_interval_that_is_none(stripped):
    """95 is no probability."""
    with pytest.raises(AnalysisError, match="The interval is 95"):
        stripped(interval=95)


def test_the_text_has_a_line_a_correlation(stripped):
    """Medians and intervals as the table has them, and why they are shown."""
    strip = stripped()
    lines = strip_text(strip).splitlines()
    middle = strip[strip["quantity"] == "mu"].loc["0.5"]

    assert [line.split()[0] for line in lines[2:8]] == ["0", "0.3", "0.5", "0.7", "0.9",
                                                        "integrated"]  # fmt: skip
    assert f"{middle['estimate']:.2f} [{middle['lower']:.2f} to {middle['upper']:.2f}]" in lines[4]
    assert "Uniform(lower=-0.5, upper=1)" in " ".join(" ".join(lines[8:]).split())


def test_ratios_are_shown_as_ratios(frame, sized):
    """The mean of a log odds ratio of 0.4 stands as about 1.5, tau as it is."""
    rows = frame().rename(columns={"estimate": "log_or"})
    effects = bm.effect_sizes(
        bm.read_studies(rows, columns={"estimate": "log_or"}), "OR", repeated=True, values="log"
    )
    strip = bm.correlation_strip(effects, "correlated", priors=PRIORS, trial="cluster")
    zero = strip[strip["quantity"] == "mu"].loc["0"]

    (line,) = [line for line in strip_text(strip).splitlines() if line.startswith("0 ")]
    assert f" {np.exp(zero['estimate']):.2f} [" in line


@pytest.fixture
def table(frame, tmp_path):
    """Return a file of the small table."""
    path = tmp_path / "rows.csv"
    frame().to_csv(path, index=False)
    return path


def test_fit_shows_it_always(table, stripped, capsys):
    """On the command line, in text and in JSON, of the default priors and others."""
    command = ["fit", str(table), "--measure", "MD", "--model", "correlated", "--trial", "cluster",
               "--engine", "exact", "--prior", "mu=Normal(mu=0, sigma=2)",
               "--prior", "tau=HalfNormal(sigma=0.5)"]  # fmt: skip
    said = []
    for more in ([], ["--json"]):
        with pytest.raises(SystemExit):
            main([*command, *more])
        said.append(capsys.readouterr().out)

    strip = stripped()
    rows = json.loads(said[1])["correlation_strip"]["rows"]
    assert strip_text(strip).splitlines()[3] in said[0]
    assert [row["row"] for row in rows] == strip.index.tolist()
    np.testing.assert_allclose([row["estimate"] for row in rows], strip["estimate"], rtol=1e-9)


def _note(fitted, folder):
    """Stand for a section whose tables and figures have tests of their own."""
    (folder / "note.txt").write_text(fitted.plan.title, encoding="utf-8")


def test_a_run_has_a_folder_of_it(table, monkeypatch):
    """A text, a table and a figure; a model without it has no such folder."""
    for section in SECTIONS.keys() - {"correlation"}:
        monkeypatch.setitem(SECTIONS, section, _note)
    head = f'studies = "{table.name}"\nmeasure = "MD"\nengine = "exact"\ndpi = 40\n'
    correlated = 'model = "correlated"\ntrial = "cluster"\n'
    priors = f"priors = {{ {', '.join(f'{name} = "{said}"' for name, said in PRIORS.items())} }}\n"
    (table.parent / "rows.toml").write_text(head + correlated + priors, encoding="utf-8")

    (result,) = bm.run(table.parent / "rows.toml", output=table.parent / "results")

    own = sorted(path.name for path in result.files if path.parent.name == "correlation")
    found = json.loads((table.parent / "results" / "results.json").read_text(encoding="utf-8"))
    assert own == ["correlation.csv", "correlation.png", "correlation.svg", "correlation.txt"]
    assert len(found["correlation_strip"]["rows"]) == 12


def test_the_figure_has_an_interval_a_correlation(stripped):
    """Named by the correlation; the integrated one is filled."""
    figure = bm.plot_correlation_strip(stripped())
    words = [text.get_text() for text in figure.texts]

    assert [word for word in words if word in ("0", "0.3", "0.5", "0.7", "0.9", "integrated")]
    assert "rho_within" in " ".join(words)


def test_the_figure_of_something_else(frame):
    """The message has what is drawn there."""
    with pytest.raises(AnalysisError, match=r"bayesmeta\.correlation_strip is drawn here"):
        bm.plot_correlation_strip(frame())
