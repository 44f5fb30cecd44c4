"""One figure, one file: the same figure gives the same bytes."""

from pathlib import Path
from typing import TYPE_CHECKING

from bayesmeta.errors import OutputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("pdf", "png", "svg")
_DPI = 200
_MOST_PIXELS = 30_000


def save_figure(figure: "Figure", path: str | Path) -> Path:
    """Write a figure to a PNG, SVG or PDF file, by the file's ending.

    No date and no random name goes into the file.

    Raises
    ------
    OutputError
        If the ending is another, or the folder does not exist.

    Examples
    --------
    ``save_figure(bm.plot_forest(posterior), "forest.svg")``
    """
    import matplotlib as mpl

    target = Path(path)
    kind = target.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise OutputError(f"{target}: figures are written as {', '.join(FORMATS)}.")
    if not target.parent.is_dir():
        raise OutputError(f"{target}: no folder {target.parent}.")
    undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {"Software": None}}
    dpi = min(_DPI, _MOST_PIXELS / max(figure.get_size_inches()))
    # Text as text: an SVG stays readable, searchable and small.
    with mpl.rc_context({"svg.hashsalt": "bayesmeta", "svg.fonttype": "none"}):
        figure.savefig(target, format=kind, dpi=dpi, metadata=undated[kind])
    return target
