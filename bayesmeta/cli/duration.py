"""`bayesmeta duration`: do longer studies show the better effect; how long is enough."""

from dataclasses import replace
from functools import partial
from math import inf
from typing import Annotated

import typer

from bayesmeta.cli import options
from bayesmeta.cli.answer import give, progress
from bayesmeta.cli.table import read_effects, read_model

_Weeks = Annotated[str | None, typer.Option(metavar="2,4,8", help="Durations to predict at.")]


def duration(  # noqa: PLR0913  (a command's options)
    studies: options.Table,
    measure: options.Measure,
    *,
    model: options.Model = None,
    weeks_column: Annotated[str, typer.Option(help="Column of durations.")] = "duration_weeks",
    shape: Annotated[
        list[str] | None,
        typer.Option(help="A shape to weigh, once each ({shapes}); all without."),
    ] = None,
    moderators: options.Moderators = None,
    prior: options.Priors = None,
    benefit: options.Benefit = None,
    minimal_important_difference: options.Difference = None,
    weeks: _Weeks = None,
    change: Annotated[
        list[str] | None, typer.Option(metavar="2,8", help="A pair of durations to compare.")
    ] = None,
    at: options.At = None,
    sufficient: Annotated[
        float, typer.Option(help="How probable it must be that the duration is enough.")
    ] = 0.9,
    p_constant: Annotated[
        float, typer.Option(help="Prior probability that the effect does not differ by duration.")
    ] = 0.5,
    interval: options.Interval = 0.95,
    title: Annotated[str, typer.Option(help="Heading of text and figures.")] = "",
    output: options.Folder = None,
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Say whether longer studies show the better effect, and how long is enough.

    With --model design-bias, power-prior or probably-biased cohorts stand beside trials in every
    shape, and predictions are of trials.
    """
    from bayesmeta.duration_response import duration as analyse
    from bayesmeta.duration_response.contract import contract
    from bayesmeta.duration_response.text import text
    from bayesmeta.sections.duration import write
    from bayesmeta.sections.folder import require_usable

    if output is not None:
        require_usable(output, force=force)
    asked = read_model(model, moderators)
    effects = read_effects(studies, measure, asked)
    side = options.told_side(benefit)
    with progress("Weighing shapes") as say:
        found = analyse(
            effects, column=weeks_column, shapes=shape, moderators=moderators,
            priors=options.pairs(prior, option="--prior"), **side,
            minimal_important_difference=minimal_important_difference,
            at=options.values(at),
            weeks=_numbers(weeks, option="--weeks"), changes=_changes(change),
            sufficient=sufficient, interval=interval, p_constant=p_constant, model=asked,
            say=say or (lambda _done, _every: None),
        )  # fmt: skip
    silent = options.unsaid(benefit, minimal_important_difference)
    found = replace(found, warnings=(*found.warnings, *silent))
    give(found, output, write=partial(write, title=title), contract=contract,
         text=partial(text, title=title), as_json=as_json)  # fmt: skip


def _numbers(words: str | None, *, option: str) -> list[float] | None:
    from bayesmeta.errors import AnalysisError

    if words is None:
        return None
    try:
        return [float(word) for word in words.split(",")]
    except ValueError as error:
        raise AnalysisError(f"{option} {words!r}: write numbers, such as 2,4,8.") from error


def _changes(words: list[str] | None) -> list[tuple[float, float]] | None:
    from bayesmeta.errors import AnalysisError

    if words is None:
        return None
    pairs = [_numbers(word, option="--change") or [] for word in words]
    for word, pair in zip(words, pairs, strict=True):
        durations = all(0 <= weeks < inf for weeks in pair)
        if len(pair) != 2 or not durations or pair[0] == pair[1]:  # noqa: PLR2004 - from, to
            raise AnalysisError(f"--change {word!r}: write two durations, such as 2,8.")
    return [(pair[0], pair[1]) for pair in pairs]
