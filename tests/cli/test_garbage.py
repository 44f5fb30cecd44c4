"""Looking for garbage seldom changes the time a command takes, and nothing else."""

import gc

import pytest

from bayesmeta import cli
from bayesmeta.cli import _NEW_OBJECTS, _TIMES, main

OTHER = (1234, 7, 9)
"""What a program that calls the command line may have chosen."""


@pytest.fixture(autouse=True)
def chosen():
    """Let the test's process look for garbage its own way, and have its way back."""
    before = gc.get_threshold()
    gc.set_threshold(*OTHER)
    yield
    gc.set_threshold(*before)


def test_garbage_is_sought_seldom_while_a_command_runs(monkeypatch):
    """After 100 000 new objects, and 50 times that among those left; the oldest as before."""
    during = []
    monkeypatch.setattr(cli, "app", lambda _arguments: during.append(gc.get_threshold()))
    main(["models"])

    assert during == [(_NEW_OBJECTS, _TIMES, OTHER[2])]


@pytest.mark.parametrize("command", [["models"], ["fit", "nowhere.csv"]], ids=["done", "refused"])
def test_a_program_around_it_has_its_own_way_back(bayesmeta, command):
    """Whether the command ends well or is refused."""
    bayesmeta(*command)

    assert gc.get_threshold() == OTHER


def test_a_command_says_the_same_however_often_garbage_is_sought(bayesmeta, monkeypatch):
    """Every letter of the answer: nothing hangs on when an object is gone."""
    asked = ("compare", "examples/data/normand1999.csv", "--measure", "MD")
    seldom = bayesmeta(*asked)
    monkeypatch.setattr(cli, "_NEW_OBJECTS", 300)

    assert bayesmeta(*asked) == seldom
