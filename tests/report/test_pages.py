"""Every kind of page holds every table, and says nothing that the numbers do not."""

import re
from io import BytesIO
from zipfile import ZipFile

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn

import bayesmeta as bm
from bayesmeta.errors import OutputError
from bayesmeta.report.asked import Asked
from bayesmeta.report.chapters.studies import studies
from bayesmeta.report.document import Chapter, Document, Figure, Part, Quote, Words, table
from bayesmeta.report.rendering import PAGES
from bayesmeta.report.rendering.markdown import escaped

CAUSAL = re.compile(r"\b(caus\w+|leads? to|due to|because of treatment|reduces?|improves?)\b")


def test_markdown_has_every_cell(report):
    """A table's cells stand in a pipe table in their order."""
    page = PAGES[".md"](report).decode()
    for found in report.tables():
        for row in found.rows:
            assert f"| {' | '.join(escaped(cell) or ' ' for cell in row)} |" in page


def test_a_word_file_has_every_cell(report):
    """Word's own tables hold what the document's do."""
    file = docx.Document(BytesIO(PAGES[".docx"](report)))
    held = [tuple(cell.text for cell in row.cells) for each in file.tables for row in each.rows]
    wanted = [row for found in report.tables() for row in found.rows]
    assert set(wanted) <= set(held)


def test_latex_has_one_table_each(report):
    """Each is a ``tabular`` of as many rows."""
    page = PAGES[".tex"](report).decode()
    assert page.count(r"\begin{tabular}") == len(list(report.tables()))
    assert page.count(r" \\") == sum(1 + len(found.rows) for found in report.tables())


def test_no_sentence_is_causal_or_speaks_of_significance(report):
    """Numbers in prose say what was estimated."""
    said = [block.text for chapter in report.chapters() for block in chapter.blocks
            if isinstance(block, Words | Quote)]  # fmt: skip
    assert len(said) > 5
    assert not [text for text in said if "significan" in text or CAUSAL.search(text.lower())]


def test_the_results_paragraph_has_the_findings_numbers(report):
    """What is pasted and what is printed agree, unit included."""
    (results,) = (block.text for chapter in report.chapters() for block in chapter.blocks
                  if isinstance(block, Quote) and block.title == "Results")  # fmt: skip
    assert "−14.6 days (95 % interval −29.6 to 0.028)" in results  # noqa: RUF001


def test_an_unknown_kind_of_page_is_refused(posterior, tmp_path):
    """The message names what there is."""
    with pytest.raises(OutputError, match=r"ends in \.html, \.md, \.docx, \.tex"):
        bm.write_report(posterior, tmp_path / "report.pdf")


def test_a_report_in_the_way_is_kept(posterior, tmp_path):
    """Nothing is replaced unless that was asked for."""
    place = tmp_path / "report.md"
    place.write_text("mine")
    with pytest.raises(OutputError, match="exists"):
        bm.write_report(posterior, place)
    assert place.read_text() == "mine"


def test_a_table_of_ragged_rows_is_no_table():
    """A row that is not as long as its head is a slip, said at once."""
    with pytest.raises(ValueError, match="Table n"):
        table("n", "Patients", ["study", "n"], [["Umea"]])


def test_a_zip_has_every_table_as_numbers_that_programs_read(report):
    """Cells as they are printed, a hyphen for a minus; hostile names run in no spreadsheet."""
    packed = ZipFile(BytesIO(PAGES[".zip"](report)))
    read = pd.read_csv(packed.open("parameters.csv"))
    (printed,) = (found for found in report.tables() if found.key == "parameters")
    assert read.iloc[:, 0].tolist() == [row[0] for row in printed.rows]
    assert float(read["lower"][0]) == float(printed.rows[0][4].replace("\N{MINUS SIGN}", "-"))
    assert "<img" not in packed.read("tables.html").decode()
    assert packed.read("tables.html").decode().count("<table ") == len(list(report.tables()))


@pytest.mark.parametrize("kind", [".md", ".docx"])
def test_paper_has_no_words_on_controls(report, kind):
    """What a reader could move is on the page in a browser alone, as are the words about it."""
    chapters = {chapter.key for chapter in report.chapters()}
    kept = {chapter.key for chapter in report.on_paper().chapters()}

    assert chapters - kept == {"playing"}
    assert b"every number below follows at once" not in _content(PAGES[kind](report), kind)


def _content(written, kind):
    """Return what a file says: of a Word file its document."""
    if kind == ".md":
        return written
    with ZipFile(BytesIO(written)) as file:
        return file.read("word/document.xml")


def test_studies_of_a_ratio_are_read_as_ratios(tmp_path):
    """0.41, 0.13 to 1.26 (Aronson 1948 of the BCG trials, 4/123 against 11/139), not its log."""
    effects = bm.effect_sizes("examples/data/colditz1994.csv", "RR")
    (found, *_) = studies(Asked.of(bm.fit(effects, engine="exact"), tmp_path)).blocks

    assert found.caption == "Studies: reported estimate, and the study's effect given all"
    assert found.head[:3] == ("study", "RR", "95 % CI")
    assert found.rows[0][:3] == ("Aronson 1948", "0.41", "[0.13, 1.26]")


def test_figures_of_a_word_file_keep_to_its_margins(report):
    """Each is as wide as the lines of text at most, and says in words what it shows."""
    file = docx.Document(BytesIO(PAGES[".docx"](report)))
    page = file.sections[0]
    room = page.page_width - page.left_margin - page.right_margin
    alts = [block.alt for chapter in report.chapters() for block in chapter.blocks
            if isinstance(block, Figure)]  # fmt: skip

    assert [found.get("descr") for found in file.element.iter(qn("wp:docPr"))] == alts
    assert max(shape.width for shape in file.inline_shapes) <= room


def test_the_head_of_a_word_table_comes_again_on_every_page(report):
    """The first row of every table, and no other, is its head."""
    file = docx.Document(BytesIO(PAGES[".docx"](report)))
    heads = [
        [next(row.iter(qn("w:tblHeader")), None) is not None for row in each.iter(qn("w:tr"))]
        for each in file.element.iter(qn("w:tbl"))
    ]

    assert heads == [[True] + [False] * (len(rows) - 1) for rows in heads]


def test_prior_draws_are_printed_to_their_error(report):
    """The prior median of mu ~ N(0, 100) is 0 +- 2 in 4000 draws: no decimals are known."""
    (found,) = (each for each in report.tables() if each.key == "prior_predictive")
    (shown,) = (row for row in found.rows if row[0] == "mu")

    assert not [cell for cell in shown[1:] if "." in cell]
    assert "4000 draws in days" in found.notes[0]


def test_long_words_in_latex_are_broken_into_lines():
    """A column of them is a paragraph; numbers and short words stay on one line."""
    said = ["all 9", "n_treatment; mean_treatment; sd_treatment; n_control", "none", "3"]
    shown = table("made", "Made", ["studies", "from", "conversions", "n"], [said])
    document = Document("", (Part("", (Chapter("studies", "Studies", (shown,)),)),))

    assert r"\begin{tabular}{lp{0.4\linewidth}lr}" in PAGES[".tex"](document).decode()
