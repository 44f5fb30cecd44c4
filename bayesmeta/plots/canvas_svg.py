"""A canvas for SVG files: matplotlib's own, byte for byte, that measures no text twice.

Matplotlib finds it by the name of this module.
"""

from codecs import getwriter
from typing import IO, TYPE_CHECKING, Any

from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG

from bayesmeta.plots.extents import Extent, fonts_asked, measured

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

_POINTS = 72
type Foreign = Any
"""What matplotlib gives no type."""
_Mixed: Any = MixedModeRenderer


class _Words(RendererSVG):
    def __init__(self, *where: Foreign, **how: Foreign) -> None:
        inherited: Any = super()
        inherited.__init__(*where, **how)
        self._asked = fonts_asked()

    def get_text_width_height_descent(
        self, s: str, prop: "FontProperties", ismath: Foreign
    ) -> Extent:
        """Return the extent of a text in points."""
        inherited: Any = super()
        ask = inherited.get_text_width_height_descent
        asked = ("points", s, ismath, self._asked)
        return measured(asked, prop, lambda: ask(s, prop, ismath))


class FigureCanvas(FigureCanvasSVG):
    """What writes a figure as SVG."""

    def print_svg(
        self, filename: IO[bytes], *, bbox_inches_restore: Foreign = None, metadata: Foreign = None,
        **_: Foreign,
    ) -> None:  # fmt: skip
        """Write a figure to a file that is open."""
        figure, file = self.figure, getwriter("utf-8")(filename)
        dpi, figure.dpi = figure.dpi, _POINTS
        width, height = (float(size) for size in figure.get_size_inches())
        words = _Words(_POINTS * width, _POINTS * height, file, image_dpi=dpi,
                            metadata=metadata)  # fmt: skip
        renderer = _Mixed(
            figure, width, height, dpi, words, bbox_inches_restore=bbox_inches_restore
        )
        figure.draw(renderer)
        renderer.finalize()
