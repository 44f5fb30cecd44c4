"""The folder that PyTensor compiles in."""

from bayesmeta.errors import OutputError


def require_workplace() -> None:
    """Raise unless PyTensor has a folder to compile in.

    Raises
    ------
    OutputError
        If it cannot make one, as in a home folder that is read-only.
    """
    from pytensor import config

    try:
        _ = config.compiledir  # made when it is asked for
    except (ValueError, OSError) as error:
        raise OutputError(
            f"NUTS cannot compile: {error} Name a folder that can be written, as in "
            "PYTENSOR_FLAGS=base_compiledir=/tmp/pytensor, or use the exact engine."
        ) from error
