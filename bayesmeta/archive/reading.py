"""Read a posterior from its file, and check it."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import xarray as xr

from bayesmeta import schema
from bayesmeta.archive import variables
from bayesmeta.archive.attributes import attribute_problems, is_ours
from bayesmeta.archive.checksums import CHECKSUMS, altered
from bayesmeta.archive.consistency import group_problems
from bayesmeta.archive.declared import DAMAGE, require_bounded
from bayesmeta.archive.seal import is_broken
from bayesmeta.errors import PosteriorError
from bayesmeta.measures.given import require_path

_SHOWN = 3
_LONGEST = 200


def read_posterior(path: str | Path) -> xr.DataTree:
    """Return a posterior from its file, checked; the file is closed again.

    Of any posterior, variables with the names of `bayesmeta.schema` have its dimensions and hold
    numbers that they can hold. One that this package made is whole: groups, attributes and
    checksums fit each other.

    Parameters
    ----------
    path
        A NetCDF file, from `save_posterior` or any other program.

    Raises
    ------
    PosteriorError
        If there is no such file, it holds no posterior, or it was edited or damaged: the message
        names the variable or attribute.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = bm.save_posterior(posterior, f"{folder}/posterior.nc")
    ...     again = bm.read_posterior(path)
    >>> bool(bm.quantile(again, "mu", 0.5) == bm.quantile(posterior, "mu", 0.5))
    True
    """
    require_path(path)
    source = Path(path)
    tree = loaded(source)
    problem = next(problems_of(tree), None)
    if problem is not None:
        whole = is_ours(tree) or CHECKSUMS in tree.attrs
        hint = "the file was edited or damaged" if whole else "see bayesmeta.schema"
        raise PosteriorError(f"{source}: {problem}; {hint}.")
    tree.attrs.pop(CHECKSUMS, None)  # whoever changes the tree need not keep them
    return tree


def loaded(source: Path) -> xr.DataTree:
    """Return what a file holds, of which nothing is known but that it is whole.

    Raises
    ------
    PosteriorError
        If it is no NetCDF file, or bytes of it have changed.
    """
    try:
        return _opened(source)
    except PosteriorError:
        raise
    except (*DAMAGE, Warning) as error:
        raise PosteriorError(
            f"{source}: not a NetCDF file of a posterior, or damaged ({_first_line(error)})."
        ) from error


def _opened(source: Path) -> xr.DataTree:
    if source.is_dir():
        raise PosteriorError(f"{source}: a folder; name the file in it, such as posterior.nc.")
    if not source.is_file():
        raise PosteriorError(f"{source}: no such file; bayesmeta fit --output writes one.")
    if is_broken(source):
        raise PosteriorError(f"{source}: bytes of it have changed; the file was damaged.")
    require_bounded(source)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # of names or values that are not as usual
        warnings.simplefilter("error", RuntimeWarning)
        with xr.open_datatree(source, engine="h5netcdf") as opened:
            return opened.load()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:_LONGEST] if str(error) else type(error).__name__


def problems_of(tree: xr.DataTree) -> Iterator[str]:
    """Yield what is wrong with a posterior out of a file, the names of what it is in."""
    ours = is_ours(tree)
    if schema.POSTERIOR not in tree.children:
        yield f"no group 'posterior'; groups: {', '.join(tree.children) or 'none'}"
        return
    if schema.MU not in tree[schema.POSTERIOR].dataset.data_vars:
        yield "no variable 'mu', the pooled effect, in group posterior"
    yield from variables.problems(tree, ours=ours)
    if ours:
        yield from attribute_problems(tree)
        yield from group_problems(tree)
    yield from _altered(tree)


def _altered(tree: xr.DataTree) -> Iterator[str]:
    try:
        found = altered(tree)
    except ValueError:
        yield f"attribute {CHECKSUMS} cannot be read"
        return
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        yield f"{', '.join(found[:_SHOWN])}{more}: not as saved"
