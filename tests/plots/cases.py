"""Kinds of tables that every figure must bear, and measures of where words and inks stand."""

from itertools import combinations

import numpy as np
import pandas as pd

from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies

SLACK = 1.0
"""Pixels that boxes may share: the renderer rounds."""

LONG = "A very long name of a trial group and all of its collaborating investigators, number"
SIGNS = ["$\\alpha$_x & <b>B</b>", "100 % {x} ^2", "a_b_c", "\\frac{1}{2}"]
NUMBERED = [f"Study {number}" for number in range(160)]


def _arms(names, *, scale=1.0, ties=False):
    """Return arms with means about as far from 0 as a scale says."""
    rng, k = np.random.default_rng(4), len(names)
    sizes = rng.integers(20, 200, (2, k))
    means = np.round(rng.normal(5, 1, (2, k)), 3) * scale
    means = np.tile(means[:, :1], k) if ties else means
    return effect_sizes(read_studies(pd.DataFrame({
        "study": names, "n1": sizes[0], "mean1": means[0], "sd1": np.full(k, 2.5 * scale),
        "n2": sizes[1], "mean2": means[1], "sd2": np.full(k, 2.25 * scale),
        "year": rng.integers(1970, 2020, k), "duration_weeks": 2.0 + np.arange(k) % 7,
        "design": np.where(np.arange(k) % 2, "cohort", "RCT"),
        "district": [f"District {row // 2}" for row in range(k)],
    })), "MD", unit="days")  # fmt: skip


def _events(names):
    rng, k = np.random.default_rng(5), len(names)
    sizes = rng.integers(20, 200, (2, k))
    return effect_sizes(read_studies(pd.DataFrame({
        "study": names, "events1": sizes[0] // 9, "n1": sizes[0],
        "events2": sizes[1] // 7, "n2": sizes[1], "duration_weeks": 2.0 + np.arange(k) % 7,
        "design": np.where(np.arange(k) % 2, "cohort", "RCT"),
    })), "OR")  # fmt: skip


def _some(names):
    """Return ready-made estimates beside one study with arms."""
    frame = pd.DataFrame({
        "study": names, "events1": ["5", "", ""], "n1": ["20", "", ""], "events2": ["9", "", ""],
        "n2": ["20", "", ""], "yi": ["", "-0.5", "0.25"], "sei": ["", "0.25", "0.5"],
        "n": [40, 60, 80],
    })  # fmt: skip
    return effect_sizes(read_studies(frame), "OR", values="log")


def _far_apart(names):
    """Return arms of which one differs by a thousand times as much as the others."""
    k = len(names)
    means = np.array([5.0, 5.5, 6.0, 4.5, 6000.0])[:k]
    return effect_sizes(read_studies(pd.DataFrame({
        "study": names, "n1": 40, "mean1": means, "sd1": np.array([2.0, 3, 2, 2.5, 900])[:k],
        "n2": 44, "mean2": np.full(k, 5.0), "sd2": np.array([2.0, 3, 2, 2.5, 900])[:k],
        "duration_weeks": 2.0 + np.arange(k), "design": np.where(np.arange(k) % 2, "cohort", "RCT"),
    })), "MD", unit="micrograms per litre and hour")  # fmt: skip


CASES = {
    "one": lambda: _arms(NUMBERED[:1]),
    "two": lambda: _arms(NUMBERED[:2]),
    "six": lambda: _arms(NUMBERED[:6]),
    "eighty": lambda: _arms(NUMBERED[:80]),
    "160": lambda: _arms(NUMBERED),
    "long names": lambda: _arms([f"{LONG} {number}" for number in range(4)]),
    "signs in names": lambda: _arms(SIGNS),
    "Greek and Cyrillic": lambda: _arms(["Ωμέγα", "Москва", "Þór"]),
    "Chinese and Japanese": lambda: _arms(["北京协和医院 1999", "東京大学病院", "서울대학교병원"]),
    "huge": lambda: _arms(NUMBERED[:5], scale=1e6),
    "tiny": lambda: _arms(NUMBERED[:5], scale=1e-6),
    "far apart": lambda: _far_apart(NUMBERED[:5]),
    "ties": lambda: _arms(NUMBERED[:4], ties=True),
    "ratios": lambda: _events(NUMBERED[:7]),
    "some without arms": lambda: _some(NUMBERED[:3]),
    "subgroups": lambda: _arms(NUMBERED[:8]),
}


def boxes(figure):
    """Return each visible text of a figure with its box, at 100 pixels an inch."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    figure.set_dpi(100)
    canvas = FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    renderer = canvas.get_renderer()
    unseen = {id(label) for axes in figure.axes for label in _beyond(axes)}
    texts = [
        text
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and id(text) not in unseen
    ]
    found = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
    return [(said, box) for said, box in found if box.width > 0 and box.height > 0]


def _beyond(axes):
    """Return the labels of ticks that lie outside the view: they are never drawn."""
    found = []
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        room = 1e-6 * (high - low)
        for tick in axis.get_major_ticks():
            if not low - room <= tick.get_loc() <= high + room:
                found += [tick.label1, tick.label2]
    return found


def misplaced(figure):
    """Return the texts that are clipped, and the pairs that overlap, laid out once."""
    found = boxes(figure)
    width, height = (100 * inches for inches in figure.get_size_inches())
    return clipped(found, width, height), overlapping(found)


def clipped(found, width, height):
    """Return the texts that reach over the figure's edge."""
    return [said for said, box in found
            if min(box.x0, box.y0, width - box.x1, height - box.y1) < -SLACK]  # fmt: skip


def overlapping(found):
    """Return the pairs of texts whose boxes share more than rounding makes."""
    return [
        (one, other)
        for (one, a), (other, b) in combinations(found, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK
    ]


def luminance(color):
    """Return the relative luminance of a colour on white paper, as WCAG 2.1 defines it."""
    from matplotlib.colors import to_rgba

    *rgb, alpha = to_rgba(color)
    seen = [alpha * part + 1 - alpha for part in rgb]
    line = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in seen]
    return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]


def contrast(one, other):
    """Return the contrast of two colours, from 1 to 21."""
    a, b = sorted([luminance(one), luminance(other)])
    return (b + 0.05) / (a + 0.05)


def series(figure):
    """Return the inks of each series of a figure's keys, areas, lines and marks apart."""
    from matplotlib.patches import Patch

    keys = [*figure.legends, *(axes.get_legend() for axes in figure.axes if axes.get_legend())]
    found = {"areas": [], "lines": [], "marks": []}
    for key in keys:
        for handle in key.legend_handles:
            if isinstance(handle, Patch):
                found["areas"].append((handle.get_facecolor(), handle.get_edgecolor()))
            elif handle.get_marker() not in (None, "None", ""):
                found["marks"].append(
                    (handle.get_marker(),
                     (handle.get_markerfacecolor(), handle.get_markeredgecolor()))
                )  # fmt: skip
            else:
                found["lines"].append((handle.get_linestyle(), (handle.get_color(),)))
    return found
