"""A table as text, before its columns have a meaning."""

from typing import NamedTuple


class Grid(NamedTuple):
    """One sheet as text: its name ("" where a file has one), and its rows with their numbers."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class Rows(NamedTuple):
    """A table as text: every cell stripped, every row as long as the header.

    Parameters
    ----------
    source
        The file, with the sheet where there are several.
    lines
        Number of each row in the file.
    problems
        What is wrong with the shape of the table, in sentences.
    comma
        Whether a comma may be a decimal mark: cells are not separated by it.
    numbered
        Whether analyses have numbers: a review's comparisons and outcomes.
    """

    source: str
    header: tuple[str, ...]
    cells: list[list[str]]
    lines: tuple[int, ...]
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    comma: bool = False
    semicolon: bool = False
    numbered: bool = False

    def column(self, name: str) -> list[str]:
        """Return the cells of one column, by the table's own name."""
        place = self.header.index(name)
        return [row[place] for row in self.cells]

    def replaced(self, columns: dict[str, list[str]]) -> "Rows":
        """Return the table with columns exchanged or added."""
        names = [*self.header, *(name for name in columns if name not in self.header)]
        all_columns = [columns[name] if name in columns else self.column(name) for name in names]
        cells = [list(row) for row in zip(*all_columns, strict=True)]
        return self._replace(header=tuple(names), cells=cells)

    def kept(self, keep: list[bool]) -> "Rows":
        """Return the table with some of its rows."""
        cells = [row for row, stays in zip(self.cells, keep, strict=True) if stays]
        lines = tuple(line for line, stays in zip(self.lines, keep, strict=True) if stays)
        return self._replace(cells=cells, lines=lines)
