"""A whole figure printed smaller or larger than it was laid out, in every format."""

import re
import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesmeta.errors import OutputError
from bayesmeta.plots.column import Width, column, inches, shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEAST_LETTERS = 5.0
"""In points: what journals print at the smallest."""
_NEAR = 1e-3
_SIZED = re.compile(rb'(<svg\b[^>]*?\b)width="([\d.]+)pt" height="([\d.]+)pt"')
_UNDATED: dict[str, dict[str, None]] = {
    "svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {"Software": None},
}  # fmt: skip


def share_of(figure: "Figure", width: Width | None, target: Path) -> float:
    """Return by what lengths of a figure are multiplied in print.

    Parameters
    ----------
    width
        As said to whoever saves; else the width that figures around have.

    Raises
    ------
    OutputError
        If letters of a width said here would be under 5 points. Where the width is that of
        figures around, the figure is as narrow as its letters allow, and a warning says so.
    """
    asked = column() if width is None else inches(width)
    laid_out = float(figure.get_figwidth())
    if asked is None or abs(asked - laid_out) < _NEAR:
        return 1.0
    least = _LEAST_LETTERS / _smallest_letters(figure)
    if asked / laid_out >= least - _NEAR:
        return asked / laid_out
    needed = shown(least * laid_out)
    message = (
        f"{target}: {shown(asked)} across, the smallest letters of this figure would be "
        f"{_smallest_letters(figure) * asked / laid_out:.1f} points; it needs {needed}."
    )
    if width is not None:
        raise OutputError(message)
    warnings.warn(f"{message[:-1]}, and has it.", stacklevel=3)
    return least


def _smallest_letters(figure: "Figure") -> float:
    """Return the size of the smallest letters, in points."""
    from matplotlib.text import Text

    sizes = [text.get_fontsize() for text in figure.findobj(Text)
             if text.get_visible() and text.get_text().strip()]  # fmt: skip
    return float(min(sizes, default=_LEAST_LETTERS))


def printed(figure: "Figure", kind: str, *, dpi: float, share: float) -> bytes:
    """Return a figure as the content of a PNG, SVG or PDF file.

    Parameters
    ----------
    dpi
        Pixels an inch of what is printed.
    share
        By what lengths are multiplied.
    """
    # On a full disk the PDF writer leaves a file open, which complains later.
    drawn = BytesIO()
    if kind == "pdf" and share != 1.0:
        _write_pdf(figure, drawn, dpi=dpi, share=share)
        return drawn.getvalue()
    # A fifth of the time for 10 % more bytes: most of a figure's way to disk is this.
    packed: Any = {"pil_kwargs": {"compress_level": 1}} if kind == "png" else {}
    figure.savefig(drawn, format=kind, dpi=dpi * share, metadata=_UNDATED[kind], **packed)
    content = drawn.getvalue()
    return content if kind != "svg" or share == 1.0 else _resized(content, share)


def _resized(svg: bytes, share: float) -> bytes:
    """Return an SVG of another size: its view box stays."""

    def changed(found: re.Match[bytes]) -> bytes:
        sizes = tuple(share * float(found[place]) for place in (2, 3))
        return found[1] + b'width="%.6gpt" height="%.6gpt"' % sizes

    return _SIZED.sub(changed, svg, count=1)


def _write_pdf(figure: "Figure", drawn: BytesIO, *, dpi: float, share: float) -> None:
    """Write a PDF page whose content is scaled as a whole; as matplotlib does it otherwise."""
    from matplotlib.backends import backend_mixed, backend_pdf

    pdf: Any = backend_pdf
    mixed: Any = backend_mixed
    width, height = (float(size) for size in figure.get_size_inches())
    before, figure.dpi = figure.dpi, 72
    file = pdf.PdfFile(drawn, metadata=_UNDATED["pdf"])
    try:
        file.newPage(share * width, share * height)
        file.output(share, 0, 0, share, 0, 0, pdf.Op.concat_matrix)
        own = pdf.RendererPdf(file, dpi, height, width)
        renderer = mixed.MixedModeRenderer(figure, width, height, dpi, own)
        figure.draw(renderer)
        renderer.finalize()
        file.finalize()
    finally:
        file.close()
        figure.dpi = before
