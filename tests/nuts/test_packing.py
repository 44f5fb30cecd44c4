"""Numbers of a model in two blocks."""

import numpy as np
import pymc as pm
import pytest

from bayesmeta.engines.packing import inputs, layout, pack, unpacked


@pytest.fixture
def model():
    """Return a model with a number, a vector, a column and a matrix of data."""
    with pm.Model(coords={"study": ["a", "b", "c"], "term": ["x", "y"]}) as model:
        pm.Data("number", 2.5)
        pm.Data("vector", np.array([7.0, 8.0]), dims="term")
        pm.Data("column", np.array([1.0, 2.0, 3.0]), dims="study")
        pm.Data("matrix", np.arange(6.0).reshape(3, 2), dims=("study", "term"))
    return model


def test_unpacking_undoes_packing(model):
    """Every number is found again, in its place and shape."""
    blocks, symbols = pack(model), inputs(model)

    for data, expression in unpacked(model, *symbols).items():
        given = dict(zip(symbols, blocks, strict=True))
        value = expression.eval(given, on_unused_input="ignore", mode="FAST_COMPILE")
        assert np.array_equal(value, data.get_value())


def test_blocks_have_the_size_of_the_layout(model):
    """Sizes are known without the numbers; the studies' number comes first."""
    blocks = pack(model)

    assert blocks.vector.shape == (layout(model).length,)
    assert blocks.columns.shape == (layout(model).height, 3)
    assert blocks.vector[0] == 3
