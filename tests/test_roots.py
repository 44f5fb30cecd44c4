"""Root finding: one contract for every search."""

from pathlib import Path

import numpy as np
import pytest

from bayesmeta import roots
from bayesmeta.errors import SearchError
from bayesmeta.roots import Bracket, Trial, grown, halve, newton, smallest, solve

TARGETS = np.array([1e-300, 1e-12, 0.5, 3.0, 1e12])
ENDS = Bracket(np.zeros(5), np.array([1e-290, 1.0, 1.0, 10.0, 1e30]))


def _line(x, chosen):
    return Trial(x - TARGETS[chosen], np.ones(x.size), 0.0)


def test_newton_finds_roots_of_every_size():
    """X - r rises through 0 at r."""
    found = newton(_line, ENDS, ENDS.high / 2, what="roots")

    assert found == pytest.approx(TARGETS, rel=1e-15)


def test_newton_goes_on_from_steps_that_leave_the_bracket():
    """From 5, Newton's method on arctan(x - 1) flies off for ever; the root is 1."""

    def flat(x, _):
        return Trial(np.arctan(x - 1), 1 / (1 + (x - 1) ** 2), 1e-9)

    found = newton(
        flat, Bracket(np.full(1, -50.0), np.full(1, 60.0)), np.full(1, 5.0), what="roots"
    )

    assert found == pytest.approx([1.0], abs=1e-12)


def test_newton_does_not_go_to_and_fro():
    """With half the slope each step goes to the other side, hardly nearer: halving ends that."""

    def crossing(x, _):
        return Trial(x, np.full(x.size, 0.5 + 1e-9), 1e-9)

    found = newton(crossing, Bracket(np.full(1, -1.0), np.full(1, 2.0)), np.full(1, 0.7), what="x")

    assert found == pytest.approx([0.0], abs=1e-8)


@pytest.mark.parametrize(("shift", "end"), [(-1.0, 0.0), (2.0, 1.0)])
def test_a_root_outside_is_the_end_next_to_it(shift, end):
    """Below the bracket its lower end, above it its upper; Newton's method stays where it is."""
    bracket, start = Bracket(np.zeros(1), np.ones(1)), np.full(1, end)

    by_slope = newton(lambda x, _: Trial(x - shift, np.ones(1), 1e-9), bracket, start, what="roots")
    without = solve(lambda x: x - shift, bracket)

    assert [by_slope[0], without[0]] == [end, end]


def test_what_is_no_number_is_an_error():
    """A search that meets NaN says what it looked for."""
    bracket = Bracket(np.zeros(2), np.ones(2))

    with pytest.raises(SearchError, match="2 quantiles were not found in 1 steps"):
        newton(
            lambda x, _: Trial(np.full(2, np.nan), x, 0.0), bracket, bracket.high, what="quantiles"
        )


def test_a_search_that_does_not_end_is_an_error(monkeypatch):
    """Three steps do not bring a jump's bracket down to rounding."""
    monkeypatch.setattr(roots, "_STEPS", 3)
    bracket = Bracket(np.zeros(1), np.ones(1))

    with pytest.raises(SearchError, match="1 roots were not found in 3 steps"):
        solve(lambda x: np.where(x > 0.3, 1.0, -1.0), bracket, close=0.0)


def test_a_jump_is_found_to_the_rounding_of_its_bracket():
    """No step can be smaller than the numbers there: the search ends beside it."""
    bracket = Bracket(np.zeros(1), np.ones(1))

    found = solve(lambda x: np.where(x > 0.3, 1.0, -1.0), bracket, close=0.0)

    assert abs(found[0] - 0.3) <= 8 * np.finfo(float).eps


def test_points_that_never_pass_are_an_error():
    """Nothing is above infinity."""
    with pytest.raises(SearchError, match="points beyond a root"):
        grown(lambda x: x > np.inf, np.ones(1), 2.0)


def test_halving_ends_at_neighbouring_doubles():
    """The square root of two is between two doubles; the answer is one of them."""
    found = halve(lambda x: x * x > 2.0, Bracket(np.zeros(1), np.full(1, 2.0)))

    assert abs(found[0] - np.sqrt(2.0)) <= np.spacing(1.5)


@pytest.mark.parametrize("edge", [-1e300, -3.0, -1e-310, 0.0, 1e-310, 7.0, 1e300])
def test_the_smallest_double_is_found_to_the_last_bit(edge):
    """On the whole line, subnormal numbers included."""
    assert smallest(lambda x: x >= edge, (1,))[0] == edge


def test_crossings_are_found_from_either_side():
    """A bracket may run downwards; values at its ends are not asked for twice."""
    asked = []

    def falling(x):
        asked.append(x[0])
        return np.log(x / 3.0) * -1

    found = solve(falling, Bracket(np.full(1, 9.0), np.full(1, 1.0)), close=1e-13,
                  at=(np.full(1, -np.log(3.0)), np.full(1, np.log(3.0))))  # fmt: skip

    assert found == pytest.approx([3.0], abs=1e-12)
    assert not {9.0, 1.0} & set(asked)


def test_no_other_file_walks_towards_a_root():
    """What halves or steps until it has a root stands in roots.py alone."""
    walking = [
        str(path) for path in Path("bayesmeta").rglob("*.py")
        if path.name != "roots.py" and "low, high = np.where" in path.read_text()
    ]  # fmt: skip

    assert walking == []
