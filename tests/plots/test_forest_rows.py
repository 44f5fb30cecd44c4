"""Rows that a forest plot has beside studies: groups, subtotals, classical, judgements, curves."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import bayesmeta as bm
from bayesmeta.errors import OutputError, PosteriorError, StudiesError
from bayesmeta.summaries.density_rows import density_rows
from bayesmeta.summaries.raindrops import curves_over, raindrops

FRAME = {
    "study": ["Ash", "Birch", "Cedar", "Elm", "Fir", "Gum"],
    "yi": [-0.6, -0.2, -0.5, 0.1, -0.4, 0.2], "sei": [0.2, 0.15, 0.3, 0.2, 0.25, 0.2],
    "design": ["RCT", "RCT", "cohort", "cohort", "RCT", "cohort"],
    "year": [2001, 1990, 1995, 2010, 1985, 2005], "dose": [0.5, 10, 7.25, None, 3, 12],
    "place": ["Oslo", "Rome", "", "Kyoto", "Lima", "Turin"],
    "rob_random_allocation": ["L", "low", "+", "H", "?", ""],
    "rob_missing_data": ["some concerns", "S", "high", "-", "critical", "unclear"],
}  # fmt: skip
PRIORS = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}


@pytest.fixture(scope="module")
def effects():
    """Return six ready-made differences with columns to show, group and judge by."""
    return bm.effect_sizes(bm.read_studies(pd.DataFrame(FRAME)), "MD", unit="days")


@pytest.fixture(scope="module")
def posterior(effects):
    """Return their exact posterior."""
    return bm.fit(effects, priors=PRIORS, engine="exact")


@pytest.fixture(scope="module")
def plain(posterior):
    """Return their forest plot without further choices."""
    return bm.plot_forest(posterior)


def _marks(figure, gid):
    return [each for each in figure.axes[0].get_children() if each.get_gid() == gid]


def _words(figure):
    """Return every text at the left edge, from the top down."""
    left = [text for text in figure.texts if abs(text.get_position()[0] - 0.2) < 1e-9]
    return [text.get_text() for text in sorted(left, key=lambda text: -text.get_position()[1])]


def _ends(polygon):
    corners = polygon.get_xy()[:, 0]
    return [corners.min(), corners.max()]


def test_studies_stand_below_their_group_and_above_its_mean(effects, posterior):
    """Heads, studies in the order asked for, means, then the pooled effect."""
    figure = bm.plot_forest(posterior, effects=effects, subgroups="design", order="year")
    said = [text for text in _words(figure) if not text[0].islower() or text == "cohort"]

    assert said[1:12] == [
        "Study", "RCT", "Fir", "Birch", "Ash", "Mean of 3 studies", "cohort", "Cedar", "Gum",
        "Elm", "Mean of 3 studies",
    ]  # fmt: skip


@pytest.mark.parametrize("tau", ["common", "own"])
def test_subtotals_are_the_answer_on_subgroups(effects, posterior, tau):
    """Diamond and bar from end to end of the intervals that the analysis of subgroups gives."""
    figure = bm.plot_forest(posterior, effects=effects, subgroups="design", subgroups_tau=tau)
    known = bm.subgroups(effects, column="design", tau=tau, priors=PRIORS).groups

    drawn = [_ends(each) for each in _marks(figure, "subtotal")]
    bars = [[bar.get_x(), bar.get_x() + bar.get_width()]
            for bar in _marks(figure, "new study of a subgroup")]  # fmt: skip
    np.testing.assert_allclose(drawn, known[["lower", "upper"]])
    span = figure.axes[0].get_xlim()
    np.testing.assert_allclose(bars, np.clip(known[["new_lower", "new_upper"]], *span))


def test_a_subgroup_needs_no_table_where_the_posterior_stores_its_column(effects):
    """A moderator's column is in the posterior: the same subtotals without the table."""
    priors = PRIORS | {"beta": "Normal(mu=0, sigma=1)"}
    fitted = bm.fit(effects, moderators="C(design)", priors=priors, engine="exact")
    alone = bm.plot_forest(fitted, subgroups="design")
    beside = bm.plot_forest(fitted, subgroups="design", effects=effects)

    found = [[_ends(each) for each in _marks(figure, "subtotal")] for figure in (alone, beside)]
    np.testing.assert_allclose(*found)


def test_levels_of_tau_have_heads_with_their_tau(effects):
    """A posterior of tau-by-level divides its studies by itself; a new study stands in each."""
    model = bm.load_model("tau-by-level").with_roles(level="design")
    fitted = bm.fit(effects, model, engine="exact", priors=PRIORS)
    figure = bm.plot_forest(fitted, classical=True)
    said = _words(figure)

    assert said.index("RCT") < said.index("Ash") < said.index("New study (prediction): RCT")
    assert said.index("cohort") > said.index("New study (prediction): RCT")
    assert [len(_marks(figure, gid)) for gid in ("new study", "classical", "pooled")] == [2, 1, 1]
    assert any(text.get_text() == "tau, days" for text in figure.texts)


def test_the_classical_row_is_the_fit_of_that_name(effects, posterior):
    """The open diamond ends where Knapp and Hartung's interval does, below the filled one."""
    figure = bm.plot_forest(posterior, classical=True)
    fit = bm.pool(effects, method="REML", test="knha")

    (diamond,), (pooled,) = _marks(figure, "classical"), _marks(figure, "pooled")
    np.testing.assert_allclose(_ends(diamond), [fit.lower[0], fit.upper[0]])
    assert diamond.get_xy()[0, 1] < pooled.get_xy()[0, 1]
    assert any("restricted maximum likelihood, Hartung-Knapp" in text.get_text()
               for text in figure.texts)  # fmt: skip


def test_no_classical_row_stands_unless_asked_for(plain):
    """One diamond is what a reader looks for."""
    assert not _marks(plain, "classical")


@pytest.mark.parametrize("name", ["REMl", "REML+KH", ""])
def test_a_classical_row_that_there_is_not_is_refused(posterior, name):
    """With those there are; nothing is nothing."""
    if not name:
        assert not _marks(bm.plot_forest(posterior, classical=name), "classical")
        return
    with pytest.raises(PosteriorError, match=r"No classical row .*such as REML\+HKSJ"):
        bm.plot_forest(posterior, classical=name)


def test_a_classical_row_of_one_study_has_no_interval():
    """The point alone, in text and mark."""
    frame = {"study": ["Ash"], "yi": [-0.5], "sei": [0.25]}
    one = bm.effect_sizes(bm.read_studies(pd.DataFrame(frame)), "MD")
    figure = bm.plot_forest(bm.fit(one, priors=PRIORS, engine="exact"), classical=True)

    (mark,) = _marks(figure, "classical")
    assert float(mark.get_xdata()[0]) == -0.5
    assert "-0.50".replace("-", "\N{MINUS SIGN}") in [text.get_text() for text in figure.texts]


def test_homogeneity_is_told_with_its_p_value(plain):
    """Q = sum of w (y - ybar)^2 by hand, with five degrees of freedom."""
    y, w = np.array(FRAME["yi"]), np.array(FRAME["sei"]) ** -2.0
    q = float((w * (y - (w @ y) / w.sum()) ** 2).sum())
    said = " ".join(text.get_text() for text in plain.texts)

    assert f"Cochran's Q {q:.2f}, 5 degrees of freedom" in said


def test_judgements_are_discs_with_signs(effects, posterior):
    """However a cell says it; an empty one has none."""
    figure = bm.plot_forest(posterior, effects=effects)
    discs = [each.get_gid() for each in figure.get_children()
             if str(each.get_gid()).startswith("risk ")]  # fmt: skip

    assert sorted(discs) == sorted(
        f"risk {sign}" for sign in ("L", "L", "L", "H", "?", "S", "S", "H", "H", "C", "?")
    )
    said = " ".join(text.get_text() for text in figure.texts)
    assert "Risk of bias: A random allocation; B missing data." in said


def test_what_is_no_judgement_is_refused():
    """With the file, the row and the cell."""
    wrong = pd.DataFrame(FRAME).assign(rob_missing_data=["L", "L", "green", "L", "L", "L"])
    other = bm.effect_sizes(bm.read_studies(wrong), "MD")
    fitted = bm.fit(other, priors=PRIORS, engine="exact")

    with pytest.raises(StudiesError, match=r"'Cedar': rob_missing_data is 'green', which is no"):
        bm.plot_forest(fitted, effects=other)


def test_judgements_differ_in_grey():
    """Any two fills by a contrast of 1.5, as print without colour needs it."""
    from matplotlib.colors import to_rgb

    from bayesmeta.plots.forest_risk import LEVELS

    lights = sorted(_light(to_rgb(level.fill)) for level in LEVELS.values())
    assert all((b + 0.05) / (a + 0.05) >= 1.5 for a, b in pairwise(lights))


def _light(color):
    """Return the relative luminance of WCAG 2.1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def test_columns_of_the_table_stand_beside_the_names(effects, posterior):
    """Numbers as they are, words as they are, empty cells empty; in the order of the studies."""
    figure = bm.plot_forest(posterior, effects=effects, columns=["dose", "place"], order="-year")
    said = [text.get_text() for text in figure.texts]

    assert {"dose", "place"} <= set(said)
    shown = [text for text in said if text in ("0.5", "10", "7.25", "3", "12")]
    assert shown == ["12", "0.5", "7.25", "10", "3"]
    assert [text for text in said if text in FRAME["place"]] == [
        "Kyoto", "Turin", "Oslo", "Rome", "Lima",
    ]  # fmt: skip


@pytest.mark.parametrize("choice", [{"columns": ["colour"]}, {"subgroups": "colour"},
                                    {"order": "colour"}])  # fmt: skip
def test_a_column_that_is_not_there_is_refused_by_name(posterior, choice):
    """Whatever it is wanted for; without the table it is said that the table has more."""
    with pytest.raises(PosteriorError, match=r"No column 'colour' to .*known: .*--studies"):
        bm.plot_forest(posterior, **choice)


def test_densities_stand_on_their_intervals_all_of_one_height(posterior):
    """A curve an effect, its foot at the interval of that effect; of the mean and a new study too.

    (The tails of a new study's effect reach over the axis, its peak does not.)
    """
    figure = bm.plot_forest(posterior, densities=True)
    edges, circles = _marks(figure, "density edge"), _marks(figure, "study effect")

    assert len(edges) == 6 + 2
    heights = [np.ptp(edge.get_ydata()) for edge in edges]
    assert heights == pytest.approx([heights[0]] * 8, rel=0.03)
    feet = [edge.get_ydata().min() for edge in edges[:6]]
    assert feet == pytest.approx([float(circle.get_ydata()[0]) for circle in circles], abs=5e-3)


def test_a_density_is_the_effects_own_not_one_of_draws():
    """With tau known to be 0 the mean is normal: precision 4 + 4 + 1, mean -1.6 / 9."""
    frame = {"study": ["Ash", "Elm"], "yi": [-0.5, 0.1], "sei": [0.5, 0.5]}
    two = bm.effect_sizes(bm.read_studies(pd.DataFrame(frame)), "MD")
    fitted = bm.fit(two, priors={"mu": "Normal(mu=0, sigma=1)", "tau": 0.0}, engine="exact")
    table = density_rows(fitted, ["mu"])

    z = (table["x"] + 1.6 / 9) * 3
    np.testing.assert_allclose(table["density"], 3 * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))


def test_a_raindrop_is_the_likelihood_of_its_study(posterior):
    """Half as high 1.1774 standard errors from the estimate, of a normal estimate."""
    table = raindrops(posterior).set_index("study").loc["Cedar"]
    left = table[table["theta"] <= -0.5]

    half = float(np.interp(0.5, left["likelihood"], left["theta"]))
    assert half == pytest.approx(-0.5 - 1.1774 * 0.3, abs=2e-3)
    assert len(_marks(bm.plot_forest(posterior, raindrops=True), "raindrop")) == 6


def test_a_raindrop_of_counts_is_skew_as_their_likelihood_is():
    """5 of 10 events against 1 of 10: a grid of binomials, the level integrated by a fine sum."""
    theta = np.linspace(-2.0, 8.0, 401)[:, np.newaxis]
    level = np.linspace(-30, 30, 6001)
    prior = np.exp(-(level**2) / 200)
    log = 5 * (level + theta) - 10 * np.logaddexp(0, level + theta) + level
    log -= 10 * np.logaddexp(0, level)
    known = np.log((np.exp(log) * prior).sum(axis=1))

    def density(points):
        return np.interp(points, theta[:, 0], known, left=-np.inf, right=-np.inf)

    points = curves_over(density, np.array([2.0]), np.array([1.2]))[:, 0]
    peak = theta[np.argmax(known), 0]
    inside = theta[known >= known.max() + np.log(0.01), 0]
    assert [points[0], points[-1]] == pytest.approx([inside[0], inside[-1]], abs=0.05)
    assert points[-1] - peak > 1.2 * (peak - points[0])


def test_counts_have_raindrops_by_themselves_and_approximate_estimates():
    """No event in one arm: its likelihood does not fall, and reaches the axis' left end.

    The others' raindrops are highest where a grid of binomials has its peak (level integrated
    by a fine sum, prior Normal(0, 10)).
    """
    frame = {"study": ["Ash", "Elm", "Fir"], "events1": [0, 3, 5], "n1": [40, 50, 60],
             "events2": [4, 8, 9], "n2": [42, 51, 58]}  # fmt: skip
    counts = bm.effect_sizes(bm.read_studies(pd.DataFrame(frame)), "OR")
    fitted = bm.fit(counts, "binomial", engine="exact")
    figure, drops = bm.plot_forest(fitted), raindrops(fitted).set_index("study")

    assert len(_marks(figure, "raindrop")) == 3
    assert any("Approximate OR" in text.get_text() for text in figure.texts)
    assert drops["approximate"].all()
    peak = drops.loc["Elm"].sort_values("likelihood")["theta"].iloc[-1]
    assert peak == pytest.approx(_peak(3, 50, 8, 51), abs=0.06)
    assert drops.loc["Ash"].sort_values("theta")["likelihood"].iloc[0] > 0.5


def _peak(events, n, control, m):
    theta, level = np.linspace(-4, 2, 1201)[:, np.newaxis], np.linspace(-12, 8, 2001)
    log = events * (level + theta) - n * np.logaddexp(0, level + theta)
    log = log + control * level - m * np.logaddexp(0, level) - level**2 / 200
    return float(theta[np.argmax(np.logaddexp.reduce(log, axis=1)), 0])


def test_pages_share_axis_and_columns_and_the_mean_stands_on_the_last(effects, posterior):
    """Two studies a page of each group: its head again where it goes on."""
    pages = bm.forest_pages(posterior, rows_a_page=2, effects=effects, subgroups="design")
    said = [_words(page) for page in pages]

    assert [sum(word in FRAME["study"] for word in page) for page in said] == [2, 2, 2]
    assert ["RCT (continued)" in page for page in said] == [False, True, False]
    assert ["Pooled MD" in page or "Pooled WMD" in page for page in said] == [False, False, True]
    assert len({page.axes[0].get_xlim() for page in pages}) == 1
    assert len({page.get_figwidth() for page in pages}) == 1


def test_pages_become_one_file(tmp_path):
    """A PDF of as many pages, the same bytes each time; no other kind of file has pages."""
    pages = [Figure(figsize=(2, 1)) for _ in range(2)]
    for number, page in enumerate(pages):
        page.text(0.5, 0.5, f"Page {number}")
    files = [bm.save_pages(pages, tmp_path / f"{name}.pdf") for name in "ab"]

    content = [file.read_bytes() for file in files]
    assert content[0] == content[1]
    assert content[0].count(b"/Type /Page\n") + content[0].count(b"/Type /Page ") == 2
    with pytest.raises(OutputError, match=r"2 pages; a \.pdf file takes one or more"):
        bm.save_pages(pages, tmp_path / "a.png")


def test_a_slope_is_told_under_the_figure(effects):
    """No mark shows it: per year and in days, the summary's median and interval."""
    found = bm.fit(effects, moderators="year", priors={**PRIORS, "beta": "Normal(mu=0, sigma=0.1)"},
                   engine="exact")  # fmt: skip
    notes = " ".join(text.get_text() for text in bm.plot_forest(found).texts)
    row = next(line for line in bm.text(found).splitlines() if line.startswith("Slope of year"))

    title, span = row.split("  ", 1)
    assert f"{title}: {span.strip()}, median [95 % interval]." in " ".join(notes.split())
