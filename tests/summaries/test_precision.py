"""Laws of how many digits are printed."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bayesmeta.summaries import digits
from bayesmeta.summaries.precision import Kind, Precision

SDS = st.floats(1e-4, 5e3)
PLACES = st.floats(-5, 5)
ERRORS = st.floats(1e-12, 1e3)


def normal(sd, mean=0.0, **choices):
    """Return the precision of a normal posterior, its interval at two standard deviations."""
    return Precision.of(sd=sd, lower=mean - 2 * sd, upper=mean + 2 * sd, median=mean, **choices)


@given(sd=SDS)
def test_the_last_digit_printed_is_the_second_of_the_sd(sd):
    """One unit of it is a tenth to a hundredth of the sd; no more than a whole from 100 on."""
    unit = 10.0 ** -normal(sd).places

    assert 0.0099999 < unit / sd <= 0.1000001 or (sd >= 100 and unit <= sd)


@given(sd=SDS, at=PLACES)
def test_what_is_printed_is_the_value_rounded(sd, at):
    """A limit is within half a unit of its last digit, however many it has."""
    value = at * sd
    shown = normal(sd).limit(value)
    assume("e" not in shown)
    decimals = len(shown.partition(".")[2])

    assert abs(digits.read(shown) - value) <= 0.5000001 * 10.0**-decimals


@given(sd=SDS, share=st.floats(-0.2, 0.2), mark=st.sampled_from([0.0, -3.0, 0.25]))
def test_no_limit_is_printed_as_a_mark_that_it_is_not(sd, share, mark):
    """Next to no effect or to a minimal important difference there are digits that tell."""
    value = mark + share * sd
    assume(abs(value - mark) > 1e-6 * sd)

    assert digits.read(normal(sd, marks=(0.0, mark)).limit(value)) != mark


@given(sd=SDS, mark=st.sampled_from([0.0, -3.0, 0.25]))
def test_a_limit_at_its_mark_is_printed_as_it(sd, mark):
    """What is 0 prints as 0: no digits of rounding."""
    assert digits.read(normal(sd, marks=(mark,)).limit(mark)) == pytest.approx(mark, abs=sd / 10)
    assert normal(sd, marks=(0.0,)).limit(1e-13 * sd).strip("0.") == ""


@given(sd=SDS, at=PLACES, error=ERRORS)
def test_no_digit_is_printed_that_the_error_does_not_support(sd, at, error):
    """The error is at most two units of the last digit, whatever the limit is near."""
    shown = normal(sd).limit(at * sd, error)
    assume("e" not in shown)
    decimals = len(shown.partition(".")[2])

    assert decimals == 0 or error <= 2.00001 * 10.0**-decimals


@given(sd=SDS, ends=st.tuples(PLACES, PLACES), errors=st.tuples(ERRORS, ERRORS))
def test_both_ends_of_an_interval_have_the_same_decimals(sd, ends, errors):
    """The ends stand side by side, so they are rounded alike, but for one next to a mark."""
    lower, upper = (end * sd for end in sorted(ends))
    assume(upper > lower)
    found = Precision.of(sd=sd, lower=lower, upper=upper, errors=errors, marks=())
    span = found.span([0.5 * (lower + upper), lower, upper], [0.0, *errors])
    assume("e" not in span.lower + span.upper)

    assert len(span.lower.partition(".")[2]) == len(span.upper.partition(".")[2])


@given(sd=SDS, at=PLACES, error=ERRORS)
def test_a_point_has_no_decimals_that_its_interval_lacks(sd, at, error):
    """A median known better than its interval does not show it."""
    found = normal(sd, at * sd, errors=(error, error), marks=())
    span = found.span([at * sd, (at - 2) * sd, (at + 2) * sd], [0.0, error, error])
    assume("e" not in "".join(span))

    assert len(span.point.partition(".")[2]) <= len(span.lower.partition(".")[2])


@given(sd=st.floats(0.01, 1.0), log=st.floats(-4, 4))
def test_a_ratio_shows_two_digits_of_its_own_sd(sd, log):
    """The sd of exp(x) is exp(x) times that of x."""
    shown = normal(sd, log, kind=Kind.RATIO).number(log)
    unit = 10.0 ** -len(shown.partition(".")[2])

    assert digits.read(shown) == pytest.approx(math.exp(log), abs=0.5000001 * unit)
    assert unit <= 0.1000001 * math.exp(log) * sd or unit == 1


@given(sd=st.floats(0.1, 1.0), log=st.floats(-6, -2))
def test_a_small_ratio_is_not_rounded_away(sd, log):
    """Around 1 the lower limit of a wide interval is 0.06, not 0.1: two digits of its own."""
    shown = normal(sd, kind=Kind.RATIO).limit(log)

    assert digits.read(shown) == pytest.approx(math.exp(log), rel=0.0500001)


@given(fraction=st.floats(0.0001, 0.9999), sd=st.floats(1e-5, 0.3))
def test_a_fraction_is_in_per_cent_and_none_is_printed_as_all(fraction, sd):
    """Neither 0 % nor 100 % is printed of a limit between them."""
    shown = normal(sd, kind=Kind.PER_CENT, marks=(0.0, 1.0)).limit(fraction)

    assert shown.endswith(" %")
    assert 0 < digits.read(shown.removesuffix(" %")) < 100


def test_where_the_sd_is_infinite_the_interval_tells_the_digits():
    """A new study's effect under a heavy-tailed prior: no variance, an interval of 4 units."""
    heavy = Precision.of(sd=math.inf, lower=-2.0, upper=2.0)
    huge = Precision.of(sd=900.0, lower=-2.0, upper=2.0)

    assert [heavy.places, huge.places] == [1, 1]


def test_one_digit_more_is_one_digit_more():
    """Differences between printed numbers carry it."""
    mu = normal(7.5)

    assert [mu.number(-5.431), mu.finer().number(-5.431)] == ["−5.4", "−5.43"]  # noqa: RUF001


@given(
    threshold=st.sampled_from([*digits.THRESHOLDS, *(1 - t for t in digits.THRESHOLDS)]),
    away=st.floats(-0.02, 0.02),
)
def test_no_probability_is_printed_as_a_threshold_that_it_is_not(threshold, away):
    """0.97480 against 0.975: no conclusion, and the digits say so."""
    assume(abs(away) > 1e-7)

    shown = digits.probability(threshold + away)
    assert float(shown.strip("<>")) != pytest.approx(threshold, abs=1e-12)


def test_a_threshold_of_ones_own_counts():
    """An analysis that concludes at 0.98 has digits there."""
    assert digits.probability(0.97993) == "0.980"
    assert digits.probability(0.97993, thresholds=(0.98,)) == "0.9799"


def test_draws_cannot_tell_what_their_error_hides():
    """A Monte Carlo error of 0.004 leaves two decimals: 0.97, and nothing finer."""
    assert digits.probability(0.97484, 0.004) == "0.97"
