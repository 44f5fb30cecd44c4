"""The report: of what a run found, or of one posterior."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bayesmeta.analysis.artefacts import Fitted
from bayesmeta.analysis.dial import dial_of
from bayesmeta.analysis.plan import Plan
from bayesmeta.analysis.sections import sections_of, write_section
from bayesmeta.catalogue import load_model, model_names
from bayesmeta.errors import OutputError
from bayesmeta.files import require_free, whole_file
from bayesmeta.measures.effects import Effects
from bayesmeta.plots.forest import plot_forest
from bayesmeta.plots.saving import KEPT, save_figures, saved_as
from bayesmeta.report.asked import Asked
from bayesmeta.report.composition import document
from bayesmeta.report.document import Chapter, Document
from bayesmeta.report.inline import Written
from bayesmeta.report.rendering import PAGES, TAKES_PNG
from bayesmeta.summaries.remembered import Matters
from bayesmeta.summaries.view import View

if TYPE_CHECKING:
    import xarray as xr

REPORT = "report.html"


def write_report(  # noqa: PLR0913  (each a choice of its own)
    posterior: "xr.DataTree",
    path: str | Path,
    *,
    effects: Effects | None = None,
    title: str = "",
    benefit: str | None = None,
    minimal_important_difference: float | None = None,
    interval: float = 0.95,
    shortest: bool = False,
    command: str = "",
    force: bool = False,
) -> Written:
    """Write the report of one posterior: one file that answers a reviewer.

    Question, findings, studies with their conversions, the model in mathematics, heterogeneity,
    prediction, P(benefit), diagnostics with numerical errors, paragraphs to paste, a checklist
    that links each item of four guidelines to what answers it. As HTML the page recomputes itself
    under other priors and without single studies.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`.
    path
        Where to; its end says what: ``.html``, ``.md``, ``.docx``; ``.tex`` or ``.zip``
        for the tables, as CSV too.
    effects
        What it was fitted to: adds the comparison with classical rows, sensitivity and, where
        the studies have ``duration_weeks``, duration. Without it these are left out.
    title
        Heading; the outcome's name without one.
    benefit, minimal_important_difference, interval, shortest
        As in `text`: what a saved posterior remembers, unless said.
    command
        What makes these numbers again, for the chapter on reproduction; the author must add it
        where none is given.
    force
        Whether a file that stands there may be replaced.

    Returns
    -------
    Path
        The file; an HTML page shows itself where it is the last line of a notebook's cell.

    Raises
    ------
    OutputError
        If the path's end is none of these, or the file cannot be written, or one is there.
    PosteriorError
        If the posterior lacks ``mu``, or a choice makes no sense.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> from tempfile import TemporaryDirectory
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> posterior = bm.fit(effects, priors={"tau": "HalfNormal(sigma=10)"}, engine="exact")
    >>> with TemporaryDirectory() as folder:
    ...     page = bm.write_report(posterior, f"{folder}/report.md", title="Stroke care")
    ...     print(page.read_text(encoding="utf-8").splitlines()[0])
    # Stroke care
    """
    place = Path(path)
    page = page_of(place)
    require_free(place, force=force)
    view = View(posterior)
    matters = Matters.of(view.tree.attrs, benefit, minimal_important_difference)
    asked = {
        "title": title, "benefit": matters.benefit,
        "minimal_important_difference": matters.difference,
        "interval": interval, "shortest": shortest,
    }  # fmt: skip
    with TemporaryDirectory() as folder, saved_as(formats_of(place)):
        found = document_of(view, effects, Path(folder), asked, command=command)
    with whole_file(place) as partial:
        partial.write_bytes(page(found))
    return Written(place)


def page_of(path: Path) -> Callable[[Document], bytes]:
    """Return what makes a page of a document, by the end of the page's name.

    Raises
    ------
    OutputError
        If there is no such kind of page.
    """
    if path.suffix.lower() not in PAGES:
        raise OutputError(f"{path}: a report ends in {', '.join(PAGES)}.")
    return PAGES[path.suffix.lower()]


def formats_of(path: Path) -> tuple[str, ...]:
    """Return the formats of figures that a page shows, by the end of its name."""
    return KEPT if path.suffix.lower() in TAKES_PNG else ("svg",)


def report_of(
    fitted: Sequence[Fitted],
    folders: Sequence[Path],
    chapters: Sequence[Sequence[Chapter]],
    *,
    title: str = "",
    command: str = "",
) -> Document:
    """Return the report of what a run wrote.

    Parameters
    ----------
    folders
        Where each outcome's own files are.
    chapters
        What its sections found.
    """
    asked = [
        Asked.of(
            item.view, folder, command=command, dial=dial_of(item), **item.heading, **item.intervals
        )
        for item, folder in zip(fitted, folders, strict=True)
    ]
    return document(asked, chapters, title=title)


def document_of(
    view: View, effects: Effects | None, folder: Path, asked: Mapping[str, Any], *,
    command: str = "",
) -> Document:  # fmt: skip
    """Return the report of one posterior; its figures go to a folder.

    Parameters
    ----------
    asked
        The choices of `write_report`: title, benefit and the others.
    command
        What makes the numbers again.
    """
    plan = Plan(
        measure=view.word("measure"), model=view.model, moderators=view.word("formula") or None,
        priors=_own_priors(view), **asked,
    )  # fmt: skip
    if effects is None:
        save_figures({"forest": plot_forest(view, **asked)}, folder)
        return document([Asked.of(view, folder, command=command, **asked)], [[]])
    fitted = Fitted(plan, effects, view.tree)
    save_figures({"forest": fitted.forest}, folder)
    found = [write_section(name, fitted, folder) for name in sections_of(fitted)]
    chapters = [each for each in found if each is not None]
    return report_of([fitted], [folder], [chapters], command=command)


def _own_priors(view: View) -> dict[str, str]:
    """Return the priors that are not those of the model on the shelf."""
    if view.model is None:
        return {}
    shelf = load_model(view.model.name).priors if view.model.name in model_names() else {}
    return {
        name: str(prior) for name, prior in view.model.priors.items() if shelf.get(name) != prior
    }
