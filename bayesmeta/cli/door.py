"""Options on how a table is read, the same for every command that takes one."""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Annotated, Any, Literal

import typer

type Choices = Mapping[str, Any]

OPTIONS: dict[str, Any] = {
    "study": Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help='Column of study names; two joined: "author, year".'),
    ],
    "sheet": Annotated[
        str | None, typer.Option(metavar="NAME", help="Which sheet, or file in an archive.")
    ],
    "comparison": Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Which comparison of a review.")
    ],
    "subgroup": Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Which subgroup of an analysis.")
    ],
    "arm": Annotated[
        str | None,
        typer.Option(metavar="COLUMN=CONTROL", help="One row per arm: which are controls."),
    ],
    "treated": Annotated[
        str | None, typer.Option(metavar="ARM", help="Which arm is compared with the control.")
    ],
    "controls": Annotated[
        str | None,
        typer.Option(metavar="SET", help="Arms side by side: which set of columns is the control."),
    ],
    "totals": Annotated[
        Literal["drop", "keep"] | None, typer.Option(help="Rows that may sum up the others.")
    ],
    "values": Annotated[
        Literal["natural", "log", "r", "z"] | None,
        typer.Option(help="Scale of ready-made ratios (natural, log) or correlations (r, z)."),
    ],
    "errors": Annotated[
        Literal["natural", "log", "r", "z"] | None,
        typer.Option(help="Scale of standard errors beside natural ratios, or correlations."),
    ],
    "confidence": Annotated[
        float | None,
        typer.Option(metavar="PERCENT", help="Level of ready-made intervals, if not 95."),
    ],
    "p_values": Annotated[
        Literal["normal", "t"] | None,
        typer.Option(help="Standard errors from two-sided p-values: of normal, or of t with df."),
    ],
    "combine": Annotated[
        Literal["subgroups", "arms"] | None,
        typer.Option(help="One row a study: groups of patients, or treated arms, taken together."),
    ],
    "decimal": Annotated[
        Literal["point", "comma"] | None, typer.Option(help="Decimal mark, if both could be.")
    ],
    "column": Annotated[
        list[str] | None,
        typer.Option(metavar="OURS=THEIRS", help="Map a column by hand; n= takes none for n."),
    ],
}
"""How a table is read, by the name of the option; not given, all are None."""

READING = ("sheet", "decimal", "arm", "treated", "controls", "totals")
"""Those that say how a table is read, as `read_studies` has them."""

SIZING: dict[str, tuple[Any, Any]] = {
    "missing": (
        Annotated[
            Literal["error", "drop"], typer.Option(help="drop: leave incomplete rows out, listed.")
        ],
        "error",
    ),
    "outcome": (
        Annotated[str | None, typer.Option(help="One value of `outcome`; several: A,B.")], None
    ),
    "unit": (
        Annotated[str | None, typer.Option(help="Unit of the outcome, such as days.")], None
    ),
    "variance": (
        Annotated[
            Literal["unpooled", "pooled"],
            typer.Option(help="MD: SDs of each arm, or one for both."),
        ],
        "unpooled",
    ),
}  # fmt: skip
"""How it becomes effect sizes: the option, and its default."""

ROLES: dict[str, Any] = {
    "cluster": Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Which rows have a part of their effect in common: nested, correlated.",
        ),
    ],
    "trial": Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Which rows share patients.")
    ],
    "covariance": Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Covariance of the estimates: a CSV file, or v1i v2i."),
    ],
    "control_arm": Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Which rows of a trial share a control arm."),
    ],
    "weeks": Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="rho_within^(weeks apart) for rows of a trial."),
    ],
    "level": Annotated[
        str | None, typer.Option(metavar="COLUMN", help="tau-by-level: the level of each row.")
    ],
    "tau_formula": Annotated[
        str | None, typer.Option(metavar="FORMULA", help="location-scale: what tau depends on.")
    ],
    "coding": Annotated[
        Literal["control", "half"] | None,
        typer.Option(help="binomial: whose logit has the baseline prior, or which half way."),
    ],
    "design": Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Which design each study has.")
    ],
    "reference": Annotated[
        str | None,
        typer.Option(metavar="LEVEL", help="The design that is no cohort's, if not RCT."),
    ],
    "heterogeneity": Annotated[
        Literal["normal", "student-t", "contaminated"] | None,
        typer.Option(help="How study effects spread around their mean."),
    ],
    "spread": Annotated[
        Literal["common", "ratio", "own", "extra"] | None,
        typer.Option(help="How effects of cohorts spread beside those of trials."),
    ],
    "ratio": Annotated[
        float | None, typer.Option(metavar="Q", help="spread ratio: variance of cohorts' effects.")
    ],
    "power": Annotated[
        float | None, typer.Option(metavar="A", help="power-prior: power of the cohorts' data.")
    ],
    "shared_bias": Annotated[
        bool | None,
        typer.Option(
            "--shared-bias", help="probably-biased: all cohorts share a bias, or none has."
        ),
    ],
}
"""What models want of the table, by the name of the role; not given, all are None."""

_USUAL: Choices = MappingProxyType(
    dict.fromkeys(OPTIONS)
    | dict.fromkeys(ROLES)
    | {name: default for name, (_, default) in SIZING.items()}
)
_CHOSEN: ContextVar[Choices] = ContextVar("door", default=_USUAL)


def chosen() -> Choices:
    """Return the options on its table that the command was given, by name."""
    return _CHOSEN.get()


def with_door(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with the options on its table: the argument ``studies``, or ``file``.

    The options reach `read_effects` without passing through every command. Messages inside speak
    of options.
    """
    signature = inspect.signature(command)
    added = {name: (kind, None) for name, kind in OPTIONS.items()}
    added = SIZING | added if "studies" in signature.parameters else added
    if "model" in signature.parameters:
        # A command's own option comes first: --weeks of durations is no role.
        free = ROLES.keys() - signature.parameters.keys()
        added |= {name: (kind, None) for name, kind in ROLES.items() if name in free}
    added = added if {"studies", "file"} & signature.parameters.keys() else {}

    @functools.wraps(command)
    def opened(*arguments: object, **options: Any) -> None:  # noqa: ANN401
        given = {name: options.pop(name, _USUAL[name]) for name in added}
        with _using({**_USUAL, **given}):
            command(*arguments, **options)

    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in added.items()
    ]
    opened.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*signature.parameters.values(), *parameters]
    )
    return opened


@contextmanager
def _using(choices: Choices) -> Iterator[None]:
    from bayesmeta.studies.wording import speaking

    token = _CHOSEN.set(choices)
    try:
        with speaking("command line"):
            yield
    finally:
        _CHOSEN.reset(token)
