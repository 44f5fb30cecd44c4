"""A posterior read once: what it holds, with types, checks and defaults."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Parts, is_conjugate, is_known, parts_of
from bayesmeta.covariance import NO_LAYOUT, Layout, Rows
from bayesmeta.engines.answering import Answer
from bayesmeta.engines.quadrature import Integral
from bayesmeta.engines.quadrature.structure import NORMAL, Structure
from bayesmeta.errors import BayesmetaError, PosteriorError
from bayesmeta.location import Location
from bayesmeta.parameters import Parameter
from bayesmeta.random_effects import Kernel, kernel_of
from bayesmeta.spec import ModelSpec, Prior, model_from_toml, parse_prior
from bayesmeta.summaries.own_scale import has_null
from bayesmeta.summaries.stored import Stored
from bayesmeta.summaries.stored_answer import stored_answer
from bayesmeta.summaries.stored_layout import stored_layout
from bayesmeta.summaries.stored_location import stored_location

if TYPE_CHECKING:
    import xarray as xr

    from bayesmeta.summaries.following import Following
    from bayesmeta.summaries.names import Names
    from bayesmeta.summaries.quantity import Quantity

_LEVELLED = (schema.MU, schema.THETA_NEW, schema.THETA, schema.INTERCEPT)
"""Quantities that are levels where the measure is one."""

type Posterior = xr.DataTree | View
"""What a summary takes: a DataTree, or one that was read already."""


@dataclass(frozen=True, eq=False)
class View(Stored):
    """One posterior read once: what it holds, what its model's parts say, and its quantities."""

    @cached_property
    def model(self) -> ModelSpec | None:
        """The model that it says it is of; None where it says none.

        Raises
        ------
        PosteriorError
            If what it says is no model file's text.
        """
        text = self.word("specification")
        if not text:
            return None
        try:
            return model_from_toml(text, name=self.word("model"), source="specification")
        except BayesmetaError as error:
            raise PosteriorError(
                f"The posterior's attribute 'specification' is not a model file's text: {error}"
            ) from error

    @cached_property
    def parts(self) -> Parts | None:
        """The parts of its model, that whoever needs arithmetic of it asks.

        None where it does not say what its model is, or names parts that no register has.
        """
        return None if self.model is None or not is_known(self.model) else parts_of(self.model)

    @cached_property
    def spread(self) -> str | None:
        """The hyperparameter that is the standard deviation of study effects, where one is.

        Names alone do not say so: a posterior of ``mu``, ``tau`` and ``theta`` may be of any
        model, and shares by inverse variance, I² and shrinkage are then defined by nobody.
        """
        return None if self.parts is None else self.parts.heterogeneity.SPREAD

    @cached_property
    def is_conjugate(self) -> bool:
        """Whether its model says that study effects integrate out in closed form."""
        return self.model is not None and self.parts is not None and is_conjugate(self.model)

    @cached_property
    def is_normal_normal(self) -> bool:
        """Whether its stored specification says that its model is normal-normal."""
        if self.parts is None or not self.is_conjugate:
            return False
        names = [item.name for item in self.parts.hyperparameters(self.layout)]
        return names in ([], [self.spread]) and not self.parts.roles

    @cached_property
    def layout(self) -> Layout:
        """How the rows hang together, by the roles of the model's parts."""
        constant = self.group(schema.CONSTANT_DATA)
        if constant is None or self.parts is None:
            return NO_LAYOUT
        named = {} if self.model is None else self.model.roles
        return stored_layout(constant, self.parts, named, measure=self.word("measure"))

    @property
    def nuisance(self) -> tuple[Parameter, ...]:
        """What its model's likelihood has once a study, and integrates."""
        return () if self.parts is None else self.parts.nuisance(self.layout)

    @property
    def rows(self) -> Rows:
        """What the parts look at of the studies."""
        nuisance = [item.name for item in self.nuisance]
        priors = {name: self.stated_priors[name] for name in nuisance if name in self.stated_priors}
        return Rows(self.studies.standard_error, self.layout, self._data, priors)

    @property
    def is_approximate(self) -> bool:
        """Whether estimates are for display alone: its likelihood reads counts, or what else."""
        return bool(self._data)

    @cached_property
    def kernel(self) -> Kernel | None:
        """How study effects spread, where that is a scale mixture of normals."""
        return None if self.parts is None else kernel_of(self.parts.heterogeneity)

    @cached_property
    def marks(self) -> Mapping[str, FloatArray]:
        """What is known of each study as an outlier, by its name; nothing where nothing is."""
        stored, kernel = self.group(schema.WEIGHTS), self.kernel
        if stored is None or kernel is None or kernel.MARK not in stored:
            return {}
        return {kernel.MARK: stored[kernel.MARK].to_numpy().astype(float)}

    @property
    def _data(self) -> dict[str, FloatArray]:
        """What its likelihood reads beside estimates, by column."""
        stored = self.group(schema.OBSERVED_DATA)
        if stored is None or self.parts is None:
            return {}
        columns = [name for name in map(str, stored.data_vars) if name != schema.ESTIMATE]
        return {name: stored[name].to_numpy().astype(float) for name in columns}

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of new studies that its model tells apart; one empty name where none."""
        return ("",) if self.parts is None else self.parts.heterogeneity.kinds(self.layout)

    @cached_property
    def news(self) -> Mapping[str, str]:
        """The kinds of new studies by the name of the effect in one."""
        return {schema.theta_new(kind): kind for kind in self.kinds}

    @cached_property
    def is_without_slopes(self) -> bool:
        """Whether all its effects are one, but for what marks cohorts."""
        own = () if self.parts is None else self.parts.bias.COEFFICIENTS
        return len(self.coefficients) == len(self.means) + len(own)

    def centre(self, kind: str) -> int:
        """Return which coefficient new studies of a kind spread around."""
        name = f"{schema.MU}[{kind}]"
        return self.coefficients.index(name) if name in self.coefficients else 0

    def has_sign(self, name: str) -> bool:
        """Return whether a quantity can be below no effect, or below 0: no level of one group."""
        known = self.parameter(name)
        if not has_null(self.word("measure")) and name.partition("[")[0] in _LEVELLED:
            return False
        if name in self.follows.derived:
            return self.follows.derived[name].support[0] < 0
        plain = (schema.TAU, schema.TAU2, schema.I2)
        return name not in plain if known is None else not known.is_positive

    @cached_property
    def hyperparameters(self) -> tuple[str, ...]:
        """Names of the hyperparameters that it has draws of."""
        stored = self.listing("hyperparameters")
        own = [schema.TAU] if not stored and schema.TAU in self.sampled else []
        return tuple(map(str, stored or own))

    def parameter(self, name: str) -> Parameter | None:
        """Return what its model's parts say of a hyperparameter; None where they say nothing."""
        known = () if self.parts is None else self.parts.hyperparameters(self.layout)
        return next((item for item in known if item.name == name), None)

    @cached_property
    def fixed(self) -> Mapping[str, float]:
        """Values of the hyperparameters that numbers stand for."""
        found = {
            name: prior.value
            for name, prior in self.stated_priors.items()
            if prior.value is not None
        }
        return (
            found if self.parts is None else found | self.parts.bias.constants(self.stated_priors)
        )

    @cached_property
    def stated_priors(self) -> Mapping[str, Prior]:
        """The priors that it says it has, numbers among them."""
        return {name: parse_prior(str(text)) for name, text in self.record("priors").items()}

    @cached_property
    def location(self) -> Location:
        """The design with what it was made of.

        Raises
        ------
        PosteriorError
            If the posterior does not store its moderators.
        """
        return stored_location(self)

    @cached_property
    def names(self) -> "Names":
        """Which quantities it has."""
        from bayesmeta.summaries.names import Names

        return Names(self)

    @cached_property
    def follows(self) -> "Following":
        """What follows from its parameters."""
        from bayesmeta.summaries.following import Following

        return Following(self)

    def quantity(self, name: str, *, sampled: bool = False) -> "Quantity":
        """Return one quantity, as `resolve` has it, resolved once."""
        from bayesmeta.summaries import certified, simulated

        self.names.require(name)

        def resolved() -> "Quantity":
            drawn = sampled or not self.is_exact
            return simulated.quantity(self, name) if drawn else certified.quantity(self, name)

        return self.once((name, sampled), resolved)

    def once[T](self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what a function makes of it, made when it is first asked for."""
        if key not in self._made:
            self._made[key] = make()
        return cast("T", self._made[key])

    @cached_property
    def _made(self) -> dict[Hashable, object]:
        return {}

    @cached_property
    def integral(self) -> Answer:
        """What it is exactly, a batch of one; asked where `is_exact`."""
        return stored_answer(self)

    @cached_property
    def structure(self) -> Structure:
        """How its rows hang together given the hyperparameters, as its parts say it."""
        if self.parts is None:
            return NORMAL
        names = self.hyperparameters
        return Structure(
            self.parts.heterogeneity,
            self.parts.sampling,
            inner=names[0] if names else "",
            fixed=self.fixed,
            layout=self.layout,
            bias=self.parts.bias,
        )

    @property
    def mixture(self) -> Integral:
        """The same, of a model whose study effects integrate out in closed form."""
        assert isinstance(self.integral, Integral)  # noqa: S101  (asked of such models alone)
        return self.integral


def view_of(posterior: Posterior) -> View:
    """Return a posterior's view: the same where it is one."""
    return posterior if isinstance(posterior, View) else View(posterior)
