"""Forty and more shapes in which reviewers have their tables, in obviously artificial numbers.

Every table holds one of three sets of figures, whose effects are computed here by hand.
"""

from collections.abc import Mapping
from math import atanh, log, sqrt
from typing import NamedTuple

AS_IS, CHOICE, REFUSED = "as is", "after one choice", "refused"

# Means: n, mean, SD of treatment and control.
MEANS = {
    "Alder": (20, 10.5, 4, 25, 12.5, 5),
    "Birch": (30, 11.25, 3, 30, 12.75, 6),
    "Cedar": (16, 9.5, 2, 16, 10.5, 4),
}
# Events: events and n of treatment and control.
EVENTS = {"Alder": (5, 50, 10, 50), "Birch": (8, 40, 12, 40), "Cedar": (3, 30, 9, 33)}


class Case(NamedTuple):
    """A table, the measure asked for, what becomes of it, and the choice that the message offers.

    Parameters
    ----------
    content
        Text, bytes, or what the test has to build: rows by sheet, files by name in a zip.
    offer
        Words on a command line, to be found in the message and to be pasted.
    """

    content: str | bytes | Mapping[str, object]
    measure: str
    becomes: str = AS_IS
    offer: str = ""
    expected: tuple[tuple[float, float], ...] = ()
    said: str = ""


def _md():
    return tuple((m1 - m2, sqrt(s1**2 / n1 + s2**2 / n2)) for n1, m1, s1, n2, m2, s2 in
                 MEANS.values())  # fmt: skip


def _or():
    cells = [(a, n1 - a, c, n2 - c) for a, n1, c, n2 in EVENTS.values()]
    return tuple(
        (log(a * d / (b * c)), sqrt(1 / a + 1 / b + 1 / c + 1 / d)) for a, b, c, d in cells
    )


MD, OR = _md(), _or()
READY = ((-2.0, 1.25), (-1.5, 1.5), (-1.0, 0.75))
RATIOS = ((0.5, 0.25, 1.0), (0.8, 0.4, 1.6), (1.25, 0.5, 3.125))
LOGS = tuple((log(r), (log(u) - log(low)) / (2 * 1.959963984540054)) for r, low, u in RATIOS)
PLUS = ((0.5, 0.25), (0.25, 0.125), (1.0, 0.5))


def table(header, rows, *, mark=","):
    """Return a text table."""
    lines = [mark.join(map(str, row)) for row in (header, *rows)]
    return "\n".join(lines) + "\n"


def means(header, **options):
    """Return the table of means under some names."""
    return table(header, [(name, *row) for name, row in MEANS.items()], **options)


def events(header, rows=None):
    """Return the table of events under some names."""
    return table(header, rows or [(name, *row) for name, row in EVENTS.items()])


def ready(header, rows=None):
    """Return the table of ready-made estimates under some names."""
    names = ("Alder", "Birch", "Cedar")
    return table(header, [(name, *row) for name, row in zip(names, rows or READY, strict=True)])


CELLS = [(name, a, n1 - a, c, n2 - c) for name, (a, n1, c, n2) in EVENTS.items()]
NAMES = {
    "ours": Case(means(["study", "n_treatment", "mean_treatment", "sd_treatment", "n_control",
                        "mean_control", "sd_control"]), "MD", expected=MD),
    "metafor, means": Case(means(["slab", "n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i"]), "MD",
                           expected=MD),
    "metafor, cells": Case(events(["study", "ai", "bi", "ci", "di"], CELLS), "OR", expected=OR),
    "metafor, capitals": Case(events(["STUDY", "AI", "N1I", "CI", "N2I"]), "OR", expected=OR),
    "metafor, yi sei": Case(ready(["slab", "yi", "sei"]), "generic", expected=READY),
    "metadat": Case(means(["study", "n_trt", "mean_trt", "sd_trt", "n_ctl", "mean_ctl",
                           "sd_ctl"]), "MD", expected=MD),
    "meta, means": Case(means(["studlab", "n.e", "mean.e", "sd.e", "n.c", "mean.c", "sd.c"]),
                        "MD", expected=MD),
    "meta, events": Case(events(["author", "event.e", "n.e", "event.c", "n.c"]), "OR",
                         expected=OR),
    "meta, TE seTE": Case(ready(["Author", "TE", "seTE"]), "SMD", expected=READY),
    "meta, time": Case(events(["studlab", "event.e", "time.e", "event.c", "time.c"]), "IRR",
                       expected=tuple((log(a * n2 / (c * n1)), sqrt(1 / a + 1 / c))
                                      for a, n1, c, n2 in EVENTS.values())),
    "bayesmeta": Case(ready(["labels", "y", "sigma"]), "generic", expected=READY),
    "RoBMA": Case(ready(["study_names", "d", "se"]), "SMD", expected=READY),
    "metaBMA": Case(ready(["labels", "y", "SE"]), "generic", expected=READY),
    "JASP": Case(ready(["Study", "effectSize", "standardError"]), "generic", expected=READY),
    "jamovi": Case(means(["Study", "Group1_n", "Group1_mean", "Group1_sd", "Group2_n",
                          "Group2_mean", "Group2_sd"]), "MD", expected=MD),
    "CMA": Case(ready(["Study name", "Hedges's g", "Std Err", "Variance"],
                      [(y, s, s * s) for y, s in READY]), "SMD", expected=READY),
    "smd and v": Case(ready(["paper", "smd", "v"], [(y, s * s) for y, s in READY]), "SMD",
                      expected=READY),
    "xt nt xc nc": Case(events(["trial", "xt", "nt", "xc", "nc"]), "OR", expected=OR),
    "in words": Case(events(["study", "experimental_events", "experimental_n", "control_events",
                             "control_n"]), "OR", expected=OR),
    "numbered arms": Case(means(["Study ID", "n1", "mean1", "sd1", "n2", "mean2", "sd2"]), "MD",
                          expected=MD),
    "forest plot copied": Case(
        events(["Study or Subgroup", "Experimental Events", "Experimental Total",
                "Control Events", "Control Total"],
               [*((name, *row) for name, row in EVENTS.items()),
                ("Total (95% CI)", 16, 120, 31, 123)]),
        "OR", expected=OR, said="sums up others"),
    "log odds ratios by name": Case(ready(["study", "logOR", "se"], PLUS), "OR", expected=PLUS),
    "yi of a ratio": Case(ready(["study", "yi", "sei"], PLUS), "OR", expected=PLUS),
}  # fmt: skip

TEXTS = {
    "semicolons and decimal commas": Case(
        means(["study", "n.e", "mean.e", "sd.e", "n.c", "mean.c", "sd.c"], mark=";")
        .replace(".5", ",5").replace(".25", ",25").replace(".75", ",75"),
        "MD", expected=MD, said="decimal comma"),
    "tabs": Case(means(["study", "n.e", "mean.e", "sd.e", "n.c", "mean.c", "sd.c"], mark="\t"),
                 "MD", expected=MD, said="tab"),
    "sep= line": Case("sep=;\n" + ready(["study", "yi", "sei"]).replace(",", ";"), "generic",
                      expected=READY, said="Line 1 says"),
    "UTF-16": Case(ready(["study", "yi", "sei"]).replace("Alder", "Ålder").encode("utf-16"),
                   "generic", expected=READY, said="UTF-16"),
    "UTF-16 without a mark": Case(ready(["study", "yi", "sei"]).encode("utf-16-le"), "generic",
                                  expected=READY),
    "Windows-1252": Case(ready(["study", "yi", "sei"]).replace("Birch", "Børk").encode("cp1252"),
                         "generic", expected=READY, said="Windows-1252"),
    "byte order mark": Case(b"\xef\xbb\xbf" + ready(["study", "yi", "sei"]).encode(), "generic",
                            expected=READY),
    "trailing empties": Case(ready(["study", "yi", "sei"]).replace("\n", ",,\n") + ",,,,\n",
                             "generic", expected=READY),
    "a title above": Case("Table 2. Trees,,\n,,\n" + ready(["study", "yi", "sei"]), "generic",
                          expected=READY, said="is a title"),
    "row names of R": Case(ready(["", "yi", "vi"], [(y, s * s) for y, s in READY]), "generic",
                           expected=READY, said="first column"),
    "author and year": Case(
        table(["author", "year", "yi", "sei"],
              [("Elm", 1991 + at, *row) for at, row in enumerate(READY)]),
        "generic", expected=READY, said="'author' and 'year' joined"),
    "a text column of its own": Case(ready(["hospital", "yi", "sei"]), "generic", expected=READY,
                                     said="'hospital' is taken as the study"),
    "judgements called Outcome": Case(
        ready(["study", "yi", "sei", "Outcome"],
              [(*row, word) for row, word in zip(READY, ("Low", "High", "Low"), strict=True)]),
        "generic", expected=READY, said="judgements"),
    "cases that are patients": Case(
        ready(["study", "yi", "sei", "treatment.cases", "control.cases"],
              [(*row, 20, 30) for row in READY]), "generic", expected=READY, said="cases may be"),
    "rounded variance beside": Case(
        ready(["study", "yi", "sei", "vi"], [(y, s, round(s * s, 2)) for y, s in READY]),
        "generic", expected=READY),
    "log ratios above 1": Case(
        ready(["study", "estimate", "ci_lower", "ci_upper"],
              [(y, y - 1.96 * s, y + 1.96 * s) for y, s in PLUS]),
        "OR", expected=tuple((y, s * 1.96 / 1.959963984540054) for y, s in PLUS)),
    "arms, else an estimate": Case(
        table(["study", "n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i", "yi", "sei"],
              [("Alder", *MEANS["Alder"], "", ""), ("Birch", *MEANS["Birch"], "", ""),
               ("Cedar", *[""] * 6, -1.0, 0.75)]),
        "MD", expected=(*MD[:2], READY[2]), said="Without whole arms"),
}  # fmt: skip

CHOICES = {
    "one name, several years": Case(
        table(["study", "year", "yi", "sei"],
              [("Elm", 1991, *READY[0]), ("Elm", 1995, *READY[1]), ("Fir", 1999, *READY[2])]),
        "generic", CHOICE, '--study "study, year"', READY),
    "numbers alone": Case("yi,sei\n-2,1.25\n-1.5,1.5\n-1,0.75\n", "generic", CHOICE,
                          "--study row", READY),
    "two text columns": Case(ready(["town", "yi", "sei", "river"],
                                   [(*row, f"R{row[0]}x") for row in READY]),
                             "generic", CHOICE, "--study town", READY),
    "two estimates": Case(ready(["study", "yi", "estimate", "sei"],
                                [(y, y + 1, s) for y, s in READY]), "generic", CHOICE,
                          "--column estimate=yi", READY),
    "one row per arm": Case(
        table(["study", "group", "n", "mean", "sd"],
              [row for name, (n1, m1, s1, n2, m2, s2) in MEANS.items()
               for row in ((name, "bark", n1, m1, s1), (name, "sham", n2, m2, s2))]),
        "MD", CHOICE, "--arm group=sham", MD),
    "one row per arm, events": Case(
        table(["Author", "Treatment", "responders", "sampleSize"],
              [row for name, (a, n1, c, n2) in EVENTS.items()
               for row in ((name, "sap", a, n1), (name, "water", c, n2))]),
        "OR", CHOICE, "--arm Treatment=water", OR),
    "outcomes below one another": Case(
        table(["study", "outcome", "yi", "sei"],
              [(name, what, y if what == "height" else y + 3, s) for what in ("height", "girth")
               for name, (y, s) in zip(MEANS, READY, strict=True)]),
        "generic", CHOICE, "--outcome height", READY),
    "outcomes side by side": Case(
        table(["study", "yi_girth", "vi_girth", "yi_height", "vi_height"],
              [(name, y + 3, 1, y, s * s) for name, (y, s) in zip(MEANS, READY, strict=True)]),
        "generic", CHOICE, "--outcome height", READY),
    "an outcome that one reports": Case(
        table(["study", "yi.height", "vi.height", "yi.girth", "vi.girth"],
              [("Alder", 1, 1, "", ""), ("Birch", 2, 1, -1.5, 2.25), ("Cedar", 3, 1, "", "")]),
        "generic", CHOICE, "--outcome girth", READY[1:2]),
    "points of time": Case(
        table(["study", "visit", "yi", "sei"],
              [(name, when, y if when == "early" else y + 3, s) for when in ("early", "late")
               for name, (y, s) in zip(MEANS, READY, strict=True)]),
        "generic", CHOICE, "--column outcome=visit --outcome early", READY),
    "odds ratios with intervals": Case(ready(["study", "estimate", "ci_lower", "ci_upper"],
                                             RATIOS), "OR", CHOICE, "--values natural", LOGS),
    "odds ratios by name": Case(ready(["study", "OR", "lower", "upper"], RATIOS), "generic",
                                CHOICE, "--values natural", LOGS),
    "above 0 with standard errors": Case(ready(["study", "estimate", "standard_error"], PLUS),
                                         "OR", CHOICE, "--values log", PLUS),
    "correlations": Case(
        ready(["study", "estimate", "ci_lower", "ci_upper", "n"],
              [(0.5, 0.2, 0.7, 39), (0.25, -0.1, 0.5, 52), (0.75, 0.5, 0.9, 28)]),
        "ZCOR", CHOICE, "--values r",
        ((atanh(0.5), 1 / 6), (atanh(0.25), 1 / 7), (atanh(0.75), 1 / 5))),
    "thousands in a CSV file": Case(
        'study,yi,sei\nAlder,"12,500",100\nBirch,"11,250",125\n', "generic", CHOICE,
        "--decimal point", ((12500, 100), (11250, 125))),
    "three digits and semicolons": Case(
        "study;yi;sei\nAlder;12.500;100\nBirch;11.250;125\n", "generic", CHOICE,
        "--decimal comma", ((12500, 100), (11250, 125))),
    "a decimal comma in a CSV file": Case(
        'study,yi,sei\nAlder,"-2,5","1,25"\nBirch,"1,5","0,75"\n', "generic", CHOICE,
        "--decimal comma", ((-2.5, 1.25), (1.5, 0.75))),
    "a variance that is none": Case(
        ready(["study", "yi", "sei", "vi"], [(y, s, 9) for y, s in READY]), "generic", CHOICE,
        "--column variance=", READY),
    "a ratio and its limits beside its logarithm": Case(
        ready(["study", "logOR", "se", "OR", "lower", "upper"],
              [(log(r), 0.35, r, low, up) for r, low, up in RATIOS]), "OR", CHOICE,
        "--column ci_lower=", tuple((log(r), 0.35) for r, _, _ in RATIOS)),
    "limits of a ratio beside its logarithm": Case(
        ready(["study", "yi", "sei", "ci.lb", "ci.ub"],
              [(log(r), 0.35, low, up) for r, low, up in RATIOS]), "OR", CHOICE,
        "--column ci_lower=", tuple((log(r), 0.35) for r, _, _ in RATIOS)),
    "an estimate of the other sign": Case(
        table(["study", "n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i", "yi", "sei"],
              [(name, *row, -md, se) for (name, row), (md, se) in
               zip(MEANS.items(), MD, strict=True)]), "MD", CHOICE, "--column estimate=", MD),
    "a gap": Case(ready(["study", "yi", "sei"], [READY[0], (-1.5, ""), READY[2]]), "generic",
                  CHOICE, "--missing drop", (READY[0], READY[2])),
}  # fmt: skip

REFUSALS = {
    "patients in two rows": Case(
        table(["study", "yi", "sei"], [("Elm", -2, 1), ("Elm", -1, 1), ("Fir", -3, 1)]),
        "generic", REFUSED, said="share patients"),
    "two tables below one another": Case(
        ready(["study", "yi", "sei"]) + "\n" + ready(["tree", "yi", "sei"]), "generic", REFUSED,
        said="several tables"),
    "a ratio with a bare standard error": Case(
        ready(["study", "HR", "se"], [(0.5, 0.2), (0.8, 0.3), (1.2, 0.2)]), "generic", REFUSED,
        said="--values natural"),
}  # fmt: skip

CASES = NAMES | TEXTS | CHOICES | REFUSALS
