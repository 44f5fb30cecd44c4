"""Trials beside cohorts: how much the cohorts may count, for every answer to that."""

from pathlib import Path

from bayesmeta.cohorts import Designs
from bayesmeta.cohorts.sentences import sentences
from bayesmeta.cohorts.text import dial_grid, member_grid, tail_dial_grid
from bayesmeta.cohorts.words import no_weight, plain, scale, sided, spreads
from bayesmeta.report.chapters.figures import drawn
from bayesmeta.report.document import Block, Chapter, Items, table
from bayesmeta.summaries.prior_words import rounded

_NOTES = (
    "mu: the effect in trials, in the member of cohorts alone theirs.",
    "Weight of cohorts: what they say of all that is known of mu{none}.",
    "log p(t|c): log density of the estimates of trials given those of cohorts.",
)
_DIAL = (
    "Every point is integrated; at 0 {at_zero}, at \u221e cohorts inform mu through tau at most."
)


def designs(found: Designs, folder: Path) -> Chapter:
    """Return the answer in sentences, the members, the priors, figures and warnings."""
    level = f"{100 * found.question.interval:g} %"
    members, dial, said = member_grid(found), dial_grid(found), sentences(found)
    others, measure = found.names.cohorts, scale(found)
    blocks: list[Block] = [
        Items(said),
        table("design_members", f"Ways to let {others} count, {measure}, {level} intervals",
              members.head, members.rows,
              (*_notes(found), spreads(found))),
        table("design_dial", f"The dial over u, the SD of the bias of {others}, {measure}, "
              f"{level} intervals", dial.head, dial.rows, (_ends_of_dial(found),)),
        *_tails(found, level),
        table("design_priors", "Priors where designs are told apart", ["parameter", "prior"],
              [[name, rounded(prior)] for name, prior in found.priors.items()]),
    ]  # fmt: skip
    blocks += drawn(folder, said[0])
    cautions = (*found.warnings, *found.notes)
    return Chapter("designs", sided(found, "Trials beside cohorts"),
                   (*blocks, *([Items(cautions)] if cautions else [])))  # fmt: skip


def _notes(found: Designs) -> list[str]:
    return [sided(found, note).format(none=no_weight(found)) for note in _NOTES]


def _tails(found: Designs, level: str) -> list[Block]:
    dial = tail_dial_grid(found)
    if dial is None:
        return []
    title = f"The dial over u with t effects, {scale(found)}, {level} intervals"
    return [table("design_dial_student_t", title, dial.head, dial.rows, (_ends_of_dial(found),))]


def _ends_of_dial(found: Designs) -> str:
    """Return what the ends of the dial over u are: a bias is its prior's mean where u is 0."""
    mean = found.question.bias_mean
    at_zero = f"the bias is its prior's mean, {plain(mean)}" if mean else "designs are pooled"
    return sided(found, _DIAL).format(at_zero=at_zero)
