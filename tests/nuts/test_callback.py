"""The machine code that nutpie calls, against PyMC's own functions."""

import ctypes

import numpy as np
import pytest

from bayesmeta.assembly.graph import build
from bayesmeta.engines.callback import parameters, slices
from bayesmeta.engines.compiled import compiled
from bayesmeta.engines.nuts import in_coordinates_for_nuts
from bayesmeta.engines.packing import pack

POINTS = np.random.default_rng(5).normal(size=(10, 2))


@pytest.fixture(scope="module")
def model(assembled):
    """Return the random-effects model of Normand's trials in PyMC."""
    return in_coordinates_for_nuts(build(assembled()), ["tau"])


@pytest.fixture(scope="module")
def code(model, assembled):
    """Return the same in machine code."""
    return compiled(assembled(), model)


def called(code, point, blocks):
    """Return status, log density and gradient of the callback at a point."""
    point, gradient, value = np.array(point), np.zeros(code.size), np.zeros(1)
    pointers = np.array([block.ctypes.data for block in blocks], dtype=np.uintp)
    addresses = [array.ctypes.data for array in (point, gradient, value, pointers)]
    signature = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_uint64, *[ctypes.c_void_p] * 4)
    status = signature(code.log_density.address)(code.size, *addresses)
    return status, value[0], gradient


def by_name(model, code, point):
    """Return a joined point as PyMC takes it."""
    places = slices(code.shapes)
    return {
        parameter.name: np.reshape(point[places[parameter.name]], code.shapes[parameter.name])
        for parameter in parameters(model)
    }


@pytest.mark.parametrize("point", POINTS)
def test_log_density_and_gradient_are_those_of_pymc(point, model, code):
    """The callback returns PyMC's log density, and its gradient in the callback's order."""
    named = by_name(model, code, point)
    expected = model.compile_logp(mode="FAST_COMPILE")(named)
    variables = [model.values_to_rvs[parameter] for parameter in parameters(model)]
    slope = model.compile_dlogp(variables, mode="FAST_COMPILE")(named)

    status, value, gradient = called(code, point, pack(model))

    assert status == 0
    assert value == pytest.approx(expected, rel=1e-12)
    assert gradient == pytest.approx(slope, rel=1e-10)


def test_another_table_is_another_log_density(code, assembled, normand):
    """The same code with another table's numbers is that table's model."""
    few = assembled(effects=normand.take(np.arange(4)), sigma=3)
    other = in_coordinates_for_nuts(build(few), ["tau"])
    expected = other.compile_logp(mode="FAST_COMPILE")(by_name(other, code, POINTS[0]))

    assert called(code, POINTS[0], pack(other))[1] == pytest.approx(expected, rel=1e-12)


def test_a_point_out_of_reach_is_a_divergence_and_no_crash(code, model):
    """Where numbers overflow, the sampler is told to turn back."""
    assert called(code, [1e200, 1.0], pack(model))[0] > 0
