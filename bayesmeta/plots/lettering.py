"""How wide words are in print, in inches, so that none is clipped or overlaps."""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

_POINTS_PER_INCH = 72
_ELLIPSIS = "…"


_OF_OTHER_SCRIPTS = (
    "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans CJK KR", "Noto Sans JP", "Noto Sans SC",
    "Source Han Sans", "PingFang SC", "Hiragino Sans", "Apple SD Gothic Neo", "Microsoft YaHei",
    "Yu Gothic", "MS Gothic", "Malgun Gothic", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
    "Droid Sans Fallback", "Arial Unicode MS", "Unifont",
)  # fmt: skip
"""Fonts with the letters of China, Japan and Korea, on one machine or another."""


@lru_cache(maxsize=1)
def families() -> list[str]:
    """Return the usual family of fonts, then those here that have further scripts."""
    from matplotlib import rcParams
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    return [*rcParams["font.family"], *(name for name in _OF_OTHER_SCRIPTS if name in installed)]


@lru_cache(maxsize=20_000)
def _width(letters: "Letters", word: str) -> float:
    from matplotlib.textpath import text_to_path

    with warnings.catch_warnings():
        # Who saves the figure says which letters no font has, once.
        warnings.filterwarnings("ignore", message="Glyph")
        found = text_to_path.get_text_width_height_descent(word, letters.font, False)  # noqa: FBT003
    return float(found[0]) / _POINTS_PER_INCH


@dataclass(frozen=True)
class Letters:
    """One size and weight of the figure's type.

    Parameters
    ----------
    size
        In points.
    """

    size: float
    bold: bool = False

    @cached_property
    def font(self) -> "FontProperties":
        """The font, as matplotlib takes it."""
        from matplotlib.font_manager import FontProperties

        weight = "bold" if self.bold else "normal"
        return FontProperties(family=families(), size=self.size, weight=weight)

    @property
    def line(self) -> float:
        """Height of a line of text, in inches."""
        return 1.35 * self.size / _POINTS_PER_INCH

    def width(self, text: str) -> float:
        """Return how wide a text is, in inches; of several lines, the widest."""
        return max(self._of_line(line) for line in text.split("\n"))

    def _of_line(self, line: str) -> float:
        # No letter is kerned beside a space. Words recur and lines do not: that is a sixth of
        # the time, since a line that is filled word by word is else measured as many times.
        words = line.split(" ")
        return sum(_width(self, word) for word in words) + (len(words) - 1) * _width(self, " ")

    def wrapped(self, text: str, room: float, *, most: int | None = None) -> list[str]:
        """Return lines that fit into a room in inches; text beyond the last line ends in …."""
        lines: list[str] = []
        for word in text.split():
            joined = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(joined) <= room:
                lines[-1] = joined
            else:
                lines.append(word)
        lines = lines or [""]
        if most is not None and len(lines) > most:
            lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
        return [self.clipped(line, room) for line in lines]

    def paragraphs(self, texts: Iterable[str], room: float) -> list[str]:
        """Return the lines of several texts, each begun on a line of its own."""
        return [line for text in texts for line in self.wrapped(text, room)]

    def clipped(self, line: str, room: float) -> str:
        """Return a line that fits into a room in inches, its end replaced by … if need be."""
        if self.width(line) <= room:
            return line
        kept = line
        while kept and self.width(kept + _ELLIPSIS) > room:
            kept = kept[:-1]
        return kept.rstrip() + _ELLIPSIS
