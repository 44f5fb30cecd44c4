"""How probable benefit is, and a benefit that matters: what a rating of certainty starts from."""

from collections.abc import Iterator

from bayesmeta.report.asked import Asked
from bayesmeta.report.document import Chapter, Table, Words, table
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.own_scale import no_null
from bayesmeta.summaries.tails import tail


def benefit(asked: Asked) -> Chapter | None:
    """Return the probabilities of benefit; None where no direction was stated."""
    if said := no_null(asked.view.word("measure")):
        return Chapter("of_benefit", "Probability of benefit", (Words(said),))
    if asked.benefit is None:
        return None
    lead = (
        "Posterior probabilities given the data, the model and the priors. How certain the "
        "evidence is (GRADE) is a judgement that also weighs risk of bias, indirectness and "
        "missing evidence, which no number here knows."
    )
    return Chapter("benefit", "Probability of benefit", (*_tables(asked), Words(lead)))


def _tables(asked: Asked) -> Iterator[Table]:
    view, page = asked.view, asked.page
    names = [name for name in (*view.means, *view.news) if name in page]
    found = {name: tail(view, name, benefit=asked.side(name), beyond=page.difference)
             for name in names}  # fmt: skip
    titles = {name: wording.quantity_title(view, name) for name in names}
    chances = {name: digits.probability(each.benefit, each.benefit_error)
               for name, each in found.items()}  # fmt: skip
    rows = [[titles[name], asked.side(name), chances[name]] for name in names]
    yield table("p_benefit", "Probability of any benefit", ["quantity", "benefit is", "P(benefit)"],
                rows)  # fmt: skip
    if page.difference is None:
        return
    unit = f" {wording.unit(view)}" if wording.unit(view) else ""
    rows = [[titles[name], digits.probability(each.beyond, each.beyond_error)]
            for name, each in found.items()]  # fmt: skip
    head = f"P(beyond {page.difference:g}{unit})"
    yield table(
        "p_important", "Probability of benefit beyond the minimal important difference",
        ["quantity", head], rows,
    )  # fmt: skip
