"""Which sampler runs, and what happens when it breaks."""

import json
import sys
from types import SimpleNamespace

import arviz as az
import numpy as np
import nutpie
import pytest

from bayesmeta.engines import nuts, samplers
from bayesmeta.engines.settings import Settings
from bayesmeta.errors import ModelError


class PanicException(BaseException):
    """What a panic in nutpie's Rust looks like from Python: no Exception."""


@pytest.fixture
def breaking(monkeypatch):
    """Let nutpie fail with an error once it runs; return what was cancelled."""
    cancelled = []

    def prepare(error):
        class Background:
            def wait(self):
                raise error

            def cancel(self):
                cancelled.append(self)

        monkeypatch.setattr(nutpie, "sample", lambda *_, **__: Background())
        return cancelled

    return prepare


def test_without_nutpie_pymc_samples(monkeypatch, assembled, integrated):
    """Where nutpie is missing, PyMC's own sampler gives the same posterior, and a note says so."""
    monkeypatch.setitem(sys.modules, "nutpie", None)
    posterior = nuts.sample(assembled(), Settings(draws=500, tune=500, chains=2))
    mu = posterior["posterior"]["mu"].to_numpy()

    expected = integrated(assembled()).coefficients[0]
    assert mu.mean() == pytest.approx(expected, abs=4 * float(az.mcse(mu)))
    assert posterior.attrs["sampler"] == "pymc"
    assert samplers.NO_NUTPIE in json.loads(posterior.attrs["notes"])
    assert set(posterior["sample_stats"]) == set(samplers.STATISTICS)


@pytest.mark.slow
def test_unknown_nutpie_is_used_through_its_front_door(monkeypatch, assembled, integrated):
    """A nutpie whose inside may have changed still samples, only slower."""
    monkeypatch.setattr(nutpie, "__version__", "0.99.0")
    mu = nuts.sample(assembled(), Settings())["posterior"]["mu"].to_numpy()

    expected = integrated(assembled()).coefficients[0]
    assert mu.mean() == pytest.approx(expected, abs=4 * float(az.mcse(mu)))


@pytest.mark.parametrize(
    "error", [PanicException("index out of bounds\nat src/lib.rs"), RuntimeError("no start.")]
)
def test_a_broken_sampler_is_one_clear_error(error, breaking, posterior, assembled):
    """A panic or a failed start is an error of ours, of one line."""
    breaking(error)
    first_line = str(error).split("\n", maxsplit=1)[0].rstrip(".")

    with pytest.raises(ModelError, match=f"^NUTS broke off: {first_line}\\.$"):
        nuts.sample(assembled(), Settings())


@pytest.mark.parametrize("point", [np.full(2, np.nan), np.zeros(3)])
def test_a_start_that_fails_in_nutpie_is_an_error_too(point, monkeypatch, assembled):
    """The same from nutpie itself: no number to start from, and too many of them."""
    monkeypatch.setattr(samplers, "Start", SimpleNamespace(of=lambda *_: lambda _: point))

    with pytest.raises(ModelError, match=r"^NUTS broke off: "):
        nuts.sample(assembled(), Settings())


def test_an_interrupted_run_is_no_run(breaking, posterior, assembled):
    """Ctrl-C stops; half the draws are not passed off as all."""
    cancelled = breaking(KeyboardInterrupt())

    with pytest.raises(KeyboardInterrupt):
        nuts.sample(assembled(), Settings())
    assert cancelled


def test_progress_is_shown_on_standard_error_when_asked(capfd, posterior, assembled):
    """Standard output stays clean, with or without a progress bar."""
    nuts.sample(assembled(), Settings(progress=False, draws=50, tune=50))
    silent = capfd.readouterr()
    nuts.sample(assembled(), Settings(progress=True, draws=50, tune=50))

    assert (silent.out, silent.err) == ("", "")
    assert capfd.readouterr().out == ""
