"""The installed version of a package, looked up once a process."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

ABSENT = "not installed"


@cache
def version_of(package: str) -> str:
    """Return a package's version, or that there is none.

    Examples
    --------
    >>> version_of("a package that nobody made")
    'not installed'
    """
    try:
        return version(package)
    except PackageNotFoundError:  # nutpie may be missing: PyMC's own sampler serves then
        return ABSENT
