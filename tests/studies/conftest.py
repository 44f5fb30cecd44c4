"""Tables as files."""

from pathlib import Path

import pytest


@pytest.fixture
def file(tmp_path):
    """Return a file named trials.csv with the given text or bytes."""

    def make(content: str | bytes) -> Path:
        path = tmp_path / "trials.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make
