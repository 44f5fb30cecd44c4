"""Groups of a forest plot's studies: a head above each, what is known of it below."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.summaries.forest import GROUP, HEAD, NEW, POOLED, REST, STUDY
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.wording import label_of


@dataclass(frozen=True, eq=False)
class Division:
    """How studies are divided.

    Parameters
    ----------
    names
        The groups, in order.
    group
        Of each row of the table of studies, by its label.
    feet
        Rows that stand below groups, each with its ``group``.
    note
        What the rows below are, where the key does not say it.
    """

    names: tuple[str, ...]
    group: Mapping[str, str]
    feet: pd.DataFrame
    note: str = ""


def of_model(page: Page, table: pd.DataFrame) -> Division | None:
    """Return the groups that a model tells apart: clusters, or levels of tau; None without any."""
    view = page.view
    role = view.follows.grouped
    if role:
        groups = view.layout.groups[role]
        feet = table[table["kind"] == GROUP]
        shown = groups.labels[: len(feet)]
        named = [f"{role.capitalize()} {name}" for name in groups.labels]
        feet = feet.assign(group=named[: len(shown)])
        own = [f"{role.capitalize()} {name}" for name in groups.names]
        return Division(tuple(named), dict(zip(view.studies.labels, own, strict=True)), feet)
    kind = "" if view.parts is None else view.parts.heterogeneity.KIND
    if kind not in view.layout.groups or len(view.means) > 1:
        return None
    groups = view.layout.groups[kind]
    feet = table[table["kind"] == NEW]
    levels = [label_of(str(name)) for name in feet["quantity"]]
    taus = [f"{schema.TAU}[{level}]" for level in levels]
    texts = [page.span(name).bracketed(", ") if name in page else "" for name in taus]
    feet = feet.assign(group=levels, tau_text=texts)
    return Division(groups.labels, dict(zip(view.studies.labels, groups.names, strict=True)), feet)


def arranged(table: pd.DataFrame, division: Division) -> pd.DataFrame:
    """Return the table with its studies by group, heads above and what is known below.

    Raises
    ------
    PosteriorError
        If the table is of several outcomes.
    """
    if len(set(table["outcome"])) > 1:
        raise PosteriorError("Studies of several outcomes are not shown by groups; leave them out.")
    studies = table[table["kind"] == STUDY]
    whose = pd.Series([division.group[label_of(str(name))] for name in studies["quantity"]],
                      index=studies.index)  # fmt: skip
    parts: list[pd.DataFrame] = []
    for name in division.names:
        own = studies[whose == name]
        if len(own):
            feet = division.feet[division.feet["group"] == name]
            parts += [_head(name), own.assign(group=name), feet]
    taken = {*studies.index, *(division.feet.index.intersection(table.index))}
    rest = table[[row not in taken for row in table.index]]
    order = [rest[rest["kind"] == REST], *parts, rest[rest["kind"] != REST]]
    found = pd.concat([part for part in order if len(part)], ignore_index=True)
    texts = [name for name in found if str(name).endswith("text")]
    return found.assign(group=found["group"].fillna(""), **found[texts].fillna(""))


def with_tau(page: Page, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with tau beside the pooled effect, where it stands beside groups'."""
    if "tau_text" not in table or schema.TAU not in page:
        return table
    text = page.span(schema.TAU).bracketed(", ")
    first = table["kind"] == POOLED
    return table.assign(tau_text=table["tau_text"].mask(first, text))


def _head(name: str) -> pd.DataFrame:
    row = {"kind": HEAD, "label": name, "outcome": "", "quantity": "", "group": name}
    return pd.DataFrame([row])
