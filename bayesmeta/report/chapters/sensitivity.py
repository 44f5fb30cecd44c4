"""Other priors, single studies, tipping points."""

from pathlib import Path

from bayesmeta.report.chapters.figures import figure
from bayesmeta.report.document import Block, Chapter, Items, Table, Words, table
from bayesmeta.sensitivity.examination import Examination
from bayesmeta.sensitivity.legends import legend
from bayesmeta.sensitivity.printing import printing
from bayesmeta.sensitivity.text import PRINTED_TABLES, headline, table_grid
from bayesmeta.sensitivity.tipping_words import tipping_sentences
from bayesmeta.summaries import digits
from bayesmeta.summaries.own_scale import on_scale

_FIGURES = {
    "prior_map": "The conclusion over the scales of both priors.",
    "tipping_curve": "P(benefit) against the scale of each prior.",
    "leave_one_out": "The pooled effect without each study.",
    "power_scaling": "How the posterior moves as priors and likelihood are raised to a power.",
    "cumulative": "The pooled effect as studies are added.",
}


def sensitivity(
    found: Examination, folder: Path, *, minimal_important_difference: float | None = None
) -> Chapter:
    """Return the tables of an examination, its sentences and its figures."""
    printed = printing(
        found.tables, threshold=found.threshold, difference=minimal_important_difference
    )
    blocks: list[Block] = [Words(found.stability)]
    if "prior_predictive" in found.tables:
        blocks.append(_predictive(found))
    for name in PRINTED_TABLES:
        if name in found.tables:
            grid = table_grid(name, found.tables[name], printed)
            told = legend(name, found.tables[name])
            title = headline(name, found.tables[name])
            blocks.append(table(name, title, grid.head, grid.rows, [told] if told else []))
    said = {"prior_map": found.stability}
    if "tipping_points" in found.tables:
        sentences = tuple(tipping_sentences(found.tables["tipping_points"]))
        blocks.append(Items(sentences))
        said["tipping_curve"] = sentences[0] if sentences else ""
    for name, caption in _FIGURES.items():
        blocks += figure(folder, name, caption, f"{caption} {said.get(name, '')}".strip())
    notes = (*found.alarms, *found.notes)
    return Chapter("sensitivity", "Sensitivity", (*blocks, *([Items(notes)] if notes else [])))


def _predictive(found: Examination) -> Table:
    """Return what both priors say before any study is seen."""
    rows = found.tables["prior_predictive"]
    quantiles = [name for name in rows.columns if str(name).startswith("q")]
    errors = rows.attrs["errors"]
    lost = ["left_out"] if rows["left_out"].any() else []
    shown = [
        [label, *map(_drawn, rows.loc[label, quantiles], errors[label]),
         *map(str, rows.loc[label, lost].astype(int))]
        for label in map(str, rows.index)
    ]  # fmt: skip
    head = ["quantity", *(f"{name[1:]} %" for name in map(str, quantiles)), *lost]
    about = rows.attrs
    caption = "Prior predictive: quantiles before any study is seen"
    where = on_scale(about["measure"]) or (f" in {about['unit']}" if about["unit"] else "")
    note = (
        f"{about['draws']} draws{where}, I2 as a share; as many digits as their Monte Carlo error "
        "supports."
    )
    return table("prior_predictive", caption, head, shown, [note])


def _drawn(value: float, error: float) -> str:
    return digits.number(float(value), float(error), significant=3)
