"""One posterior, one number: whatever a run prints twice is the same string twice."""

from itertools import pairwise

import pytest

EVERY = ["normand1999", *(pytest.param(name, marks=pytest.mark.slow)
                          for name in ("bangertdrowns2004", "rtms_simulated"))]  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
def test_every_number_that_is_printed_twice_is_the_same_twice(name, pages):
    """In texts, tables, figures and the JSON, for the analysis' own posterior and for others."""
    for outcome in pages(name):
        twice = {label: said for label, said in outcome.said.items() if len(said) > 1}
        apart = {label: said for label, said in twice.items() if len(set(said.values())) > 1}

        assert not apart
        assert len(twice) >= 75  # nothing is the same where nothing is found


@pytest.mark.parametrize("name", EVERY)
def test_the_pooled_effect_is_found_wherever_it_stands(name, pages):
    """Headline, table, JSON, forest, comparison with its figure, gap with its figure, priors."""
    for outcome in pages(name):
        assert len(outcome.said["mu upper"]) == 9
        assert len(outcome.said["tau median"]) >= 7


def test_the_numbers_of_normand_are_these(pages):
    """The interval holds 0 and says so; P is below 0.975 and says so.

    By adaptive quadrature over tau of the closed form given it, with another program: median
    -14.588992, limits -29.614166 and 0.028281, P(mu < 0) 0.974799.
    """
    (outcome,) = pages("normand1999")
    labels = ("mu median", "mu lower", "mu upper", "P(mu < 0)")
    shown = [set(outcome.said[label].values()) for label in labels]

    assert shown == [{"−14.6"}, {"−29.6"}, {"0.028"}, {"0.9748"}]  # noqa: RUF001


@pytest.mark.parametrize("name", EVERY)
def test_a_gap_is_that_of_its_printed_ends_with_a_digit_more(name, pages, span):
    """A change of the estimate differs from that of the printed estimates by rounding alone."""
    for outcome in pages(name):
        drawn = outcome.drawn("comparison/gap.svg")
        points = [span.fullmatch(text)[1] for text in drawn if span.fullmatch(text)]
        changes = [drawn[at + 1] for at, text in enumerate(drawn) if span.fullmatch(text)][1:]
        decimals = len(points[0].partition(".")[2])
        for (before, after), change in zip(pairwise(points), changes, strict=True):
            values = [float(text.replace("−", "-")) for text in (before, after, change)]  # noqa: RUF001

            assert len(change.partition(".")[2]) == decimals + 1
            assert abs(values[1] - values[0] - values[2]) <= 1.06 * 10.0**-decimals


@pytest.mark.parametrize("name", [
    pytest.param("rtms_simulated", marks=pytest.mark.slow), "normand1999",
])  # fmt: skip
def test_every_page_and_figure_names_its_outcome_once(name, pages):
    """Where the title has the outcome it is not said again, and where not it is added."""
    for outcome in pages(name):
        called = outcome.results["outcome"] or "stroke care"
        for path in outcome.folder.rglob("*.svg"):
            drawn = outcome.drawn(path.relative_to(outcome.folder))
            assert called in " ".join(drawn), path
            assert f"{called}: {called}" not in " ".join(drawn), path
        for path in outcome.folder.rglob("*.txt"):
            first = path.read_text(encoding="utf-8").splitlines()[0]
            assert first.count(called) == 1 or path.name == "SIMULATED.txt", path
