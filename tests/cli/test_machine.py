"""What the machine refuses is one message and exit code 2 as well."""

import os
import subprocess
import sys

import pytest

from bayesmeta import studies

NORMAND = "examples/data/normand1999.csv"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device here")  # noqa: PTH110
def test_an_output_that_is_full_is_one_message():
    """Not at the end of the process once more, either."""
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ran = subprocess.run(
            [sys.executable, "-m", "bayesmeta", "effects", NORMAND, "--measure", "MD"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert ran.returncode == 2
    assert ran.stderr == "bayesmeta: output: No space left on device.\n"


def test_too_little_memory_is_one_message(bayesmeta, monkeypatch):
    """What would do is said."""

    def fill(*_, **__):
        raise MemoryError

    monkeypatch.setattr(studies, "read_studies", fill)

    ran = bayesmeta("effects", NORMAND, "--measure", "MD")

    assert ran.code == 2
    assert ran.err.startswith("bayesmeta: not enough memory; ask for fewer")


def test_a_name_that_is_no_text_is_printed_by_its_codes(bayesmeta):
    """Names of files may hold bytes that are no UTF-8."""
    ran = bayesmeta("fit", "nowhere\udcff.csv", "--measure", "MD")

    assert ran.code == 2
    assert r"nowhere\udcff.csv" in ran.err
