"""Words on a command line, turned into calls. No statistics here.

A command is a file, and a line in ``COMMANDS``. Rooms are imported inside the commands, so
that ``bayesmeta --help`` pays for nothing.
"""

import atexit
import gc
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Annotated, NoReturn

import typer

from bayesmeta.cli import (
    calibrate,
    compare,
    designs,
    duration,
    effects,
    fit,
    models,
    plot,
    priors,
    report,
    run,
    sensitivity,
    studies,
    subgroups,
)
from bayesmeta.cli.door import with_door
from bayesmeta.cli.listing import Listed
from bayesmeta.cli.options import with_settings
from bayesmeta.errors import BayesmetaError
from bayesmeta.files import reason

COMMANDS: dict[str, Callable[..., None]] = {
    "run": run.run,
    "fit": fit.fit,
    "compare": compare.compare,
    "sensitivity": sensitivity.sensitivity,
    "duration": duration.duration,
    "subgroups": subgroups.subgroups,
    "designs": designs.designs,
    "calibrate": calibrate.calibrate,
    "effects": effects.effects,
    "studies": studies.studies,
    "plot": plot.plot,
    "models": models.models,
    "priors": priors.priors,
    "report": report.report,
}

_PYTHON = re.compile(r'\b(engine|form)="([\w-]+)"')
_NEW_OBJECTS, _TIMES = 100_000, 50
"""After so many, garbage in circles is looked for among them; after so many times among all that
these left, which is modules and what they hold. After 2000 and 10, both take 4 % of a run."""
_OF_FILES = ("run", "report")
"""Commands whose choices stand in a file."""


def _version(asked: bool) -> None:  # noqa: FBT001  (a callback's)
    if asked:
        import bayesmeta

        typer.echo(f"bayesmeta {bayesmeta.__version__}")
        raise typer.Exit


app = typer.Typer(
    name="bayesmeta",
    help="Bayesian random-effects meta-analysis: from a table of studies to a posterior.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _front(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Bayesian random-effects meta-analysis: from a table of studies to a posterior."""


for _name, _command in COMMANDS.items():
    app.command(_name, cls=Listed)(with_door(with_settings(_command)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; an error the user can mend is one message and exit code 2.

    So are those of the machine, as far as no command knows more about them: the output that is
    printed to is full, or the memory is.
    """
    _take_any_text()
    warnings.showwarning = _remark
    # At exit nothing is left to collect; looking for it takes a second after PyMC was imported.
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
    try:
        with _garbage_sought_seldom():
            app(arguments)
    except BayesmetaError as error:
        _refuse(_typed(str(error), [*(sys.argv[1:] if arguments is None else arguments), ""][0]))
    except MemoryError:
        _refuse("not enough memory; ask for fewer draws, simulations or studies at once.")
    except OSError as error:
        _refuse(f"{error.filename or 'output'}: {reason(error)}.")


@contextmanager
def _garbage_sought_seldom() -> Iterator[None]:
    """Look for garbage seldom inside, and afterwards as before."""
    before = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, _TIMES)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _typed(message: str, command: str) -> str:
    """Return a message with its choices as they are typed here, in no Python.

    Examples
    --------
    >>> _typed('use engine="nuts" with form="hierarchical".', "fit")
    'use --engine nuts with --form hierarchical.'
    >>> _typed('use engine="nuts".', "run")
    'use engine = "nuts".'
    """
    way = r'\1 = "\2"' if command in _OF_FILES else r"--\1 \2"
    return _PYTHON.sub(way, message)


def _refuse(message: str) -> NoReturn:
    sys.stderr.write(f"bayesmeta: {message}\n")
    sys.exit(2)


def _remark(message: Warning | str, *_where: object, **_more: object) -> None:
    """Say a warning in a line, without the place in the code."""
    sys.stderr.write(f"bayesmeta: {message}\n")


def _take_any_text() -> None:
    """Write letters that the terminal's encoding lacks by their codes, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
