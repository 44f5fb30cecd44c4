"""Sample a posterior with the no-U-turn sampler."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, is_conjugate, is_line
from bayesmeta.assembly.graph import build as build_graph
from bayesmeta.biases.odds import chance
from bayesmeta.biases.parameter import SHARE
from bayesmeta.engines import tree
from bayesmeta.engines.agreement import differences_from_exact, disagreements
from bayesmeta.engines.answering import Answer, answered
from bayesmeta.engines.by_study import by_row
from bayesmeta.engines.compiled import PYTENSOR
from bayesmeta.engines.diagnostics import check
from bayesmeta.engines.drawn import Draws
from bayesmeta.engines.exact import Known, known
from bayesmeta.engines.lines import Conditional, drawing
from bayesmeta.engines.quadrature import Drawn
from bayesmeta.engines.samplers import Sampled, draw
from bayesmeta.engines.settings import Settings
from bayesmeta.engines.standard import Standard
from bayesmeta.engines.workplace import require_workplace
from bayesmeta.errors import BayesmetaError, PriorError

if TYPE_CHECKING:
    import pymc


def sample(assembly: Assembly, settings: Settings) -> xr.DataTree:
    """Return the posterior of a model, drawn by NUTS.

    The marginal form draws mu, slopes and tau; study effects follow in closed form. The first fit
    of a structure compiles, which takes seconds; later ones reuse that. Where the exact engine
    takes the priors, its numbers are stored beside the draws, for every summary, and the draws
    are checked against them.

    Parameters
    ----------
    settings
        The same seed gives the same draws on any number of cores.

    Raises
    ------
    ModelError
        If the form is unknown, or the sampler breaks off.
    PriorError
        If a prior is improper.
    OutputError
        If there is no folder to compile in.
    """
    require_workplace()
    settings = _formed(assembly, settings)
    standard = Standard.of(assembly)
    with PYTENSOR:
        names = [item.name for item in assembly.hyperparameters]
        model = in_coordinates_for_nuts(build_graph(standard.assembly, form=settings.form), names)
    sampled = draw(standard.assembly, model, settings)
    answer = _answer(assembly)
    drawn = _drawn(assembly, standard.restore(sampled.values), sampled, settings)
    drawn = _with_bias(assembly, drawn, settings)
    posterior = tree.build(assembly, _beside(drawn, answer), settings=settings)
    posterior.attrs["diagnostics"] = json.dumps(_diagnostics(posterior, assembly, answer))
    return posterior


def _formed(assembly: Assembly, settings: Settings) -> Settings:
    """Return the settings with study effects explicit where nothing else can be sampled.

    Likelihoods to a power are of effects integrated out.
    """
    if not is_line(assembly.model):
        return settings
    return replace(settings, form="hierarchical" if assembly.powers is None else "marginal")


class _Answer(NamedTuple):
    """What the exact engine says of the same model; None, and notes why, where it says nothing."""

    integral: Answer | None = None
    exact: Known | None = None
    notes: tuple[str, ...] = ()


def _answer(assembly: Assembly) -> _Answer:
    if not (is_conjugate(assembly.model) or is_line(assembly.model)):
        return _Answer()
    try:
        integral = answered(assembly)
        exact = known(assembly, integral)
    except PriorError:  # a prior that NUTS alone takes
        return _Answer()
    except BayesmetaError as error:
        return _Answer(notes=(f"The draws could not be checked against an integral: {error}",))
    # An integral that has not settled is no number to print; the draws are then all there is.
    return _Answer(notes=tuple(exact.doubts)) if exact.doubts else _Answer(integral, exact)


def _beside(drawn: Draws, answer: _Answer) -> Draws:
    """Return the draws with the exact numbers beside them, where there are any."""
    drawn = replace(drawn, notes=(*drawn.notes, *answer.notes))
    if answer.exact is None:
        return drawn
    return replace(
        drawn,
        weights=answer.exact.weights,
        attributes={**answer.exact.attributes, **drawn.attributes},
        groups={**drawn.groups, schema.MIXTURE: answer.exact.mixture},
    )


def _diagnostics(posterior: xr.DataTree, assembly: Assembly, answer: _Answer) -> dict[str, object]:
    differences = (
        differences_from_exact(posterior, assembly, integral=answer.integral)
        if answer.integral is not None
        else {}
    )
    messages = [*check(posterior).messages, *disagreements(differences)]
    return {"ok": not messages, "messages": messages, "exact_difference": differences}


def in_coordinates_for_nuts(model: "pymc.Model", names: Sequence[str]) -> "pymc.Model":
    """Return the same model with positive parameters sampled on the scale of log(exp(tau) - 1).

    Parameters
    ----------
    model
        In standard units.
    names
        Of the hyperparameters.
    """
    from pymc.distributions.transforms import log_exp_m1
    from pymc.logprob.transforms import LogTransform
    from pymc.model.transform import change_value_transforms

    # The log alone turns a light tail into a wall: with a half-normal prior and 2 to 5 studies
    # 11 of 40 fits had divergences, on this scale none.
    on_log = [
        name
        for name in names
        if isinstance(model.rvs_to_transforms.get(model.named_vars.get(name)), LogTransform)
    ]
    return change_value_transforms(model, dict.fromkeys(on_log, log_exp_m1)) if on_log else model


def _drawn(
    assembly: Assembly, values: dict[str, FloatArray], sampled: Sampled, settings: Settings
) -> Draws:
    return Draws(
        coefficients=_coefficients(assembly, values),
        hyperparameters={item.name: values[item.name] for item in assembly.hyperparameters},
        theta=values.get(schema.THETA),
        attributes=_attributes(sampled, settings),
        groups={schema.SAMPLE_STATS: _statistics(sampled)},
        notes=sampled.notes,
    )


def _with_bias(assembly: Assembly, drawn: Draws, settings: Settings) -> Draws:
    """Return draws whose bias is the one there is: the model has what it would be."""
    bias = assembly.parts.bias
    generator = np.random.default_rng([settings.seed, 2])
    if is_line(assembly.model):
        return _with_effects(assembly, drawn, generator)
    if bias.CERTAIN or not bias.COEFFICIENTS:
        return drawn
    values, would_be = by_row(assembly, drawn), drawn.coefficients[..., -1]
    residual = assembly.effects.estimate - drawn.coefficients[..., :-1] @ assembly.design[:, :-1].T
    variance = assembly.parts.covariance(values, assembly.rows).variance
    there = bias.draw_bias(residual, would_be, variance, values, assembly.rows, generator)
    known = drawn.coefficients[..., :-1]
    coefficients = np.concatenate([known, there[..., np.newaxis]], axis=-1)
    return replace(drawn, coefficients=coefficients)


def _with_effects(assembly: Assembly, drawn: Draws, generator: np.random.Generator) -> Draws:
    """Return draws with study effects, biases in them, where the sampler's have none."""
    bias, known = assembly.parts.bias, Conditional.of(assembly)
    if bias.CERTAIN and drawn.theta is not None:
        return drawn
    shape, flat = drawn.coefficients.shape, drawn.coefficients.reshape(-1, len(known.design[0]))
    values = {name: value.ravel() for name, value in drawn.hyperparameters.items()}
    if bias.COEFFICIENTS and not bias.CERTAIN:
        flat = _there(assembly, known, Drawn(values, flat), generator)
    theta = drawing.study_effects(known, Drawn(values, flat), generator)
    return replace(
        drawn, coefficients=flat.reshape(shape), theta=theta.reshape(*shape[:2], known.studies)
    )


def _there(
    assembly: Assembly, known: Conditional, drawn: Drawn, generator: np.random.Generator
) -> FloatArray:
    """Return coefficients whose bias is the one there is: none, or what it would be."""
    none = drawn.coefficients * np.append(np.ones(drawn.coefficients.shape[1] - 1), 0.0)
    each = [known.log_rows(own @ known.design.T, drawn.values).sum(axis=-1)
            for own in (drawn.coefficients, none)]  # fmt: skip
    share = assembly.fixed[SHARE.name]  # a number, since one yes or no tells nothing of it
    there = generator.random(len(none)) < chance(share, each[0] - each[1])
    return np.where(there[:, np.newaxis], drawn.coefficients, none)


def _coefficients(assembly: Assembly, values: dict[str, FloatArray]) -> FloatArray:
    """Return draws of the coefficients in the design's order, shape (chain, draw, coefficient)."""
    slopes = [item for item in assembly.location.coefficients if item.variable == schema.BETA]
    columns = [values[schema.BETA][..., slopes.index(item)] if item in slopes else values[item.name]
               for item in assembly.location.coefficients]  # fmt: skip
    return np.stack(columns, axis=-1)


def _attributes(sampled: Sampled, settings: Settings) -> dict[str, str | int | float]:
    return {
        "engine": "nuts",
        "form": settings.form,
        "sampler": sampled.sampler,
        "tune": settings.tune,
        "target_accept": settings.target_accept,
    }


def _statistics(sampled: Sampled) -> xr.Dataset:
    dims = (schema.CHAIN, schema.DRAW)
    return xr.Dataset({name: (dims, values) for name, values in sampled.statistics.items()})
