"""A written report, that a notebook shows in place."""

from html import escape
from pathlib import Path

_HEIGHT = 640


class Written(Path):
    """The path of a report that was written; a notebook shows the page itself.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     page = Written(folder) / "report.html"
    ...     _ = page.write_text("<h1>Stroke care</h1>")
    ...     Written(page)._repr_html_()[:46]
    '<iframe title="report.html" sandbox="allow-scr'
    """

    def with_segments(self, *segments: str | Path) -> Path:  # type: ignore[override]  # not reports
        """Return plain paths of what is beside it."""
        return Path(*segments)

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own that reaches nothing around it.

        The frame may run the page's scripts and hand its tables over as files, no more.
        """
        if self.suffix.lower() != ".html" or not self.is_file():
            return f"<p>Report: <code>{escape(str(self))}</code></p>"
        page = escape(self.read_text(encoding="utf-8"))
        return (
            f'<iframe title="{escape(self.name)}" sandbox="allow-scripts allow-downloads" '
            f'style="width: 100%; height: {_HEIGHT}px; border: 1px solid #d0d7de" '
            f'srcdoc="{page}"></iframe>'
        )
