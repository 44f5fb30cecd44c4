"""What every page of a run says, by kind: units, priors, nothing causal, numbers that agree."""

import re

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm

CAUSAL = ("causes", "because of treatment", "leads to", "improves", "reduces", "thanks to",
          "due to", "explains")  # fmt: skip


def arms(k):
    """Return trials of points on a scale."""
    return pd.DataFrame({
        "study": [f"S{i}" for i in range(k)], "n_treatment": 30,
        "mean_treatment": 8 + np.round(np.sin(np.arange(k)), 1), "sd_treatment": 4.0,
        "n_control": 30, "mean_control": 10.0, "sd_control": 4.0,
        "duration_weeks": np.linspace(2, 12, k),
    })  # fmt: skip


RARE = pd.DataFrame({
    "study": list("abcdef"), "events_treatment": [0, 1, 2, 0, 1, 3],
    "n_treatment": [50, 60, 100, 40, 80, 120], "events_control": [1, 3, 5, 2, 0, 7],
    "n_control": [50, 60, 100, 42, 79, 118],
})  # fmt: skip
CORRELATIONS = pd.DataFrame({"study": list("abcdefg"), "n": [40, 60, 100, 55, 80, 30, 120],
                             "correlation": [0.2, 0.35, 0.5, 0.1, 0.42, 0.6, 0.3]})  # fmt: skip
WALKED = {
    "one": (arms(1), "MD", "points"), "two": (arms(2), "MD", "points"),
    "three": (arms(3), "MD", "points"), "rare": (RARE, "OR", "log odds ratio"),
    "correlations": (CORRELATIONS, "ZCOR", "Fisher's z"),
}  # fmt: skip
EVERY = ["normand1999", *(pytest.param(name, marks=pytest.mark.slow) for name in WALKED)]


@pytest.fixture(scope="module")
def walked(pages, tmp_path_factory):
    """Return a function from a name to the unit and the text pages of its run, by their names."""
    known = {}

    def folder(name):
        table, measure, unit = WALKED[name]
        place = tmp_path_factory.mktemp(name)
        table.to_csv(place / "table.csv", index=False)
        own = f'unit = "{unit}"' if measure == "MD" else ""
        (place / "run.toml").write_text(
            f'title = "A table"\nstudies = "table.csv"\nmeasure = "{measure}"\n{own}\n'
            'engine = "exact"\nbenefit = "lower"\ndpi = 40\n', encoding="utf-8",
        )  # fmt: skip
        bm.run(place / "run.toml", output=place / "results")
        return place / "results", unit

    def ask(name):
        if name not in known:
            place, unit = folder(name) if name in WALKED else (pages(name)[0].folder, "days")
            known[name] = unit, {
                path.name: " ".join(path.read_text(encoding="utf-8").split())
                for path in place.rglob("*.txt") if path.name != "not-done.txt"
            }  # fmt: skip
        return known[name]

    return ask


@pytest.mark.parametrize("name", EVERY)
def test_priors_stand_on_every_page(name, walked):
    """Resolved, with the unit that they are in."""
    unit, said = walked(name)

    assert {"summary.txt", "comparison.txt", "sensitivity.txt"} <= set(said)
    for page in said.values():
        assert re.search(r"\bmu ~ Normal\(mu=0, sigma=[\d.]+\)", page)
        assert re.search(r"\btau ~ Half\w+\(\w+=[\d.]+\)", page)
        assert unit in page


@pytest.mark.parametrize("name", EVERY)
def test_no_page_is_causal(name, walked):
    """Nothing is said to do anything to anybody."""
    _, said = walked(name)

    assert not [(page, word) for page, text in said.items() for word in CAUSAL
                if re.search(rf"\b{word}\b", text, re.IGNORECASE)]  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
def test_counts_and_bounds_are_said_as_people_say_them(name, walked):
    """One study is no "1 studies", above 0.999 no "= >0.999", and no text shows nan."""
    _, said = walked(name)

    wrong = re.compile(r"\b1 (studies|durations|estimates)\b|= [<>]|\bnan\b")

    assert not [page for page, text in said.items() if wrong.search(text)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "event"), [("rare", "P(OR < 1)"), ("correlations", "P(r < 0)")])
def test_ratios_and_correlations_are_read_as_such_on_every_page(name, event, walked):
    """The event is of the ratio or the correlation; mu below 0 stands nowhere."""
    _, said = walked(name)

    assert all(event in page for page in said.values())
    assert not [page for page, text in said.items() if "P(mu" in text]
