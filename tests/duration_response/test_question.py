"""What is asked when nothing is said, and what a difference means."""

import dataclasses

import numpy as np
import pytest

from bayesmeta.duration_response import duration
from bayesmeta.duration_response.question import threshold, usual_weeks
from bayesmeta.location.shapes import Observed


@pytest.mark.parametrize(("benefit", "sign"), [("lower", -1), ("higher", 1)])
@pytest.mark.parametrize("ratio", [0.8, 1.25])
def test_a_ratio_and_its_inverse_are_one_difference(ratio, benefit, sign, twelve):
    """For odds ratios 0.8 and 1.25 are both log(1.25) from no effect, on the side of benefit."""
    effects = dataclasses.replace(twelve(), measure="OR")
    found = threshold(effects, benefit=benefit, difference=ratio)

    assert found == pytest.approx(sign * np.log(1.25))


@pytest.mark.parametrize(("benefit", "sign"), [("lower", -1), ("higher", 1)])
def test_a_difference_is_in_the_unit(benefit, sign, twelve):
    """Of any measure that is no ratio."""
    assert threshold(twelve(), benefit=benefit, difference=0.8) == sign * 0.8


@pytest.mark.parametrize("longest", [3.0, 12.0, 60.0, 150.0])
def test_usual_weeks_are_few_and_spread_over_the_observed(longest):
    """Eight at most, both ends among them, no neighbour more than four times the other."""
    weeks = usual_weeks(Observed((0.5, longest)))

    assert len(weeks) <= 8
    assert weeks[0] == 0.5
    assert weeks[-1] == longest
    assert (weeks[1:] / weeks[:-1] <= 4).all()


def test_two_to_eight_weeks_are_compared_where_the_studies_reach_so_far(twelve, priors):
    """After the whole range; not where the studies begin later."""
    options = {"shapes": ["linear"], "priors": priors}
    here = duration(twelve(), **options).changes
    later = duration(twelve(days=2.0), **options).changes

    assert here[["from", "to"]].to_numpy().tolist() == [[2, 12], [2, 8]]
    assert later[["from", "to"]].to_numpy().tolist() == [[4, 24]]


def test_the_whole_range_is_compared_first_whatever_is_asked(twelve, priors):
    """`p_longer_is_better` is of the longest against the shortest."""
    found = duration(twelve(), shapes=["constant", "linear", "step"], priors=priors,
                     changes=[(4, 6)])  # fmt: skip

    assert found.changes[["from", "to"]].to_numpy().tolist() == [[2, 12], [4, 6]]
    assert found.p_longer_is_better == found.changes["p_better"][0]
    assert found.changes["p_better"][0] > found.changes["p_better"][1]


def test_the_sufficient_duration_suffices_itself(twelve, priors):
    """At the answer P(beyond) is as high at least, for the mean effect and for a new study's."""
    options = {"shapes": ["constant", "linear", "step"], "priors": priors, "sufficient": 0.8,
               "minimal_important_difference": 0.5}  # fmt: skip
    found = duration(twelve(), **options)
    both = [found.sufficient.weeks, found.sufficient_new.weeks]
    there = duration(twelve(), weeks=both, **options).predictions

    assert both[0] < both[1]
    assert there["p_beyond"][0] >= 0.8
    assert there["new_p_beyond"][1] >= 0.8
    assert there["p_beyond"].max() <= found.sufficient.exists
