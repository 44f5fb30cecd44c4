"""Write a posterior to its file."""

from io import BytesIO
from pathlib import Path
from typing import Any

import xarray as xr

from bayesmeta.archive.checksums import CHECKSUMS, checksums
from bayesmeta.archive.seal import seal_of
from bayesmeta.errors import OutputError
from bayesmeta.files import whole_file
from bayesmeta.measures.given import require_posterior

_LARGE = 2**22
"""Bytes above which numbers are compressed; draws, which hardly can be, have fewer."""
_OTHERS = (".csv", ".txt", ".json", ".xlsx", ".png", ".svg", ".pdf", ".html", ".toml")


def require_netcdf(target: Path) -> Path:
    """Return a posterior's file, unless its ending says that it is something else.

    Raises
    ------
    OutputError
        If it ends as a table, a figure or a page does.
    """
    if target.suffix.lower() in _OTHERS:
        raise OutputError(f"{target}: a posterior is a NetCDF file; give it the ending .nc.")
    return target


def save_posterior(posterior: xr.DataTree, path: str | Path) -> Path:
    """Write a posterior to a NetCDF file, whole or not at all, with checksums of what it holds.

    Parameters
    ----------
    posterior
        From `fit`, or any ``DataTree`` that NetCDF can hold.
    path
        The file, commonly ending in ``.nc``; one that stands there is replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If the folder does not exist, a symbolic link stands there, the file cannot be written, or
        the posterior holds what NetCDF cannot.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     bm.save_posterior(posterior, f"{folder}/posterior.nc").name
    'posterior.nc'
    """
    require_posterior(posterior)
    if not isinstance(path, str | Path):
        raise OutputError(f"The path of a file is needed, not a {type(path).__name__}.")
    target = require_netcdf(Path(path))
    # As numbers in memory are, whatever a file that some were read from did to store them.
    plain = posterior.map_over_datasets(lambda dataset: dataset.drop_encoding())
    plain.attrs = {**posterior.attrs, CHECKSUMS: checksums(posterior)}
    held = BytesIO()  # on a full disk the HDF5 library does not fail: it ends the process
    try:
        plain.to_netcdf(held, engine="h5netcdf", encoding=_packed(plain))
    except (TypeError, ValueError, NotImplementedError) as error:
        raise OutputError(f"{target}: NetCDF cannot hold this posterior ({error}).") from error
    with whole_file(target) as partial, partial.open("wb") as file:
        file.write(held.getbuffer())
        file.write(seal_of(held.getbuffer()))
    return target


def _packed(posterior: xr.DataTree) -> dict[str, dict[str, dict[str, Any]]]:
    """Return how large variables are stored: points of lattices repeat themselves."""
    return {
        group.path: {
            str(name): {"zlib": True, "complevel": 1, "shuffle": True}
            for name, variable in group.data_vars.items()
            if variable.nbytes > _LARGE and variable.dtype.kind == "f"
        }
        for group in posterior.subtree
    }
