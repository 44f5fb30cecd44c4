"""Guidelines held against a document: what answers each item, or what the author must add."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bayesmeta.report.document import Chapter, Check, Checklist, Words

_LEAD = (
    "What answers each item in this report, or what the author must add. Whether an answer "
    "suffices is for the reader to judge."
)


@dataclass(frozen=True)
class Item:
    """What a guideline asks.

    Parameters
    ----------
    item
        Its number in the guideline.
    keys
        Of the document: all are needed.
    either
        Of these, one.
    author
        What the author must add where nothing answers it.
    also
        What the author must add in any case.
    """

    item: str
    asks: str
    keys: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    author: str = ""
    also: str = ""

    def found(self, known: Collection[str]) -> list[str]:
        """Return what of the document answers it."""
        return [key for key in (*self.keys, *self.either) if key in known]

    def missing(self, known: Collection[str]) -> str:
        """Return what the document lacks for it; empty where it lacks nothing."""
        lacking = [_plain(key) for key in self.keys if key not in known]
        if not (self.keys or self.either):
            return self.author
        if self.either and not any(key in known for key in self.either):
            lacking += [self.author or " or ".join(map(_plain, self.either))]
        return f"missing: {', '.join(lacking)}" if lacking else ""


@dataclass(frozen=True)
class Guideline:
    """A guideline with its items."""

    name: str
    source: str
    items: tuple[Item, ...]


@cache
def guidelines() -> tuple[Guideline, ...]:
    """Return the guidelines, in the order of their file.

    Examples
    --------
    >>> [guideline.name for guideline in guidelines()][:3]
    ['BARG', 'ROBUST', 'PRISMA 2020']
    """
    text = files("bayesmeta.report").joinpath("guidelines.toml").read_text(encoding="utf-8")
    return tuple(
        Guideline(name, said["source"], tuple(_item(each) for each in said["items"]))
        for name, said in tomllib.loads(text).items()
    )


def _item(said: Mapping[str, str | list[str]]) -> Item:
    return Item(
        str(said["item"]), str(said["asks"]), tuple(said.get("keys", ())),
        tuple(said.get("either", ())), str(said.get("author", "")), str(said.get("also", "")),
    )  # fmt: skip


def checklist(chapters: Collection[Chapter]) -> Chapter:
    """Return the checklist of one outcome's chapters, a list a guideline."""
    known = {key: chapter.title for chapter in chapters for key in sorted(chapter.keys)}
    lists = [_held(guideline, known) for guideline in guidelines()]
    return Chapter("checklist", "Checklist with evidence", (Words(_LEAD), *lists))


def _held(guideline: Guideline, known: Mapping[str, str]) -> Checklist:
    key = "checklist_" + "".join(sign for sign in guideline.name.lower() if sign.isalnum())
    checks = tuple(_check(item, known) for item in guideline.items)
    return Checklist(key, guideline.name, guideline.source, checks)


def _check(item: Item, known: Mapping[str, str]) -> Check:
    answers = tuple((key, _title(key, known[key])) for key in dict.fromkeys(item.found(known)))
    add = "; ".join(said for said in (item.missing(known), item.also) if said)
    return Check(item.item, item.asks, answers, add)


def _title(key: str, chapter: str) -> str:
    return chapter if _plain(key).lower() in chapter.lower() else f"{chapter}: {_plain(key)}"


def _plain(key: str) -> str:
    return key.replace("_", " ")
