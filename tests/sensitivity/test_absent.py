"""What an examination says of questions that cannot be asked."""

import pytest

from bayesmeta.errors import AnalysisError
from bayesmeta.sensitivity import examination


def _refusing(name, reason):
    def ask(*_, **__):
        raise AnalysisError(reason.format(verb=name))

    ask.__name__ = name
    return ask


@pytest.fixture
def notes(normand_effects, monkeypatch):
    """Return the notes where three questions are refused, two of them for one reason."""
    tables = {
        "prior_sensitivity": examination.TABLES["prior_sensitivity"],
        "tipping_points": _refusing("tipping_point", "{verb} integrates many posteriors."),
        "power_scaling": _refusing("power_scaling", "{verb} integrates many posteriors."),
        "informativeness": _refusing("informativeness", "The prior is flat; {verb} has none."),
    }
    monkeypatch.setattr(examination, "TABLES", tables)
    monkeypatch.setattr(
        examination, "prior_map", _refusing("prior_map", "{verb} integrates many posteriors.")
    )
    said = examination.examine(normand_effects).notes
    return [note for note in said if note.startswith("No ")]


def test_questions_refused_for_one_reason_are_named_in_one_sentence(notes):
    """Though each refusal begins with its own name."""
    assert notes[0] == (
        "No tipping_points, power_scaling, prior_map: each integrates many posteriors."
    )


def test_a_reason_of_one_question_is_said_as_it_is(notes):
    """It does not begin with its name."""
    assert notes[1:] == ["No informativeness: The prior is flat; informativeness has none."]
