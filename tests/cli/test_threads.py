"""A command has one thread of linear algebra, unless its user asked for more."""

import os
import subprocess
import sys

import pytest

from bayesmeta import __main__, cli


@pytest.mark.parametrize(
    ("asked", "openblas"),
    [
        pytest.param({}, "1", id="nothing said"),
        pytest.param({"OPENBLAS_NUM_THREADS": "4"}, "4", id="of OpenBLAS"),
        pytest.param({"OMP_NUM_THREADS": "4"}, None, id="of all libraries"),
    ],
)
def test_a_command_has_the_threads_that_were_asked_for_or_one(monkeypatch, asked, openblas):
    """They stand in the environment before the command's rooms import NumPy."""
    seen = []
    monkeypatch.setattr(os, "environ", dict(asked))
    monkeypatch.setattr(cli, "main", lambda: seen.append(os.environ.get("OPENBLAS_NUM_THREADS")))
    __main__.main()

    assert seen == [openblas]


def test_nothing_imports_numpy_before_the_threads_are_said():
    """It reads them once, as it is imported."""
    asked = "import sys, bayesmeta.__main__; print('numpy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "False"
