"""A checklist tells what is there from what is missing."""

from dataclasses import replace

import pytest

from bayesmeta.report.checklist import checklist, guidelines
from bayesmeta.report.document import Chapter, Table

KEYS = sorted(
    {key for each in guidelines() for item in each.items for key in (*item.keys, *item.either)}
)
NOT_YET = {"design_members", "subgroup_means", "slopes", "risk_of_bias", "publication_bias",
           "predictive", "duration_shapes", "chains", "command", "of_benefit"}  # fmt: skip
"""Evidence that this analysis has none of: no such column, model or analysis file."""


def _chapters(keys):
    return [Chapter("all", "All", tuple(Table(key, key, ("a",), ()) for key in keys))]


def _checks(chapters):
    return {
        (block.name, check.item): check
        for block in checklist(chapters).blocks[1:]
        for check in block.checks
    }


@pytest.mark.parametrize("key", KEYS)
def test_an_item_without_its_table_turns_to_missing(key):
    """With its table an item is linked; without, where nothing else answers it, it is missing."""
    whole, lacking = _checks(_chapters(KEYS)), _checks(_chapters([k for k in KEYS if k != key]))
    resting = [
        (guideline.name, item.item)
        for guideline in guidelines()
        for item in guideline.items
        if key in item.keys or item.either == (key,)
    ]
    turned = [place for place in whole if "missing" in lacking[place].add]
    assert turned == resting
    assert not any("missing" in check.add for check in whole.values())


def test_every_key_is_one_that_a_report_has(report):
    """A checklist that rests on a misspelt key would always say missing."""
    known = {key for chapter in report.parts[0].chapters for key in chapter.keys}
    assert set(KEYS) - known == NOT_YET


def test_deleting_each_table_of_a_report_turns_what_rests_on_it(report):
    """The report's own tables, taken out one by one."""
    chapters = [each for each in report.parts[0].chapters if each.key != "checklist"]
    whole = _checks(chapters)
    for table in [block for each in chapters for block in each.blocks if isinstance(block, Table)]:
        rest = [
            replace(each, blocks=tuple(block for block in each.blocks if block is not table))
            for each in chapters
        ]
        lacking = _checks(rest)
        turned = {place for place in whole if whole[place] != lacking[place]}
        linked = {place for place, check in whole.items() if table.key in dict(check.answers)}
        assert turned == linked
