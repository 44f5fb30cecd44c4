"""Laws of the axis."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesmeta.plots.lettering import Letters
from bayesmeta.plots.scale import Range, effect_range, linear_ticks, ratio_ticks
from bayesmeta.summaries import digits

LETTERS = Letters(8.5)
LOWS = st.floats(-1e6, 1e6)
WIDTHS = st.floats(1e-3, 1e6)


@given(low=LOWS, width=WIDTHS)
def test_ticks_are_few_and_inside(low, width):
    """Between two and eight labels, each within the axis."""
    span = Range(low, low + width)
    ticks = linear_ticks(span)

    assert 2 <= len(ticks.positions) <= 8
    assert all(span.low - 1e-9 * width <= x <= span.high + 1e-9 * width for x in ticks.positions)


@given(low=st.floats(-100, 100), width=st.floats(0.01, 100))
def test_a_label_reads_as_its_position(low, width):
    """What a tick says is where it stands."""
    ticks = linear_ticks(Range(low, low + width))

    assert [digits.read(label) for label in ticks.labels] == pytest.approx(
        ticks.positions, abs=1e-6 * width
    )


@given(low=st.floats(-8, 4), width=st.floats(0.8, 12))
def test_a_ratio_label_is_the_ratio_of_its_position(low, width):
    """The label is exp of the position."""
    ticks = ratio_ticks(Range(low, low + width))

    assert [digits.read(label) for label in ticks.labels] == pytest.approx(np.exp(ticks.positions))


@given(low=st.floats(-8, 4), width=st.floats(0.05, 12))
def test_a_ratio_axis_has_at_least_two_labels(low, width):
    """One label alone does not make a scale."""
    assert 2 <= len(ratio_ticks(Range(low, low + width)).labels) <= 9


@given(core=st.lists(st.floats(-100, 100), min_size=1), ends=st.lists(st.floats(-1e9, 1e9)))
def test_the_core_is_always_on_the_axis(core, ends):
    """However wide an interval, every estimate is seen."""
    span = effect_range(core, ends)

    assert span.low <= min(core)
    assert span.high >= max(core)
    assert span.high - span.low <= 2.2 * max(
        np.ptp(core), np.ptp([*core, *ends]), 1.0, abs(core[0])
    )


@given(text=st.text(st.characters(codec="ascii", categories=["L", "N", "Zs"]), max_size=120))
def test_wrapped_text_fits_its_room(text):
    """No line is wider than asked, and there are no more lines than asked."""
    room = 1.2
    lines = LETTERS.wrapped(text, room, most=2)

    assert len(lines) <= 2
    assert all(LETTERS.width(line) <= room for line in lines)


@given(text=st.text(st.characters(codec="latin-1", exclude_categories=["C"]), max_size=60))
def test_a_line_is_as_wide_as_matplotlib_draws_it(text):
    """Words and the spaces between them, measured apart, are as wide as the line as a whole."""
    from matplotlib.textpath import text_to_path

    whole = text_to_path.get_text_width_height_descent(text, LETTERS.font, ismath=False)[0]

    assert LETTERS.width(text) == pytest.approx(whole / 72, abs=1e-9)
