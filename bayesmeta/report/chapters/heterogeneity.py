"""How far the studies' effects lie apart, and what to expect of a new study."""

from bayesmeta import schema
from bayesmeta.report.asked import Asked
from bayesmeta.report.document import Block, Chapter, Words, table
from bayesmeta.summaries import wording
from bayesmeta.summaries.phrases import beside_signs
from bayesmeta.summaries.remarks import fractions

_SHARE = (
    "I² is tau² as a share of the sum of tau² and the typical variance within studies (Higgins and "
    "Thompson 2002): it says how precise the studies are as much as how far they lie apart, which "
    "is what tau says."
)


def heterogeneity(asked: Asked) -> Chapter | None:
    """Return tau, tau squared and I squared, and the prediction; None where effects are equal."""
    view, page = asked.view, asked.page
    names = [*view.hyperparameters, *(n for n in (schema.TAU2, schema.I2) if n in page)]
    rows = [_row(asked, name) for name in names if name in page]
    if not rows:
        return None
    blocks: list[Block] = [
        table("heterogeneity", f"Between studies: medians, {page.interval}s",
              ["quantity", "median", "lower", "upper"], rows)
    ]  # fmt: skip
    if view.is_normal_normal and schema.I2 in page:
        blocks.append(Words(_SHARE))
    blocks += [Words(said) for said in fractions(view)]
    news = [name for name in view.news if name in page]
    if news:
        blocks.append(table("prediction", f"Effect in a new study: medians, {page.interval}s",
                            ["quantity", "median", "lower", "upper"],
                            [_row(asked, name) for name in news]))  # fmt: skip
        blocks.append(Words(
            "The interval of the effect in a new study holds a study's own true effect with the "
            "stated probability; that of the mean effect says where the mean of all lies."
        ))  # fmt: skip
    return Chapter("heterogeneity_chapter", "Heterogeneity and prediction", tuple(blocks))


def _row(asked: Asked, name: str) -> list[str]:
    span = asked.page.span(name)
    return [
        beside_signs(wording.quantity_title(asked.view, name)),
        span.point,
        span.lower,
        span.upper,
    ]
