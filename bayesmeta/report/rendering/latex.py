"""The tables of a document in LaTeX, for a paper to input."""

from bayesmeta.report.document import Document, Table

_SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "\N{MINUS SIGN}": "$-$",
    "\N{SUPERSCRIPT TWO}": r"\textsuperscript{2}", "\N{INFINITY}": r"$\infty$",
    "\N{EN DASH}": "--",
}  # fmt: skip
_LONG, _BROAD = 45, 0.4
"""Letters from which on a cell is broken into lines, and the share of a line that it then has."""


def latex(document: Document) -> bytes:
    r"""Return every table of a document as a ``table`` environment (package booktabs).

    Examples
    --------
    >>> from bayesmeta.report.document import Chapter, Part, table
    >>> shown = table("n", "Patients", ["study", "n"], [["A & B", "110"]])
    >>> document = Document("", (Part("", (Chapter("studies", "Studies", (shown,)),)),))
    >>> print(latex(document).decode().splitlines()[7])
    A \& B & 110 \\
    """
    tables = [_table(found) for found in document.tables()]
    return ("\n\n".join(["% needs \\usepackage{booktabs}", *tables]) + "\n").encode()


def _table(found: Table) -> str:
    columns = "".join(map(_column, zip(found.head, *found.rows, strict=True), found.numeric))
    head, *rows = (" & ".join(map(escaped, row)) + r" \\" for row in (found.head, *found.rows))
    return "\n".join([
        rf"\begin{{table}}\caption{{{escaped(found.caption)}}}\label{{tab:{found.key}}}",
        rf"\begin{{tabular}}{{{columns}}}", r"\toprule", head, r"\midrule", *rows, r"\bottomrule",
        r"\end{tabular}", *(rf"\par\footnotesize {escaped(note)}" for note in found.notes),
        r"\end{table}",
    ])  # fmt: skip


def _column(cells: tuple[str, ...], numeric: bool) -> str:  # noqa: FBT001  (mapped)
    """Return how a column is set: long words in a paragraph, else the page would be too narrow."""
    if numeric:
        return "r"
    return rf"p{{{_BROAD}\linewidth}}" if max(map(len, cells)) > _LONG else "l"


def escaped(text: str) -> str:
    r"""Return a text that LaTeX sets as it is.

    Examples
    --------
    >>> escaped("98 % of a_b")
    '98 \\% of a\\_b'
    """
    return "".join(_SPECIAL.get(sign, sign) for sign in text)
