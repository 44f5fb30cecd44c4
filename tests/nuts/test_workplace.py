"""Where NUTS has no folder to compile in."""

import pytest

from bayesmeta.engines.workplace import require_workplace
from bayesmeta.errors import OutputError


def test_a_home_that_cannot_be_written_is_one_message(monkeypatch):
    """PyTensor makes its folder when it is first asked for; a read-only home is common."""
    import pytensor

    class Config:
        @property
        def compiledir(self):
            raise ValueError("Unable to create the compiledir directory '/home/x'.")

    monkeypatch.setattr(pytensor, "config", Config())

    with pytest.raises(OutputError, match=r"(?s)NUTS cannot compile: .*/home/x.*exact engine"):
        require_workplace()
