"""A page with every plot of the register, of the examples' real data, and the code of each.

Run it from the repository's root: ``python examples/gallery.py gallery.html``.
"""

import sys
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import bayesmeta as bm
from bayesmeta.plots import PLOTS

START = """import bayesmeta as bm

stroke = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
posterior = bm.fit(stroke, engine="exact")
sampled = bm.fit(stroke, draws=500, tune=500)
vaccine = bm.effect_sizes("examples/data/colditz1994.csv", "RR")
protected = bm.fit(vaccine, engine="exact")"""
CODE: dict[str, str] = {
    "forest": 'bm.plot_forest(posterior, effects=stroke, benefit="lower")',
    "outcomes": 'bm.plot_outcomes_forest({"stay": posterior, "tuberculosis": protected})',
    "posterior": "bm.plot_posterior(posterior, minimal_important_difference=3.0)",
    "joint": "bm.plot_joint(posterior)",
    "heterogeneity": "bm.plot_heterogeneity(protected)",
    "shrinkage": "bm.plot_shrinkage(posterior)",
    "tail-curves": "bm.plot_tail_curves(posterior, minimal_important_difference=3.0)",
    "weights": "bm.plot_weights(posterior)",
    "funnel": "bm.plot_funnel(protected)",
    "radial": "bm.plot_radial(protected)",
    "baujat": "bm.plot_baujat(bm.baujat(vaccine))",
    "drapery": "bm.plot_drapery(posterior)",
    "labbe": "bm.plot_labbe(protected, effects=vaccine)",
    "subsets": "bm.plot_subsets(bm.subsets(stroke))",
    "cumulative": 'bm.plot_cumulative(bm.cumulative(vaccine, by="latitude"))',
    "leave-one-out": "bm.plot_leave_one_out(bm.leave_one_out(vaccine))",
    "predictive": "bm.plot_predictive(protected)",
    "loo-pit": "bm.plot_loo_pit(bm.loo_pit(bm.leave_one_out(vaccine)))",
    "chains": "bm.plot_chains(sampled)",
}
"""What makes each plot of the register, of what the start makes."""

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Figures of bayesmeta</title>
<style>body{{font:16px sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}}
pre{{background:#f4f4f4;padding:.6rem;overflow-x:auto}}img{{max-width:100%}}</style>
<h1>Figures of bayesmeta</h1>
<p>Real data: nine trials of stroke care (Normand 1999) and 13 of BCG vaccine (Colditz 1994).</p>
<pre>{start}</pre>
{figures}</html>
"""
FIGURE = """<h2 id="{name}">{name}</h2><p>{says}</p>
<pre>{code}</pre><img alt="{name}" src="data:image/png;base64,{image}">
"""


def said(name: str) -> str:
    """Return the first line of a plot's documentation."""
    return (PLOTS[name].__doc__ or "").strip().split("\n")[0].removeprefix("Return ")


def gallery(code: Mapping[str, str] = CODE, start: str = START) -> str:
    """Return the page."""
    names: dict[str, Any] = {}
    exec(start, names)  # noqa: S102  (the code that the page shows)
    parts = []
    with TemporaryDirectory() as folder:
        for name, line in code.items():
            figure = eval(line, names)  # noqa: S307
            image = bm.save_figure(figure, Path(folder) / f"{name}.png", dpi=110).read_bytes()
            parts.append(FIGURE.format(name=name, says=escape(said(name)), code=escape(line),
                                       image=b64encode(image).decode()))  # fmt: skip
    return PAGE.format(start=escape(start), figures="\n".join(parts))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(gallery(), encoding="utf-8")
