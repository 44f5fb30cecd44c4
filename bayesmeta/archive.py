"""One posterior, one file."""

from pathlib import Path
from tempfile import NamedTemporaryFile

import xarray as xr

from bayesmeta import schema
from bayesmeta.errors import OutputError, PosteriorError


def save_posterior(posterior: xr.DataTree, path: str | Path) -> Path:
    """Write a posterior to a NetCDF file, whole or not at all.

    Raises
    ------
    OutputError
        If the folder does not exist.

    Examples
    --------
    ``bm.save_posterior(posterior, "posterior.nc")``
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise OutputError(f"{target}: no folder {target.parent}.")
    with NamedTemporaryFile(dir=target.parent, suffix=".partial", delete=False) as handle:
        partial = Path(handle.name)
    try:
        posterior.to_netcdf(partial, engine="h5netcdf")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def read_posterior(path: str | Path) -> xr.DataTree:
    """Return a posterior from its file; the file is closed again.

    Raises
    ------
    PosteriorError
        If there is no such file, or it holds no posterior.
    """
    source = Path(path)
    if not source.is_file():
        raise PosteriorError(f"{source}: no such file; bayesmeta fit --output writes one.")
    try:
        with xr.open_datatree(source, engine="h5netcdf") as opened:
            tree = opened.load()
    except (OSError, ValueError) as error:
        raise PosteriorError(f"{source}: not a NetCDF file of a posterior ({error}).") from error
    if schema.POSTERIOR not in tree.children:
        raise PosteriorError(f"{source}: no group 'posterior'; groups: {', '.join(tree.children)}.")
    return tree


def require_free(path: str | Path, *, force: bool) -> None:
    """Raise unless a file may be written here.

    Raises
    ------
    OutputError
        If the file exists and may not be replaced.
    """
    if Path(path).exists() and not force:
        raise OutputError(f"{path}: exists; choose another name, or replace it with --force.")
