"""The shelf of models, and files that stand beside it."""

import numpy as np
import pytest

from bayesmeta.assembly import parts_of
from bayesmeta.catalogue import load_model, model_names, shelf
from bayesmeta.covariance import Groups, Layout, Table, Use
from bayesmeta.errors import ModelError
from bayesmeta.spec import model_to_toml, read_model


@pytest.mark.parametrize("name", model_names())
def test_a_model_written_out_reads_back_the_same(name, tmp_path):
    """The text of a specification says everything the file said."""
    path = tmp_path / f"{name}.toml"
    path.write_text(model_to_toml(load_model(name)), encoding="utf-8")

    assert read_model(path) == load_model(name)


@pytest.mark.parametrize("name", model_names())
def test_a_users_own_file_equals_ours(name):
    """A model given by path is the model given by name."""
    assert load_model(shelf() / f"{name}.toml") == load_model(name)


@pytest.mark.parametrize("name", model_names())
def test_priors_match_the_parts(name):
    """A model has a prior for each parameter that has a unit, by its parts, and for nothing else.

    What has none, a correlation or a slope of log tau, has the default that its part states.
    """
    model = load_model(name)
    parts = parts_of(model)
    every = parts.hyperparameters(_two_rows(parts))
    expected = {"mu"} | {item.variable for item in every if item.unit_power != 0}
    expected |= {"beta"} if model.parts["location"] == "formula" else set()

    assert set(model.priors) == expected
    assert all(item.default is not None for item in every)


def _two_rows(parts):
    """Return how two rows hang together by the roles of a model's parts."""
    groups = {role.name: Groups.of("ab" if role.name == "outcome" else "aa")
              for role in parts.roles if role.use is Use.GROUPS}  # fmt: skip
    tables = {role.name: Table(np.array([[-1.0], [1.0]]), ("x",))
              for role in parts.roles if role.use is Use.FORMULA}  # fmt: skip
    return Layout(groups, tables)


@pytest.mark.parametrize("name", model_names())
def test_a_model_is_cited_and_says_its_units(name):
    """Every model has checked references; its priors are those usual for the measure's unit."""
    model = load_model(name)

    assert all("doi:" in reference for reference in model.references)
    assert all(prior.is_default for prior in model.priors.values())


def test_an_unknown_model_lists_the_shelf():
    """The message says what there is."""
    with pytest.raises(ModelError, match=r"'random-efects'.*common-effect, .*meta-regression"):
        load_model("random-efects")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", "not a readable model file"),
        ('title = "x"', "no key summary"),
        ('surprise = 1\ntitle = "x"', "unknown key surprise"),
        ("a = " + "[" * 5000, "nested deeper than 20"),
        ("a" + ".a" * 5000 + " = 1", "nested deeper than 20"),
        ("a = 1" + "0" * 5000, "not TOML"),
        ("# " + "x" * 2**20, "larger than 1 MiB"),
    ],
)
def test_a_bad_model_file_is_one_message(text, said, tmp_path):
    """What is wrong with a model file is said with its name."""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ModelError, match=rf"mine\.toml.*{said}"):
        load_model(path)


@pytest.mark.parametrize("name", ["a" * 300, "a" * 300 + ".toml", ".", "..", "/", "x/../y"])
def test_what_is_no_name_of_a_model_is_one_message(name):
    """Nor is a folder, or a name that is longer than a file's may be."""
    with pytest.raises(ModelError, match="No model"):
        load_model(name)
