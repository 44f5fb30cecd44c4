"""Figures, text, JSON and the command."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import bayesmeta.cli.sensitivity as command
from bayesmeta.cli.door import with_door
from bayesmeta.plots.cumulative import plot_cumulative
from bayesmeta.plots.leave_one_out import plot_leave_one_out
from bayesmeta.plots.power_scaling import plot_power_scaling
from bayesmeta.plots.prior_map import plot_prior_map
from bayesmeta.plots.tipping import plot_tipping
from bayesmeta.sensitivity.contract import contract
from bayesmeta.sensitivity.examination import examine
from bayesmeta.sensitivity.text import text


@pytest.fixture(scope="module")
def found(normand):
    """Return everything that is asked of Normand."""
    return examine(normand, cumulative_by="precision")


def _line(axes, name):
    return next(line for line in axes.lines if line.get_gid() == name)


def test_the_leave_one_out_figure_shows_the_table(found):
    """Squares at the estimates, top to bottom in the table's order."""
    table = found.tables["leave_one_out"]
    axes = plot_leave_one_out(table).axes[0]

    assert _line(axes, "estimates").get_xdata() == pytest.approx(table["estimate"].to_numpy())


def test_the_leave_one_out_figure_has_the_numbers_and_those_of_all_data(found):
    """Median and interval of each row as the table has them, the diamond from end to end."""
    table = found.tables["leave_one_out"]
    figure = plot_leave_one_out(table)

    written = " ".join(text.get_text().replace("\N{MINUS SIGN}", "-") for text in figure.texts)
    numbers = [*table[["estimate", "lower", "upper"]].to_numpy(),
               [table.attrs[name] for name in ("estimate", "lower", "upper")]]  # fmt: skip
    assert all("{:.1f} [{:.1f}, {:.1f}]".format(*row) in written for row in numbers)
    diamond = next(patch for patch in figure.axes[0].patches if patch.get_gid() == "with all data")
    ends = [table.attrs["lower"], table.attrs["upper"]]
    assert sorted(set(diamond.get_xy()[:, 0]))[::2] == pytest.approx(ends)


def test_the_cumulative_figure_shows_the_table(found):
    """Squares at the estimates."""
    table = found.tables["cumulative"]
    axes = plot_cumulative(table).axes[0]

    assert _line(axes, "estimates").get_xdata() == pytest.approx(table["estimate"].to_numpy())


def test_the_power_scaling_figure_shows_the_table(found):
    """Bars as long as the sensitivities."""
    table = found.tables["power_scaling"]
    axes = plot_power_scaling(table).axes[0]

    widths = [patch.get_width() for patch in axes.patches if patch.get_gid() == "prior"]
    assert widths == pytest.approx(table["prior"].to_list())


def test_the_map_marks_the_named_priors(found):
    """A mark at the scale and SD of each."""
    figure = plot_prior_map(found.prior_map)

    mark = _line(figure.axes[0], "half-normal 0.25 uisd")
    assert float(mark.get_xdata()[0]) == pytest.approx(26.0266 / 4, rel=1e-4)


def test_the_tipping_figure_marks_where_thresholds_are_crossed(found, normand):
    """P(mu < 0) = 0.9 is crossed by the SD of mu's prior at the tipping point."""
    axes = plot_tipping(found.tables["tipping_curve"], thresholds=(0.9,)).axes[0]
    point = found.tables["tipping_points"].loc[("mu", "P(mu < 0) = 0.9"), "narrower"]

    assert float(_line(axes, "tips").get_xdata()[0]) == pytest.approx(point, rel=5e-3)


def test_the_text_has_every_part(found):
    """From the conclusion's stability to the cumulative analysis."""
    said = text(found)

    heads = (
        "Own priors",
        "Named priors",
        "Tipping points",
        "Power-scaling",
        "Leave one out",
        "Cumulative",
    )
    assert all(head in said for head in heads)


def test_the_json_has_no_nan(found):
    """What is not a finite number is null."""
    said = json.dumps(contract(found), allow_nan=False)

    assert np.shape(json.loads(said)["prior_map"]["p_benefit"]) == (2, 50, 50)


def test_the_command_writes_every_table_and_figure(tmp_path):
    """A CSV a table, a PNG and an SVG a figure."""
    import typer

    app = typer.Typer()
    app.command()(with_door(command.sensitivity))
    folder = tmp_path / "out"
    words = ["examples/data/normand1999.csv", "--measure", "MD", "--output", str(folder)]

    result = CliRunner().invoke(app, words)

    assert result.exit_code == 0, result.output
    names = {path.name for path in folder.iterdir()}
    assert {"prior_sensitivity.csv", "prior_map.csv", "prior_map.png", "leave_one_out.svg"} <= names
    assert CliRunner().invoke(app, words).exit_code != 0


def test_a_common_effect_analysis_says_what_is_missing(normand):
    """There is no map without tau, and the notes say so."""
    found = examine(normand, "common-effect")

    assert found.prior_map is None
    assert any("common-effect" in note for note in found.notes)
