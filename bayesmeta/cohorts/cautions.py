"""What a reader of trials beside cohorts must be warned of, each with its number."""

from collections.abc import Mapping, Sequence

from bayesmeta.cohorts.conflict import Conflict
from bayesmeta.cohorts.confounding import Confounded, untold
from bayesmeta.cohorts.names import names_of
from bayesmeta.cohorts.question import Question

_FEW = 3
_LARGE_SHARE = 0.25
_CONFLICT = 0.05
_TWO = 2


def cautions(
    question: Question,
    designs: Mapping[str, int],
    confounded: Sequence[Confounded],
    conflict: Conflict,
) -> tuple[str, ...]:
    """Return what speaks against reading the numbers as they stand, in sentences."""
    found = []
    cohorts = sum(designs.values()) - designs[question.reference]
    others = [level for level in designs if level != question.reference]
    names = names_of(question.reference, others)
    if len(designs) > _TWO:
        found.append(
            f"{len(designs) - 1} designs ({', '.join(others)}) are taken together as "
            f"{names.cohorts} beside {question.reference}."
        )
    for name, count in (
        (question.reference, designs[question.reference]),
        (names.cohorts, cohorts),
    ):
        if count < _FEW:
            found.append(
                f"{count} {'study' if count == 1 else 'studies'} of {name}: fewer than {_FEW} say "
                "little of how studies of a design spread."
            )
    found += [
        f"{100 * item.between:.0f} % of the information on {item.term} lies between the designs: "
        "what it does and what the design does are hard to tell apart."
        for item in confounded
        if item.between > _LARGE_SHARE
    ]
    found += [said] if (said := untold(question)) else []
    if question.no_probable_biases:
        found.append(f"The member of probable biases is left out: {question.no_probable_biases}.")
    if conflict.p < _CONFLICT:
        found.append(
            f"{names.first} and {names.cohorts} disagree by more than the bias's prior allows for "
            f"(p = {conflict.p:.2g}): a normal prior of the bias then pulls mu towards the "
            f"{names.cohorts}."
        )
    return tuple(found)
