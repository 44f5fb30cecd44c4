"""The command line, run in this process."""

from typing import NamedTuple

import pytest

from bayesmeta.cli import main


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def bayesmeta(capsys):
    """Run ``bayesmeta`` with arguments; return its exit code and what it printed."""

    def run(*arguments):
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ran(int(stopped.value.code or 0), printed.out, printed.err)

    return run
