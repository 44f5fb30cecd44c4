"""Model files of events and rates, by path until every verb of the shelf's table takes them."""

from pathlib import Path

import pytest

from bayesmeta.assembly import is_line, parts_of
from bayesmeta.catalogue import load_model

FILES = sorted((Path(__file__).parent / "models").glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_model_file_names_its_likelihood_and_is_integrated_row_by_row(path):
    """The file's name is that of the part; a model by path is equal to one on the shelf."""
    model = load_model(path)

    assert model.parts["likelihood"] == path.stem
    assert is_line(model)
    assert not parts_of(model).likelihood.CONJUGATE
