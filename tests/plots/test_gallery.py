"""The gallery shows every plot there is."""

import importlib.util
import re
from pathlib import Path

import pytest

from bayesmeta.plots import PLOTS

SCRIPT = Path("examples/gallery.py")
WITHOUT_SAMPLING = "sampled = bm.fit(stroke, draws=500, tune=500)\n"


@pytest.fixture(scope="module")
def script():
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("gallery", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_plot_of_the_register_is_shown(script):
    """In the register's order."""
    assert list(script.CODE) == list(PLOTS)


def test_the_page_holds_image_and_code_of_each_figure(script):
    """Two figures of the start without the sampler: an image and its code each."""
    few = {name: script.CODE[name] for name in ("funnel", "joint")}

    page = script.gallery(few, script.START.replace(WITHOUT_SAMPLING, ""))

    assert len(re.findall(r'src="data:image/png;base64,[\w+/=]{1000,}"', page)) == len(few)
    assert all(code in page for code in few.values())


@pytest.mark.slow
def test_the_whole_page_is_made(script):
    """Every line of code that it shows runs."""
    assert script.gallery().count("<img ") == len(PLOTS)
