"""Fifty further shapes of tables: of other programs, languages, hands, with their traps.

The figures are those of ``layouts``; what they become is computed there or here by hand.
"""

from math import atanh, exp, log, sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
TEN = NormalDist().inv_cdf(0.95)


def cases(base):
    """Return the cases by name, put together with the helpers of ``layouts``."""
    case, table, means, events, ready = base.Case, base.table, base.means, base.events, base.ready
    md, odds, plain, choice = base.MD, base.OR, base.READY, base.CHOICE
    arms, counts = base.MEANS, base.EVENTS

    def blank(header, rows):
        return "\n".join(" ".join(map(str, row)) for row in (header, *rows)) + "\n"

    def commas(text):
        return text.replace(".5", ",5").replace(".25", ",25").replace(".75", ",75")

    errors = {name: (n1, m1, s1 / sqrt(n1), n2, m2, s2 / sqrt(n2))
              for name, (n1, m1, s1, n2, m2, s2) in arms.items()}  # fmt: skip
    long = [row for name, (n1, m1, s1, n2, m2, s2) in arms.items()
            for row in ((name, "bark", n1, m1, s1), (name, "sham", n2, m2, s2))]  # fmt: skip
    third = [
        *long,
        ("Birch", "leaf", 33, 10, 2),
        ("Elm", "leaf", 20, 9, 2),
        ("Elm", "bark", 9, 8, 3),
    ]
    quoted = [(f'"{name} et al."', *row) for name, row in counts.items()]
    half = [(y, y - TEN * s, y + TEN * s) for y, s in plain]
    ratio = [(r, log(u / low) / (2 * Z)) for r, low, u in base.RATIOS]
    programs = {
        "R's write.table": case(blank(["study", "ai", "n1i", "ci", "n2i"], quoted), "OR",
                                expected=odds, said="separated by blanks"),
        "R's row names": case(
            blank(["study", "ai", "n1i", "ci", "n2i"],
                  [(f'"{at}"', *row) for at, row in enumerate(quoted, start=1)]), "OR",
            expected=odds, said="has no name"),
        "metadat nTi": case(
            table(["trial", "nTi", "nCi", "xTi", "xCi"],
                  [(name, n1, n2, a, c) for name, (a, n1, c, n2) in counts.items()]), "OR",
            expected=odds),
        "metadat dagostino": case(
            table(["study", "mt", "sdt", "mc", "sdc", "nt", "nc"],
                  [(name, m1, s1, m2, s2, n1, n2) for name, (n1, m1, s1, n2, m2, s2) in
                   arms.items()]), "MD", expected=md),
        "metadat prefixes": case(
            table(["id", "trial", "nti", "nci", "b.xti", "b.xci", "d.xti", "d.xci"],
                  [(at, name, n1, n2, a, c, a + 1, c + 1)
                   for at, (name, (a, n1, c, n2)) in enumerate(counts.items())]),
            "OR", choice, "--outcome b", odds),
        "meta, drugs": case(events(["study", "d.asp", "n.asp", "d.plac", "n.plac"]), "OR", choice,
                            "--controls plac", odds),
        "meta, three drugs": case(
            table(["study", "n.a", "mean.a", "sd.a", "n.b", "mean.b", "sd.b", "n.z", "mean.z",
                   "sd.z"], [(name, *row, 9, 9, 9) for name, row in arms.items()]),
            "MD", choice, "--controls b --treated a", md),
        "Stata metan": case(ready(["study", "_ES", "_seES"]), "generic", expected=plain),
        "Stata meta": case(ready(["_meta_studylabel", "_meta_es", "_meta_se"]), "generic",
                           expected=plain),
        "Stata deaths": case(events(["trial", "tdeath", "tnodeath", "cdeath", "cnodeath"],
                                    base.CELLS), "OR", expected=odds),
        "Stata groups 1 and 0": case(means(["study", "n1", "mean1", "sd1", "n0", "mean0", "sd0"]),
                                     "MD", choice, "--controls 0", md),
        "pandas twins": case(means(["Study", "Total", "Mean", "SD", "Total.1", "Mean.1", "SD.1"]),
                             "MD", choice, "--controls second", md),
        "RevMan twins": case(
            means(["Study or Subgroup", "Total", "Mean", "SD", "Total", "Mean", "SD"]), "MD",
            choice, "--controls second", md),
        "RoBMA correlations": case(
            ready(["study", "r", "se"], [(0.5, 0.1), (0.25, 0.2), (-0.75, 0.05)]), "ZCOR", choice,
            "--values r --errors r",
            ((atanh(0.5), 0.1 / 0.75), (atanh(0.25), 0.2 / 0.9375), (atanh(-0.75), 0.05 / 0.4375))),
        "JASP, quoted tabs": case(
            '"Study"\t"Effect Size"\t"Effect Size SE"\n"Alder"\t-2\t1.25\n"Birch"\t-1.5\t1.5\n'
            '"Cedar"\t-1\t0.75\n', "generic", expected=plain),
        "CMA in words": case(
            ready(["Study name", "Std diff in means", "Std Err", "Lower limit", "Upper limit"],
                  [(y, s, y - Z * s, y + Z * s) for y, s in plain]), "generic",
            expected=plain),
    }  # fmt: skip
    words = {
        "German": case(
            commas(means(["Studie", "N Intervention", "MW Intervention", "SD Intervention",
                          "N Kontrolle", "MW Kontrolle", "SD Kontrolle"], mark=";")), "MD",
            expected=md, said="decimal comma"),
        "German, events": case(
            events(["Autor", "Ereignisse Verum", "n Verum", "Ereignisse Kontrollgruppe",
                    "n Kontrollgruppe"]).replace(",", ";"), "OR", expected=odds),
        "German, ready": case(
            "Studie;Effektstärke;Standardfehler\nAlder;-2,0;1,25\nBirch;-1,5;1,5\nCedar;-1,0;0,75\n",
            "SMD", expected=plain),
        "French": case(
            commas(means(["Étude", "Effectif intervention", "Moyenne intervention",
                          "Écart-type intervention", "Effectif témoin", "Moyenne témoin",
                          "Écart-type témoin"], mark=";")).encode("cp1252"), "MD", expected=md,
            said="Windows-1252"),
        "French, interval": case(
            "Auteur;Année;Différence;IC 90 %\nAlder;1999;0,5;-0,5 à 1,5\n"
            "Birch;2001;1,5;0,5 à 2,5\n",
            "MD", expected=((0.5, 1 / TEN), (1.5, 1 / TEN))),
        "Spanish": case(means(["Estudio", "n tratamiento", "media tratamiento", "sd tratamiento",
                               "n control", "media control", "sd control"]), "MD", expected=md),
    }  # fmt: skip
    hands = {
        "two rows of headings": case(
            ",Intervention,,,Control,,\n" + means(["Study", "N", "Mean", "SD", "N", "Mean", "SD"]),
            "MD", expected=md, said="header has two rows"),
        "a title and two rows": case(
            "Table 2,,,,,,,\nStudy,Treatment,,,Placebo,,,Weight\n"
            + means(["", "N", "Mean", "SD", "N", "Mean", "SD", ""]).replace("\n", ",40%\n")
            .replace("SD,,40%", "SD,"), "MD", expected=md, said="header has two rows"),
        "ratio (interval) cells": case(
            table(["Study", "OR (95% CI)"],
                  [(name, f"{r} ({low} to {u})") for name, (r, low, u) in
                   zip(arms, base.RATIOS, strict=True)]), "OR", choice, "--values natural",
            base.LOGS),
        "[low, high] cells": case(
            table(["Study", "MD", "90% CI"],
                  [(name, y, f'"[{low}, {high}]"') for name, (y, low, high) in
                   zip(arms, half, strict=True)]), "MD", expected=plain, said="90 %"),
        "n/N cells": case(
            table(["Study", "Drug n/N", "Placebo n/N"],
                  [(name, f"{a}/{n1}", f"{c}/{n2}") for name, (a, n1, c, n2) in counts.items()]),
            "OR", choice, "--controls Placebo", odds),
        "mean (SD) cells": case(
            table(["Author", "n intervention", "Intervention mean (SD)", "n control",
                   "Control mean (SD)"],
                  [(name, n1, f"{m1} ({s1})", n2, f"{m2} ± {s2}") for
                   name, (n1, m1, s1, n2, m2, s2) in arms.items()]), "MD", expected=md,
            said="hold several numbers"),
        "mean (SE) cells": case(
            table(["Author", "n intervention", "Intervention mean (SE)", "n control",
                   "Control mean (SE)"],
                  [(name, n1, f"{m1} ({s1})", n2, f"{m2} ({s2})") for
                   name, (n1, m1, s1, n2, m2, s2) in errors.items()]), "MD", expected=md,
            said="se_treatment * sqrt(n_treatment)"),
        "standard errors of arms": case(
            table(["study", "n1", "mean1", "se1", "n2", "mean2", "se2"],
                  [(name, *row) for name, row in errors.items()]), "MD", expected=md),
        "limits of 90 % by name": case(ready(["study", "MD", "LCI 90%", "UCI 90%"], half), "MD",
                                       expected=plain, said="limits of 90 %"),
        "a column of levels": case(
            ready(["study", "estimate", "ci_lower", "ci_upper", "confidence"],
                  [(*row, 90) for row in half]), "MD", expected=plain),
        "some intervals of 90 %": case(
            ready(["study", "yi", "sei", "ci.lb", "ci.ub"],
                  [(y, s if at else "", low, high)
                   for at, ((_, s), (y, low, high)) in enumerate(zip(plain, half, strict=True))]),
            "generic", choice, "--confidence 90", plain),
        "NR and dashes": case(
            table(["study", "yi", "sei", "n"],
                  [("Alder", -2, 1.25, "NR"), ("Birch", -1.5, 1.5, "—"),
                   ("Cedar", -1, 0.75, "n.a.")]), "generic",
            expected=plain, said="stands for a missing number"),
        "minus as an en dash": case(
            table(["study", "yi", "sei"],
                  [("Alder", "\N{EN DASH}2", 1.25), ("Birch", "\N{MINUS SIGN}1.5", 1.5),
                   ("Cedar", "-1", 0.75)]), "generic", expected=plain),
        "spaces in thousands": case(
            'study,yi,sei\nAlder,12 500,100\nBirch,"1 250",125\n', "generic", choice,
            "--decimal point", ((12500, 100), (1250, 125))),
    }  # fmt: skip
    change = [(name, n1, m1 + 9, s1 + 1, m1, s1, n2, m2 + 9, s2 + 1, m2, s2)
              for name, (n1, m1, s1, n2, m2, s2) in arms.items()]  # fmt: skip
    visits = [(name, group, when, n, mean if when == "late" else mean + 9, sd)
              for name, group, n, mean, sd in long for when in ("early", "late")]  # fmt: skip
    traps = {
        "arms at two times": case(
            table(["Study", "Intervention N", "Intervention pre mean", "Intervention pre SD",
                   "Intervention post mean", "Intervention post SD", "Control N",
                   "Control pre mean", "Control pre SD", "Control post mean",
                   "Control post SD"], change), "MD", choice, "--outcome post", md),
        "arms and visits below": case(
            table(["study", "group", "time", "n", "mean", "sd"],
                  [row for row in visits if row[2] == "late"]), "MD", choice,
            "--arm group=sham", md),
        "arms at two visits below": case(
            table(["study", "group", "time", "n", "mean", "sd"], visits), "MD", base.REFUSED,
            said="--arm group=sham"),
        "an average below": case(ready(["study", "yi", "sei"]) + "Average,-1.3,0.5\n", "generic",
                                 choice, "--totals drop", plain),
        "three arms below": case(table(["study", "arm", "n", "mean", "sd"], third[:-2]), "MD",
                                 choice, "--arm arm=sham --treated bark", md),
        "a network": case(table(["study", "treatment", "n", "mean", "sd"], third), "MD", choice,
                          "--arm treatment=sham --treated bark", md),
        "a trial called TOTAL": case(
            table(["study", "n1", "x1", "n2", "x2"], [("TOTAL", 50, 5, 50, 10),
                                                      ("Birch", 40, 8, 40, 12)]).replace("x", "x")
            .replace("x1", "events1").replace("x2", "events2"), "OR", expected=odds[:2],
            said="is a study: it does not sum up"),
        "a total of counts": case(
            table(["study", "events1", "n1", "events2", "n2"],
                  [*((name, *row) for name, row in counts.items()), ("Total", 16, 120, 31, 123)]),
            "OR", expected=odds, said="sums up others"),
        "a total of estimates": case(
            ready(["study", "yi", "sei"]) + "Overall,-1.3,0.5\n", "generic", choice,
            "--totals drop", plain),
        "hazard ratios, errors of logs": case(
            ready(["study", "HR", "se(logHR)"], ratio), "generic", choice, "--values natural",
            base.LOGS),
        "hazard ratios, bare errors": case(
            ready(["study", "HR", "se"], ratio), "generic", choice, "--values natural --errors log",
            base.LOGS),
        "odds ratios, errors of ratios": case(
            ready(["study", "OR", "se"], [(r, s * r) for r, s in ratio]), "OR", choice,
            "--values natural --errors natural", base.LOGS),
        "two outcomes, own errors": case(
            ready(["study", "pfs", "se_pfs", "os", "se_os"],
                  [(y, s, y + 3, 1) for y, s in plain]), "generic", choice,
            "--column estimate=pfs --column standard_error=se_pfs", plain),
        "a b c d": case(
            events(["study", "a", "b", "c", "d"], base.CELLS), "OR", choice,
            "--column events_treatment=a --column non_events_treatment=b "
            "--column events_control=c --column non_events_control=d", odds),
        "log and ratio with named limits": case(
            ready(["study", "logOR", "se_logOR", "OR", "OR_lower", "OR_upper"],
                  [(log(r), s, r, r * exp(-Z * s), r * exp(Z * s)) for r, s in ratio]), "OR",
            expected=base.LOGS),
        "rows of one patient": case(
            table(["study", "measure", "yi", "sei"], [("Elm", "a", -2, 1), ("Elm", "a", -1, 1)]),
            "generic", base.REFUSED, said="--model nested --cluster study"),
        "no study but outcomes": case(
            table(["outcome", "estimate", "ci_lower", "ci_upper"], [("pain", -1, -2, 0),
                                                                   ("mood", -2, -3, -1)]),
            "MD", base.REFUSED, said="--study row"),
        "SD that is not of its SE": case(
            table(["study", "n1", "mean1", "sd1", "se1", "n2", "mean2", "sd2", "se2"],
                  [(name, n1, m1, s1, s1 / sqrt(n1), n2, m2, s2, s2) for
                   name, (n1, m1, s1, n2, m2, s2) in arms.items()]), "MD", choice,
            "--column se_control=", md),
        "variances of arms": case(
            table(["study", "hr", "se_hr", "se_loghr"], [("Elm", 0.5, 0.1, 0.2)]), "generic",
            base.REFUSED, said="both mean standard_error"),
    }  # fmt: skip
    return programs | words | hands | traps
