"""What reproduces the numbers: versions, seed, the data's hash, the command."""

from bayesmeta.report.asked import Asked
from bayesmeta.report.document import Block, Chapter, Command, Words, table

_AGAIN = (
    "These numbers are made again, to the last digit, where the file that is named, its table of "
    "studies and these versions are, by:"
)


def reproduction(asked: Asked) -> Chapter:
    """Return versions, the record of the fit, and the command where it is known."""
    view = asked.view
    versions = view.record("versions")
    record = {
        "engine": view.word("engine"),
        "seed": str(view.tree.attrs.get("seed", "")),
        "studies": str(len(view.studies.labels)),
        "SHA-256 of the data": view.word("data_sha256"),
    }
    blocks: list[Block] = [
        table(
            "record",
            "What was fitted",
            ["record", "value"],
            [[n, s] for n, s in record.items() if s],
        ),
    ]
    if versions:
        rows = [[str(name), str(known)] for name, known in versions.items()]
        blocks.append(table("versions", "Versions", ["package", "version"], rows))
    if asked.command:
        blocks += [Words(_AGAIN), Command(asked.command)]
    return Chapter("reproduction", "Reproduction", tuple(blocks))
