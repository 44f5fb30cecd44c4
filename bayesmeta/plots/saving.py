"""One figure, one file: the same figure gives the same bytes."""

import re
import warnings
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesmeta.errors import OutputError
from bayesmeta.files import require_place, whole_file, written
from bayesmeta.plots.column import Width
from bayesmeta.plots.shrinking import printed, share_of
from bayesmeta.within import is_number, is_positive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matplotlib.figure import Figure

FORMATS = ("pdf", "png", "svg")
KEPT = ("png", "svg")
"""The formats of a folder of results."""
_KINDS: ContextVar[tuple[str, ...]] = ContextVar("kinds", default=KEPT)
_DPI: ContextVar[int] = ContextVar("dpi", default=200)
_MOST_PIXELS = 30_000
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_GLYPH = re.compile(r"Glyph (\d+) .*missing from")


@contextmanager
def resolution(dpi: int | None) -> "Iterator[None]":
    """Let figures inside have so many dots an inch; None leaves it as it is."""
    token = _DPI.set(_DPI.get() if dpi is None else dpi)
    try:
        yield
    finally:
        _DPI.reset(token)


@contextmanager
def saved_as(kinds: tuple[str, ...]) -> "Iterator[None]":
    """Let figures that `save_figures` writes inside be of these formats alone."""
    token = _KINDS.set(kinds)
    try:
        yield
    finally:
        _KINDS.reset(token)


def save_figure(
    figure: "Figure", path: str | Path, *, dpi: float | None = None, width: Width | None = None
) -> Path:
    """Write a figure to a PNG, SVG or PDF file, by the file's ending, whole or not at all.

    No date and no random name goes into the file.

    Parameters
    ----------
    figure
        From a function whose name begins with ``plot_``, or any of matplotlib's.
    path
        The file; one that stands there is replaced.
    dpi
        Pixels an inch of a PNG; 200 without one, or fewer where more than 30 000 pixels would
        stand along a side.
    width
        How wide it is printed, such as ``"85 mm"`` or ``"3.35 in"``: the whole figure becomes
        smaller or larger, its letters too. A figure made inside `figure_width` has its width
        already.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If the width says no unit or leaves letters under 5 points, the resolution is none, or
        would need more than 30 000 pixels along a side, the ending is another, the folder does
        not exist, a symbolic link stands there, or the file cannot be written.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> from tempfile import TemporaryDirectory
    >>> figure = bm.plot_prior("HalfNormal(sigma=5)", unit="days")
    >>> with TemporaryDirectory() as folder:
    ...     bm.save_figure(figure, f"{folder}/prior.svg").name
    'prior.svg'
    """
    import matplotlib as mpl

    if not hasattr(figure, "savefig") or not isinstance(path, str | Path):
        raise OutputError(
            f"A figure and its file are needed, save_figure(figure, 'forest.png'); these are a "
            f"{type(figure).__name__} and a {type(path).__name__}."
        )
    target = Path(path)
    kind = require_figure(target)
    with written(target):
        require_place(target)
    share = share_of(figure, width, target)
    fine = _resolution(figure, dpi, target, share=share)
    # Text as text: an SVG stays readable, searchable and small. A PDF has its fonts inside, as
    # TrueType: journals return Type 3. Letters of a PNG are as wide as the page was laid out for:
    # hinted ones are up to 2 % wider, and take half as long again.
    said: Any = {"svg.hashsalt": "bayesmeta", "svg.fonttype": "none", "pdf.fonttype": 42,
                 "text.hinting": "no_hinting"}  # fmt: skip
    with mpl.rc_context(said), _letters_told(target, kind):
        content = printed(figure, kind, dpi=fine, share=share)
    with whole_file(target) as partial:
        partial.write_bytes(_readable(content) if kind == "svg" else content)
    return target


def save_pages(figures: "Sequence[Figure]", path: str | Path) -> Path:
    """Write figures to the pages of one PDF file, whole or not at all.

    Parameters
    ----------
    figures
        Such as `forest_pages` returns.
    path
        The file; one that stands there is replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If there is no figure, the ending is another, the folder does not exist, a symbolic link
        stands there, or the file cannot be written.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> from tempfile import TemporaryDirectory
    >>> pages = [bm.plot_prior("HalfNormal(sigma=5)"), bm.plot_prior("Exponential(lam=1)")]
    >>> with TemporaryDirectory() as folder:
    ...     bm.save_pages(pages, f"{folder}/priors.pdf").name
    'priors.pdf'
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages

    target = Path(path)
    if require_figure(target) != "pdf" or not figures:
        raise OutputError(f"{target}: {len(figures)} pages; a .pdf file takes one or more.")
    with written(target):
        require_place(target)
    content = BytesIO()
    with (
        mpl.rc_context({"pdf.fonttype": 42}), _letters_told(target, "pdf"),
        PdfPages(content, metadata={"CreationDate": None}) as pages,
    ):  # fmt: skip
        for figure in figures:
            pages.savefig(figure)
    with whole_file(target) as partial:
        partial.write_bytes(content.getvalue())
    return target


def _resolution(figure: "Figure", dpi: float | None, target: Path, *, share: float) -> float:
    """Return the pixels an inch: those asked for, else the usual ones as far as a side allows."""
    most = _MOST_PIXELS / float(max(figure.get_size_inches())) / share
    if dpi is None:
        return min(_DPI.get(), most)
    if not (is_positive(dpi) and dpi <= most):
        shown = f"{dpi:g}" if is_number(dpi) else repr(dpi)
        raise OutputError(
            f"{target}: {shown} pixels an inch; it must be above 0 and, of this figure, at most "
            f"{most:.0f}."
        )
    return dpi


@contextmanager
def _letters_told(target: Path, kind: str) -> "Iterator[None]":
    """Say once, in our words, which letters no font here has; an SVG keeps them as text."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    missing = [found for each in caught if (found := _GLYPH.search(str(each.message)))]
    for each in caught:
        if not _GLYPH.search(str(each.message)):
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
    if missing and kind != "svg":
        letters = "".join(dict.fromkeys(chr(int(found[1])) for found in missing))
        warnings.warn(
            f"{target}: no font on this machine has {letters}; they are boxes here, and letters "
            "in the SVG file.",
            stacklevel=3,
        )


def save_figures(figures: "Mapping[str, Figure]", folder: Path) -> None:
    """Write figures that were laid out once, each in the formats of a folder of results.

    Or in those of `saved_as`, inside it.

    Parameters
    ----------
    figures
        By the name of their files, without the ending.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    for name, figure in figures.items():
        for kind in _KINDS.get():
            save_figure(figure, folder / f"{name}.{kind}")


def _readable(svg: bytes) -> bytes:
    """Return an SVG with the control characters of labels as their signs: XML takes none."""
    text = svg.decode("utf-8")
    if not _CONTROL.search(text):
        return svg
    signs = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"}
    unknown = dict.fromkeys((0xFFFE, 0xFFFF), 0xFFFD)
    return text.translate(signs | unknown).encode("utf-8")


def require_figure(path: Path) -> str:
    """Return the format that a file's ending names.

    Raises
    ------
    OutputError
        If it names none of those that figures are written as.
    """
    kind = path.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise OutputError(f"{path}: figures are written as {', '.join(FORMATS)}.")
    return kind
