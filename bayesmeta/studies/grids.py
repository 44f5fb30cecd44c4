"""A table out of a sheet: its header, its rows, and what is wrong with its shape."""

from collections import Counter
from collections.abc import Sequence

from bayesmeta.errors import StudiesError
from bayesmeta.studies.cells import looks_numeric, number
from bayesmeta.studies.problems import SHOWN
from bayesmeta.studies.rows import Grid, Rows
from bayesmeta.studies.wording import choice

_HEADINGS = 3
"""Words side by side that make a row a header, where a title or another block stands too."""

type _Line = tuple[int, tuple[str, ...]]


def chosen_grid(grids: Sequence[Grid], sheet: str | None, *, source: str) -> Grid:
    """Return the sheet that was chosen, or the only one.

    Raises
    ------
    StudiesError
        If there are several and none is chosen, or the one chosen is not there.
    """
    if not grids:
        raise StudiesError(f"{source}: the file is empty.")
    named = [grid for grid in grids if grid.name == sheet]
    if named or (sheet is None and len(grids) == 1):
        return (named or list(grids))[0]
    sheets = [grid.name for grid in grids]
    if sheet is not None:
        if len(grids) == 1 and len(sheets[0]) <= 1:
            raise StudiesError(f"{source}: no sheet {sheet!r}; the file is one table.")
        raise StudiesError(f"{source}: no sheet {sheet!r}; it has: {', '.join(sheets)}.")
    offered = "\n".join(
        f"  {choice('sheet', grid.name)}  ({len(grid.rows) - 1} rows below the first)"
        for grid in grids
    )
    raise StudiesError(f"{source}: several tables; choose one:\n{offered}")


def rows_of_grid(grid: Grid, *, source: str) -> Rows:
    """Return the table of a sheet.

    Empty rows, and columns without a name or a cell, are nothing and fall away. A single filled
    cell above the header is a title. What is wrong with the shape is in ``problems``, so that it
    is said together with what is wrong in the cells.

    Raises
    ------
    StudiesError
        If there is no table, or more than one.
    """
    filled = [(line, cells) for line, cells in grid.rows if any(cells)]
    if not filled:
        raise StudiesError("\n".join(grid.problems) or f"{source}: the file is empty.")
    titles, (header_line, header), body = _parts(filled)
    header, body, grouped = _grouped(header, body)
    header, body = _trimmed(header, body)
    _refuse_blocks((header_line, header), body, source=source)
    ragged = [(line, len(cells)) for line, cells in body if len(cells) != len(header)]
    whole = [(line, cells) for line, cells in body if len(cells) == len(header)]
    problems = (*grid.problems, *_ragged(ragged, len(header), source=source))
    if not whole:
        empty = f"{source}: no studies; there is a header and no row below it."
        raise StudiesError("\n".join(problems or (empty,)))
    notes = [f"Row {line} is a title and left out: {_title(cells)}." for line, cells in titles]
    notes += [grouped] if grouped else []
    lines, cells = zip(*whole, strict=True)
    return Rows(source, header, [list(row) for row in cells], lines,
                (*grid.notes, *notes), problems)  # fmt: skip


def _parts(filled: list[_Line]) -> tuple[list[_Line], _Line, list[_Line]]:
    """Return the titles above the header, the header, and the rows below it."""
    place = 0
    while place + 1 < len(filled) and _count(filled[place]) == 1 and _heads(filled[place + 1]):
        place += 1
    if place == 0 and _count(filled[0]) == 1:
        later = [at for at, line in enumerate(filled[:10]) if _heads(line)]
        between = filled[1 : later[0]] if later else []
        place = later[0] if later and all(_count(line) == 1 for line in between) else 0
    return filled[:place], filled[place], filled[place + 1 :]


def _grouped(
    header: tuple[str, ...], body: list[_Line]
) -> tuple[tuple[str, ...], list[_Line], str]:
    """Return a header of two rows as one: names that stand twice with their group before them.

    The upper row names groups of columns, such as arms, each above the first of its columns.
    """
    if not body or not _below(header, body):
        return header, body, ""
    width = max(len(header), len(body[0][1]))
    upper, lower = ([*cells, *[""] * (width - len(cells))] for cells in (header, body[0][1]))
    groups, group = [], ""
    for name in upper:
        group = name or group
        groups.append(group)
    twice = {name for name, times in Counter(lower).items() if times > 1 and name}
    joined = tuple(
        f"{over} {name}".strip() if name in twice else name or own
        for own, over, name in zip(upper, groups, lower, strict=True)
    )
    note = f"The header has two rows; the upper is {', '.join(filter(None, header))}."
    return joined, body[1:], note


def _below(header: tuple[str, ...], body: list[_Line]) -> bool:
    """Return whether the first row below a header is its second row.

    It is words, some of them twice, or several below a group of the header that spans them.
    """
    lower = [cell for cell in body[0][1] if cell]
    over = [cell for cell in header if cell]
    spanned = sum(not name and bool(cell) for name, cell in zip(header, body[0][1], strict=False))
    return (
        (len(set(lower)) < len(lower) or spanned >= _HEADINGS - 1)
        and _heads(body[0])
        and len(set(over)) == len(over) < len(lower)
        and not any(looks_numeric([cell]) for cell in over)
        and len(body) > 1
        and any(number(cell) is not None for cell in body[1][1] if cell)
    )


def _count(line: _Line) -> int:
    return sum(map(bool, line[1]))


def _heads(line: _Line) -> bool:
    """Return whether a row is words side by side, as a header is."""
    words = [cell for cell in line[1] if cell]
    return len(words) >= _HEADINGS and not any(looks_numeric([cell]) for cell in words)


def _title(cells: tuple[str, ...]) -> str:
    return repr(next(filter(None, cells)))


def _trimmed(header: tuple[str, ...], body: list[_Line]) -> tuple[tuple[str, ...], list[_Line]]:
    """Return header and rows without columns that have neither a name nor a cell."""
    named = _shortened(header, 1)
    beyond = any(any(cells[len(named) : len(header)]) for _, cells in body)
    width = len(header) if beyond else len(named)
    rows = [(line, _shortened(cells, width)) for line, cells in body]
    hollow = {
        place
        for place, name in enumerate(header[:width])
        if not name and not any(cells[place] for _, cells in rows if place < len(cells))
    }
    return _without(header[:width], hollow), [
        (line, _without(cells, hollow)) for line, cells in rows
    ]


def _shortened(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    end = len(cells)
    while end > width and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _without(cells: tuple[str, ...], places: set[int]) -> tuple[str, ...]:
    return tuple(cell for place, cell in enumerate(cells) if place not in places)


def _refuse_blocks(header: _Line, body: list[_Line], *, source: str) -> None:
    """Raise if rows below the first block of numbers begin another table."""
    starts, numbers = [header[0]], False
    for place, (line, cells) in enumerate(body):
        fresh = place and line - body[place - 1][0] > 1
        again = len(set(cells) & set(header[1]) - {""}) >= _HEADINGS - 1
        if numbers and (fresh or again) and _heads((line, cells)):
            starts.append(line)
        numbers = numbers or any(cell and number(cell) is not None for cell in cells)
    if len(starts) > 1:
        ends = [max(row[0] for row in [header, *body] if row[0] < start) for start in starts[1:]]
        ends.append(body[-1][0])
        blocks = ", ".join(f"rows {a} to {b}" for a, b in zip(starts, ends, strict=True))
        raise StudiesError(
            f"{source}: several tables below one another ({blocks}); put each on its own sheet or "
            "in its own file."
        )


def _ragged(ragged: list[tuple[int, int]], width: int, *, source: str) -> tuple[str, ...]:
    if not ragged:
        return ()
    lines = [f"line {line} has {cells} cells" for line, cells in ragged[:SHOWN]]
    more = f" ... and {len(ragged) - SHOWN} more" if len(ragged) > SHOWN else ""
    return (f"{source}: {width} columns in the header, but {'; '.join(lines)}{more}.",)
