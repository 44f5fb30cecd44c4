"""Ways to damage or edit the file of a posterior, each from a seed; and such a file."""

import shutil

import h5py
import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm


def _bytes(path, generator, change):
    content = bytearray(path.read_bytes())
    path.write_bytes(change(content, generator))


def _flip_one(content, generator):
    content[generator.integers(len(content))] ^= 1 << int(generator.integers(8))
    return content


def _flip_many(content, generator):
    for place in generator.integers(len(content), size=generator.integers(2, 40)):
        content[place] = generator.integers(256)
    return content


def _flip_near_the_start(content, generator):
    for place in generator.integers(min(4096, len(content)), size=generator.integers(1, 6)):
        content[place] = generator.integers(256)
    return content


def _flip_in_the_structure(content, generator):
    """Change a byte beside a mark of the HDF5 library: headers, trees, heaps."""
    names = (b"OHDR", b"TREE", b"HEAP", b"SNOD", b"GCOL", b"FRHP", b"BTHD", b"OCHK")
    marks = [mark for name in names for mark in _places(content, name)]
    start = marks[generator.integers(len(marks))] if marks else 0
    place = min(start + int(generator.integers(64)), len(content) - 1)
    content[place] = generator.integers(256)
    return content


def _places(content, name):
    found, place = [], content.find(name)
    while place >= 0:
        found.append(place)
        place = content.find(name, place + 1)
    return found


def _truncate(content, generator):
    return content[: generator.integers(len(content))]


def _zero_a_block(content, generator):
    start = generator.integers(len(content))
    size = int(generator.integers(1, 5000))
    content[start : start + size] = bytes(len(content[start : start + size]))
    return content


def _insert(content, generator):
    place = generator.integers(len(content))
    return content[:place] + generator.bytes(generator.integers(1, 200)) + content[place:]


def _append(content, generator):
    return content + generator.bytes(1000)


def _other_text(content, generator):
    return bytearray(
        generator.choice([b"", b"study,estimate\nA,1\n", b"\x89HDF\r\n\x1a\n", b"CDF\x01"])
    )


BYTES = (_flip_one, _flip_many, _flip_near_the_start, _flip_in_the_structure, _truncate,
         _zero_a_block, _insert, _append, _other_text)  # fmt: skip


def _names(file, kind):
    found = []
    file.visititems(lambda name, item: found.append(name) if isinstance(item, kind) else None)
    return found


def _dataset(file, generator):
    names = [name for name in _names(file, h5py.Dataset) if file[name].dtype.kind in "fi"]
    return names[generator.integers(len(names))]


def _edit(file, generator):
    data = file[_dataset(file, generator)]
    values = np.atleast_1d(np.asarray(data[()], dtype=float))
    place = tuple(generator.integers(values.shape))
    factors = (np.nan, 100.0, -1.0, np.inf, 0.0, 1 + 1e-9, 1e300)
    factor, shift = generator.choice(factors), generator.choice([0.0, 0.0, 1.0])
    if generator.random() < 0.5:
        values[place] = values[place] * factor + shift
    else:
        values = values * factor + shift
    with np.errstate(all="ignore"):
        data[()] = values.reshape(data.shape).astype(data.dtype)


def _delete(file, generator):
    names = [*_names(file, h5py.Group), *_names(file, h5py.Dataset)]
    del file[names[generator.integers(len(names))]]


def _rename(file, generator):
    names = [*_names(file, h5py.Group), *_names(file, h5py.Dataset)]
    name = names[generator.integers(len(names))]
    file.move(name, f"{name}_renamed")


def _swap(file, generator):
    one, other = (_dataset(file, generator) for _ in range(2))
    if one != other:
        file.move(one, "swapped")
        file.move(other, one)
        file.move("swapped", other)


def _replace(file, generator):
    name = _dataset(file, generator)
    shape = file[name].shape
    del file[name]
    kinds = ("f8", "S3", complex, bool)
    values = [
        3.0,
        np.zeros((2, 2)),
        np.zeros(0),
        "words",
        *(np.zeros(shape, kind) for kind in kinds),
    ]
    file[name] = values[generator.integers(len(values))]


def _huge(file, generator):
    """Claim more than there is: chunks that are not stored count as zeros."""
    name = _dataset(file, generator)
    size = int(generator.choice([10**8, 10**10, 2**40]))
    del file[name]
    file.create_dataset(name, shape=(size,), dtype="f8", chunks=(1024,), fillvalue=0.0)


def _huge_beside(file, generator):
    groups = _names(file, h5py.Group)
    group = file[groups[generator.integers(len(groups))]]
    group.create_dataset("extra", shape=(10**10,), dtype="f8", chunks=(1024,), compression="gzip")


def _link(file, generator):
    name = _dataset(file, generator)
    del file[name]
    links = [h5py.SoftLink("/nowhere"), h5py.SoftLink("/posterior/mu"),
             h5py.ExternalLink("/etc/hostname", "/x"), h5py.SoftLink(f"/{name}")]  # fmt: skip
    file[name] = links[generator.integers(len(links))]


def _loop(file, generator):
    groups = _names(file, h5py.Group)
    file[groups[generator.integers(len(groups))]]["loop"] = file["/"]


_TEXTS = (
    "", "x", "{}", "[]", "null", "NaN", "[" * 5000, '{"mu": 3}', '{"ok": 3}', "[[1]]", "\1",
    "I(__import__('os').system('true'))", "poly(x, 9**9**9)", "9" * 5000, "title = 3",
    '{"tau": "HalfNormal("}', '{"ok": true, "messages": 5}', "exact", "nuts", "a = " + "[" * 500,
)  # fmt: skip


def _attribute(file, generator):
    groups = [file, *(file[name] for name in _names(file, h5py.Group))]
    group = file if generator.random() < 0.7 else groups[generator.integers(len(groups))]
    names = list(group.attrs)
    if not names:
        return
    name = names[generator.integers(len(names))]
    values = [*_TEXTS, 5, -1, np.nan, np.inf, 1e300, [1.0, 2.0], [], b"x"]
    del group.attrs[name]
    if generator.random() < 0.8:
        group.attrs[name] = values[generator.integers(len(values))]


def _attribute_of_a_variable(file, generator):
    data = file[_dataset(file, generator)]
    names = list(data.attrs)
    name = names[generator.integers(len(names))] if names else "scale_factor"
    values = [5, "x", -1, [1, 2, 3], np.nan]
    try:
        del data.attrs[name]
        data.attrs[
            str(generator.choice([name, "scale_factor", "units", "dtype", "_FillValue"]))
        ] = values[generator.integers(len(values))]
    except (OSError, KeyError):
        data.attrs["scale_factor"] = 100.0


EDITS = (*[_edit, _attribute] * 3, _edit, _delete, _delete, _rename, _swap, _replace, _huge,
         _huge_beside, _link, _loop, _attribute_of_a_variable)  # fmt: skip


@pytest.fixture(scope="session")
def small():
    """Return an exact posterior of four studies, with few draws."""
    table = pd.DataFrame(
        {
            "study": ["Oslo", "Rome", "Bern", "Paris"],
            "n": [40, 60, 30, 80],
            "estimate": [1.0, -0.5, 2.0, 0.3],
            "standard_error": [0.5, 0.4, 0.9, 0.3],
        }
    )
    effects = bm.effect_sizes(bm.read_studies(table), "MD", unit="points")
    return bm.fit(effects, engine="exact", draws=20)


@pytest.fixture(scope="session")
def saved(small, tmp_path_factory):
    """Return the file of that posterior."""
    return bm.save_posterior(small, tmp_path_factory.mktemp("saved") / "posterior.nc")


@pytest.fixture
def mutant(saved, tmp_path):
    """Return a maker of changed copies of that file: a seed goes in, a path comes out."""

    def make(seed):
        mutated(saved, tmp_path / "mutant.nc", seed)
        return tmp_path / "mutant.nc"

    return make


@pytest.fixture
def edited(saved, tmp_path):
    """Return a maker of edited copies: what takes the open file goes in, a path comes out."""

    def make(edit):
        target = tmp_path / "edited.nc"
        shutil.copy(saved, target)
        with h5py.File(target, "r+") as file:
            edit(file)
        return target

    return make


def mutated(source, target, seed):
    """Write a changed copy of a file; return what was done to it."""
    generator = np.random.default_rng([9, seed])
    shutil.copy(source, target)
    if seed % 2:
        change = EDITS[generator.integers(len(EDITS))]
        with h5py.File(target, "r+") as file:
            change(file, generator)
    else:
        change = BYTES[generator.integers(len(BYTES))]
        _bytes(target, generator, change)
    return change.__name__.strip("_")
