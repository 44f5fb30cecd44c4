"""What each part of a posterior holds, in a few letters that change when it does."""

import hashlib
import json
from collections.abc import Hashable, Iterable, Iterator, Mapping

import numpy as np
import xarray as xr

CHECKSUMS = "checksums"
"""Attribute of the root: checksums by part, as JSON."""

_BYTES = 8


def checksums(posterior: xr.DataTree) -> str:
    """Return the checksums of all variables and attributes, as JSON.

    What is neither number nor text is passed over.

    Examples
    --------
    >>> dataset = xr.Dataset({"mu": ("draw", [1.0, 2.0])})
    >>> list(json.loads(checksums(xr.DataTree.from_dict({"posterior": dataset}))))
    ['mu in group posterior']
    """
    return json.dumps(dict(sorted(_parts(posterior))))


def altered(posterior: xr.DataTree) -> list[str]:
    """Return the parts that are not what the checksums say; none where there are no checksums.

    Raises
    ------
    ValueError
        If the checksums themselves cannot be read.
    """
    stated = json.loads(str(posterior.attrs.get(CHECKSUMS, "{}")))
    if not isinstance(stated, dict):
        raise ValueError(f"{CHECKSUMS} is {stated!r}")  # noqa: TRY004  (of a file, not of a call)
    if not stated:
        return []
    found = dict(_parts(posterior))
    return sorted(name for name in {*stated, *found} if stated.get(name) != found.get(name))


def _parts(posterior: xr.DataTree) -> Iterator[tuple[str, str]]:
    for node in posterior.subtree:
        within = f" in group {node.path.strip('/')}" if node.path != "/" else ""
        for attribute, line in _attributes(node.attrs):
            yield f"attribute {attribute}{within}", _digest([line])
        for name, variable in node.dataset.variables.items():
            attributes = [line for _, line in _attributes(variable.attrs)]
            yield f"{name}{within}", _digest([*_content(variable), *attributes])


def _attributes(attributes: Mapping[Hashable, object]) -> Iterator[tuple[str, bytes]]:
    for name, given in sorted((str(name), given) for name, given in attributes.items()):
        value = np.atleast_1d(np.asarray(given))  # one number and a list of one are one
        if name == CHECKSUMS:
            continue
        if value.dtype.kind in "fiub":
            yield name, f"{name}={[float(number).hex() for number in value.flat]}".encode()
        elif value.dtype.kind == "U":
            yield name, f"{name}={value.tolist()}".encode(errors="surrogatepass")


def _content(variable: xr.Variable) -> Iterator[bytes]:
    """Yield what a variable holds; nothing where its kind is not ours."""
    values = np.asarray(variable.values)
    head = f"{variable.dims}{values.shape}".encode()
    if values.dtype.kind in "fiub":
        order = values.dtype.newbyteorder("<")
        yield head + order.str.encode()
        yield np.ascontiguousarray(values, dtype=order).tobytes()
    elif values.dtype.kind in "UO" and all(isinstance(item, str) for item in values.flat):
        yield head
        yield "\0".join(values.flat).encode(errors="surrogatepass")


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=_BYTES)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()
