"""What a forest plot says outside its panels: title, notes, key, heads, axes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from bayesmeta import schema
from bayesmeta.plots.forest_choices import Choices
from bayesmeta.plots.forest_columns import Head
from bayesmeta.plots.forest_risk import LEVELS
from bayesmeta.plots.ink import MARGIN, SMALL, STRONG, TITLE
from bayesmeta.summaries import wording
from bayesmeta.summaries.forest import CLASSICAL, GROUP, MARK, NEW, STUDY, SUBTOTAL
from bayesmeta.summaries.notes import alarm, footnotes
from bayesmeta.summaries.own_scale import is_moved, kind_of
from bayesmeta.summaries.page import Page

KEY_MARK = 0.44
"""Room of a mark of the key with the air around it and its words, in inches."""

_LONGEST_UNIT = 12
"""Letters of a unit that the heads of columns have room for; the axis names it in any case."""


@dataclass(frozen=True)
class Words:
    """Everything a forest plot says outside its panels; lists are lines.

    Parameters
    ----------
    key
        Words for each mark there is, by the mark's name, a mapping a line.
    """

    title: list[str]
    alarm: list[str]
    notes: list[str]
    key: tuple[dict[str, str], ...]


def words_of(
    page: Page, width: float, table: pd.DataFrame, choices: Choices, further: Sequence[str]
) -> Words:
    """Return the words of a figure of a width in inches, with further notes."""
    room = width - 2 * MARGIN
    warning = alarm(page)
    notes = [*_shade_note(page), *footnotes(page), *further, *_density_notes(page, choices)]
    return Words(
        title=TITLE.wrapped(wording.heading(page.view, choices.title), room),
        alarm=STRONG.wrapped(warning, room) if warning else [],
        notes=SMALL.paragraphs(notes, room),
        key=_lines(_key(page, table, choices), room),
    )


def axis_of(page: Page, outcome: str) -> str:
    """Return the name of an outcome's axis, with the unit."""
    view = page.view
    measure = view.word("measure")
    scale = wording.AXES[kind_of(measure)]
    own = view.follows.unit_of(f"{schema.MU}[{outcome}]" if outcome else schema.MU)
    return wording.with_unit(wording.measure_title(view) + scale, "" if is_moved(measure) else own)


def heads_of(page: Page, table: pd.DataFrame) -> dict[str, Head]:
    """Return the head of each column of text, with the unit; no weights where none are defined."""
    kind = "Approximate" if page.view.is_approximate else "Observed"
    observed = f"{kind} {page.code}" if page.code != "Estimate" else page.code
    unit = "" if is_moved(page.view.word("measure")) else page.view.word("unit")
    unit = unit if len(unit) <= _LONGEST_UNIT else ""
    heads: dict[str, tuple[str, ...]] = {
        "observed_text": (wording.with_unit(observed, unit), f"[{100 * page.level:g} % CI]"),
        "effect_text": (wording.with_unit("Posterior median", unit), f"[{page.interval}]"),
    }
    kernel = page.view.kernel
    mark = "" if kernel is None else kernel.MARK_HEAD
    for key, said in (
        ("tau_text", (wording.with_unit("tau", page.view.word("unit")), f"[{page.interval}]")),
        ("weight_text", ("Weight",)),
        (MARK, (mark[:1].upper() + mark[1:],)),
        ("benefit_text", ("P(benefit)",)),
    ):
        there = key in table and (table[key] != "").any() and _has_groups(table, key)
        heads |= {key: said} if there else {}
    return {key: Head(lines) for key, lines in heads.items()}


def _has_groups(table: pd.DataFrame, key: str) -> bool:
    """Return whether there is more than one tau to tell; any other column has its place."""
    return key != "tau_text" or "group" in table


def _key(page: Page, table: pd.DataFrame, choices: Choices) -> dict[str, str]:
    studies, kinds = table[table["kind"] == STUDY], set(table["kind"])
    weighed, known = studies["weight"].notna().any(), studies["median"].notna().any()
    # Shrinkage is the normal-normal model's; another model pulls effects as it likes.
    effect = "study effect, shrunken" if page.view.is_normal_normal else "study effect"
    said = {
        "observed": _observed(page, weighed=bool(weighed)),
        "effect": effect if known else "",
        "group": f"{page.view.follows.grouped} effect" if GROUP in kinds else "",
        "subtotal": "mean of a subgroup" if SUBTOTAL in kinds else "",
        "pooled": "pooled effect",
        "classical": "classical" if CLASSICAL in kinds else "",
        "new": "effect in a new study" if NEW in kinds else "",
        "eye": "posterior density, all of one height" if choices.densities else "",
        "drop": "likelihood of a study" if choices.raindrops else "",
        **{sign: LEVELS[sign].said for sign in LEVELS if sign in _signs(table)},
    }
    return {mark: text for mark, text in said.items() if text}


def _observed(page: Page, *, weighed: bool) -> str:
    said = "approximate estimate" if page.view.is_approximate else "observed"
    return f"{said} (area: weight)" if weighed else said


def _signs(table: pd.DataFrame) -> set[str]:
    """Return the signs of risk of bias that the table shows."""
    marks = [name for name in table if str(name).startswith("mark ")]
    return set(table[marks].to_numpy().ravel().tolist())


def _lines(key: Mapping[str, str], room: float) -> tuple[dict[str, str], ...]:
    """Return a key as lines that fit into a room in inches."""
    lines: list[dict[str, str]] = [{}]
    used = 0.0
    for mark, text in key.items():
        width = KEY_MARK + SMALL.width(text)
        if lines[-1] and used + width > room:
            lines.append({})
            used = 0.0
        lines[-1][mark] = text
        used += width
    return tuple(lines)


def _density_notes(page: Page, choices: Choices) -> list[str]:
    known = page.view.is_exact
    return ["Densities: smoothed from draws."] if choices.densities and not known else []


def _shade_note(page: Page) -> list[str]:
    view, difference = page.view, page.difference
    if difference is None:
        return []
    size = f"{difference:g} {wording.unit(view)}".rstrip()
    if view.is_ratio:
        size = f"a ratio of {difference:g} or {1 / difference:.3g}"
    return [f"Shaded: effects smaller than the minimal important difference, {size}."]
