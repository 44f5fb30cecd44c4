"""Tables of every shape are read rightly, after one choice that the message offers, or refused.

``python -m pytest tests/studies/test_layouts.py -q -k table_of_outcomes -s`` prints the table.
"""

import contextlib
import importlib.util
import io
import json
import shlex
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from bayesmeta.cli import main
from bayesmeta.errors import BayesmetaError
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies
from bayesmeta.studies.wording import speaking


def _module(name):
    """Return a file beside this one as a module."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


layouts = _module("layouts")
OTHERS = (_module("more_layouts"), _module("adversaries"))
CASES = layouts.CASES | {
    name: case for module in OTHERS for name, case in module.cases(layouts).items()
}


@cache
def outcome(name):
    """Return what becomes of a table, the effects that came out, and what was said."""
    case = CASES[name]
    with TemporaryDirectory() as folder, speaking("command line"):
        path = Path(folder, "trials.csv")
        content = case.content
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        try:
            found = effect_sizes(read_studies(path), case.measure)
        except BayesmetaError as error:
            return _chosen(case, path, str(error))
    pairs = list(zip(found.estimate, found.standard_error, strict=True))
    return layouts.AS_IS, pairs, " ".join(found.notes)


def _chosen(case, path, message):
    """Return what the words that a message offers make of a table, pasted into a command."""
    if not case.offer or case.offer not in message:
        return layouts.REFUSED, [], message
    printed = io.StringIO()
    words = ["effects", str(path), "--measure", case.measure, "--json", *shlex.split(case.offer)]
    with pytest.raises(SystemExit) as stopped, contextlib.redirect_stdout(printed):
        main(words)
    if stopped.value.code:
        return layouts.REFUSED, [], message
    rows = json.loads(printed.getvalue())["studies"]
    return layouts.CHOICE, [(row["estimate"], row["standard_error"]) for row in rows], message


def is_right(name):
    """Return whether a table became what it should, with the effects computed by hand."""
    case, (became, pairs, _) = CASES[name], outcome(name)
    expected = case.expected
    same = len(pairs) == len(expected) and np.allclose(pairs or 0, expected or 0, rtol=1e-12)
    return became == case.becomes and same


@pytest.mark.parametrize("name", CASES)
def test_a_table_becomes_what_it_should(name):
    """As it is, after the one choice that the message has ready to paste, or refused."""
    became, pairs, said = outcome(name)

    assert is_right(name), (became, pairs, said)
    assert CASES[name].said in said


def test_the_table_of_outcomes_has_none_read_wrongly():
    """The counts over all layouts: read as is, after one choice, refused rightly, wrongly."""
    counts = dict.fromkeys([layouts.AS_IS, layouts.CHOICE, layouts.REFUSED, "wrongly"], 0)
    for name in CASES:
        became = outcome(name)[0] if is_right(name) else "wrongly"
        counts[became] += 1
        sys.stdout.write(f"{name:40s} {became}\n")
    sys.stdout.write(f"{counts}\n")

    assert counts["wrongly"] == 0
    assert sum(counts.values()) >= 100
