"""Figures that an analysis drew, read from its folder."""

from pathlib import Path

from bayesmeta.report.document import Figure

_SHOWS = {
    "bubble": "Studies over their durations, the curve averaged over the shapes, its intervals.",
    "effects_by_week": "Mean effect, and effect in a new study, at chosen durations.",
    "shapes": "The curve of each shape with its interval, from the most probable shape on.",
    "dial": "Effect under the reference design, and P(benefit), while others count for ever less.",
    "forest_by_design": "Studies by design, the mean of each, and the means of both together.",
    "ridges": "Posterior density of the effect under the reference design, by how others count.",
    "subgroups": "Studies by subgroup, and the mean effect of each.",
    "correlation": "Mean effects at each assumed correlation.",
}
"""What a section's figure shows, by the name of its file."""


def figure(folder: Path, name: str, caption: str, alt: str) -> tuple[Figure, ...]:
    """Return a figure by the name of its file; none where it was not drawn.

    Parameters
    ----------
    folder
        Where it is, as SVG and as PNG.
    alt
        What it shows, in words.
    """
    path, image = folder / f"{name}.svg", folder / f"{name}.png"
    if not path.exists():
        return ()
    shown = image.read_bytes() if image.exists() else b""
    return (Figure(f"figure_{name}", caption, alt, path.read_text(encoding="utf-8"), shown),)


def drawn(folder: Path, alt: str) -> list[Figure]:
    """Return every figure of a section's folder, captioned by what it shows.

    Parameters
    ----------
    alt
        What follows from them, in a sentence.
    """
    found: list[Figure] = []
    for path in sorted(folder.glob("*.svg")):
        caption = _SHOWS.get(path.stem, f"{path.stem.replace('_', ' ').capitalize()}.")
        found += figure(folder, path.stem, caption, f"{caption} {alt}")
    return found
