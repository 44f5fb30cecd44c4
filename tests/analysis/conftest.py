"""Everything that a run prints, collected by what it is of and where it stands."""

import html
import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

import bayesmeta as bm

EXAMPLES = Path(__file__).parents[2] / "examples"
NUMBER = r"[<>]?−?[\d.]+(?:e−?\d+)?(?: %)?"  # noqa: RUF001
SPAN = re.compile(rf"({NUMBER}) [\[(](?:95 % interval )?({NUMBER})(?:,| to) ({NUMBER})[\])]")
PRIOR = r"(mu|tau) ~ \w+\((?:mu=0, )?\w+=([\d.]+)\)"
THREE = ("median", "lower", "upper")

FIGURE_HEADS = {"mean effect": "Mean effect", "in a new study": "New study"}
"""What a figure calls the columns of the text's table of effects by week."""


class Pages:
    """Everything that one outcome's folder says, by what it is of and where it stands."""

    def __init__(self, folder):
        self.folder = folder
        self.said = defaultdict(dict)
        self.results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        self.sign = {"lower": "<", "higher": ">", "": "<"}
        for part in (headline, parameters, studies, forest, compared, gap, sensitivity, duration):
            part(self)

    def lines(self, name):
        """Return the lines of a text."""
        return (self.folder / name).read_text(encoding="utf-8").splitlines()

    def words(self, name):
        """Return a text as one line."""
        return " ".join(" ".join(self.lines(name)).split())

    def drawn(self, name):
        """Return the texts of a figure, in the order they were written in."""
        shown = (self.folder / name).read_text(encoding="utf-8")
        found = re.findall(r"<text[^>]*>([^<]*)</text>", shown)
        return whole([html.unescape(text) for text in found])

    def put(self, label, place, text):
        """Note what a place says of something."""
        self.said[label][place] = text.strip()

    def span(self, label, place, text):
        """Note a point and its interval."""
        for name, number in zip(THREE, SPAN.search(text).groups(), strict=True):
            self.put(f"{label} {name}", place, number)

    def ends(self, label, place, text):
        """Note an interval."""
        for name, number in zip(THREE[1:], text.strip("[]").split(" to "), strict=True):
            self.put(f"{label} {name}", place, number)


def whole(texts):
    """Return a figure's texts, its points joined with the limits that are written beside them."""
    found = []
    for text in texts:
        limit = re.fullmatch(rf"\[{NUMBER}(?:,| to)|{NUMBER}\]", text)
        found = [*found[:-1], f"{found[-1]} {text}"] if limit else [*found, text]
    return found


def rows(lines, head):
    """Return the cells of the table under a head, up to an empty line."""
    start = next(place for place, line in enumerate(lines) if line.startswith(head))
    for line in lines[start + 1 :]:
        if not line.strip():
            return
        yield re.split(r"\s{2,}", line.strip())


def headline(pages):
    starts = {"Weighted": "mu", "Pooled s": "mu", "Effect in a new": "theta_new",
              "tau, SD": "tau", "I², share": "I2"}  # fmt: skip
    for line in pages.lines("summary.txt"):
        for start, label in starts.items():
            if line.startswith(start):
                pages.span(label, "headline", line)
        if line.startswith("P(mu < 0)"):
            pages.put("P(mu < 0)", "headline", line.removeprefix("P(mu < 0)"))
        if benefit := re.match(rf"P\(benefit: (\w+)\), (mean effect|new study) +({NUMBER})", line):
            name = {"mean effect": "mu", "new study": "theta_new"}[benefit[2]]
            label = f"P({name} {pages.sign[benefit[1]]} 0)"
            pages.put(label, "benefit", benefit[3])
        if line.startswith("The prior's share"):
            pages.put("prior's share", "summary.txt", line.split(": ")[1].rstrip("."))

    for name, scale in re.findall(PRIOR, pages.words("summary.txt")):
        pages.put(f"scale of the prior on {name}", "summary.txt", scale)


def parameters(pages):
    """The main table, and the JSON's numbers with the digits of the table."""
    numbers = pages.results.get("exact", pages.results["parameters"])
    for name, *cells in rows(pages.lines("summary.txt"), "parameter "):
        if name == "draws":
            continue
        for column, place in {"median": 2, "lower": 3, "upper": 4, "sd": 1}.items():
            pages.put(f"{name} {column}", "parameter table", cells[place])
            value = numbers[name][column]
            pages.put(f"{name} {column}", "results.json", rounded(value, cells[place]))
        if numbers[name]["p_below_0"] is not None:
            pages.put(f"P({name} < 0)", "parameter table", cells[5])
            pages.put(
                f"P({name} < 0)", "results.json", chance(numbers[name]["p_below_0"], cells[5])
            )


def rounded(value, like):
    """Return a number with the decimals of a text."""
    per_cent = like.endswith(" %")
    decimals = len(like.removesuffix(" %").partition(".")[2])
    shown = f"{round((100 if per_cent else 1) * value, decimals) + 0.0:.{decimals}f}"
    return shown.replace("-", "−") + (" %" if per_cent else "")  # noqa: RUF001


def chance(value, like):
    """Return a probability with the decimals of a text; one that is next to 0 or 1 as it is."""
    beyond = {"<": value < 0.0005, ">": value > 0.9995}
    return like if beyond.get(like[0]) else rounded(value, like)


def studies(pages):
    for number, (name, estimate, ci, effect, interval, weight) in enumerate(
        rows(pages.lines("summary.txt"), "study ")
    ):
        row, place = pages.results["studies"][number], "table of studies"
        lower, upper = interval.strip("[]").split(", ")
        for column, text in zip(THREE, (effect, lower, upper), strict=True):
            pages.put(f"{name} {column}", place, text)
            pages.put(f"{name} {column}", "results.json", rounded(row[column], text))
        pages.put(f"{name} weight", place, weight)
        pages.put(f"{name} weight", "results.json", rounded(row["weight"], weight))
        pages.put(f"{name} observed", place, f"{estimate} {ci}")


def _interval(shown, at):
    """Return where the first point with an interval stands after a place."""
    return next(place for place in range(at + 1, len(shown)) if SPAN.search(shown[place]))


def forest(pages):
    shown = pages.drawn("forest.svg")
    for name, scale in re.findall(PRIOR, " ".join(shown)):
        pages.put(f"scale of the prior on {name}", "forest", scale)
    for row in pages.results["studies"]:
        at = _interval(shown, shown.index(row["study"]))
        pages.put(f"{row['study']} observed", "forest", shown[at])
        pages.span(row["study"], "forest", shown[at + 1])
        pages.put(f"{row['study']} weight", "forest", shown[at + 2])
    for label, start in (("mu", "Pooled "), ("theta_new", "New study")):
        at = next(place for place, text in enumerate(shown) if text.startswith(start))
        pages.span(label, "forest", shown[_interval(shown, at)])
    note = " ".join(shown)
    pages.span("tau", "forest", re.search(r"interval\]: tau (.*?\])", note)[1])
    pages.span("I2", "forest", re.search(r"I² (\d.*?\])", note)[1])
    pages.put("prior's share", "forest", re.search(r"share in mu: (.*?%)", note)[1])


def compared(pages):
    lines = pages.lines("comparison/comparison.txt")
    blocks = [place for place, line in enumerate(lines) if line.startswith("method ")]
    for place in blocks:
        chance = re.search(r"P\((\S+) (.) 0\)", lines[place])
        for number, cells in enumerate(rows(lines[place:], "method ")):
            comparison_row(pages, cells, first=number == 0, quantity=chance[1], sign=chance[2])
    shown = pages.drawn("comparison/comparison.svg")
    at = shown.index("Bayesian, exact") + 1
    pages.span("mu", "comparison figure", shown[at + 1])
    pages.put("tau median", "comparison figure", shown[at + 2])
    pages.put("I2 median", "comparison figure", shown[at + 3])


def comparison_row(pages, cells, *, first, quantity, sign):
    """The first row is the analysis' own; others are known by their names."""
    label = "" if first else f"{cells[0]}: "
    place = f"comparison of {quantity}"
    pages.put(f"{label}{quantity} median", place, cells[1])
    pages.ends(f"{label}{quantity}", place, cells[2])
    rest = cells[3:]
    if quantity == "mu":
        prediction, *rest = rest
        if first:
            pages.ends("theta_new", place, prediction)
    pages.put(f"{label}tau median", place, rest[0])
    pages.put(f"{label}I2 median", place, rest[1])
    if len(rest) > 2:
        pages.put(f"{label}P({quantity} {sign} 0)", place, rest[2])


def gap(pages):
    words = pages.words("comparison/comparison.txt")
    first, last = SPAN.finditer(words[words.index("With tau taken as known") :])
    drawn = [text for text in pages.drawn("comparison/gap.svg") if SPAN.fullmatch(text)]
    for text, figure, label in ((first[0], drawn[0], "REML: mu"), (last[0], drawn[-1], "mu")):
        pages.span(label, "gap", text)
        pages.span(label, "gap figure", figure)


def sensitivity(pages):
    words, lines = (read("sensitivity/sensitivity.txt") for read in (pages.words, pages.lines))
    sign = re.search(r"Own priors: P\(mu (.) 0\) (?:= |(?=[<>]))([<>]? ?\S+),", words)
    pages.put(f"P(mu {sign[1]} 0)", "stability", sign[2].replace(" ", ""))
    for name, scale in re.findall(r"own prior on (mu|tau) \(\w+, ([\d.]+) ", words):
        pages.put(f"scale of the prior on {name}", "tipping points", scale)
    for name, *cells in rows(lines, "priors "):
        label = "" if name == "own" else f"Bayes ({name}): "
        names = ("mu median", "mu sd", "mu lower", "mu upper", f"P(mu {sign[1]} 0)",
                 f"P(theta_new {sign[1]} 0)", "tau median")  # fmt: skip
        for what, text in zip(names, cells, strict=False):
            pages.put(f"{label}{what}", "named priors", text)
        if name == "own":
            pages.put("distance of mu", "named priors", cells[7])
            pages.put("distance of tau", "named priors", cells[8])
    beside(pages, words, lines)


def beside(pages, words, lines):
    """What the examination says in another table, or in a figure."""
    for name, distance in rows(lines, "Hellinger"):
        pages.put(f"distance of {name}", "informativeness", distance)
    for name, *cells in rows(lines, "Prior predictive"):
        if name not in ("parameter", "tau") and len(cells) == 2:  # a legend stands below
            pages.put(f"CE: {name} median", "prior-data conflict", cells[0])
    pages.put("elpd", "text", re.search(r"elpd (\S+ \(SE \S+\))", words)[1])
    note = " ".join(pages.drawn("sensitivity/leave_one_out.svg"))
    pages.put("elpd", "figure", re.search(r"sum (\S+ \(SE [\d.]+\))", note)[1])
    whole = re.search(r"map's .*? \(P ([^)]+?) to ([^)]+)\)", words)
    note = " ".join(pages.drawn("sensitivity/prior_map.svg"))
    one = re.search(r"which is ([^,]+?) everywhere", note)
    drawn = (
        (one[1], one[1]) if one else re.search(r"runs from ([^,]+?) to ([^,]+?)\. ", note).groups()
    )
    for end, text, figure in zip(("lowest", "highest"), whole.groups(), drawn, strict=True):
        pages.put(f"{end} P of the map", "text", text)
        pages.put(f"{end} P of the map", "figure", figure)


def duration(pages):
    if not (pages.folder / "duration").is_dir():
        return
    lines, words = pages.lines("duration/duration.txt"), pages.words("duration/duration.txt")
    by_week(pages, lines)
    change = next(row for row in rows(lines, "Changes") if row[0] != "from")
    pages.span("change", "table", change[2])
    said = re.search(r"; change (\S+) [^(]*(\(95 % .*)", words)
    pages.span("change", "sentence", " ".join(said.groups()))
    better = re.search(r"the better effect with probability (\S+) \(a priori", words)
    note = " ".join(pages.drawn("duration/bubble.svg"))
    pages.put("P(longer is better)", "sentence", better[1])
    pages.put("P(longer is better)", "table", change[3])
    pages.put(
        "P(longer is better)", "figure", re.search(r"better than \S+ \w+\) = (\S+),", note)[1]
    )
    drawn = pages.drawn("duration/shapes.svg")
    for name, _, probability, *_ in rows(lines, "Shapes"):
        if name != "shape":
            pages.put(f"P({name})", "table", probability)
            pages.put(f"P({name})", "figure", drawn[drawn.index(name) + 1].split(" / ")[0])


def by_week(pages, lines):
    """Effects at chosen weeks, in the text and in the figure."""
    table = list(rows(lines, "Effect in "))
    heads, weeks = table[0][1:], table[1:]
    shown = pages.drawn("duration/effects_by_week.svg")
    columns = [text for text in shown if text in FIGURE_HEADS.values() or text in heads]
    cells = shown[: shown.index(columns[0])]  # row by row, each after its week; heads are last
    for column, head in enumerate(heads):
        if heads.index(head) < column:  # the figure leaves out the new study's P(matters)
            continue
        place = 1 + columns.index(FIGURE_HEADS.get(head, head))
        for row in weeks:
            week = len(cells) - 1 - cells[::-1].index(row[0])
            label, drawn = f"{head} at {row[0]}", cells[week + place]
            for where, text in (("text", row[1 + column]), ("figure", drawn)):
                note = pages.span if "[" in text else pages.put
                note(label, where, text)


def run(name, folder):
    """Run an example by the exact engine, its pixels coarse; return the pages of each outcome."""
    text = "dpi = 40\n" + (EXAMPLES / f"{name}.toml").read_text(encoding="utf-8")
    text = text.replace('engine = "nuts"', 'engine = "exact"')
    path = folder / f"{name}.toml"
    path.write_text(text.replace('"data/', f'"{EXAMPLES.as_posix()}/data/'), encoding="utf-8")
    bm.run(path, output=folder / name)
    return [Pages(found.parent) for found in sorted((folder / name).rglob("summary.txt"))]


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """Return what gives the pages of an example, run once."""
    known = {}

    def ask(name):
        if name not in known:
            known[name] = run(name, tmp_path_factory.mktemp(name))
        return known[name]

    return ask


@pytest.fixture(scope="session")
def span():
    """Return the pattern of a point with its interval."""
    return SPAN
