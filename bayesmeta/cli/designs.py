"""`bayesmeta designs`: trials beside cohorts, and how much the cohorts may count."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

import typer

from bayesmeta.cli import options
from bayesmeta.cli.answer import give, progress
from bayesmeta.cli.door import chosen
from bayesmeta.cli.table import read_effects


def designs(  # noqa: PLR0913  (a command's options)
    studies: options.Table,
    measure: options.Measure,
    *,
    design: Annotated[
        str, typer.Option(metavar="COLUMN", help="Which design each study has.")
    ] = "design",
    reference: Annotated[
        str, typer.Option(metavar="LEVEL", help="The design of trials; others are cohorts.")
    ] = "RCT",
    spread: Annotated[
        Literal["common", "ratio", "own", "extra"] | None,
        typer.Option(help="How effects of cohorts spread beside those of trials."),
    ] = None,
    ratio: Annotated[
        float | None, typer.Option(metavar="Q", help="spread ratio: variance of cohorts' effects.")
    ] = None,
    shared_bias: Annotated[
        bool, typer.Option("--shared-bias", help="Cohorts that may be biased share one bias.")
    ] = False,
    heterogeneity: Annotated[
        Literal["normal", "student-t"],
        typer.Option(help="student-t: members and dials with t effects too, of the same spread."),
    ] = "normal",
    known_bias: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN:LEVEL=MEAN,SD", help='A judgement\'s bias: "rob_all:high=-0.2,0.1".'
        ),
    ] = None,
    moderators: options.Moderators = None,
    prior: options.Priors = None,
    benefit: options.Benefit = None,
    minimal_important_difference: options.Difference = None,
    threshold: Annotated[
        float, typer.Option(help="How probable benefit must be for the conclusion.")
    ] = 0.975,
    interval: options.Interval = 0.95,
    points: Annotated[int, typer.Option(min=5, help="Points of each dial.")] = 30,
    title: Annotated[str, typer.Option(help="Heading of text and figures.")] = "",
    output: options.Folder = None,
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Say how much cohorts may count beside trials, for every answer to that."""
    from bayesmeta.cohorts import contract, designs_text
    from bayesmeta.cohorts import designs as analyse
    from bayesmeta.sections.designs import write
    from bayesmeta.sections.folder import require_usable

    if output is not None:
        require_usable(output, force=force)
    effects = read_effects(studies, measure)
    side = options.told_side(benefit)
    with progress("Letting cohorts count") as say:
        found = analyse(
            effects, design=design, reference=reference, spread=spread, ratio=ratio,
            shared_bias=shared_bias, heterogeneity=heterogeneity,
            known_biases=_judged(known_bias), moderators=moderators,
            priors=options.pairs(prior, option="--prior"), missing=chosen()["missing"],
            **side,
            minimal_important_difference=minimal_important_difference, threshold=threshold,
            interval=interval, points=points, say=say or (lambda _done, _every: None),
        )  # fmt: skip
    silent = options.unsaid(benefit, minimal_important_difference)
    found = replace(found, warnings=(*found.warnings, *silent))
    give(found, output, write=partial(write, title=title), contract=contract,
         text=partial(designs_text, title=title), as_json=as_json)  # fmt: skip


def _judged(words: list[str] | None) -> dict[str, dict[str, tuple[float, float]]]:
    """Return biases by judgement: ``COLUMN:LEVEL=MEAN,SD``."""
    from bayesmeta.errors import AnalysisError

    found: dict[str, dict[str, tuple[float, float]]] = {}
    for name, numbers in options.pairs(words, option="--known-bias").items():
        column, colon, level = name.partition(":")
        try:
            mean, sd = (float(number) for number in numbers.split(","))
        except ValueError:
            colon = ""
        if not (colon and column and level):
            raise AnalysisError(
                f"--known-bias {name}={numbers}: write COLUMN:LEVEL=MEAN,SD, such as "
                "rob_overall:high=-0.2,0.1."
            )
        found.setdefault(column, {})[level] = (mean, sd)
    return found
