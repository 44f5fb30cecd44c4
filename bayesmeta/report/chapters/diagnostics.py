"""Whether the numbers can be trusted: numerical errors, chains, both engines side by side."""

from bayesmeta import schema
from bayesmeta.report.asked import Asked
from bayesmeta.report.document import Block, Chapter, Items, Words, table
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.page import Page

_CHAINS = {"r_hat": ("R-hat", 3), "ess_bulk": ("ESS, bulk", 0), "ess_tail": ("ESS, tail", 0)}
_MEANING = "R-hat near 1: the chains agree. ESS: independent draws that they are worth."
_SUPPORTED = "Every number in this report has the digits that its error supports."
_ENDS = ("median", "lower", "upper")


def diagnostics(asked: Asked) -> Chapter:
    """Return the verdict, the numerical errors, and the chains where there are some."""
    page = asked.page
    passed = "All diagnostics passed." if page.verdict.ok else "Diagnostics failed."
    blocks: list[Block] = [Words(passed, loud=not page.verdict.ok)]
    if page.verdict.messages:
        blocks.append(Items(page.verdict.messages))
    blocks.append(_errors(page))
    if "r_hat" in page.table:
        blocks.append(_chains(page))
    return Chapter("diagnostics", "Diagnostics and numerical error", tuple(blocks))


def _chains(page: Page) -> Block:
    heads = [title for title, _ in _CHAINS.values()]
    columns = [(column, places) for column, (_, places) in _CHAINS.items()]
    rows = [
        [name, *(digits.fixed(float(page.table[each][name]), places) for each, places in columns)]
        for name in map(str, page.table.index)
    ]
    return table("chains", "Chains of the sampler", ["parameter", *heads], rows, [_MEANING])


def _errors(page: Page) -> Block:
    rows = [
        [name, *(_small(float(page.error[column][name])) for column in _ENDS)]
        for name in map(str, page.table.index)
    ]
    head = ["parameter", *_ENDS]
    caption = wording.with_unit("Numerical error of what is printed", page.view.word("unit"))
    share = ", of I2 as a share" if schema.I2 in page.table.index else ""
    note = f"On the scale of the data{share}. {_SUPPORTED}"
    return table("errors", caption, head, rows, [note])


def _small(value: float) -> str:
    return f"{value:.1g}".replace("-", digits.MINUS)
