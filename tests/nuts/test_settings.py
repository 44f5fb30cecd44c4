"""What an engine may be told."""

import pytest

from bayesmeta.engines.settings import Settings
from bayesmeta.errors import ModelError


@pytest.mark.parametrize(
    "wrong",
    [{"draws": 0}, {"chains": 0}, {"tune": 0}, {"cores": 0}, {"seed": -1}, {"seed": 2**64},
     {"draws": 2.5}, {"target_accept": 1.5}, {"target_accept": 0.0}],
)  # fmt: skip
def test_settings_that_no_engine_can_meet_are_refused(wrong):
    """The message names the setting and its value."""
    (name, value) = next(iter(wrong.items()))

    with pytest.raises(ModelError, match=rf"{name} is {value}"):
        Settings(**wrong)
