"""The package's front: what it offers, and what looking at it costs."""

import pkgutil
import subprocess
import sys

import bayesmeta as bm

HEAVY = ("pymc", "arviz", "nutpie", "matplotlib", "formulaic")


def loaded_after(code):
    """Return which heavy packages a fresh Python holds after running code."""
    script = f"{code}\nimport sys\nprint(*[name for name in {HEAVY} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return ran.stdout.split("\n")[-2]


def test_every_public_name_loads():
    """Each name in the window stands in its room."""
    assert all(callable(getattr(bm, name)) for name in bm.__all__)


def test_no_verb_shares_its_name_with_a_room():
    """`import bayesmeta.NAME` gives a module wherever there is one."""
    rooms = {room.name for room in pkgutil.iter_modules(bm.__path__)}

    assert not rooms & set(bm.__all__)


def test_importing_loads_nothing_heavy():
    """`import bayesmeta` is instant."""
    assert loaded_after("import bayesmeta, bayesmeta.cli") == ""


def test_the_exact_engine_and_its_summary_load_nothing_heavy():
    """Nobody pays for a sampler that is not used."""
    code = """
import bayesmeta as bm, pathlib
table = pathlib.Path("examples/data/normand1999.csv")
effects = bm.effect_sizes(bm.read_studies(table), measure="MD")
bm.summary(bm.fit(effects, engine="exact"))"""

    assert loaded_after(code) == ""
