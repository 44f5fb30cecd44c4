"""The cloud of all subsets of the studies: pooled effect and tau in each."""

from typing import TYPE_CHECKING

from bayesmeta.errors import AnalysisError
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import show_range
from bayesmeta.plots.effect_axes import name_both
from bayesmeta.plots.ink import BLUE, FAINT, INK
from bayesmeta.plots.marks import mark
from bayesmeta.plots.paper import headed
from bayesmeta.plots.scale import Range
from bayesmeta.plots.stage import Key, Panel, figure_of, stage
from bayesmeta.sensitivity.asked_words import asked_name, asked_unit, kind_of_question
from bayesmeta.studies.ending import ended
from bayesmeta.summaries.wording import AXES, with_unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROOM = 0.05
_FEW = 600


def plot_subsets(
    table: "pd.DataFrame", *, study: str | None = None, title: str = "",
    axes: "Axes | None" = None,
) -> "Figure":  # fmt: skip
    """Return the cloud of subsets (GOSH): the pooled effect against tau in each.

    Parameters
    ----------
    table
        From `bayesmeta.subsets`: all subsets of up to 15 studies, a sample of more.
    study
        Subsets with this study are dark, those without it pale: two clouds say that it is one of
        its own. By default the study whose presence moves the effect most.
    title
        Put before what is shown.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.subsets`, or has no such study.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> figure = bm.plot_subsets(bm.subsets(effects))
    >>> figure.axes[0].get_xlabel()
    'mu, median, days'
    """
    require_answer(table, "subsets", "size", "reason", "tau")
    known = table[table["estimate"].notna()]
    chosen = _study(table, known, study)
    about = table.attrs
    notes = [f"{len(table)} subsets{'' if len(known) == len(table) else _left_out(table, known)}."]
    key = Key(
        [mark("o", BLUE, edge=BLUE, size=4), mark("o", FAINT, edge=FAINT, size=4),
         mark("D", "white", size=6)],
        [f"with {chosen}", "without it", "all studies"],
    )  # fmt: skip
    head = headed(title, "All subsets of the studies")
    panel = stage(axes, Panel(), head=head, notes=notes, key=_short(key))
    _draw(panel, known, chosen)
    show_range(panel, _around(known["estimate"]), kind=kind_of_question(about))
    show_range(panel, _around(known["tau"]), which="y")
    name = f"{asked_name(about)}, median{AXES[kind_of_question(about)]}"
    name_both(
        panel, with_unit(name, asked_unit(about)), with_unit("tau, median", str(about["unit"]))
    )
    return figure_of(panel)


def _studies(table: "pd.DataFrame") -> list[str]:
    """Return the studies: the columns after the reason."""
    columns = list(table.columns)
    return [str(name) for name in columns[columns.index("reason") + 1 :]]


def _study(table: "pd.DataFrame", known: "pd.DataFrame", asked: str | None) -> str:
    names = _studies(table)
    if asked is not None and asked not in names:
        raise AnalysisError(ended(f"No subset has {asked!r}; the studies are: {', '.join(names)}"))
    if asked is not None or len(known) == 1:
        return asked or names[0]
    moved = {
        name: abs(known.loc[known[name], "estimate"].mean()
                  - known.loc[~known[name], "estimate"].mean())
        for name in names
        if 0 < known[name].sum() < len(known)
    }  # fmt: skip
    return max(moved, key=lambda name: moved[name]) if moved else names[0]


def _left_out(table: "pd.DataFrame", known: "pd.DataFrame") -> str:
    return f"; {len(table) - len(known)} of them have improper posteriors and are not drawn"


def _short(key: Key) -> Key:
    """Return a key whose words fit beside each other."""
    from bayesmeta.plots.ink import SMALL

    return Key(key.marks, [SMALL.clipped(word, 2.2) for word in key.words])


def _around(values: "pd.Series[float]") -> Range:
    low, high = float(values.min()), float(values.max())
    room = _ROOM * ((high - low) or abs(high) or 1.0)
    return Range(low - room, high + room)


def _draw(panel: "Axes", known: "pd.DataFrame", study: str) -> None:
    """Draw the cloud; as an image inside PDF and SVG, where it would be very many marks."""
    size = 3.2 if len(known) <= _FEW else 1.4
    inside = known[study].astype(bool)
    for part, color, gid in ((known[~inside], FAINT, "without"), (known[inside], BLUE, "with")):
        panel.plot(part["estimate"], part["tau"], "o", markersize=size, color=color, alpha=0.6,
                   markeredgewidth=0, zorder=2, rasterized=len(known) > _FEW, gid=gid)  # fmt: skip
    whole = known.iloc[-1]
    panel.plot(whole["estimate"], whole["tau"], "D", markersize=6, markerfacecolor="white",
               markeredgecolor=INK, markeredgewidth=1.2, zorder=5, gid="all studies")  # fmt: skip
