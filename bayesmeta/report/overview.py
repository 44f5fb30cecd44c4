"""Several outcomes side by side: their table, and their forests on one page."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bayesmeta import schema
from bayesmeta.plots.saving import save_figures
from bayesmeta.report.asked import Asked
from bayesmeta.report.chapters.figures import figure
from bayesmeta.report.document import Chapter, Figure, Words, table
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.own_scale import has_null
from bayesmeta.summaries.tails import tail

_NONE, _SEVERAL = "\N{EN DASH}", 2
_HEAD = ("outcome", "measure", "studies", "mean effect, median [interval]", "new study", "tau",
         "P(benefit)")  # fmt: skip
_NOTE, _OF_RATIOS = "Effects in each outcome's unit", "; tau of ratio measures on the log scale"


def overview(outcomes: Sequence[Asked]) -> Chapter:
    """Return the table of all outcomes, and their forests on one page."""
    rows = [row for asked in outcomes for row in _rows(asked)]
    return Chapter(
        "overview",
        "All outcomes",
        (
            Words("Each outcome was analysed on its own unless its chapter says otherwise."),
            table("overview_table", "Outcomes side by side", _HEAD, rows, _notes(outcomes)),
            *_forests(outcomes),
        ),
    )


def _notes(outcomes: Sequence[Asked]) -> tuple[str, ...]:
    ratios = any(asked.view.is_ratio for asked in outcomes)
    return (f"{_NOTE}{_OF_RATIOS if ratios else ''}.",)


def _rows(asked: Asked) -> list[list[str]]:
    view, page = asked.view, asked.page
    spread = page.span(schema.TAU).bracketed() if schema.TAU in page else _NONE
    return [
        [
            _label(asked, name), _measure(asked), str(len(view.studies.labels)),
            page.span(name).bracketed(), *_new(asked, name), spread, _chance(asked, name),
        ]
        for name in view.means
    ]  # fmt: skip


def _label(asked: Asked, name: str) -> str:
    """Return the outcome; that of a model of several says so."""
    label = wording.label_of(name)
    own = asked.view.word("outcome") or wording.heading(asked.view, asked.title)
    return f"{label} (joint model)" if label else own


def _measure(asked: Asked) -> str:
    return wording.with_unit(wording.measure_code(asked.view), wording.unit(asked.view))


def _new(asked: Asked, name: str) -> Iterator[str]:
    """Yield the effect in a new study of the same outcome, as text."""
    known = _news(asked, name)
    yield asked.page.span(known[0]).bracketed() if known else _NONE


def _news(asked: Asked, name: str) -> list[str]:
    """Return the names of effects in a new study of an outcome, the first being what is shown."""
    label = wording.label_of(name)
    own = [new for new in asked.view.news if wording.label_of(new) == label]
    return [new for new in own or asked.view.news if new in asked.page]


def _chance(asked: Asked, name: str) -> str:
    if not has_null(asked.view.word("measure")):
        return _NONE
    if asked.benefit is None:
        return "direction not stated"
    side = asked.side(name)
    found = tail(asked.view, name, benefit=side, beyond=None)
    return f"{digits.probability(found.benefit, found.benefit_error)} ({side})"


def _forests(outcomes: Sequence[Asked]) -> Iterator[Figure]:
    """Yield the forest of the outcomes that were analysed on their own, where they are several."""
    alone = {_label(asked, asked.view.means[0]): asked for asked in outcomes
             if len(asked.view.means) == 1 and asked.view.studies.known}  # fmt: skip
    if len(alone) < _SEVERAL:
        return
    from bayesmeta.plots.forest_outcomes import plot_outcomes_forest

    page = outcomes[0].page
    stated = all(asked.benefit is not None for asked in alone.values())
    sides = {name: asked.side(schema.MU) for name, asked in alone.items()} if stated else None
    drawn = plot_outcomes_forest(
        {name: asked.view for name, asked in alone.items()},
        title=_title(outcomes), interval=page.level, shortest=page.shortest, benefit=sides,
    )  # fmt: skip
    said = "; ".join(f"{name}: {asked.page.span(schema.MU).bracketed()}"
                     for name, asked in alone.items())  # fmt: skip
    with TemporaryDirectory() as place:
        save_figures({"outcomes": drawn}, Path(place))
        yield from figure(Path(place), "outcomes", "All outcomes, an axis each.",
                          f"Forest plots of {len(alone)} outcomes. {said}.")  # fmt: skip


def _title(outcomes: Sequence[Asked]) -> str:
    simulated = any(wording.is_simulated(asked.view, asked.title) for asked in outcomes)
    return "SIMULATED data, not real: all outcomes" if simulated else "All outcomes"
