"""Draws as nutpie has them are those that it gives to ArviZ; ArviZ waits until it is used."""

import json
import subprocess
import sys

import numpy as np
import pytest

from bayesmeta.assembly.graph import build
from bayesmeta.engines.compiled import POINT, compiled
from bayesmeta.engines.nutpie_arrays import arrays
from bayesmeta.engines.nuts import in_coordinates_for_nuts
from bayesmeta.engines.packing import pack
from bayesmeta.engines.samplers import STATISTICS
from bayesmeta.engines.starting import Start


def test_raw_draws_are_those_of_the_tree(assembled):
    """Same seed, same points and statistics, without the warm-up."""
    import nutpie

    assembly = assembled()
    model = in_coordinates_for_nuts(build(assembly), ["tau"])
    code, blocks = compiled(assembly, model), pack(model)

    def drawn(*, raw):
        bound = code.bind(blocks, Start.of(assembly, code, blocks))
        return nutpie.sample(bound, draws=20, tune=30, chains=2, cores=1, seed=4,
                             progress_bar=False, save_warmup=False,
                             return_raw_trace=raw)  # fmt: skip

    found, tree = arrays(drawn(raw=True), (POINT, *STATISTICS)), drawn(raw=False)

    np.testing.assert_array_equal(found[POINT], tree["posterior"][POINT].to_numpy())
    assert found[POINT].shape == (2, 20, 2)
    for name in STATISTICS:
        np.testing.assert_array_equal(found[name], tree["sample_stats"][name].to_numpy())


@pytest.fixture(scope="module")
def seen():
    """Return what a process of its own sees, first of the arrays alone, then of nutpie."""
    code = (
        "import json, sys\n"
        "import numpy as np\n"
        "from bayesmeta.engines.array_stats import array_stats\n"
        "from bayesmeta.engines.nutpie_arrays import arviz_deferred\n"
        "def waits(*begin):\n"
        "    return not any(name.startswith(begin) for name in sys.modules)\n"
        "draws = np.random.default_rng(1).normal(size=(4, 100))\n"
        "alone = array_stats().ess(draws, method='tail', prob=(0.05, 0.95))\n"
        "seen = {'arrays wait': waits('arviz', 'xarray_einstats')}\n"
        "with arviz_deferred():\n"
        "    import nutpie\n"
        "seen['nutpie waits'] = waits('arviz')\n"
        "early = nutpie.sample.__globals__['arviz'].from_dict\n"
        "import arviz, arviz_stats\n"
        "seen['whole'] = arviz.from_dict is early and bool(arviz.summary)\n"
        "from arviz_stats.base import array_stats as whole\n"
        "same = alone == whole.ess(draws, method='tail', prob=(0.05, 0.95))\n"
        "seen['same'] = bool(same) and bool(arviz_stats.loo)\n"
        "print(json.dumps(seen))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return json.loads(run.stdout)


def test_arviz_is_whole_for_whoever_uses_it_later(seen):
    """It is not imported with nutpie, and there when nutpie or anybody else asks for it."""
    assert (seen["nutpie waits"], seen["whole"]) == (True, True)


def test_arrays_alone_are_what_is_imported_of_arviz_to_judge_draws(seen):
    """The same functions, without what reads, plots or cross-validates; it is whole afterwards."""
    assert (seen["arrays wait"], seen["same"]) == (True, True)
