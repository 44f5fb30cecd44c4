"""What shapes keep so that nothing is sought twice: the same digits with it as without."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from bayesmeta.duration_response import draws, duration
from bayesmeta.duration_response.candidates import Curves
from bayesmeta.duration_response.draws import _points
from bayesmeta.duration_response.heterogeneity import AveragedTau

SHAPES = ["constant", "linear", "step"]
TABLES = ("shapes", "predictions", "changes", "tau", "curve", "leave_one_out", "strip")


def _asked(effects, priors):
    found = duration(effects, priors=priors, shapes=SHAPES, minimal_important_difference=1.0)
    return {name: getattr(found, name) for name in TABLES if hasattr(found, name)}


@pytest.fixture(scope="module")
def kept(twelve, priors):
    """Return the tables of an answer as it is usually had."""
    return _asked(twelve(), priors)


def _require_equal(found, expected):
    assert found.keys() == expected.keys()
    for name, table in expected.items():
        if table is not None:
            pd.testing.assert_frame_equal(found[name], table, check_exact=True, obj=name)


def test_nothing_that_is_kept_changes_a_digit(kept, twelve, priors, monkeypatch):
    """Against points, centres and quantiles that are sought anew each time."""
    monkeypatch.setattr(draws, "_points", _points.__wrapped__)
    monkeypatch.setattr(Curves, "_centre", property(vars(Curves)["_centre"].func))
    monkeypatch.setattr(AveragedTau, "quantile", vars(AveragedTau)["_sought"])

    _require_equal(_asked(twelve(), priors), kept)


def test_what_is_kept_of_one_table_is_not_anothers(kept, twelve, priors):
    """A table asked after another has the answer that it had before."""
    _asked(twelve(scale=3.0, sign=-1.0), priors)

    _require_equal(_asked(twelve(), priors), kept)


def test_no_quantiles_of_tau_are_sought_twice(twelve, priors, monkeypatch):
    """The tables ask for the same ones of the same posterior again and again."""
    sought, held = Counter(), []
    seek = vars(AveragedTau)["_sought"]

    def counted(self, p):
        held.append(self)  # so that no other has its identity
        sought[id(self), p.tobytes()] += 1
        return seek(self, p)

    monkeypatch.setattr(AveragedTau, "_sought", counted)
    _asked(twelve(), priors)

    assert set(sought.values()) == {1}


def test_points_are_made_once_and_nobody_can_change_them():
    """The same arrays for every posterior, read-only."""
    first, second = _points(0, 2), _points(0, 2)

    assert all(one is two for one, two in zip(first, second, strict=True))
    assert not any(array.flags.writeable for array in first)


def test_quantiles_that_are_kept_cannot_be_changed(kept, twelve, priors, monkeypatch):
    """Else whoever rounds them in place would round everybody's."""
    known = []
    ask = AveragedTau.quantile
    monkeypatch.setattr(
        AveragedTau, "quantile", lambda self, p: known.append(ask(self, p)) or known[-1]
    )
    _asked(twelve(), priors)

    assert known
    assert not any(array.flags.writeable for array in known)


def test_quantiles_are_kept_by_their_levels(twelve, priors, monkeypatch):
    """As many levels are not the same levels."""
    held = []
    seek = vars(AveragedTau)["_sought"]
    monkeypatch.setattr(AveragedTau, "_sought", lambda self, p: held.append(self) or seek(self, p))
    _asked(twelve(), priors)

    low, high = (held[0].quantile(np.array([level])) for level in (0.1, 0.9))
    assert low < high


def test_a_coarser_rule_keeps_its_own(twelve, priors):
    """The error of tau's quantiles is what the coarser rule changes: never nought by a mix-up."""
    found = duration(twelve(), priors=priors, shapes=SHAPES)

    assert (found.tau["error"] > 0).all()
    assert np.isfinite(found.tau["error"]).all()
