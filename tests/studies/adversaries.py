"""Tables that an adversary brought: networks, totals of programs, shares, headings in two rows.

The figures are those of ``layouts``; what they become is computed there or here by hand.
"""

from math import exp, log, sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)


def cases(base):
    """Return the cases by name, put together with the helpers of ``layouts``."""
    case, table, means, ready = base.Case, base.table, base.means, base.ready
    md, odds, plain, choice, refused = base.MD, base.OR, base.READY, base.CHOICE, base.REFUSED
    arms, counts = base.MEANS, base.EVENTS
    turn = [("Alder", "drug", "sham", -2, 1.25), ("Birch", "sham", "drug", 1.5, 1.5),
            ("Cedar", "drug", "sham", -1, 0.75), ("Elm", "other", "drug", 3, 1)]  # fmt: skip
    networks = {
        "netmeta": case(
            table(["studlab", "treat1", "treat2", "TE", "seTE"], turn), "MD", choice,
            "--treated drug --controls sham", plain),
        "netmeta with an interval": case(
            table(["studlab", "treat1", "treat2", "MD", "lower", "upper"],
                  [(name, one, two, y, y - Z * s, y + Z * s) for name, one, two, y, s in turn]),
            "MD", choice, "--treated drug --controls sham", plain),
        "ratios of both directions": case(
            table(["study", "arm1", "arm2", "logOR", "se"],
                  [("Alder", "a", "b", 0.5, 0.25), ("Birch", "b", "a", -0.25, 0.125)]), "OR",
            choice, "--treated a --controls b", base.PLUS[:2]),
        "every treatment against one": case(
            table(["study", "t1", "r1", "n1", "t2", "r2", "n2"],
                  [("Alder", "a", 5, 50, "sham", 10, 50), ("Birch", "sham", 12, 40, "b", 8, 40),
                   ("Cedar", "a", 3, 30, "b", 9, 33)]), "OR", choice,
            "--treated b --controls sham", odds[1:2]),
        "treatments and codes": case(
            table(["study", "treat1", "treat2", "event1", "n1", "event2", "n2"],
                  [("Alder", 2, 1, 5, 50, 10, 50), ("Birch", 1, 2, 12, 40, 8, 40),
                   ("Cedar", 3, 1, 3, 30, 9, 33)]), "OR", choice, "--treated 2 --controls 1",
            odds[:2]),
        "three arms beside one another": case(
            table(["study", "treatment1", "mean1", "sd1", "n1", "treatment2", "mean2", "sd2", "n2",
                   "treatment3", "mean3", "sd3", "n3"],
                  [("Alder", "sham", 12.5, 5, 25, "drug", 10.5, 4, 20, "", "", "", ""),
                   ("Birch", "other", 9, 9, 9, "sham", 12.75, 6, 30, "drug", 11.25, 3, 30),
                   ("Cedar", "drug", 9.5, 2, 16, "sham", 10.5, 4, 16, "", "", "", "")]), "MD",
            choice, "--treated drug --controls sham", md),
        "controls named first": case(
            table(["study", "group1", "group2", "n1", "mean1", "sd1", "n2", "mean2", "sd2"],
                  [(name, "placebo", "bark", n2, m2, s2, n1, m1, s1)
                   for name, (n1, m1, s1, n2, m2, s2) in arms.items()]), "MD", choice,
            "--treated bark --controls placebo", md),
        "controls named second": case(
            table(["study", "group1", "group2", "n1", "mean1", "sd1", "n2", "mean2", "sd2"],
                  [(name, "bark", "placebo", *row) for name, row in arms.items()]), "MD",
            expected=md, said="the first is taken as treated"),
        "comparators in words": case(
            table(["study", "intervention", "comparator", "n1", "mean1", "sd1", "n2", "mean2",
                   "sd2"], [(name, f"bark {at}", ("sham", "usual care", "sham")[at], *row)
                            for at, (name, row) in enumerate(arms.items())]), "MD", expected=md),
        "groups that are no arms": case(
            table(["study", "group1", "group2", "yi", "sei"],
                  [(name, one, two, *row) for name, row, one, two in
                   zip(arms, plain, ("men", "women", "men"), ("old", "men", "young"),
                       strict=True)]), "generic", choice, "--column first_arm=", plain),
        "no name but treatments": case(
            table(["id", "lnOR", "selnOR", "treat1", "treat2"],
                  [(1, 0.5, 0.25, "a", "b"), (2, 0.25, 0.125, "a", "b"), (3, 9, 1, "c", "a")]),
            "OR", choice, "--treated a --controls b", base.PLUS[:2]),
        "an effect of either kind": case(
            table(["study", "treat1", "treat2", "effect", "se"],
                  [("Alder", "drug", "sham", 0.5, 0.2), ("Birch", "sham", "drug", 2, 0.2)]),
            "generic", refused, said="stands in both"),
    }  # fmt: skip
    sums = {
        "metan's rows by their code": case(
            table(["_USE", "_LABELS", "_ES", "_seES"],
                  [*((1, name, y, s) for name, (y, s) in zip(arms, plain, strict=True)),
                   (4, "Heterogeneity between groups", "", ""),
                   (5, '"Overall, DL (I² = 0.0%, p = 0.8)"', -1.3, 0.5)]), "generic",
            expected=plain, said="_USE"),
        "metan's rows without a code": case(
            ready(["study", "_ES", "_seES"]) + '"Overall, DL (I² = 0.0%, p = 0.8)",-1.3,0.5\n',
            "generic", expected=plain, said="sums up others"),
        "a prediction interval below": case(
            ready(["studlab", "TE", "seTE"]) + "Prediction interval,-1.3,0.5\n", "SMD",
            expected=plain, said="sums up others"),
        "subtotals of groups": case(
            table(["study", "events1", "n1", "events2", "n2"],
                  [("Alder", 5, 50, 10, 50), ("Birch", 8, 40, 12, 40),
                   ("Subtotal", 13, 90, 22, 90), ("Cedar", 3, 30, 9, 33),
                   ("Sub-total", 3, 30, 9, 33), ("Total", 16, 120, 31, 123)]), "OR",
            expected=odds, said="'Subtotal', sums up others"),
        "a total that does not add up": case(
            table(["study", "events1", "n1", "events2", "n2"],
                  [*((name, *row) for name, row in counts.items()), ("Total", 17, 121, 32, 124)]),
            "OR", choice, "--totals drop", odds),
        "groups as headings": case(
            table(["study", "yi", "sei"],
                  [("Broadleaves", "", ""), ("Alder", *plain[0]), ("Birch", *plain[1]),
                   ("Conifers", "", ""), ("Cedar", *plain[2])]), "generic", choice,
            "--missing drop", plain),
    }  # fmt: skip
    shares = {
        "n (%) cells": case(
            table(["study", "Treatment n", "Treatment events n (%)", "Control n",
                   "Control events n (%)"],
                  [(name, n1, f"{a} ({100 * a / n1:.1f}%)", n2, f"{c} ({100 * c / n2:.0f})")
                   for name, (a, n1, c, n2) in counts.items()]), "OR", expected=odds,
            said="hold several numbers"),
        "whole percentages": case(
            table(["study", "Treatment events %", "Treatment n", "Control events %", "Control n"],
                  [("Alder", 10, 50, 20, 50), ("Birch", 20, 40, 30, 40)]), "OR", refused,
            said="needs the columns"),
        "percent signs": case(
            table(["study", "Treatment events", "Treatment n", "Control events", "Control n"],
                  [("Alder", "10%", 50, "20%", 50)]), "OR", refused, said="is not a number"),
    }  # fmt: skip
    others = {
        "headings below a group": case(
            "Study name,Statistics for each study,,,,\n,Hedges's g,Standard error,Variance,"
            "Lower limit,Upper limit\n"
            + "".join(f"{name},{y},{s},{s * s},{y - Z * s},{y + Z * s}\n"
                      for name, (y, s) in zip(arms, plain, strict=True)), "SMD", expected=plain,
            said="header has two rows"),
        "observed minus expected": case(
            table(["trial", "OmE", "V"], [("Alder", -1.8, 14.5), ("Birch", -8.7, 15.5)]), "OR",
            expected=((-1.8 / 14.5, sqrt(1 / 14.5)), (-8.7 / 15.5, sqrt(1 / 15.5))),
            said="Peto's"),
        "observed minus expected is no difference of means": case(
            table(["trial", "O-E", "Variance"], [("Alder", -1.8, 14.5)]), "MD", refused,
            said="--measure OR"),
        "hazard ratios beside O - E": case(
            table(["trial", "O-E", "V", "HR", "lower", "upper"],
                  [("Alder", -7, 10, 0.5, 0.25, 1.0), ("Birch", -3, 12, 0.8, 0.4, 1.6),
                   ("Cedar", 2, 9, 1.25, 0.5, 3.125)]), "generic", choice, "--values natural",
            base.LOGS),
        "variances of arms": case(
            table(["study", "n.amlo", "mean.amlo", "var.amlo", "n.plac", "mean.plac", "var.plac"],
                  [(name, n1, m1, s1**2, n2, m2, s2**2)
                   for name, (n1, m1, s1, n2, m2, s2) in arms.items()]), "MD", choice,
            "--controls plac", md),
        "n, m and s": case(
            means(["Study", "Brain_n", "Brain_m", "Brain_s", "No_brain_n", "No_brain_m",
                   "No_brain_s"]), "MD", choice, "--controls No_brain", md),
        "person-years of drugs": case(
            table(["study", "d.smokers", "py.smokers", "d.nonsmokers", "py.nonsmokers"],
                  [("Alder", 8, 400, 16, 400)]), "IRR", choice, "--controls nonsmokers",
            ((log(0.5), sqrt(1 / 8 + 1 / 16)),)),
        "deaths of the randomised below": case(
            table(["id", "treatment", "death", "randomized"],
                  [row for name, (a, n1, c, n2) in counts.items()
                   for row in ((name, "bark", a, n1), (name, "Placebo", c, n2))]), "OR", choice,
            "--arm treatment=Placebo", odds),
        "a log ratio, its error, its interval as a ratio": case(
            ready(["study", "loghr", "seloghr", "ci_low", "ci_high"],
                  [(log(r), s, r * exp(-Z * s), r * exp(Z * s))
                   for r, s in ((0.5, 0.2), (0.8, 0.3), (1.25, 0.1))]), "generic", choice,
            "--column ci_lower=", ((log(0.5), 0.2), (log(0.8), 0.3), (log(1.25), 0.1))),
    }  # fmt: skip
    split = [
        ("Alder", "bark", "men", 8, 10, 4), ("Alder", "bark", "women", 12, 11, 3),
        ("Alder", "sham", "men", 9, 12, 5), ("Alder", "sham", "women", 16, 13, 2),
    ]  # fmt: skip
    # Of each arm by hand: n = n1 + n2, m = (n1 m1 + n2 m2) / n, and the squared deviations
    # (n1 - 1) s1**2 + (n2 - 1) s2**2 + n1 n2 / n (m1 - m2)**2 over n - 1.
    bark = (20, 10.6, (7 * 16 + 11 * 9 + 8 * 12 / 20) / 19)
    sham = (25, (9 * 12 + 16 * 13) / 25, (8 * 25 + 15 * 4 + 9 * 16 / 25) / 24)
    whole = (bark[1] - sham[1], sqrt(bark[2] / bark[0] + sham[2] / sham[0]))
    unknown = {
        "groups of each arm below": case(
            table(["study", "arm", "subgroup", "n", "mean", "sd"], split), "MD", refused,
            said="--arm arm=sham"),
        "groups of both arms": case(
            table(["study", "subgroup", "n1", "mean1", "sd1", "n2", "mean2", "sd2"],
                  [(row[0], row[2], *row[3:], *other[3:]) for row, other in
                   zip(split[:2], split[2:], strict=True)]),
            "MD", choice, "--combine subgroups", (whole,)),
        "two doses against one control": case(
            table(["study", "arm", "events", "n"],
                  [("Alder", "low", 2, 20), ("Alder", "high", 3, 30), ("Alder", "sham", 10, 50),
                   ("Birch", "low", 8, 40), ("Birch", "sham", 12, 40)]), "OR", refused,
            said="--arm arm=sham"),
        "doses beside their control": case(
            table(["study", "dose", "events1", "n1", "events2", "n2"],
                  [("Alder", "low", 2, 20, 10, 50), ("Alder", "high", 3, 30, 10, 50),
                   ("Birch", "low", 8, 40, 12, 40)]), "OR", choice, "--combine arms", odds[:2]),
        "arms, before and after, below": case(
            table(["study", "arm", "time", "n", "mean", "sd"],
                  [(name, arm, when, *(row if when == "follow-up" else (row[0], 9, 9)))
                   for name, (n1, m1, s1, n2, m2, s2) in arms.items()
                   for arm, row in (("bark", (n1, m1, s1)), ("sham", (n2, m2, s2)))
                   for when in ("baseline", "follow-up")]), "MD", choice,
            "--arm arm=sham --column outcome=time --outcome follow-up", md),
        "p-values": case(
            table(["study", "md", "p"], [("Alder", -2, 0.05), ("Birch", 1.5, 0.32)]), "MD", choice,
            "--p-values normal",
            ((-2, 2 / Z), (1.5, 1.5 / NormalDist().inv_cdf(0.84)))),
        "statistics": case(
            table(["study", "md", "t value"], [("Alder", -2, -2.5), ("Birch", 1.5, 3)]), "MD",
            expected=((-2, 0.8), (1.5, 0.5)), said="is read as estimate"),
        "one letter for a statistic": case(
            table(["study", "logHR", "z"], [("Alder", -2, -2.5), ("Birch", 1.5, 3)]), "generic",
            choice, "--column test_statistic=z", ((-2, 0.8), (1.5, 0.5))),
        "ratios with p-values": case(
            table(["study", "HR", "p"], [("Alder", 0.5, 0.05), ("Birch", 1.25, 0.32)]), "generic",
            refused, said="--p-values normal"),
        "a p-value that is a bound": case(
            table(["study", "md", "se", "p"],
                  [("Alder", -2, 1.25, "<0.001"), ("Birch", -1.5, 1.5, "ns")]), "MD",
            expected=plain[:2]),
        "end points by number": case(
            table(["trial", "nt", "nc", "ep1t", "ep1c", "ep2t", "ep2c"],
                  [(name, n1, n2, a, c, 1, 2) for name, (a, n1, c, n2) in counts.items()]), "OR",
            choice, "--column events_treatment=ep1t --column events_control=ep1c", odds),
        "events of nobody below": case(
            table(["study", "year", "treatment", "stroke", "total"],
                  [row for name, (a, n1, c, n2) in counts.items()
                   for row in ((name, 1999, "bark", a, n1), (name, 1999, "Placebo", c, n2))]),
            "OR", choice, "--column events=stroke --arm treatment=Placebo", odds),
        "changes of arms below": case(
            table(["study", "treatment", "diff", "se"],
                  [("Alder", "Placebo", -1, 0.5), ("Alder", "bark", -2, 0.5)]), "MD", refused,
            said="seem to be arms and no comparisons"),
        "four cells of nobody": case(
            table(["study", "non.pos", "non.neg", "cir.pos", "cir.neg"],
                  [(name, c, n2 - c, a, n1 - a) for name, (a, n1, c, n2) in counts.items()]),
            "OR", choice,
            "--column events_treatment=cir.pos --column events_control=non.pos "
            "--column non_events_treatment=cir.neg --column non_events_control=non.neg", odds),
        "coffee": case(
            table(["study", "h.caf", "n.caf", "h.decaf", "n.decaf"],
                  [(name, *row) for name, row in counts.items()]), "OR", choice,
            "--column events_treatment=h.caf --column events_control=h.decaf "
            "--column n_treatment=n.caf --column n_control=n.decaf", odds),
        "dead and alive": case(
            table(["study", "dead_treated", "alive_treated", "dead_control", "alive_control"],
                  base.CELLS), "OR", expected=odds),
        "visits side by side": case(
            table(["study", "y1i", "v1i", "y2i", "v2i"],
                  [(name, y, s * s, y + 3, 1) for name, (y, s) in zip(arms, plain, strict=True)]),
            "generic", choice, "--column estimate=y1i --column variance=v1i", plain),
        "a row number called outcome": case(
            table(["Author", "es.z", "vi.z", "Outcome"],
                  [(name, y, s * s, at) for at, (name, (y, s)) in
                   enumerate(zip(arms, plain, strict=True))]), "generic", choice,
            "--column estimate=es.z --column variance=vi.z", plain),
        "one name of different trials": case(
            table(["study", "yi", "sei"],
                  [("Elm", *plain[0]), ("Elm", *plain[1]), ("Fir", *plain[2])]), "generic", choice,
            '--study "study, row"', plain),
        "an interval of a ratio as it stands": case(
            table(["study", "estimate", "ci_lower", "ci_upper"],
                  [("A", 0.95, 0.90, 1.003), ("B", 1.02, 0.97, 1.073), ("C", 0.90, 0.85, 0.953)]),
            "OR", choice, "--values natural",
            tuple((log(r), log(high / low) / (2 * Z)) for r, low, high in
                  ((0.95, 0.90, 1.003), (1.02, 0.97, 1.073), (0.90, 0.85, 0.953)))),
    }  # fmt: skip
    return networks | sums | shares | others | unknown
