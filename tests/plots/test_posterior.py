"""The posterior plot."""

import numpy as np
import pytest
from scipy import stats

from bayesmeta.plots.posterior import plot_posterior
from bayesmeta.summaries.curves import density_table


def line(figure, gid):
    """Return the line of one kind, or None."""
    found = [artist for artist in figure.axes[0].lines if artist.get_gid() == gid]
    return found[0] if found else None


def test_the_curve_is_the_tables(sampled):
    """The figure draws the density table."""
    table, drawn = density_table(sampled, "mu"), line(plot_posterior(sampled), "posterior")

    assert drawn.get_ydata() == pytest.approx(table["posterior"].to_numpy())


def test_the_density_table_holds_the_mass(sampled):
    """Between the outer quantiles lies nearly everything."""
    table = density_table(sampled, "tau")

    assert np.trapezoid(table["posterior"], table["x"]) == pytest.approx(1, abs=0.01)


def test_the_prior_is_drawn_where_it_is_proper(sampled):
    """Tau's half-normal of 10 is drawn; a flat mu has no density."""
    table = density_table(sampled, "tau")

    assert table["prior"].to_numpy() == pytest.approx(stats.halfnorm(0, 10).pdf(table["x"]))
    assert density_table(sampled, "mu")["prior"].isna().all()
    assert line(plot_posterior(sampled, "mu"), "prior") is None


def test_the_prior_can_be_left_out(sampled):
    """One argument hides it."""
    assert line(plot_posterior(sampled, "tau", prior=False), "prior") is None


@pytest.mark.parametrize(
    ("quantity", "label"),
    [
        ("mu", "Weighted mean difference (WMD), days"),
        ("tau", "tau, SD between studies, days"),
        ("I2", "I², share of heterogeneity, per cent"),
        ("theta_new", "Mean difference in a new study, days"),
        ("theta[Umea]", "theta[Umea], days"),
    ],
)
def test_the_axis_has_name_and_unit(sampled, quantity, label):
    """Each quantity is called what it is."""
    assert plot_posterior(sampled, quantity).axes[0].get_xlabel() == label


def test_the_fraction_is_labelled_in_per_cent(sampled):
    """A tick at 0.98 says 98."""
    axes = plot_posterior(sampled, "I2").axes[0]
    ticks = {
        t.get_text(): x for t, x in zip(axes.get_xticklabels(), axes.get_xticks(), strict=True)
    }

    assert ticks["98"] == pytest.approx(0.98)


def test_a_figure_has_one_kind_of_interval(sampled):
    """The note's tau has the shortest interval where the headline's mu has."""
    said = " ".join(text.get_text() for text in plot_posterior(sampled, shortest=True).texts)

    assert "95 % shortest interval" in said
    assert "[95 % interval]" not in said


def test_benefit_is_a_probability_in_the_figure(sampled):
    """Lower is better: 0.98 for the mean effect."""
    said = [text.get_text() for text in plot_posterior(sampled, benefit="lower").texts]

    assert any(text.startswith("P(benefit: lower) = 0.97") or "0.98" in text for text in said)
