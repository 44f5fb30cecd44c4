"""What tests of figures share: kinds of tables, and every figure there is."""

import importlib.util
import sys
from pathlib import Path


def _beside(name):
    """Load a module that stands beside this one, whatever folder pytest started in."""
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"plots_{name}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)


for _name in ("cases", "figures"):
    _beside(_name)
