"""Each figure draws its table: positions, labels, order, intervals."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color
from matplotlib.contour import ContourSet

import bayesmeta as bm
from bayesmeta.errors import AnalysisError, PosteriorError
from bayesmeta.plots import marks
from bayesmeta.plots.ink import BAND, PALE
from bayesmeta.plots.interval_plan import Entry, Words
from bayesmeta.plots.interval_rows import interval_figure


def lines(figure, gid):
    """Return the lines of one kind."""
    return [line for axes in figure.axes for line in axes.lines if line.get_gid() == gid]


def line(figure, gid):
    """Return the line of one kind."""
    (found,) = lines(figure, gid)
    return found


def points(figure, gid):
    """Return where marks stand, shape (mark, 2), those of several lines together."""
    found = [np.column_stack(each.get_data()) for each in lines(figure, gid)]
    return np.concatenate(found).astype(float)


def area(figure, gid):
    """Return the outline of a filled area."""
    (found,) = [item for item in figure.axes[0].collections if item.get_gid() == gid]
    return found.get_paths()[0].vertices


def rows(figure):
    """Return the names of rows from the top down."""
    labels = figure.axes[0].get_yticklabels()
    return [text.get_text() for text in sorted(labels, key=lambda text: -text.get_position()[1])]


def words(figure):
    """Return all that is written, in the panels too."""
    from matplotlib.text import Text

    return [text.get_text() for text in figure.findobj(Text)]


def test_a_funnel_has_precise_studies_at_the_top(exact):
    """Studies at estimate and standard error; the axis points down from 0."""
    figure, table = bm.plot_funnel(exact), bm.funnel_table(exact)

    assert points(figure, "study") == pytest.approx(table[["estimate", "standard_error"]])
    low, high = figure.axes[0].get_ylim()
    assert high == 0.0
    assert low > table["standard_error"].max()


def test_a_funnel_draws_its_bands(exact):
    """Bar at the pooled interval, p-lines at 1.96 s on both sides, the region of a new study."""
    figure, bands = bm.plot_funnel(exact), bm.funnel_bands(exact)

    bar = line(figure, "interval").get_xdata()
    assert list(bar) == pytest.approx(list(bands[["lower", "upper"]].iloc[0]))
    for side in points(figure, "p = 0.05"):
        assert abs(side[0]) == pytest.approx(1.959964 * side[1], rel=1e-6)
    assert area(figure, "new study")[:, 0].min() == pytest.approx(bands["new_lower"].min())


def test_a_baujat_plot_names_the_furthest_study(normand_effects):
    """At its share of Q in per cent and its influence."""
    table = bm.baujat(normand_effects)
    figure = bm.plot_baujat(table)

    expected = np.column_stack([100 * table["q_share"], table["influence"]])
    assert points(figure, "study") == pytest.approx(expected)
    assert "Orpington-Moderate" in words(figure)


def test_a_radial_plot_has_the_pooled_effect_as_slope(exact):
    """From the origin; studies further than 1.96 from the line are counted."""
    figure, table = bm.plot_radial(exact), bm.radial_table(exact)
    x, y = line(figure, "pooled").get_data()

    assert (x[0], y[0]) == (0.0, 0.0)
    assert y[1] / x[1] == pytest.approx(float(bm.quantile(exact, "mu", 0.5)))
    assert points(figure, "study") == pytest.approx(table[["precision", "z"]])
    outside = int((table["residual"].abs() > 1.959964).sum())
    assert any(
        text.startswith(f"Studies outside the band: {outside} of 9") for text in words(figure)
    )


def test_the_scale_at_the_right_reads_effects(exact):
    """Its end times the greatest precision is the axis' end."""
    axes = bm.plot_radial(exact).axes[0]
    axes.figure.draw_without_rendering()
    (scale,) = axes.child_axes

    assert scale.get_ylim()[1] * axes.get_xlim()[1] == pytest.approx(axes.get_ylim()[1])


def test_a_drapery_has_a_curve_a_study(exact):
    """And the posterior's own, all between 0 and 1."""
    figure, table = bm.plot_drapery(exact), bm.confidence_curves(exact)

    assert len(lines(figure, "study")) == 9
    assert line(figure, "pooled").get_ydata() == pytest.approx(table["mu"].to_numpy())
    assert line(figure, "new study").get_ydata() == pytest.approx(table["theta_new"].to_numpy())
    assert figure.axes[0].get_ylim() == (0.0, 1.0)


def test_a_labbe_plot_has_equal_arms_on_the_diagonal():
    """Circles at both arms' risks, area by inverse variance, the curve of the pooled effect."""
    effects = bm.effect_sizes("examples/data/colditz1994.csv", "RR")
    posterior = bm.fit(effects, engine="exact")
    figure, table = bm.plot_labbe(posterior, effects=effects), bm.labbe_table(effects)

    assert points(figure, "study") == pytest.approx(table[["control", "treatment"]])
    equal = line(figure, "equal")
    assert list(equal.get_xdata()) == list(equal.get_ydata())
    ratio = float(np.exp(bm.quantile(posterior, "mu", 0.5)))
    x, y = line(figure, "pooled").get_data()
    assert np.asarray(y) == pytest.approx(ratio * np.asarray(x))


def test_a_labbe_plot_without_arms_is_refused(exact):
    """The message says what to give."""
    with pytest.raises(PosteriorError, match="effects=, on the command line --studies"):
        bm.plot_labbe(exact)


def test_a_cloud_has_a_point_a_subset(normand_effects):
    """Those with a study in one ink, those without in another; the full set marked."""
    table = bm.subsets(normand_effects)
    figure = bm.plot_subsets(table, study="Umea")

    assert len(points(figure, "with")) == 256
    assert len(points(figure, "without")) == 255
    whole = table[["estimate", "tau"]].iloc[-1]
    assert points(figure, "all studies")[0] == pytest.approx(whole.to_numpy())
    with pytest.raises(AnalysisError, match="No subset has 'Oslo'"):
        bm.plot_subsets(table, study="Oslo")


def test_weights_stand_beside_their_studies(exact):
    """Bars in file order, the prior's last; a tick at the share by inverse variance."""
    figure, table = bm.plot_weights(exact), bm.weight_table(exact)
    bars = [bar.get_width() for bar in figure.axes[0].patches]

    assert rows(figure)[:9] == list(table["study"])
    assert bars[:9] == pytest.approx(list(100 * table["weight"]))
    common = points(figure, "common effect")[:, 0]
    assert common == pytest.approx(100 * table["weight_common"].to_numpy())


def test_a_cumulative_analysis_is_read_from_the_top(normand_effects):
    """The most precise study first; estimates at the medians; ratios on a log axis."""
    table = bm.cumulative(normand_effects, by="precision")
    figure = bm.plot_cumulative(table)

    assert [name.split(" (")[0] for name in rows(figure)] == [f"+ {name}" for name in table.index]
    drawn = sorted(points(figure, "estimates").tolist(), key=lambda point: -point[1])
    assert [point[0] for point in drawn] == pytest.approx(list(table["estimate"]))


def test_a_cumulative_analysis_of_ratios_says_ratios():
    """The tick at log 1 says 1."""
    effects = bm.effect_sizes("examples/data/colditz1994.csv", "RR")
    axes = bm.plot_cumulative(bm.cumulative(effects, by="precision")).axes[0]

    labels = [text.get_text() for text in axes.get_xticklabels()]
    assert dict(zip(labels, axes.get_xticks(), strict=True))["1"] == pytest.approx(0)
    assert axes.get_xlabel() == "Risk ratio (log scale)"


def test_no_effect_and_what_matters_are_always_in_view(make):
    """Of a posterior far away from both."""
    far = make(["A", "B"], np.array([50.0, 52.0]), np.array([1.0, 1.0]), prior_sd=1.0)
    figure = bm.plot_posterior(far, minimal_important_difference=4.0)

    low, high = figure.axes[0].get_xlim()
    assert low < -4
    assert high > 52
    assert line(figure, "null").get_xdata()[0] == 0.0
    places = [each.get_xdata()[0] for each in lines(figure, "minimal important difference")]
    assert places == [-4, 4]


def test_tails_are_shaded_and_say_how_probable_they_are(exact):
    """The side below 0 pale, what matters darker; both sides' probabilities in the corners."""
    figure = bm.plot_posterior(exact, minimal_important_difference=3.0)

    shaded = {item.get_gid(): item for item in figure.axes[0].collections}
    assert same_color(shaded["tail"].get_facecolor()[0], PALE)
    assert area(figure, "tail")[:, 0].max() <= 0.0
    assert same_color(shaded["beyond what matters"].get_facecolor()[0], BAND)
    below = float(bm.cdf(exact, "mu", 0.0))
    (left,) = [text for text in words(figure) if text.startswith("P(< 0)")]
    assert float(left.split("\n")[0].split("= ")[1]) == pytest.approx(below, abs=5e-4)


def test_the_joint_density_is_highest_at_its_mark(exact):
    """And no effect is in view."""
    figure, found = bm.plot_joint(exact), bm.joint_density(exact)
    mu, tau = points(figure, "mode")[0]

    assert float(found.sel(mu=mu, tau=tau)) == float(found.max())
    assert figure.axes[0].get_xlim()[1] >= 0


def test_heterogeneity_has_a_bar_for_each_interval(exact):
    """Tau and I², each with median and interval of the table."""
    figure, table = bm.plot_heterogeneity(exact), bm.heterogeneity(exact)

    bars = [list(each.get_xdata()) for each in lines(figure, "interval")]
    expected = [list(table.loc[name, ["lower", "upper"]]) for name in ("tau", "I2")]
    assert bars == [pytest.approx(pair) for pair in expected]


def test_tail_curves_fall_from_one_to_zero(exact):
    """They are the table's, and what matters stands on both sides."""
    figure = bm.plot_tail_curves(exact, minimal_important_difference=3.0)
    table = bm.tail_curve(exact, minimal_important_difference=3.0)

    assert line(figure, "pooled").get_ydata() == pytest.approx(table["p_above"].to_numpy())
    assert len(lines(figure, "minimal important difference")) == 2


def test_an_estimate_outside_what_is_expected_is_marked(make):
    """Eleven studies alike, one far away."""
    rng = np.random.default_rng(8)
    estimate = np.append(rng.normal(0, 0.1, 11), 6.0)
    found = make([f"S{n}" for n in range(12)], estimate, np.full(12, 0.2), prior_sd=0.5)
    figure, table = bm.plot_predictive(found), bm.predictive_check(found)

    assert points(figure, "outside")[:, 0].tolist() == [6.0]
    assert rows(figure) == list(table["study"])
    assert [text for text in words(figure) if text.startswith("Estimates outside: 1 of 12")]


def test_a_small_p_of_pits_is_not_nought(normand_effects):
    """No p is 0.00: below a thousandth it says so."""
    found = bm.loo_pit(bm.leave_one_out(normand_effects))
    found.attrs["p"] = 2e-7

    notes = " ".join(word.get_text() for word in bm.plot_loo_pit(found).texts)

    assert "p < 0.001, were the values independent" in " ".join(notes.split())


def test_pit_values_climb_from_corner_to_corner(normand_effects):
    """A mark a study at value and rank."""
    found = bm.loo_pit(bm.leave_one_out(normand_effects))
    figure = bm.plot_loo_pit(found)

    assert points(figure, "study") == pytest.approx(found[["pit", "ecdf"]].to_numpy())
    x, y = line(figure, "ecdf").get_data()
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)


def test_chains_have_a_line_each(sampled):
    """Two parameters: trace and ranks of four chains; the traces are the draws."""
    figure = bm.plot_chains(sampled)
    trace, rank = figure.axes[:2]

    assert [len(trace.lines), len(rank.lines)] == [4, 4]
    first = sampled["posterior"]["mu"].to_numpy()[0]
    assert trace.lines[0].get_ydata() == pytest.approx(first)
    with pytest.raises(PosteriorError, match="No scalar 'kappa'; there are: mu, tau"):
        bm.plot_chains(sampled, names=["kappa"])


def test_a_duration_that_is_not_told_is_an_empty_mark():
    """Two of six studies, one with a range: not among the filled marks."""
    frame = pd.DataFrame({
        "study": list("abcdef"), "yi": [1.0, 1.5, 2.0, 2.5, 2.0, 3.0], "sei": [0.4] * 6,
        "duration_weeks": ["2", "4", "6", "8", "", "4-8"], "n": [40] * 6,
    })  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(frame), "SMD")
    figure = bm.plot_duration_shapes(bm.duration(effects, shapes=["constant", "linear"]))

    panel = figure.axes[0]
    counts = {gid: [len(each.get_xdata()) for each in panel.lines if each.get_gid() == gid]
              for gid in ("study", "open duration")}  # fmt: skip
    assert counts == {"study": [4], "open duration": [2]}
    assert any("not told" in text for text in words(figure))


@pytest.mark.parametrize("name", ["weights", "predictive", "cumulative"])
def test_very_many_rows_stand_close(make, name):
    """160 studies in less than two feet of paper, all named."""
    from bayesmeta.plots.register import PLOTS

    rng = np.random.default_rng(5)
    labels = [f"Study {number}" for number in range(160)]
    frame = pd.DataFrame({"study": labels, "yi": rng.normal(0, 0.3, 160), "n": [50] * 160,
                          "sei": rng.uniform(0.1, 0.4, 160)})  # fmt: skip
    posterior = bm.fit(bm.effect_sizes(bm.read_studies(frame), "SMD"), engine="exact")
    figure = PLOTS[name](posterior)

    assert figure.get_figheight() < 24
    assert len(set(rows(figure))) >= 160


def test_very_many_studies_left_out_stand_close(make):
    """160 rows of names and numbers in less than two feet of paper."""
    rng = np.random.default_rng(5)
    labels = [f"Study {number}" for number in range(160)]
    frame = pd.DataFrame({"study": labels, "yi": rng.normal(0, 0.3, 160), "n": [50] * 160,
                          "sei": rng.uniform(0.1, 0.4, 160)})  # fmt: skip
    table = bm.leave_one_out(bm.effect_sizes(bm.read_studies(frame), "SMD"))
    figure = bm.plot_leave_one_out(table)

    assert figure.get_figheight() < 24
    assert len(set(rows(figure))) == 161


@pytest.mark.parametrize(("count", "least", "most"), [(39, 10.0, 12.0), (160, 19.0, 24.0)])
def test_very_many_intervals_stand_close(count, least, most):
    """Half as high as few ones, in small letters."""
    entries = [Entry(f"Study {number}", 0.1, -0.4, 0.6, cells=("0.1 [-0.4 to 0.6]",))
               for number in range(count)]  # fmt: skip
    said = Words("Title", (("Estimate",),), "Effect", ("A note.",), ("mean", ""))
    figure = interval_figure(entries, said)

    assert least < figure.get_figheight() < most
    (letters,) = {text.get_fontsize() for text in figure.texts if "Study" in text.get_text()}
    assert letters == (6.5 if count == 160 else 8.5)


def test_a_row_without_an_interval_has_its_estimate_alone():
    """One study and an estimator of tau that needs two: no empty brackets."""
    frame = pd.DataFrame({"study": ["a"], "yi": [0.5], "sei": [0.2], "n": [40]})
    table = bm.compare(bm.effect_sizes(bm.read_studies(frame), "SMD"))

    assert not [text for text in words(bm.plot_comparison(table)) if "[\N{EN DASH}]" in text]


def test_a_limit_near_no_effect_is_printed_alike_in_both_figures(normand_effects):
    """0.028 in the forest is not 0.0 below the rows without each study."""
    priors = {"mu": "Normal(mu=0, sigma=100)", "tau": "HalfNormal(sigma=10)"}
    found = bm.plot_leave_one_out(bm.leave_one_out(normand_effects, priors=priors))

    assert {"\N{MINUS SIGN}14.6", "0.028]"} <= set(words(found))


def test_no_study_is_on_the_frame_of_a_small_panel():
    """A tenth of the panels' height is free above the highest study and below the lowest."""
    table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    effects = bm.effect_sizes(table, "MD", outcome="IL-6")
    figure = bm.plot_duration_shapes(bm.duration(effects, shapes=["constant"]))
    low, high = figure.axes[0].get_ylim()
    shares = (points(figure, "study")[:, 1] - low) / (high - low)

    assert shares.min() > 0.08
    assert shares.max() < 0.92


def test_designs_have_marks_of_their_own_beside_each_shape():
    """Trials and cohorts, six each, as the bubble plot has them; the note says which is which."""
    table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    found = bm.duration(effects, shapes=["constant"], model="design-bias", spread="common")
    figure = bm.plot_duration_shapes(found)

    marks = {line.get_marker(): len(line.get_xdata()) for line in figure.axes[0].lines
             if line.get_gid() == "study"}  # fmt: skip
    assert marks == {"o": 6, "s": 6}
    assert any("circles: RCT, squares: cohort" in " ".join(text.split()) for text in words(figure))


def test_every_contour_of_a_prior_map_is_named_beneath(normand_effects):
    """A contour too near the edge for a label of its own stands in the note."""
    figure = bm.plot_prior_map(bm.prior_map(normand_effects))
    drawn = {
        float(level)
        for axes in figure.axes
        for found in axes.collections
        if isinstance(found, ContourSet) and not found.filled
        for level in found.levels
    }
    (note,) = (text for text in words(figure) if text.startswith("Contours at "))
    named = {float(number) for number in note[len("Contours at ") :].split(":")[0].split(", ")}

    assert len(drawn) > 2
    assert drawn <= named


@pytest.mark.parametrize(
    "made", [marks.line("black", width=4.0), marks.interval()], ids=["line", "interval"]
)
def test_marks_of_a_key_end_where_their_place_ends(made):
    """A thick line with ends that project would reach into the words beside it."""
    assert made.get_solid_capstyle() == "butt"
