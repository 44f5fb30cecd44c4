"""The folder that PyTensor compiles in."""

import threading

from bayesmeta.errors import OutputError

_ONE_AT_A_TIME = threading.Lock()
"""PyTensor finds its settings when they are first asked for, and two threads trip over it."""


def require_workplace() -> None:
    """Raise unless PyTensor has a folder to compile in.

    Raises
    ------
    OutputError
        If it cannot make one, as in a home folder that is read-only.
    """
    from pytensor import config

    try:
        with _ONE_AT_A_TIME:
            _ = config.compiledir  # made when it is asked for
    except (ValueError, OSError) as error:
        raise OutputError(
            f"NUTS cannot compile: {error} Name a folder that can be written, as in "
            "PYTENSOR_FLAGS=base_compiledir=/tmp/pytensor, or use the exact engine."
        ) from error
