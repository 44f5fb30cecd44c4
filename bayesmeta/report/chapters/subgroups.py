"""Subgroups: each one's mean, and how they differ."""

from pathlib import Path

from bayesmeta.duration_response.subgroup_text import (
    about,
    contrast_grid,
    factor_grid,
    group_grid,
    odds,
    prior_sentences,
    tau_grid,
)
from bayesmeta.duration_response.subgroups import Subgroups
from bayesmeta.report.chapters.figures import drawn
from bayesmeta.report.document import Block, Chapter, Items, Words, table

_STUDY_LEVEL = (
    "Studies were not allocated to their group: what differs between groups may come with "
    "anything else that does."
)


def subgroups(found: Subgroups, folder: Path) -> Chapter:
    """Return groups, contrasts, taus, Bayes factors, the figure and the priors."""
    said = about(found)
    grids = {
        "subgroup_means": (f"Subgroups by {found.column}", group_grid(found), []),
        "subgroup_contrasts": ("Differences between the means", contrast_grid(found), []),
        "subgroup_taus": ("Each group with a tau of its own", tau_grid(found), []),
        "subgroup_bayes_factors": ("Bayes factors", factor_grid(found), odds(found)),
    }
    blocks: list[Block] = [Words(said), Words(_STUDY_LEVEL)]
    blocks += [
        table(key, title, grid.head, grid.rows, notes)
        for key, (title, grid, notes) in grids.items()
    ]
    blocks += drawn(folder, said)
    return Chapter("subgroups", "Subgroups", (*blocks, Items(tuple(prior_sentences(found)))))
