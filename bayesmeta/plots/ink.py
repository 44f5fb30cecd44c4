"""The colours, letters and margin that every figure has."""

from bayesmeta.plots.lettering import Letters

BODY, STRONG, SMALL, TITLE = (
    Letters(8.5), Letters(8.5, bold=True), Letters(7.5), Letters(11, bold=True)
)  # fmt: skip
TINY, TINY_STRONG = Letters(6.5), Letters(6.5, bold=True)
"""Where very many rows stand below one another."""

MARGIN = 0.2
"""In inches, around everything."""

INK, BLUE, ALARM = "#1a1a1a", "#0a5c96", "#a01010"
"""What was found; what is believed after all studies; what speaks against it."""

BAND, NEW, UNSEEN = "#74a1c5", "#bac4cc", "#f3efe6"
"""Areas that meet: an interval of a curve, one of a new study, no data. Each differs from the
next by a contrast of 1.5 where print has no colour."""

PALE, SHADE = "#cfe0ec", "#e2e2e2"
"""Areas alone: under a density, and zones."""

FILLS = ("#6b6b6b", "#ffffff", "#bdbdbd", "#ffffff", "#6b6b6b", "#bdbdbd", "#ffffff")
"""Of marks of several kinds, which differ in shape too."""

SOFT = "#bdbdbd"
"""Of the marks of studies that stand over lines and areas."""

EDGE, FAINT = "#767676", "#9a9a9a"
DOTTED, DASHED, DASH_DOTTED = (0, (1, 2)), (0, (4, 2)), (0, (5, 2, 1, 2))

RISKS = ("#9fd3c7", "#c98a1b", "#8f2d56", "#1f1f3d")
"""Of judgements from low to critical: ever darker, so that they differ in grey."""
