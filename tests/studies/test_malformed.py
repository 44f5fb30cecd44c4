"""Sixty files that are no usable table: one clear message, quickly, in little memory."""

import codecs
import io
import time
import tracemalloc
import zipfile

import numpy as np
import pytest

from bayesmeta.errors import BayesmetaError
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies

ARMS = "study,n_treatment,mean_treatment,sd_treatment,n_control,mean_control,sd_control\n"
GOOD = "Alder,20,10,4,25,12,5\n"
READY = "study,yi,sei\nAlder,1,2\n"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]><COCHRANE_REVIEW>&j;</COCHRANE_REVIEW>"
)

# What the file holds, and every sentence that the message has to have.
TEXTS = {
    "empty": ("", ["the file is empty"]),
    "blank lines": ("\n \n\t\n", ["the file is empty"]),
    "mark alone": (codecs.BOM_UTF8, ["the file is empty"]),
    "header alone": (ARMS, ["no studies"]),
    "header and commas": (ARMS + ",,,,,,\n", ["no studies"]),
    "sep alone": ("sep=;\n", ["the file is empty"]),
    "negative SD": (ARMS + "Alder,20,10,-4,25,12,5\n", ["sd_treatment: -4 is not a standard dev"]),
    "SD of zero": (ARMS + "Alder,20,10,0,25,12,5\n", ["sd_treatment: 0 is not a standard dev"]),
    "nobody": (ARMS + "Alder,0,10,4,25,12,5\n", ["n_treatment: 0 is not a number of part"]),
    "half a patient": (ARMS + "Alder,20.5,10,4,25,12,5\n", ["20.5 is not a number of part"]),
    "one in an arm": (ARMS + "Alder,1,10,4,25,12,5\n", ["n_treatment: 1 is too few"]),
    "inf": (ARMS + "Alder,20,inf,4,25,12,5\n", ["inf is not finite"]),
    "minus inf": (READY + "Birch,-inf,2\n", ["-inf is not finite"]),
    "overflow": (READY + "Birch,1e999,2\n", ["1e999 is not finite"]),
    "words": (ARMS + "Alder,20,ten,4,25,12,5\n", ["'ten' is not a number"]),
    "a letter for a digit": (ARMS + "Alder,20,1O,4,25,12,5\n", ["'1O' is not a number"]),
    "per cent": (READY + "Birch,12%,2\n", ["'12%' is not a number"]),
    "below a limit": (READY + "Birch,<0.01,2\n", ["'<0.01' is not a number"]),
    "stars": (READY + "Birch,0.5*,2\n", ["'0.5*' is not a number"]),
    "mean (SD)": (ARMS + "Alder,20,10 (4),4,25,12,5\n", ["'10 (4)' is not a number"]),
    "spaces in thousands": (READY + "Birch,12 500,2\n", ["'12 500' is not a number; write 12500"]),
    "an Excel error": (READY + "Birch,#DIV/0!,2\n", ["'#DIV/0!' is not a number"]),
    "every problem at once": (
        ARMS + GOOD + "Birch,0,10,-4,25,inf,x\nCedar,1,2\nDogwood,20,10,4,0,12,5\n",
        ["line 4 has 3 cells", "n_treatment: 0 is", "sd_treatment: -4 is", "inf is not finite",
         "'x' is not a number", "line 5, study 'Dogwood', column n_control: 0 is"],
    ),
    "short row": (ARMS + "Alder,20,10,4,25,12\n", ["line 2 has 6 cells"]),
    "long row": (ARMS + "Alder,20,10,4,25,12,5,9\n", ["line 2 has 8 cells"]),
    "open quote": (READY + '"Birch,1,2\n', ["not a row of a CSV table"]),
    "stray quote": (READY + '"Bir"ch,1,2\n', ["not a row of a CSV table"]),
    "column twice": ("study,yi,yi\nAlder,1,2\n", ["'yi' stands twice"]),
    "two names of one": ("study,yi,estimate,sei\nAlder,1,2,3\n", ["both mean estimate"]),
    "no name of a study": (READY + ",3,4\n", ["line 3, column study: the cell is empty"]),
    "no effect": ("study,colour\nAlder,red\n", ["generic needs the columns"]),
    "no spread": ("study,yi\nAlder,1\n", ["generic needs the columns"]),
    "gap": (READY + "Birch,,2\n", ["no estimate", 'missing="drop"']),
    "only gaps": ("study,yi,sei\nAlder,NA,NA\n", ["generic needs the columns"]),
    "error of zero": (READY + "Birch,1,0\n", ["0 is not a standard error"]),
    "negative variance": ("study,yi,vi\nAlder,1,-1\n", ["-1 is not a variance"]),
    "limits crossed": ("study,estimate,lower,upper\nA,1,2,0\n", ["2 is not below ci_upper, 0"]),
    "outside its limits": ("study,estimate,lower,upper\nA,5,1,2\n", ["outside its confidence"]),
    "same study": (READY + "Alder,2,3\n", ["stands again on line 3"]),
    "no separator": ("study yi sei\nVan der Elm 1 2\nAlder 1 2\n",
                     ["no comma, semicolon or tab"]),
    "transposed": ("study,Alder,Birch\nyi,1,2\nsei,3,4\n", ["generic needs the columns"]),
    "NUL bytes": (b"study,yi,sei\nAl\0der,1,2\n", ["not a text file"]),
    "noise": (bytes(range(256)) * 20, ["not a text file"]),
    "no encoding": (b"study,yi,sei\nAl\x81der,1,2\n", ["not a text file in UTF-8"]),
    "half a UTF-16 letter": ("study,yi\n".encode("utf-16") + b"\0", ["not a text file in UTF-8"]),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), [".xls", "save it as .xlsx"]),
    "a PDF": (b"%PDF-1.7\n", ["a PDF"]),
    "R's data": (b"RDX3\nX\n", ["data of R"]),
    "gzip": (b"\x1f\x8b\x08\0\0", ["packed with gzip"]),
    "broken zip": (b"PK\x03\x04broken", ["damaged zip archive"]),
    "entity bomb": (BOMB, ["declares a document type or entities"]),
    "entity bomb in UTF-16": (BOMB.encode("utf-16"), ["document type or entities"]),
    "broken review": ("<COCHRANE_REVIEW><STUDIES>", ["XML is broken"]),
    "review without analyses": ("<COCHRANE_REVIEW/>", ["without any analysis"]),
    "an outcome without end": ("study,outcome,yi,sei\nAlder,inf,1,2\nBirch,2,1,2\n",
                               ["choose one outcome"]),
    "metan without studies": ("_USE,study,yi,sei\n5,Overall,1,2\n4,Total (I2),1,2\n",
                              ["'Overall'"]),
    "sums alone": ("study,yi,sei,n\nTotal,1,2,3\nOverall (95% CI),1,2,3\n", ["'Total' may sum up"]),
    "treatments without end": ("study,t1,t2,yi,sei\nAlder,inf,nan,1,0\n", ["0 is not a standard"]),
    "a bound in place of P": ("study,md,p\nAlder,1,<0.05\n", ["generic needs the columns"]),
    "arms of 1e300": ("study,n1,mean1,se1,n2,mean2,se2\nA,1e300,1,1e308,9,1,1\n",
                      ["generic needs the columns"]),
    "every column a treatment": (
        ",".join(f"treat{at}" for at in range(1, 10)) + "\n" + ",".join("ABCDEFGHA") + "\n",
        ["some rows compare more than two"]),
    "a thousand columns of counts": (
        ",".join(["study", *(f"c{at}x" for at in range(1000))]) + "\n"
        + "\n".join(",".join([name, *["1"] * 1000]) for name in "AB") + "\n",
        ["generic needs the columns"]),
    "a thousand columns of cases": (
        ",".join(["study", *(f"{at} cases" for at in range(1000))]) + "\n"
        + ",".join(["A", *["1"] * 1000]) + "\n",
        ["generic needs the columns"]),
    "one study in a thousand rows": (
        "study,yi,sei\n" + "A,1,2\n" * 1000, ["stands again on line 3, 4", "and 979 more"]),
    "a web page": ("<!DOCTYPE html><html><body>404</body></html>", ["a web page; copy its table"]),
    "JSON": ('[{"study": "A", "yi": 1}]', ["not a table but JSON"]),
}  # fmt: skip


def refused(path):
    """Return the message that refuses a file, and the seconds of processor time it took."""
    start = time.process_time()
    with pytest.raises(BayesmetaError) as caught:
        effect_sizes(read_studies(path), "generic")
    return str(caught.value), time.process_time() - start


@pytest.mark.parametrize("kind", TEXTS)
def test_a_malformed_text_is_one_message(kind, file):
    """The file is named, every problem is in it, and it takes no second."""
    content, sentences = TEXTS[kind]

    message, seconds = refused(file(content))

    assert "trials.csv" in message
    assert all(sentence in message for sentence in sentences), message
    assert seconds < 1


ROWS = [["study", "yi", "sei"], ["Alder", 1, 2], ["Birch", 3, 4]]


def _zipped(name, content, *, sizes=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", sizes) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def with_xml(book, part, change):
    """Return a workbook with the text of one of its parts changed."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name == part else text)
    return changed.getvalue()


BOOKS = {
    "formula without a value": (
        {"A": [*ROWS, ["Cedar", "=B2+B3", 4]]}, [], None, ["cell B4: the formula =B2+B3"]),
    "merged names": (
        {"A": [*ROWS, [None, 3, 4]]}, ["A3:A4"], None, ["merged cells A3:A4", "column study"]),
    "merged heads": ({"A": [["study", "effect", None], *ROWS[1:]]}, ["B1:C1"], None,
                     ["merged cells B1:C1"]),
    "an error in a cell": ({"A": [*ROWS, ["Cedar", "#DIV/0!", 4]]}, [], None, ["#DIV/0!"]),
    "empty workbook": ({"A": []}, [], None, ["the file is empty"]),
    "two tables side by side": ({"A": [[*r, None, *r] for r in ROWS]}, [], None, ["stands twice"]),
    "two tables below": ({"A": [*ROWS, [], *ROWS]}, [], None, ["several tables below one another"]),
    "a far cell": ({"A": ROWS}, [], lambda text: text.replace(b'r="C3"', b'r="XFD1048576"'),
                   ["up to row"]),
    "entities": ({"A": ROWS}, [], lambda text: b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + text,
                 ["document type or entities"]),
    "broken XML": ({"A": ROWS}, [], lambda text: text[:80], ["cannot be read"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", BOOKS)
def test_a_malformed_workbook_is_one_message(kind, file, workbook):
    """Formulas without values, merged cells, several tables, bombs: named by cell or part."""
    sheets, merged, change, sentences = BOOKS[kind]
    content = workbook(sheets, merged=merged)
    if change:
        content = with_xml(content, "xl/worksheets/sheet1.xml", change)

    message, _ = refused(file(content))

    assert all(sentence in message for sentence in sentences), message


def _nested(depth):
    content = _zipped("a.csv", bytes(20 * 1024**2))
    for level in range(depth):
        content = _zipped(f"{level}.zip", content)
    return content


def _crowded():
    # Each inner archive is within bounds; together they are not.
    noise = np.random.default_rng(1).bytes(20 * 30_000)
    text = b"".join(noise[at : at + 20] + bytes(1000) for at in range(0, len(noise), 20))
    inner = [_zipped(f"{n}.csv", text) for n in range(3)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for place, content in enumerate(inner):
            archive.writestr(f"{place}.zip", content)
    return packed.getvalue()


def _sheet_of_noise(rows):
    import openpyxl

    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    noise = np.random.default_rng(2).random((rows, 2)).tolist()
    cells = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{a}</v></c><c r="B{row}"><v>{b}</v></c></row>'
        for row, (a, b) in enumerate(noise, start=1)
    )
    whole = f"<sheetData>{cells}</sheetData>".encode()
    hollow = b"<sheetData></sheetData>"
    part = "xl/worksheets/sheet1.xml"
    return with_xml(book.getvalue(), part, lambda text: text.replace(hollow, whole))


LARGE = {
    "a sheet of noise": (lambda: _sheet_of_noise(50_000), "more than 20000 rows or 100000 cells"),
    "a larger sheet": (lambda: _sheet_of_noise(120_000), "more than 20000 rows or 100000 cells"),
    "zip bomb": (lambda: _zipped("bomb.csv", bytes(60 * 1024**2)), "as a zip bomb does"),
    "large zip": (lambda: _zipped("large.csv", bytes(65 * 1024**2)), "unpacks to 65 MiB"),
    "many large tables in zips": (_crowded, "archives inside it unpack"),
    "bomb in a zip": (lambda: _nested(2), "as a zip bomb does"),
    "ten million rows": (lambda: b"a,b,c\n" + b"1,2,3\n" * 10_000_000, "MiB of text"),
    "too many lines": (lambda: b"a,b\n" + b"1,2\n" * 200_000, "lines; a table of studies"),
    "too many cells": (lambda: (b"a" + b"," * 999 + b"\n") * 2000, "more than 500000 cells"),
    "more than is read": (lambda: bytes(65 * 1024**2), "more than 64 MiB"),
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_large_file_is_refused_in_a_second_and_little_memory(kind, file):
    """Nothing is unfolded to find out that it is no table."""
    make, sentence = LARGE[kind]
    path = file(make())

    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(BayesmetaError) as caught:
        read_studies(path)
    seconds, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sentence in str(caught.value)
    assert peak < 200 * 1024**2
    # tracemalloc makes every allocation several times dearer.
    assert seconds < 5
