"""Every figure there is, by what it is drawn from: effects and their posterior."""

from dataclasses import replace

import numpy as np

import bayesmeta as bm
from bayesmeta.plots.register import PLOTS

LONG = "A very long title of an analysis of everything that was ever measured " * 3


def _of_posterior(draw, **options):
    return lambda _, posterior, **place: draw(posterior, **options, **place)


def _of_effects(ask, draw):
    return lambda effects, _, **place: draw(ask(effects), **place)


def _duration(effects):
    return bm.duration(effects, shapes=["constant", "linear", "step"])


def _subgroups(effects):
    return bm.subgroups(effects, column="design")


def _calibration(effects):
    return bm.calibrate(effects, tau=0.5, simulations=20)


def _judged(effects):
    """Return effects with halves to group by, and two judgements."""
    k = len(effects)
    further = {
        "half": np.array(["first", "second group with a long name"] * k, dtype=object)[:k],
        "rob_randomisation_of_patients": np.array(list("LSH?C") * k, dtype=object)[:k],
        "rob_missing": np.array(["low", ""] * k, dtype=object)[:k],
    }
    columns = {**effects.studies.columns, **further}
    return replace(effects, studies=replace(effects.studies, columns=columns))


def _forest_with_all(effects, posterior, **place):
    return bm.plot_forest(
        posterior,
        benefit="lower",
        effects=_judged(effects),
        classical=True,
        densities=True,
        raindrops=True,
        columns=["study", "rob_randomisation_of_patients"],
        subgroups="half",
        minimal_important_difference=0.5,
        **place,
    )


FIGURES = {name: _of_posterior(draw) for name, draw in PLOTS.items()} | {
    "labbe": lambda effects, posterior, **place: bm.plot_labbe(posterior, effects=effects, **place),
    "forest with arms": lambda effects, posterior, **place: bm.plot_forest(
        posterior, benefit="lower", effects=effects, order="-weight", title=LONG, **place
    ),
    "forest with all": _forest_with_all,
    "outcomes": lambda _, posterior, **place: bm.plot_outcomes_forest(
        {LONG: posterior, "b": posterior},
        benefit={LONG: "lower", "b": "higher"},
        title=LONG,
        **place,
    ),
    "posterior with what matters": _of_posterior(
        bm.plot_posterior, minimal_important_difference=1.5, benefit="lower", title=LONG
    ),
    "tau": _of_posterior(bm.plot_posterior, quantity="tau"),
    "new study": _of_posterior(bm.plot_posterior, quantity="theta_new"),
    "tail curves with what matters": _of_posterior(
        bm.plot_tail_curves, minimal_important_difference=1.5, title=LONG
    ),
    "prior": lambda effects, _, **place: bm.plot_prior(
        "HalfCauchy(beta=6.5)", unit=effects.unit, **place
    ),
    "comparison": _of_effects(bm.compare, bm.plot_comparison),
    "gap": _of_effects(bm.explain_gap, bm.plot_gap),
    "tipping": _of_effects(bm.tipping_curve, bm.plot_tipping),
    "prior map": _of_effects(bm.prior_map, bm.plot_prior_map),
    "power scaling": _of_effects(bm.power_scaling, bm.plot_power_scaling),
    "calibration": _of_effects(_calibration, bm.plot_calibration),
    "subgroups": _of_effects(_subgroups, bm.plot_subgroups),
    "bubble": _of_effects(_duration, bm.plot_bubble),
    "duration shapes": _of_effects(_duration, bm.plot_duration_shapes),
    "duration effects": _of_effects(_duration, bm.plot_duration_effects),
    "designs dial": _of_effects(bm.designs, bm.plot_designs_dial),
    "designs forest": _of_effects(bm.designs, bm.plot_designs_forest),
    "designs ridges": _of_effects(bm.designs, bm.plot_designs_ridges),
}
"""Each as it is called without further choices but its place; a few with far too long titles."""

NEED = {"baujat": 2, "forest with all": 3, "leave-one-out": 2, "loo-pit": 2, "gap": 2,
        "subgroups": 4,
        "bubble": 3, "duration shapes": 3, "duration effects": 3, "designs dial": 4,
        "designs forest": 4, "designs ridges": 4, "calibration": 2, "comparison": 1}  # fmt: skip
"""How many studies a figure's question needs."""
SMALL = ("forest with all",)
"""Figures that hold no more than a page of studies."""
WITHOUT_COLUMNS = ("some without arms",)
COLUMNS = ("subgroups", "bubble", "duration shapes", "duration effects", "designs dial",
           "designs forest", "designs ridges")  # fmt: skip
SIZES = {"one": 1, "two": 2, "Greek and Cyrillic": 3, "Chinese and Japanese": 3,
         "some without arms": 3}  # fmt: skip


def answers(figure, case):
    """Return whether a figure's question can be asked of a case's studies."""
    enough = SIZES.get(case, 4) >= NEED.get(figure, 1)
    fits = not (figure in SMALL and case in ("eighty", "160"))
    return (
        enough
        and fits
        and not (figure in COLUMNS and case in WITHOUT_COLUMNS)
        and figure != "chains"
    )
