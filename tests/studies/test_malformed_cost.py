"""What a malformed file costs: a second of processor time and 200 MiB, or a large one its size.

Each large file is refused in a process of its own, and all small ones in another, forked from one
that has the package imported, so that the memory is that of the machine and not of Python's
allocator alone. What the small ones take together is more than any of them takes. The table:
``python -m pytest tests/studies/test_malformed_cost.py -q -n0 -s``
"""

import importlib.util
import os
import resource
import sys
from pathlib import Path

import pytest

from bayesmeta.errors import BayesmetaError
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies

_SPEC = importlib.util.spec_from_file_location(
    "malformed", Path(__file__).with_name("test_malformed.py")
)
malformed = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(malformed)

MEBIBYTE = 1024**2
MOST = 200


def costs(paths):
    """Return for each file the seconds and mebibytes of its refusal; whether with one message.

    Mebibytes are the most so far: all files have one process.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        before, start = _resident(), 0.0
        with os.fdopen(writing, "w") as pipe:
            for path in paths:
                refused = _is_refused(path)
                used = resource.getrusage(resource.RUSAGE_SELF)
                end, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024 - before
                pipe.write(f"{end - start} {peak} {refused:d}\n")
                start = end
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        found = [tuple(map(float, line.split())) for line in pipe]
    os.waitpid(child, 0)
    return found


def _is_refused(path):
    try:
        effect_sizes(read_studies(path), "generic")
    except BayesmetaError:
        return True
    return False


def _resident():
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEBIBYTE


@pytest.fixture
def files(tmp_path, workbook):
    """Return every malformed file, by what is wrong with it."""
    contents = {name: content for name, (content, _) in malformed.TEXTS.items()}
    for name, (sheets, merged, change, _) in malformed.BOOKS.items():
        content = workbook(sheets, merged=merged)
        part = "xl/worksheets/sheet1.xml"
        contents[name] = malformed.with_xml(content, part, change) if change else content
    contents |= {name: make() for name, (make, _) in malformed.LARGE.items()}
    found = {}
    for place, (name, content) in enumerate(contents.items()):
        found[name] = tmp_path / f"{place}.csv"
        found[name].write_bytes(content if isinstance(content, bytes) else content.encode())
    return found


@pytest.mark.skipif(not hasattr(os, "fork") or not Path("/proc/self/statm").exists(),
                    reason="the memory of a process is measured on Linux")  # fmt: skip
def test_every_malformed_file_is_one_message_in_a_second_and_little_memory(files):
    """More than sixty files; of a large one its size is allowed too."""
    small = [name for name in files if name not in malformed.LARGE]
    found = dict(zip(small, costs([files[name] for name in small]), strict=True))
    found |= {name: costs([files[name]])[0] for name in malformed.LARGE}
    dear = []
    for name, (seconds, peak, refused) in found.items():
        size = files[name].stat().st_size / MEBIBYTE
        sys.stdout.write(f"{name:40s} {seconds:5.2f} s {peak:6.1f} MiB ({size:.1f} MiB)\n")
        if not refused or seconds > 1 or peak > max(MOST, size + 16):
            dear.append((name, seconds, peak, size, refused))

    assert len(found) >= 60
    assert dear == []
