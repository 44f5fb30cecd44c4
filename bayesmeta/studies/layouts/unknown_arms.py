"""One row per arm with events under nobody's name: `study treatment stroke total`."""

from collections.abc import Iterator, Mapping

from bayesmeta.studies.cells import MISSING, number
from bayesmeta.studies.layouts.arms import OURS, answers_of, arm_columns, measured
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.names.labels import YEARS
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.wording import column_choice, together

_SHOWN = 6


def question(rows: Rows, label: str) -> str:
    """Return the question what the events are and which arms are controls, with the answers.

    "" unless studies stand in several rows that a column of arms tells apart, beside a number of
    participants and whole numbers that are nowhere larger.
    """
    labels = rows.column(label)
    size = next((name for name in rows.header if OURS.get(key_of(name)) == "n"), "")
    if not size or measured(rows.header) or len(set(labels)) == len(labels):
        return ""
    answers = [
        together(column_choice("events", name), answer)
        for name in _counts(rows, size) if name != label
        for arm in arm_columns(rows, label) if arm != name
        for answer in answers_of(rows, arm)
    ]  # fmt: skip
    if not answers:
        return ""
    more = f" ... and {len(answers) - _SHOWN} more" if len(answers) > _SHOWN else ""
    return (
        f"{rows.source}: one row per arm ({size}), and no column of events is known. Say which it "
        f"is, and which arms are the controls: {' or '.join(answers[:_SHOWN])}{more}."
    )


def _counts(rows: Rows, size: str) -> Iterator[str]:
    """Yield the columns of whole numbers that are nowhere above the number of participants."""
    most = [number(cell) for cell in rows.column(size)]
    for name in rows.header:
        values = [number(cell) if cell not in MISSING else 0.0 for cell in rows.column(name)]
        known = key_of(name) in (*YEARS, "id", "study") or not name or name == size
        if not known and any(values) and all(
            value is not None and n is not None and 0 <= value <= n and value % 1 == 0
            for value, n in zip(values, most, strict=True)
        ):  # fmt: skip
            yield name


def renamed(rows: Rows, by_hand: Mapping[str, str]) -> tuple[Rows, dict[str, str]]:
    """Return the table with what is measured in arms under our names, and the other choices."""
    arms = {theirs: ours for ours, theirs in by_hand.items()
            if ours in set(OURS.values()) and theirs in rows.header}  # fmt: skip
    header = tuple(arms.get(name, name) for name in rows.header)
    notes = tuple(f"Column {theirs!r} is the {ours} of an arm, as was said."
                  for theirs, ours in arms.items())  # fmt: skip
    others = {ours: theirs for ours, theirs in by_hand.items() if theirs not in arms}
    return rows._replace(header=header, notes=(*rows.notes, *notes)), others
