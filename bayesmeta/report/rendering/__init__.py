"""Documents as files, by how the file's name ends; ``PAGES`` is the register."""

from collections.abc import Callable, Mapping

from bayesmeta.report.document import Document
from bayesmeta.report.rendering.html import html
from bayesmeta.report.rendering.latex import latex
from bayesmeta.report.rendering.markdown import markdown
from bayesmeta.report.rendering.sheets import sheets
from bayesmeta.report.rendering.word import docx

PAGES: Mapping[str, Callable[[Document], bytes]] = {
    ".html": html,
    ".md": markdown,
    ".docx": docx,
    ".tex": latex,
    ".zip": sheets,
}
"""What a report can be written as."""
TAKES_PNG = frozenset({".docx"})
"""Pages that show a figure's PNG; all others take its SVG, or none."""
