"""Model files of events and rates: what the shelf says of their parts."""

import pytest

from bayesmeta.assembly import is_line, parts_of
from bayesmeta.catalogue import load_model

NAMES = ("binomial", "hypergeometric", "poisson", "poisson-conditional", "proportion", "rate")


@pytest.mark.parametrize("name", NAMES)
def test_a_model_names_its_likelihood_and_is_integrated_row_by_row(name):
    """The model's name is that of the part."""
    model = load_model(name)

    assert model.parts["likelihood"] == name
    assert is_line(model)
    assert not parts_of(model).likelihood.CONJUGATE
