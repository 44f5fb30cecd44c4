"""A document as one HTML file that needs nothing but itself."""

import json
from base64 import b64encode
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from bayesmeta.report.document import Chapter, Document, Figure, Part, Play, Table
from bayesmeta.report.rendering.slim import slim

if TYPE_CHECKING:
    from jinja2 import Template

_SCRIPTS = ("digits.js", "rule.js", "mixture.js", "answers.js", "forest.js", "panel.js")
_TABLES = "tables.js"


def html(document: Document) -> bytes:
    """Return a document as an HTML page: styles, figures and scripts inside, nothing fetched.

    Every text is escaped; a page's own policy forbids it to load anything from anywhere.

    Examples
    --------
    >>> from bayesmeta.report.document import Chapter, Words
    >>> chapter = Chapter("question", "Question", (Words("Is 1 < 2?"),))
    >>> page = html(Document("Stroke care", (Part("", (chapter,)),))).decode()
    >>> "<p>Is 1 &lt; 2?</p>" in page, "https:" in page
    (True, False)
    """
    from markupsafe import Markup

    playing = any(
        isinstance(block, Play) for chapter in document.chapters() for block in chapter.blocks
    )
    scripts = "".join(_resource(name) for name in (*(_SCRIPTS if playing else ()), _TABLES))
    page = _template().render(
        document=document,
        several=len(document.parts) > 1,
        version=version("bayesmeta"),
        style=Markup(_resource("report.css")),  # noqa: S704  (ours, no user's text)
        scripts=Markup(scripts),  # noqa: S704  (ours)
        anchor=anchor,
        named=named,
        indented=indented,
        embedded=embedded,
        json=safe_json,
    )
    return page.encode()


def anchor(block: Chapter | Table | Figure, part: Part | None = None) -> str:
    """Return the anchor of a chapter, a table or a figure."""
    return named(block.key, part)


def named(key: str, part: Part | None = None) -> str:
    """Return the anchor of a key: several outcomes have a chapter of one name each."""
    return f"{key}-{slug(part.title)}" if part is not None and part.title else key


def indented(text: str) -> str:
    """Return a text whose leading blanks a page keeps."""
    return "\N{NO-BREAK SPACE}" * (len(text) - len(text.lstrip())) + text.lstrip()


def slug(text: str) -> str:
    """Return a text as part of an anchor.

    Examples
    --------
    >>> slug("IL-6 (pg/mL)")
    'il-6-pg-ml'
    """
    kept = "".join(sign if sign.isalnum() else " " for sign in text.lower())
    return "-".join(kept.split())


def embedded(figure: Figure) -> str:
    """Return a figure as an address that holds it, without what nobody sees of it."""
    return f"data:image/svg+xml;base64,{b64encode(slim(figure.svg).encode()).decode()}"


def safe_json(data: object) -> str:
    r"""Return JSON that cannot end the element it stands in.

    Examples
    --------
    >>> safe_json({"study": "</script>"})
    '{"study": "\\u003c/script\\u003e"}'
    """
    said = json.dumps(data, allow_nan=False, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        said = said.replace(sign, f"\\u{ord(sign):04x}")
    return said


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(_resource("report.html.j2"))


def _resource(name: str) -> str:
    return files("bayesmeta.report").joinpath("page", name).read_text(encoding="utf-8")
