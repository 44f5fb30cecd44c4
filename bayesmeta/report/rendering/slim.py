"""A figure's SVG without what nobody sees of it."""

import re
from collections import Counter

_METADATA = re.compile(r"<metadata>.*?</metadata>\s*|<!DOCTYPE[^>]*>\s*|<!--.*?-->\s*", re.DOTALL)
_PATH = re.compile(r'(?<=\sd=")[^"]*')
_PLACE = re.compile(r'(?<=\s)(x|y)="(-?\d+\.\d{3,})"')
_LONG = re.compile(r"-?\d+\.\d{3,}")
_UNTURNED = re.compile(r' transform="rotate\(-?0 [-\d. ]+\)"')
_TAG, _TEXT = re.compile("<[^>]+>"), re.compile("<text[^>]*>")
_FAMILY = re.compile(r"font-family: ([^;\"]+); ")
_BETWEEN = re.compile(r">\s*\n\s*<")
_NAMED = re.compile(r'(?<=^<g) id="[^"]*"')
_CURVED = re.compile("[A-KN-Ya-y]")


def slim(svg: str) -> str:
    r"""Return an SVG without metadata and what repeats, its places to a hundredth of a point.

    The family of letters stands once, at the root. Texts are as they were.

    Examples
    --------
    >>> slim('<path d="M 12.345678 561.42 \nL 0 3 \nL 1 2" style="width: 0.123"/>')
    '<path d="M12.35 561.42 0 3 1 2" style="width: 0.123"/>'
    >>> slim('<svg><text style="font-family: Arial; color: red" x="1.234567">a  b</text></svg>')
    '<svg style="font-family: Arial"><text style="color: red" x="1.23">a  b</text></svg>'
    """
    kept = _BETWEEN.sub("><", _METADATA.sub("", svg))
    families = Counter(_FAMILY.findall("".join(_TEXT.findall(kept)))).most_common(1)
    usual = families[0][0] if families else ""
    return _TAG.sub(lambda found: _tag(found[0], usual), kept)


def _tag(tag: str, family: str) -> str:
    """Return a tag with short numbers, without the family of letters, which the root has."""
    if family and tag.startswith("<svg"):
        return f'<svg style="font-family: {family}"{tag[4:]}'
    kept = _NAMED.sub("", _UNTURNED.sub("", tag))
    if family:
        kept = kept.replace(f"font-family: {family}; ", "")
    kept = _PLACE.sub(lambda found: f'{found[1]}="{_hundredth(found[2])}"', kept)
    return _PATH.sub(lambda found: _shorter(found[0]), kept)


def _shorter(path: str) -> str:
    """Return a path with short numbers; what follows a place is a line to it by itself."""
    rounded = _LONG.sub(lambda found: _hundredth(found[0]), " ".join(path.split()))
    if not _CURVED.search(rounded):
        rounded = rounded.replace(" L ", " ")
    return re.sub(r" ?([A-Za-z]) ?", r"\1", rounded)


def _hundredth(number: str) -> str:
    return f"{float(number):.2f}".rstrip("0").rstrip(".")
