"""A section as its own page has it: the text, with its figures."""

from pathlib import Path

from bayesmeta.report.chapters.figures import figure
from bayesmeta.report.document import Block, Chapter, Command


def written(key: str, title: str, folder: Path) -> Chapter:
    """Return a section's text, and every figure beside it.

    Parameters
    ----------
    key
        Of the chapter, and the name of the text without its end.
    folder
        Where the section was written.
    """
    text = (folder / f"{key}.txt").read_text(encoding="utf-8").strip()
    blocks: list[Block] = [Command(text)]
    first = next((line for line in text.splitlines() if line.startswith("- ")), title)
    for path in sorted(folder.glob("*.svg")):
        name = path.stem.replace("_", " ").capitalize()
        blocks += figure(folder, path.stem, f"{name}.", f"{name}. {first.removeprefix('- ')}")
    return Chapter(key, title, tuple(blocks))
