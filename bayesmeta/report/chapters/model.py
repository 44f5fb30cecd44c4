"""The model in mathematics, and its priors: as stated, and in the outcome's unit."""

from bayesmeta.report.asked import Asked
from bayesmeta.report.document import Block, Chapter, Items, Words, table
from bayesmeta.report.mathematics import formula
from bayesmeta.report.priors import scale_of
from bayesmeta.summaries import wording
from bayesmeta.summaries.prior_words import rounded


def model(asked: Asked) -> Chapter:
    """Return the model's statement and the table of priors."""
    view = asked.view
    blocks: list[Block] = [Words(f"{wording.model_line(view)}.")]
    if view.model is not None:
        blocks.append(Words(view.model.summary))
        blocks += [formula(line) for line in view.model.statement.splitlines() if line.strip()]
    blocks += _priors(asked)
    if view.model is not None and view.model.references:
        blocks.append(Items(tuple(f"{said.rstrip('.')}." for said in view.model.references)))
    return Chapter("model", "Model and priors", tuple(blocks))


def _priors(asked: Asked) -> list[Block]:
    view = asked.view
    resolved = {name: rounded(str(prior)) for name, prior in view.record("priors").items()}
    if not resolved:
        return [Words("The posterior does not say its priors: the author must add them.")]
    unit = view.word("unit")
    rows = [[name, prior, scale_of(view, name, prior)] for name, prior in resolved.items()]
    caption = f"Priors, resolved{f' to {unit}' if unit and not view.is_ratio else ''}"
    notes = (
        ["uisd: unit-information standard deviation of the data, sqrt(sum n / sum 1/s²)."]
        if any("uisd" in row[2] for row in rows)
        else []
    )
    return [table("priors", caption, ["parameter", "prior", "stated"], rows, notes)]
