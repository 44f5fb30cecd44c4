"""A canvas for PNG files: matplotlib's own, pixel for pixel, that lays no text out twice.

Letters are most of a figure's way to disk. Matplotlib finds it by the name of this module.
"""

from math import cos, radians, sin
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib import ft2font
from matplotlib.backends import backend_agg
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg

from bayesmeta.plots.extents import Extent, fonts_asked, measured
from bayesmeta.plots.pixels import packed

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text

_MOST, _MOST_IMAGES = 20_000, 50_000
"""Texts whose letters are kept, and letters whose images are."""
_ONE, _PIXEL = 0x10000, 64
"""As FreeType writes the numbers of a matrix, and places."""
_FONTS: Any = ft2font
_AGG: Any = backend_agg
type Foreign = Any
"""What matplotlib gives no type."""
_NEEDED = ("_layout", "_set_transform", "_render_glyph")
_PLACES_LETTERS = all(hasattr(_FONTS.FT2Font, name) for name in _NEEDED)
"""Whether this matplotlib places letters one by one, between pixels, as 3.11 does."""


class _Letter(NamedTuple):
    font: Any
    glyph: int
    right: float
    up: float


class _Image(NamedTuple):
    """A letter's grey levels, and where they stand beside the pixel that it begins in."""

    grey: Any
    left: int
    top: int


_LAID_OUT: dict[tuple[Any, ...], tuple[_Letter, ...]] = {}
_DRAWN: dict[tuple[Any, ...], _Image] = {}
"""By letter, size, and where between pixels it stands."""


class _Pixels(RendererAgg):
    def __init__(self, width: float, height: float, dpi: float) -> None:
        inherited: Any = super()
        inherited.__init__(width, height, dpi)
        self._asked = fonts_asked()

    @property
    def _grey(self) -> Foreign:
        own: Any = self
        return own._renderer.draw_text_image  # noqa: SLF001

    def get_text_width_height_descent(
        self, s: str, prop: "FontProperties", ismath: Foreign
    ) -> Extent:
        """Return the extent of a text in pixels."""
        inherited: Any = super()
        ask = inherited.get_text_width_height_descent
        asked = ("pixels", s, ismath, self.dpi, self._asked)
        return measured(asked, prop, lambda: ask(s, prop, ismath))

    def draw_text(  # noqa: PLR0913, PLR0917  (matplotlib's own order)
        self, gc: Foreign, x: float, y: float, s: str, prop: "FontProperties", angle: float,
        ismath: Foreign = False, mtext: "Text | None" = None,  # noqa: FBT002
    ) -> None:  # fmt: skip
        """Draw a text."""
        if ismath or not _PLACES_LETTERS or not gc.get_antialiased():
            inherited: Any = super()
            inherited.draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        own: Any = self
        font, size = own._prepare_font(prop), prop.get_size_in_points()  # noqa: SLF001
        letters = _laid_out(font, s, mtext, size=size, dpi=self.dpi)
        self._draw_letters(gc, letters, (x, self.height - y), size=size, angle=radians(angle))

    def _draw_letters(
        self, gc: Foreign, letters: tuple[_Letter, ...], at: tuple[float, float], *, size: float,
        angle: float,
    ) -> None:  # fmt: skip
        """Draw letters, each turned by an angle around a point, heights counted upwards."""
        along, across = cos(angle), sin(angle)
        flags, draw, foot = _AGG.get_hinting_flag(), self._grey, int(self.height)
        for font, glyph, right, up in letters:
            x = round(_PIXEL * (at[0] + right * along - up * across))
            y = round(_PIXEL * (at[1] + right * across + up * along))
            key = (font, glyph, size, self.dpi, flags, angle, x % _PIXEL, y % _PIXEL)
            image = _DRAWN.get(key) or _drawn(key)
            low = foot - (y // _PIXEL + image.top) + len(image.grey)
            draw(image.grey, x // _PIXEL + image.left, low, 0, gc)


def _drawn(key: tuple[Any, ...]) -> _Image:
    """Return the image of a letter, which is kept."""
    font, glyph, size, dpi, flags, angle, x, y = key
    along, across = cos(angle), sin(angle)
    turn = np.round(_ONE * np.array([[along, -across], [across, along]])).astype(int)
    font.set_size(size, dpi)
    font._set_transform(turn, [x, y])  # noqa: SLF001
    found = font._render_glyph(glyph, flags, _FONTS.RenderMode.NORMAL)  # noqa: SLF001
    if len(_DRAWN) >= _MOST_IMAGES:
        _DRAWN.clear()
    _DRAWN[key] = _Image(np.array(found.buffer), found.left, found.top)
    return _DRAWN[key]


def _laid_out(
    font: Foreign, text: str, artist: Foreign, *, size: float, dpi: float
) -> tuple[_Letter, ...]:
    """Return the letters of a text."""
    features = None if artist is None else artist.get_fontfeatures()
    language = None if artist is None else artist.get_language()
    flags = _AGG.get_hinting_flag()
    key = (font, text, size, dpi, flags, repr(features), repr(language))
    if key in _LAID_OUT:
        return _LAID_OUT[key]
    laid = font._layout(text, flags=flags, features=features, language=language)  # noqa: SLF001
    if len(_LAID_OUT) >= _MOST:
        _LAID_OUT.clear()
    _LAID_OUT[key] = tuple(
        _Letter(each.ft_object, each.glyph_index, each.x, each.y) for each in laid
    )
    return _LAID_OUT[key]


class FigureCanvas(FigureCanvasAgg):
    """What writes a figure as PNG."""

    def get_renderer(self) -> RendererAgg:
        """Return what draws, anew for each file."""
        width, height = self.get_width_height(physical=True)
        return _Pixels(width, height, self.figure.dpi)

    def print_png(self, filename_or_obj: IO[bytes], **_: Foreign) -> None:
        """Write a figure to a file that is open."""
        renderer: Any = self.get_renderer()
        self.figure.draw(renderer)
        filename_or_obj.write(
            packed(np.asarray(renderer.buffer_rgba()), dpi=float(self.figure.dpi))
        )
