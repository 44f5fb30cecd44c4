"""What a command answers: text or JSON on standard output, a folder where one is named."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer


def give[T](
    found: T, output: Path | None, *, write: Callable[[T, Path], None],
    contract: Callable[[T], object], text: Callable[[T], str], as_json: bool,
) -> None:  # fmt: skip
    """Write an answer to its folder, if there is one, then print it."""
    from bayesmeta.sections.folder import filled

    if output is not None:
        with filled(output) as partial:
            write(found, partial)
    if as_json:
        print_json(contract(found))
        return
    typer.echo(text(found))
    if output is not None:
        typer.echo(f"\nTables and figures: {output}")


def print_json(content: object) -> None:
    """Print what other programs read, alone."""
    import json

    typer.echo(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))


@contextmanager
def progress(doing: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on standard error, where somebody looks at it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)
