"""Machine code that one process makes and the next one loads is that of PyMC's own graph."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bayesmeta.assembly.graph import build
from bayesmeta.engines.callback import parameters
from bayesmeta.engines.callback_cache import kept_callback, key_of_graph
from bayesmeta.engines.nuts import in_coordinates_for_nuts

ROOT = Path(__file__).parents[2]


def key(assembly, *, form="marginal", beside=()):
    """Return the key of a model's log density."""
    model = in_coordinates_for_nuts(build(assembly, form=form), ["tau"])
    data = sorted(model.data_vars, key=lambda variable: variable.name)
    return key_of_graph([model.logp()], [*parameters(model), *data], beside=beside)


def test_the_same_graph_has_the_same_key(assembled, normand):
    """Other numbers in the same priors, another table: the same code, built twice."""
    few = normand.take(np.arange(4))

    keys = {
        key(assembled()),
        key(assembled()),
        key(assembled(sigma=3)),
        key(assembled(effects=few)),
    }

    assert len(keys) == 1
    assert len(keys.pop()) == 64


OTHERS = {
    "a Student prior of mu": {"priors": {"mu": "StudentT(nu=3, mu=0, sigma=100)"}},
    "a Cauchy prior of tau": {"priors": {"tau": "HalfCauchy(beta=10)"}},
    "a uniform prior of tau": {"priors": {"tau": "Uniform(lower=0, upper=50)"}},
    "a log-normal prior of tau": {"priors": {"tau": "LogNormal(mu=0, sigma=1)"}},
    "a gamma prior of tau": {"priors": {"tau": "Gamma(alpha=2, beta=0.1)"}},
    "an inverse gamma prior of tau": {"priors": {"tau": "InverseGamma(alpha=2, beta=5)"}},
}


def test_every_other_graph_has_another_key(assembled):
    """No two families share one, nor the two forms of a model, nor code made otherwise."""
    keys = [
        key(assembled()),
        key(assembled(), form="hierarchical"),
        key(assembled(), beside=[2]),
        *(key(assembled(**options)) for options in OTHERS.values()),
    ]

    assert len(set(keys)) == len(keys)
    assert all(keys)


def test_a_constant_of_the_graph_is_part_of_the_key():
    """Two graphs that differ in one number are two."""
    import pytensor.tensor as pt

    x = pt.dscalar("x")

    assert key_of_graph([x * 2.0], [x]) != key_of_graph([x * 2.5], [x])
    assert key_of_graph([x - 2.0], [x]) != key_of_graph([2.0 - x], [x])


def test_what_cannot_be_named_has_no_key():
    """An operation with a graph of its own, or with a state of which nothing is known."""
    import pytensor.tensor as pt
    from pytensor.compile.builders import OpFromGraph
    from pytensor.compile.ops import wrap_py
    from pytensor.scalar import float64
    from pytensor.scalar.basic import Composite
    from pytensor.tensor.elemwise import Elemwise

    x, scalar = pt.dscalar("x"), float64("scalar")
    inner = OpFromGraph([x], [x + 1])
    fused = Elemwise(Composite([scalar], [scalar + scalar]))
    opaque = wrap_py(itypes=[pt.dscalar], otypes=[pt.dscalar])(lambda value: value)

    assert [key_of_graph([op(x)], [x]) for op in (inner, opaque, fused)] == ["", "", ""]


def source():
    """Stand for a callback's source."""


@pytest.mark.parametrize(("key", "kept"), [("a" * 64, [True, True]), ("", [False])])
def test_a_full_disk_and_no_key_compile_without_keeping(key, kept, monkeypatch):
    """The second time with the function that the source calls; then without the disk."""
    import numba

    asked = []

    def cfunc(signature, *, cache=False):
        def decorate(own):
            asked.append(cache)
            if cache:
                raise OSError(28, "No space left on device")
            return own

        return decorate

    monkeypatch.setattr(numba, "cfunc", cfunc)
    found = kept_callback(source, {"size": 2}, None, key=key, function=lambda: "the function")

    assert asked == (kept if not key else [*kept, False])
    assert (found.__globals__["size"], found.__globals__["function"]) == (2, "the function")


SCRIPT = """
import ctypes, json, sys
import numpy as np
import numba
hits = []
make = numba.cfunc
def cfunc(signature, **options):
    def decorate(source):
        found = make(signature, **options)(source)
        hits.append((source.__name__, found.cache_hits))
        return found
    return decorate
numba.cfunc = cfunc
from bayesmeta.assembly import assemble
from bayesmeta.assembly.graph import build
from bayesmeta.engines.callback import parameters, slices
from bayesmeta.engines.compiled import compiled
from bayesmeta.engines.nuts import in_coordinates_for_nuts
from bayesmeta.engines.packing import pack
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies
effects = effect_sizes(read_studies("examples/data/normand1999.csv"), measure="MD")
assembly = assemble(effects, priors=json.loads(sys.argv[1]))
model = in_coordinates_for_nuts(build(assembly), ["tau"])
code = compiled(assembly, model)
blocks = pack(model)
point, gradient, value = np.array([-3.0, 1.5]), np.zeros(code.size), np.zeros(1)
pointers = np.array([block.ctypes.data for block in blocks], dtype=np.uintp)
signature = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_uint64, *[ctypes.c_void_p] * 4)
addresses = [array.ctypes.data for array in (point, gradient, value, pointers)]
signature(code.log_density.address)(code.size, *addresses)
named = {p.name: np.reshape(point[slices(code.shapes)[p.name]], code.shapes[p.name])
         for p in parameters(model)}
variables = [model.values_to_rvs[p] for p in parameters(model)]
print(json.dumps({
    "hits": dict(hits),
    "found": [value[0], *gradient],
    "expected": [float(model.compile_logp(mode="FAST_COMPILE")(named)),
                 *map(float, model.compile_dlogp(variables, mode="FAST_COMPILE")(named))],
}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("others", ["", *OTHERS])
def test_what_runs_in_the_next_process_is_the_graph(others, tmp_path):
    """Compiled once, loaded once: the log density and gradient of PyMC at the same point."""
    priors = {"mu": "Normal(mu=0, sigma=100)", "tau": "HalfNormal(sigma=10)"}
    priors |= OTHERS[others]["priors"] if others else {}
    environment = {**os.environ, "PYTENSOR_FLAGS": f"base_compiledir={tmp_path}",
                   "PYTHONPATH": str(ROOT)}  # fmt: skip
    command = [sys.executable, "-c", SCRIPT, json.dumps(priors)]

    first, second = (
        json.loads(subprocess.run(command, cwd=ROOT, env=environment, check=True,
                                  capture_output=True, text=True).stdout)
        for _ in range(2)
    )  # fmt: skip

    assert [run["hits"] for run in (first, second)] == [{"_log_density": n, "_copy": n}
                                                        for n in (0, 1)]  # fmt: skip
    assert second["found"] == first["found"]
    assert second["found"] == pytest.approx(second["expected"], rel=1e-10)
