"""One review in three formats, in obviously artificial numbers: four analyses of trees."""

from math import exp

DATA_ROWS = (
    "Analysis group,Analysis number,Analysis name,Subgroup,Applicability,Study,Study year,GIV Mean,"
    "GIV SE,Experimental mean,Experimental SD,Experimental cases,Experimental N,Control mean,"
    "Control SD,Control cases,Control N,O-E,Variance,Weight,Mean,CI start,CI end,Footnotes\n"
)
EXPORT = (
    "Comparison Number,Outcome Number,Subgroup Number,Name,Data Type,Effect Measure,"
    "Events 1,Mean 1,SD 1,Total 1,Events 2,Mean 2,SD 2,Total 2,Effect Estimate,SE,"
    "CI Start,CI End,Q,df,Year of study"
)
ESTIMATES = {"Alder": (0.5, 0.25), "Birch": (0.25, 0.5)}
DIFFERENCES = {"Alder": (-2.0, 4.0), "Birch": (1.0, 8.0)}


def data_rows(means, events):
    """Return data rows of events, means in subgroups, estimates, and O - E."""
    rows = [
        f"1,1,Leaves,,SUBGROUP_AND_OVERALL,{name},,0,0,0,0,{a},{n1},0,0,{c},{n2},0,0,1,1,1,1,"
        for name, (a, n1, c, n2) in events.items()
    ]
    rows += [
        f"1,2,Height,{group},{where},{name},,0,0,{m1},{s1},0,{n1},{m2},{s2},0,{n2},0,0,1,1,1,1,"
        for group, where in (("Old", "SUBGROUP_AND_OVERALL"), ("Young", "SUBGROUP"))
        for name, (n1, m1, s1, n2, m2, s2) in means.items()
    ]
    rows += [
        f"2,1,Leaves,,OVERALL,{name},,{y},{s},0,0,3,20,0,0,4,20,0,0,1,{exp(y):.6f},0,0,"
        for name, (y, s) in ESTIMATES.items()
    ]
    rows += [
        f"2,2,Fruit,,OVERALL,{name},,0,0,0,0,0,20,0,0,0,20,{d},{v},1,{exp(d / v):.6f},0,0,"
        for name, (d, v) in DIFFERENCES.items()
    ]
    return DATA_ROWS + "\n".join(rows) + "\n"


def review(means, events):
    """Return the RevMan 5 review, with an analysis of words that has no numbers."""
    studies = [_tag("STUDY", ID=f"STD-{name}", NAME=name, YEAR=1999) for name in means]
    counts = [
        _tag("DICH_DATA", **_id(name), EVENTS_1=a, TOTAL_1=n1, EVENTS_2=c, TOTAL_2=n2, O_E=0, VAR=1)
        for name, (a, n1, c, n2) in events.items()
    ]
    heights = [
        _tag("CONT_DATA", **_id(name), TOTAL_1=n1, MEAN_1=m1, SD_1=s1, TOTAL_2=n2, MEAN_2=m2,
             SD_2=s2)
        for name, (n1, m1, s1, n2, m2, s2) in means.items()
    ]  # fmt: skip
    group = _tag("CONT_SUBGROUP", _named("Old", heights), NO=1)
    ready = [_tag("IV_DATA", **_id(name), ESTIMATE=y, SE=s, TOTAL_1=0, TOTAL_2=0)
             for name, (y, s) in ESTIMATES.items()]  # fmt: skip
    peto = [_tag("IPD_DATA", **_id(name), O_E=d, VAR=v, TOTAL_1=20, TOTAL_2=20)
            for name, (d, v) in DIFFERENCES.items()]  # fmt: skip
    trees = [
        _tag("DICH_OUTCOME", _named("Leaves", counts), NO=1, EFFECT_MEASURE="OR"),
        _tag("CONT_OUTCOME", _named("Height", [group]), NO=2, TOTALS="YES"),
    ]
    shrubs = [
        _tag("IV_OUTCOME", _named("Leaves", ready), NO=1),
        _tag("IPD_OUTCOME", _named("Fruit", peto), NO=2),
        _tag("OTHER_OUTCOME", _named("Words", [_tag("OTHER_DATA", **_id("Alder"))]), NO=3),
    ]
    both = [_tag("COMPARISON", _named("Trees", trees), NO=1),
            _tag("COMPARISON", _named("Shrubs", shrubs), NO=2)]  # fmt: skip
    return _tag("COCHRANE_REVIEW", [_tag("STUDIES", studies), _tag("ANALYSES_AND_DATA", both)])


def _tag(name, inside=(), **attributes):
    given = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(inside)}</{name}>"


def _id(name):
    return {"STUDY_ID": f"STD-{name}"}


def _named(name, inside):
    return [_tag("NAME", [name]), *inside]


def export(means, events):
    """Return RevMan 5's CSV export of the first three analyses."""
    lines = [
        EXPORT,
        "1,0,0,Trees,,,,,,,,,,,,,,,,,",
        "1,1,0,Leaves,DIC,OR,16,,,120,31,,,123,0.5,,0.2,1,,,",
        *(f"1,1,0,{name},,,{a},0,0,{n1},{c},0,0,{n2},0.5,0.3,0.2,1,,,1999"
          for name, (a, n1, c, n2) in events.items()),
        "1,2,0,Height,CON,MD,0,,,66,0,,,71,-1,,-2,0,1,2,",
        "1,2,1,Old,,,0,,,66,0,,,71,-1,,-2,0,1,2,",
        *(f"1,2,1,{name},,,0,{m1},{s1},{n1},0,{m2},{s2},{n2},0,0,0,0,,,1999"
          for name, (n1, m1, s1, n2, m2, s2) in means.items()),
        "2,0,0,Shrubs,,,,,,,,,,,,,,,,,",
        "2,1,0,Leaves,IV,RR,,,,0,,,,0,1,,1,2,1,1,",
        *(f"2,1,0,{name},,,0,0,0,0,0,0,0,0,{exp(y)},{s},{exp(y - 1.959964 * s)},"
          f"{exp(y + 1.959964 * s)},,,1999"
          for name, (y, s) in ESTIMATES.items()),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
