"""Run NUTS on a PyMC model, through nutpie or with PyMC's own sampler."""

from typing import TYPE_CHECKING, Any, NamedTuple

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines.compiled import POINT, compiled, wanted
from bayesmeta.engines.nutpie_arrays import arrays, arviz_deferred
from bayesmeta.engines.packing import pack
from bayesmeta.engines.settings import Settings
from bayesmeta.engines.starting import Start
from bayesmeta.errors import ModelError

if TYPE_CHECKING:
    import pymc
    import xarray as xr
    from nutpie.sample import CompiledModel

STATISTICS = ("diverging", "energy", "n_steps", "step_size")
"""What both samplers report of every draw."""

KNOWN = ("0.16.",)
"""Versions of nutpie whose inside is known; others are used through their front door."""

NO_NUTPIE = "nutpie is not installed, so PyMC's own sampler was used; it takes longer."


class Sampled(NamedTuple):
    """Draws by variable and statistics by name, leading shape (chain, draw)."""

    values: dict[str, FloatArray]
    statistics: dict[str, FloatArray]
    sampler: str
    notes: tuple[str, ...] = ()


def draw(assembly: Assembly, model: "pymc.Model", settings: Settings) -> Sampled:
    """Return draws from a model's posterior, with the fastest sampler there is.

    Raises
    ------
    ModelError
        If the sampler cannot start or breaks off.
    """
    try:
        with arviz_deferred():
            import nutpie
    except ImportError:
        return _pymc(assembly, model, settings)
    if nutpie.__version__.startswith(KNOWN):
        return _nutpie(assembly, model, settings)
    trace = _run(nutpie.compile_pymc_model(model), settings)
    return _read(trace, wanted(assembly, model), sampler="nutpie")


def _nutpie(assembly: Assembly, model: "pymc.Model", settings: Settings) -> Sampled:
    code, blocks = compiled(assembly, model, progress=settings.progress), pack(model)
    start = Start.of(assembly, code, blocks)
    chains = arrays(_run(code.bind(blocks, start), settings, raw=True), (POINT, *STATISTICS))
    points = chains.pop(POINT)
    return Sampled(code.draws(points, blocks), chains, sampler="nutpie")


def _run(model: "CompiledModel", settings: Settings, *, raw: bool = False) -> Any:  # noqa: ANN401
    """Return what nutpie drew: a DataTree, or raw its Arrow batches, which need no ArviZ."""
    import nutpie

    background = nutpie.sample(
        model,
        draws=settings.draws,
        tune=settings.tune,
        chains=settings.chains,
        cores=settings.cores,
        seed=settings.seed,
        target_accept=settings.target_accept,
        save_warmup=False,
        progress_bar=settings.progress,
        return_raw_trace=raw,
        blocking=False,  # a blocking call passes an interrupted run off as a whole one
    )
    try:
        trace = background.wait()
    except BaseException as error:  # a panic in nutpie's Rust is not an Exception
        if isinstance(error, RuntimeError) or type(error).__name__ == "PanicException":
            raise ModelError(f"NUTS broke off: {_first_line(error)}.") from error
        background.cancel()
        raise
    return trace


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0].rstrip(".")


def _pymc(assembly: Assembly, model: "pymc.Model", settings: Settings) -> Sampled:
    import pymc as pm

    with model:
        trace = pm.sample(
            draws=settings.draws,
            tune=settings.tune,
            chains=settings.chains,
            cores=settings.cores or 1,
            random_seed=settings.seed,
            target_accept=settings.target_accept,
            progressbar=settings.progress,
            quiet=not settings.progress,
            nuts_sampler="pymc",
            compute_convergence_checks=False,
        )
    return _read(trace, wanted(assembly, model), sampler="pymc", notes=(NO_NUTPIE,))


def _read(
    trace: "xr.DataTree", names: list[str], *, sampler: str, notes: tuple[str, ...] = ()
) -> Sampled:
    values = {name: trace["posterior"][name].to_numpy() for name in names}
    return Sampled(values, _statistics(trace), sampler=sampler, notes=notes)


def _statistics(trace: "xr.DataTree") -> dict[str, Any]:
    return {name: trace["sample_stats"][name].to_numpy() for name in STATISTICS}
