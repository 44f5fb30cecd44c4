"""Every public name says what it takes, gives and refuses, and shows it in an example that runs."""

import inspect
import re
from functools import cache, cached_property
from types import FunctionType

import pytest

import bayesmeta as bm

SECTIONS = ("Parameters", "Returns", "Raises", "Examples", "References", "Notes", "Attributes")
SILENT = {"gap_sentences", "model_names", "search_priors"}
"""What takes nothing that could be wrong."""

EXTRA = {"from_preliz", "to_preliz"}
"""What needs PreliZ, which the tests do not install: the examples say so and are skipped."""

FUNCTIONS = [name for name in bm.__all__ if inspect.isfunction(getattr(bm, name))]


@cache
def sections(name):
    """Return the text of each section of a docstring, the first line under ''."""
    text = inspect.getdoc(getattr(bm, name)) or ""
    parts = re.split(rf"^({'|'.join(SECTIONS)})\n-+\n", text, flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def named(section):
    """Return the names that stand as items of a section: lines that are not indented."""
    heads = [line for line in section.split("\n") if line and not line.startswith(" ")]
    return {name.strip("* ") for line in heads for name in line.split(":")[0].split(",")}


@pytest.mark.parametrize("name", bm.__all__)
def test_every_parameter_is_described(name):
    """All of them, under their names; nothing that is no parameter."""
    parameters = set(inspect.signature(getattr(bm, name)).parameters)

    assert named(sections(name).get("Parameters", "")) == parameters


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_given_back_is_said(name):
    """A section on it, or a first line that says it."""
    found = sections(name)

    assert "Returns" in found or re.match(r"Return |Write ", found[""])


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in SILENT])
def test_errors_are_named(name):
    """By class, with what leads to each."""
    raised = named(sections(name).get("Raises", ""))

    assert raised
    assert all(re.fullmatch(r"\w+(Error|Warning)", error) for error in raised)


@pytest.mark.parametrize("name", bm.__all__)
def test_there_is_an_example_that_runs(name):
    """A doctest, which the tests run, with an answer that is compared."""
    example = sections(name).get("Examples", "")

    assert re.search(r"^(>>>|\.\.\.) .*\n(?!>>>|\.\.\.) *\S", example, flags=re.MULTILINE)
    assert ("+SKIP" in example) == (name in EXTRA)


GIVEN = {
    found for name in bm.__all__
    if inspect.isclass(found := getattr(bm, name).__annotations__.get("return"))
    and found.__module__.startswith("bayesmeta")
} | {getattr(bm, name) for name in bm.__all__ if inspect.isclass(getattr(bm, name))}  # fmt: skip
"""Classes that are shown, or that a public function gives back."""

SHOWN_BY_ITS_VERB = {"as_text", "member", "with_segments"}
"""Methods of answers that take a second or more to make: `designs`, `duration`, `subgroups` show
them; and what `pathlib` asks of a path."""

KINDS = (FunctionType, classmethod, staticmethod, property, cached_property)
METHODS = {
    f"{given.__name__}.{name}": (given, name)
    for given in GIVEN for name, found in vars(given).items()
    if isinstance(found, KINDS) and not name.startswith("_")
}  # fmt: skip


def test_the_classes_that_are_given_back_are_known():
    """The list that the next test walks through has those that everybody meets."""
    assert {"Studies", "Effects", "ModelSpec", "Fit", "Duration", "Designs"} <= {
        given.__name__ for given in GIVEN
    }


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_method_of_what_is_given_back_says_what_it_gives(method):
    """A sentence each; where it is called with something, an example that runs."""
    given, name = METHODS[method]
    found = inspect.getattr_static(given, name)
    text = inspect.getdoc(found) or ""

    assert text.split("\n")[0].endswith((".", ":", ","))
    if inspect.isfunction(found) and name not in SHOWN_BY_ITS_VERB:
        assert ">>>" in text
