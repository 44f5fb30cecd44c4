"""Figures that an analysis drew, read from its folder."""

from pathlib import Path

from bayesmeta.report.document import Figure


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
    """Return every figure of a section's folder, captioned by the name of its file.

    Parameters
    ----------
    alt
        What they show, in a sentence.
    """
    found: list[Figure] = []
    for path in sorted(folder.glob("*.svg")):
        name = path.stem.replace("_", " ").capitalize()
        found += figure(folder, path.stem, f"{name}.", f"{name}. {alt}")
    return found
