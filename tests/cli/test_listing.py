"""Help lists what is registered, not what somebody wrote down once."""

import re

import pytest

from bayesmeta.calibration.shapes import SHAPES as SPREADS
from bayesmeta.cli.listing import LISTS, listed
from bayesmeta.engines.fitting import ENGINES
from bayesmeta.frequentist.estimators import ESTIMATORS
from bayesmeta.location.shapes import SHAPES
from bayesmeta.measures.register import MEASURES
from bayesmeta.plots.register import PLOTS

REGISTERS = {"measures": MEASURES, "engines": ENGINES, "plots": PLOTS, "estimators": ESTIMATORS,
             "shapes": SHAPES, "spreads": SPREADS}  # fmt: skip
SHOWN = [("fit", "measures"), ("fit", "engines"), ("fit", "models"), ("compare", "models"),
         ("compare", "measures"), ("sensitivity", "engines"), ("plot", "plots"),
         ("calibrate", "estimators"), ("calibrate", "spreads"), ("duration", "shapes")]  # fmt: skip


def words(text):
    return set(re.findall(r"[\w-]+", text))


@pytest.mark.parametrize(("command", "kind"), SHOWN)
def test_a_command_lists_every_part_and_a_new_one(command, kind, bayesmeta, monkeypatch):
    """A toy in a register, or on the shelf, is in the help; so is all that was there."""
    if kind in REGISTERS:
        monkeypatch.setitem(REGISTERS[kind], "toy", next(iter(REGISTERS[kind].values())))
    else:
        monkeypatch.setattr("bayesmeta.catalogue.model_names", lambda: ("random-effects", "toy"))

    helped = bayesmeta(command, "--help").out

    assert {"toy", *listed(kind)} <= words(re.sub(r"-\n\s+", "-", helped))


def test_no_list_is_left_unread(bayesmeta):
    """Every name in braces is a list, and every list is shown by some command."""
    from bayesmeta.cli import COMMANDS

    pages = [bayesmeta(command, "--help").out for command in COMMANDS]

    assert not [page for page in pages if re.search(r"\{[a-z]+\}", page)]
    assert {kind for _, kind in SHOWN} == set(LISTS)


def test_a_new_engine_is_taken_by_name(bayesmeta, monkeypatch):
    """What the help lists is what the option takes."""
    monkeypatch.setitem(ENGINES, "toy", ENGINES["exact"])

    ran = bayesmeta("fit", "examples/data/normand1999.csv", "--measure", "MD", "--engine", "toy")

    assert ran.code == 0


def test_an_engine_on_no_list_is_refused_with_the_list(bayesmeta):
    """Before the table is read, as every wrong option."""
    ran = bayesmeta("fit", "nowhere.csv", "--measure", "MD", "--engine", "stan")

    assert ran.code == 2
    assert "'stan' is none of: nuts, exact" in ran.err
