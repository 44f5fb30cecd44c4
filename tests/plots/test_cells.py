"""Numbers of a forest plot's column stand below one another by their decimal points."""

import pytest

from bayesmeta.plots.cells import parts_of, placed, point_of, slots_of, width_of
from bayesmeta.plots.ink import BODY, STRONG

CELLS = [("−19 [−20.5, 3]", BODY), ("−2.1 [−4.25, 0.0040]", BODY), ("−53.5 [−61.6, −46]", STRONG),  # noqa: RUF001
         ("6 [1, 12]", BODY), ("", BODY), ("12/140", BODY)]  # fmt: skip


def _points(cells, place):
    """Return how far left of the column's edge the decimal point of a part of each cell stands."""
    slots, found = slots_of(cells), []
    for text, letters in cells:
        parts = placed((text, letters), slots)
        if len(parts) > place:
            said, end = parts[place]
            found.append(
                end + letters.width(said[point_of(said) :] or " ") * bool(said[point_of(said) :])
            )
    return found


@pytest.mark.parametrize("place", [0, 1, 2])
def test_decimal_points_stand_below_one_another(place):
    """Of points and of both limits, in plain and in strong letters, with and without decimals."""
    found = _points(CELLS, place)

    assert len(found) >= 4
    assert found == pytest.approx([found[0]] * len(found))


def test_no_part_overlaps_the_next():
    """Each part ends before the next one begins."""
    slots = slots_of(CELLS)
    for text, letters in CELLS:
        parts = placed((text, letters), slots)
        ends = [part.before_end for part in parts]
        starts = [part.before_end + letters.width(part.text) for part in parts]
        assert all(start < end for start, end in zip(starts[1:], ends, strict=False))


def test_the_widest_cell_fits_the_column():
    """No part begins left of the column, none ends right of it."""
    slots = slots_of(CELLS)
    width = width_of(slots)

    for text, letters in CELLS:
        for part in placed((text, letters), slots):
            assert part.before_end >= -1e-9
            assert part.before_end + letters.width(part.text) <= width + 1e-9


@pytest.mark.parametrize(("text", "parts"), [("n/a", ["n/a"]), ("83.9 %", ["83.9 %"]),
                                             ("1 [2, 3]", ["1", "[2,", "3]"])])  # fmt: skip
def test_a_span_has_three_parts_and_all_else_one(text, parts):
    """What has no interval is aligned as a whole."""
    assert parts_of(text) == parts
