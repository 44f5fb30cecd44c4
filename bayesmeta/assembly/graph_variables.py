"""The parameters of a model as variables of a ``pm.Model``, and the centres they make."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from bayesmeta import schema
from bayesmeta.assembly.assembled import Assembly
from bayesmeta.assembly.graph_data import Numbers
from bayesmeta.covariance import Layout, Values
from bayesmeta.errors import ModelError
from bayesmeta.parameters import Parameter
from bayesmeta.priors import pymc_coefficients, pymc_variable
from bayesmeta.spec import Prior

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable


class Jointly(Protocol):
    """A part with parameters that are restricted together."""

    def joint_variables(self, layout: Layout, prior: Prior) -> Values:
        """Return their variables under the prior of all of them, inside a ``pm.Model``."""
        ...


def bias_of(assembly: Assembly) -> Any:  # noqa: ANN401  (PyTensor)
    """Return the bias as a variable; 0 where there is no such coefficient."""
    own = assembly.parts.bias.COEFFICIENTS
    return _variable(assembly, own[0]) if own else 0.0


def centre_of(assembly: Assembly, numbers: Numbers) -> "TensorVariable":
    """Return mu plus the slopes times their centred columns; scalar without moderators."""
    count = assembly.location.means
    slopes = assembly.location.coefficients[assembly.location.slopes]
    centre = _mean(assembly, assembly.location.coefficients[:count])
    terms = [slope.label for slope in slopes if slope.variable == schema.BETA]
    beta, design = _slopes(assembly, terms), cast("TensorVariable", numbers.design)
    # Not design @ beta: with data in the graph that takes four times as long to compile.
    for place, slope in enumerate(slopes):
        own = slope.variable == schema.BETA
        value = beta[terms.index(slope.label)] if own else _variable(assembly, slope)
        centre = centre + value * design[:, place]
    return centre


def _mean(assembly: Assembly, means: Sequence[Parameter]) -> "TensorVariable":
    """Return mu, a scalar; or the mu of each row's outcome."""
    if len(means) == 1:
        return _variable(assembly, means[0])
    columns = assembly.design[:, : len(means)].T
    return sum(_variable(assembly, mu) * own for mu, own in zip(means, columns, strict=True))


def _slopes(assembly: Assembly, terms: Sequence[str]) -> Any:  # noqa: ANN401  (PyTensor)
    return pymc_coefficients(assembly.priors, terms) if terms else ()


def hyperparameters_of(assembly: Assembly) -> Values:
    """Return the free hyperparameters as variables, the fixed ones as data."""
    import pymc as pm

    own = [item for item in assembly.hyperparameters if not item.joint]
    free = {item.name: _variable(assembly, item) for item in own}
    fixed = {name: pm.Data(name, value) for name, value in assembly.constants.items()}
    return {**free, **_joint(assembly), **fixed}


def _joint(assembly: Assembly) -> Values:
    """Return the variables that their part makes together, none where all are fixed.

    Raises
    ------
    ModelError
        If some of them are fixed, or have priors of their own.
    """
    every = assembly.parts.heterogeneity.parameters(assembly.layout)
    free = [item for item in assembly.hyperparameters if item.joint]
    if not free:
        return {}
    fixed = [item.name for item in every if item.joint and item.name in assembly.fixed]
    usual = cast("Prior", free[0].default)
    alike = [item.name for item in free if _is_like(assembly.priors[item.name], usual)]
    stated = {str(assembly.priors[name]) for name in alike}
    other = [item.name for item in free if item.name not in alike or len(stated) > 1]
    if fixed or other:
        raise ModelError(
            f"{', '.join(item.name for item in every if item.joint)} are restricted together: "
            f"either all are fixed, or all have one prior such as {usual}; change "
            f"{', '.join([*fixed, *other])}."
        )
    part = cast("Jointly", assembly.parts.heterogeneity)
    return dict(part.joint_variables(assembly.layout, assembly.priors[free[0].name]))


def _is_like(prior: Prior, usual: Prior) -> bool:
    """Return whether a prior is of the usual one's family, for as many parameters."""
    sizes = [{**one.parameters, "eta": None} for one in (prior, usual)]
    return prior.distribution == usual.distribution and sizes[0] == sizes[1]


def _variable(assembly: Assembly, parameter: Parameter) -> "TensorVariable":
    name = parameter.name
    return pymc_variable(assembly.priors[name], name, context=assembly.context)
