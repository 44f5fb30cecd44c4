"""All figures are drawn with one kit."""

import re
from pathlib import Path

import pytest

import bayesmeta.plots

FOLDER = Path(bayesmeta.plots.__file__).parent
KIT = ("ink.py", "lettering.py", "paper.py", "axes.py", "saving.py")
FIGURES = sorted(path.name for path in FOLDER.glob("*.py") if path.name not in KIT)


@pytest.mark.parametrize("name", FIGURES)
def test_colours_and_letters_are_the_kits(name):
    """No figure mixes a colour or sets a size of its own."""
    code = (FOLDER / name).read_text(encoding="utf-8")

    assert not re.findall(r"#[0-9a-fA-F]{6}|\bLetters\(|fontsize=\d", code)


@pytest.mark.parametrize("name", FIGURES)
def test_words_ticks_panels_and_files_are_the_kits(name):
    """Names, ticks, texts, keys, panels and files are made in one place each."""
    code = (FOLDER / name).read_text(encoding="utf-8")
    own = (
        r"set_[xy](label|ticks)\(.*fontprop|\.text\(|figure\.legend|add_axes|savefig\b"
    )

    assert not re.findall(own, "\n".join(line for line in code.split("\n") if "``" not in line))
