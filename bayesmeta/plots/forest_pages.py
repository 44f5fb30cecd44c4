"""A forest plot of many studies on several pages, which share their axis and columns."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmeta.errors import PosteriorError
from bayesmeta.keywords import require_known
from bayesmeta.plots.forest import drawn
from bayesmeta.plots.forest_choices import Choices
from bayesmeta.plots.forest_layout import stacked
from bayesmeta.plots.forest_plan import Panel, Plan, plan
from bayesmeta.summaries.forest import HEAD, STUDY
from bayesmeta.summaries.view import Posterior

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROWS = 40
"""Studies on a page, unless asked for."""


def forest_pages(
    posterior: Posterior,
    *,
    rows_a_page: int = ROWS,
    minimal_important_difference: float | None = None,
    **choices: Any,  # noqa: ANN401  (each as `plot_forest` has it)
) -> "tuple[Figure, ...]":
    """Return a forest plot as pages, with so many studies on each at most.

    All pages have the same width, axis and columns; a group that goes on has its head again, and
    the pooled effect stands on the last page of its outcome. `save_pages` makes one PDF of them.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    rows_a_page
        Studies on a page.
    minimal_important_difference, choices
        As in `plot_forest`.

    Raises
    ------
    PosteriorError
        As `plot_forest`, and if no study fits on a page.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), "MD")
    >>> len(forest_pages(bm.fit(effects, engine="exact"), rows_a_page=4))
    3
    """
    if rows_a_page < 1:
        raise PosteriorError(f"rows_a_page is {rows_a_page}; a page has one study at least.")
    require_known("forest_pages()", choices, ["rows_a_page", *Choices.__dataclass_fields__])
    asked = Choices(difference=minimal_important_difference, rows_a_page=rows_a_page, **choices)
    return tuple(map(drawn, paged(plan(posterior, asked), rows_a_page)))


def paged(planned: Plan, rows: int) -> list[Plan]:
    """Return the plan of each page."""
    parts = [(panel, part) for panel in planned.panels for part in _parts(panel.table, rows)]
    found = []
    for number, (panel, part) in enumerate(parts, start=1):
        last = number == len(parts)
        words = planned.words
        said = f"Page {number} of {len(parts)}."
        notes = [*words.notes, said] if last else [f"{said} The pooled effect stands at the end."]
        own = replace(words, notes=notes if len(parts) > 1 else words.notes)
        found.append(replace(planned, panels=(_piece(panel, part, planned),), words=own))
    return found


def _piece(panel: Panel, part: pd.DataFrame, planned: Plan) -> Panel:
    return replace(panel, table=part, stack=stacked(part, planned.frame))


def _parts(table: pd.DataFrame, rows: int) -> Iterator[pd.DataFrame]:
    """Yield the rows of each page: so many studies, with the head of their group."""
    kinds = table["kind"].tolist()
    pages: list[int] = []
    for place, kind in enumerate(kinds):
        # A head goes with the study below it; what stands below studies goes with the last.
        count = kinds[:place].count(STUDY)
        pages.append((count if kind in (STUDY, HEAD) else max(count - 1, 0)) // rows)
    for _, part in table.groupby(pages, sort=True):
        yield _continued(part)


def _continued(part: pd.DataFrame) -> pd.DataFrame:
    """Return a page's rows, below the head of their group again where it goes on."""
    if "group" not in part or part["kind"].iloc[0] != STUDY:
        return part
    group = str(part["group"].iloc[0])
    again = {"kind": HEAD, "label": f"{group} (continued)", "group": group, "quantity": ""}
    return pd.concat([pd.DataFrame([again]), part], ignore_index=True)
