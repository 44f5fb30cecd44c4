"""Compiled models serve other tables and other priors of their structure."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bayesmeta.assembly import assemble
from bayesmeta.assembly.graph import build
from bayesmeta.engines import compiled as room
from bayesmeta.engines import nuts
from bayesmeta.engines.callback import log_density_callback
from bayesmeta.engines.compiled import clear_compiled, compiled
from bayesmeta.engines.settings import Settings

BRIEF = Settings(draws=50, tune=50, chains=2)


@pytest.fixture
def compilations(monkeypatch):
    """Count what is compiled, from an empty memory that is put back afterwards."""
    counted = []

    def count(model, shapes):
        counted.append(model)
        return log_density_callback(model, shapes)

    monkeypatch.setattr(room, "_COMPILED", {})
    monkeypatch.setattr(room, "log_density_callback", count)
    return counted


@pytest.fixture
def no_compilation(posterior, monkeypatch):
    """Forbid compiling: the session's posterior has compiled the model already."""

    def refuse(model):
        pytest.fail("compiled again")

    monkeypatch.setattr(room, "_compile", refuse)


def test_another_prior_of_the_family_is_not_compiled_again(no_compilation, assembled, integrated):
    """A refit under another scale gives that scale's posterior."""
    narrow = assembled(sigma=2)
    tau = nuts.sample(narrow, Settings())["posterior"]["tau"].to_numpy()

    expected = integrated(narrow)
    assert tau.mean() == pytest.approx(expected.tau, abs=0.1 * expected.tau_sd)


@pytest.mark.parametrize("rows", [[0, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2]])
def test_fewer_and_more_studies_are_not_compiled_again(
    rows, no_compilation, assembled, integrated, normand
):
    """A refit on another number of studies gives those studies' posterior."""
    other = assembled(effects=normand.take(np.array(rows)))
    tau = nuts.sample(other, Settings())["posterior"]["tau"].to_numpy()

    expected = integrated(other)
    assert tau.mean() == pytest.approx(expected.tau, abs=0.1 * expected.tau_sd)


def test_another_family_is_compiled(compilations, assembled):
    """Priors of different structure do not share code."""
    for tau in ("HalfNormal(sigma=10)", "HalfNormal(sigma=5)", "Exponential(scale=5)"):
        nuts.sample(assembled(priors={"tau": tau}), BRIEF)

    assert len(compilations) == 2


def test_compiling_again_changes_no_draw(compilations, assembled):
    """A forgotten model is compiled again, and gives the same draws to the last bit."""
    first = nuts.sample(assembled(), BRIEF)
    clear_compiled()
    again = nuts.sample(assembled(), BRIEF)

    assert len(compilations) == 2
    assert first["posterior"].equals(again["posterior"])


def test_threads_change_no_draw(compilations, assembled):
    """Fits side by side compile once, and draw what they draw one after another."""
    assemblies = [assembled(sigma=sigma) for sigma in (4, 5, 6, 7)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda one: nuts.sample(one, BRIEF), assemblies))
    apart = [nuts.sample(one, BRIEF) for one in assemblies]

    assert len(compilations) == 1
    for one, other in zip(together, apart, strict=True):
        assert one["posterior"].equals(other["posterior"])


def test_forms_do_not_share_code(compilations, monkeypatch, assembled):
    """A structure says whether study effects are sampled, how, and how many there are."""
    monkeypatch.setattr(room, "_compile", lambda model, _: compilations.append(model))
    assembly = assembled()
    few = assembled(effects=assembly.effects.take(np.arange(4)))
    compiled(assembly, build(assembly))
    compiled(few, build(few))

    for one, centred in ((assembly, False), (few, False), (assembly, True)):
        compiled(one, build(one, form="hierarchical", centred=centred))

    assert len(compilations) == 4


def test_order_of_the_terms_does_not_mix_up_priors(normand):
    """Each slope keeps its own prior in a refit with the terms in another order."""
    priors = {
        "mu": "Normal(mu=0, sigma=50)",
        "tau": "HalfNormal(sigma=10)",
        "beta[n_treatment]": "Normal(mu=7, sigma=0.01)",
        "beta[n_control]": "Normal(mu=-7, sigma=0.01)",
    }

    for formula in ("n_treatment + n_control", "n_control + n_treatment"):
        assembly = assemble(normand, moderators=formula, priors=priors)
        beta = nuts.sample(assembly, BRIEF)["posterior"]["beta"].mean(("chain", "draw"))
        assert float(beta.sel(term="n_treatment")) == pytest.approx(7, abs=0.5)
        assert float(beta.sel(term="n_control")) == pytest.approx(-7, abs=0.5)


@pytest.mark.parametrize("progress", [True, False])
def test_compiling_is_told_where_progress_is_wanted(
    progress, compilations, normand, monkeypatch, capsys
):
    """On standard error, once: what is in memory is not compiled again."""
    monkeypatch.setattr(room, "_compile", lambda model, _: compilations.append(model))
    assembly = assemble(normand, priors={"mu": "Normal(mu=0, sigma=100)"})
    model = build(assembly, form="marginal")
    for _ in range(2):
        compiled(assembly, model, progress=progress)
    told = capsys.readouterr()

    assert (told.out, told.err.count("Compiling the model")) == ("", int(progress))
    assert len(compilations) == 1
