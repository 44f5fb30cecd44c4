"""The tables of a document in LaTeX, for a paper to input."""

from bayesmeta.report.document import Document, Table

_SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "\N{MINUS SIGN}": "$-$",
    "\N{SUPERSCRIPT TWO}": r"\textsuperscript{2}", "\N{INFINITY}": r"$\infty$",
    "\N{EN DASH}": "--",
}  # fmt: skip


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
    columns = "".join("r" if numeric else "l" for numeric in found.numeric)
    head, *rows = (" & ".join(map(escaped, row)) + r" \\" for row in (found.head, *found.rows))
    return "\n".join([
        rf"\begin{{table}}\caption{{{escaped(found.caption)}}}\label{{tab:{found.key}}}",
        rf"\begin{{tabular}}{{{columns}}}", r"\toprule", head, r"\midrule", *rows, r"\bottomrule",
        r"\end{tabular}", *(rf"\par\footnotesize {escaped(note)}" for note in found.notes),
        r"\end{table}",
    ])  # fmt: skip


def escaped(text: str) -> str:
    r"""Return a text that LaTeX sets as it is.

    Examples
    --------
    >>> escaped("98 % of a_b")
    '98 \\% of a\\_b'
    """
    return "".join(_SPECIAL.get(sign, sign) for sign in text)
