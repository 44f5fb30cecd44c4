"""The place of a figure: a page of its own, or that of axes in someone else's figure."""

from typing import TYPE_CHECKING

from bayesmeta.errors import OutputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.transforms import Transform

type Sheet = "Figure | SubFigure"

_ROUNDING = 1e-6


def extent(of: "Axes | Sheet") -> tuple[float, float]:
    """Return width and height of axes, of a figure, or of a part of one, in inches."""
    from matplotlib.axes import Axes

    figure = whole(of.get_figure(root=True)) if isinstance(of, Axes) else whole(of)
    return float(of.bbox.width / figure.dpi), float(of.bbox.height / figure.dpi)


def whole(sheet: "Sheet | None") -> "Figure":
    """Return the figure that a sheet is, or is a part of."""
    from matplotlib.figure import Figure

    found = sheet.get_figure(root=True) if sheet is not None else None
    assert isinstance(found, Figure)  # noqa: S101  (axes and parts have one)
    return found


def inches(sheet: Sheet) -> "Transform":
    """Return what turns inches from a sheet's lower left corner into pixels."""
    from matplotlib.figure import Figure
    from matplotlib.transforms import BboxTransformTo, ScaledTranslation

    if isinstance(sheet, Figure):
        return sheet.dpi_scale_trans
    return sheet.dpi_scale_trans + ScaledTranslation(0, 0, BboxTransformTo(sheet.bbox))


def part(axes: "Axes", width: float, height: float) -> "SubFigure":
    """Return a part of a figure in the place of axes, which are drawn no more.

    Parameters
    ----------
    axes
        Their upper left corner is that of the part.
    width, height
        Of the part, in inches.

    Raises
    ------
    OutputError
        If the axes are smaller: letters keep their size.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> page = Figure(figsize=(4, 3))
    >>> [round(size, 6) for size in extent(part(page.add_axes((0.0, 0.5, 1.0, 0.5)), 4.0, 1.5))]
    [4.0, 1.5]
    """
    from matplotlib.gridspec import GridSpec

    room = extent(axes)
    if width > room[0] + _ROUNDING or height > room[1] + _ROUNDING:
        raise OutputError(
            f"The axes are {room[0]:.2f} by {room[1]:.2f} inches; this figure, whose letters keep "
            f"their size, needs {width:.2f} by {height:.2f}."
        )
    parent = axes.get_figure()
    assert parent is not None  # noqa: S101  (axes have one)
    page, corner = extent(parent), axes.get_position()
    left, above = corner.x0, 1 - corner.y1
    across, down = width / page[0], height / page[1]
    wide, high = _shares(left, across), _shares(above, down)
    grid = GridSpec(3, 3, figure=whole(parent), width_ratios=wide, height_ratios=high)
    axes.set_axis_off()
    return parent.add_subfigure(grid[1, 1], facecolor="none")


def _shares(before: float, own: float) -> tuple[float, float, float]:
    return max(before, 0.0), own, max(1 - before - own, 0.0)
