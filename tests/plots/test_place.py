"""Every figure in the place of axes in someone else's figure."""

import inspect

import pytest
from matplotlib.figure import Figure
from plots import cases as register
from plots import figures as shown

import bayesmeta as bm
from bayesmeta.errors import OutputError
from bayesmeta.plots.place import extent, inches, part
from bayesmeta.plots.register import PLOTS

PLOTTING = sorted(name for name in bm.__all__ if name.startswith("plot_"))


@pytest.mark.parametrize("name", [*PLOTTING, *PLOTS])
def test_every_plot_takes_axes(name):
    """By name, and needs none: those of the package, and those of the command line."""
    plot = getattr(bm, name) if name in PLOTTING else PLOTS[name]

    axes = inspect.signature(plot).parameters["axes"]
    assert (axes.kind, axes.default) == (inspect.Parameter.KEYWORD_ONLY, None)


@pytest.fixture(scope="module")
def halves(normand_effects, exact):
    """Return a page on whose left half a composed figure stands, and on whose right a panel."""
    page = Figure(figsize=(16, 6))
    left = page.add_axes((0.0, 0.0, 0.6, 1.0))
    right = page.add_axes((0.65, 0.2, 0.3, 0.6))
    drawn = [bm.plot_leave_one_out(bm.leave_one_out(normand_effects), axes=left),
             bm.plot_funnel(exact, axes=right)]  # fmt: skip
    return page, drawn


def test_the_figure_given_back_is_that_of_the_axes(halves):
    """Of a composed figure as of a single panel."""
    page, drawn = halves

    assert all(figure is page for figure in drawn)


def test_a_composed_figure_stays_in_its_place(halves):
    """All its words lie left of 0.6 of the page, and no word of the page lies on another."""
    page, _ = halves
    own = {text.get_text() for text in page.subfigs[0].texts}
    found = [(said, box) for said, box in register.boxes(page) if said in own]

    assert register.misplaced(page) == ([], [])
    assert max(box.x1 for _, box in found) <= 0.6 * 1600
    assert "[95 % interval]" in {said for said, _ in found}


def test_a_composed_figure_has_the_panels_of_one_of_its_own(halves, normand_effects):
    """In inches: two panels of the same sizes, and the same number of words."""
    page, _ = halves
    own = bm.plot_leave_one_out(bm.leave_one_out(normand_effects))
    there = page.subfigs[0]
    panels = [axes for axes in page.axes if axes.get_figure() is there]

    for one, other in zip(panels, own.axes, strict=True):
        assert extent(one) == pytest.approx(extent(other))
    assert len(there.texts) == len(own.texts)


def test_inches_of_a_part_start_at_its_corner():
    """Of a page at 72 pixels an inch: a part that starts at 2 inches from the left, 1 up."""
    page = Figure(figsize=(4, 3), dpi=72)
    where = part(page.add_axes((0.5, 0.0, 0.5, 1.0)), 2.0, 2.0)

    assert inches(where).transform((0.0, 0.0)) == pytest.approx([144, 72])
    assert inches(where).transform((1.0, 1.0)) == pytest.approx([216, 144])


def test_axes_that_are_too_small_are_refused(exact):
    """The message says how large they must be."""
    page = Figure(figsize=(4, 3))

    with pytest.raises(OutputError, match=r"axes are 4\.00 by 3\.00 inches; .* needs \d+\.\d\d by"):
        bm.plot_forest(exact, axes=page.add_axes((0, 0, 1, 1)))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in shown.FIGURES if shown.answers(name, "six")])
def test_every_figure_finds_its_place_in_axes(name):
    """It is drawn in them, whatever its kind, and no word of a composed one leaves the page."""
    effects = register.CASES["six"]()
    page = Figure(figsize=(40, 20))
    axes = page.add_axes((0.1, 0.1, 0.6, 0.8))

    assert shown.FIGURES[name](effects, bm.fit(effects, engine="exact"), axes=axes) is page
    assert register.misplaced(page) == ([], [])
