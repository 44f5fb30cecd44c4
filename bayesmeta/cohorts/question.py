"""What is asked of trials beside cohorts, every choice made."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, PriorLike, assemble, parts_of
from bayesmeta.assembly.choices import with_choices
from bayesmeta.biases import MOST_COHORTS
from bayesmeta.catalogue import load_model
from bayesmeta.covariance import NO_LAYOUT
from bayesmeta.engines.answering import Answer, answered, goes_by_row
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.engines.lines import MOST
from bayesmeta.engines.quadrature import Integral
from bayesmeta.errors import AnalysisError, PriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects
from bayesmeta.priors import normal
from bayesmeta.spec import Prior, prior_from_toml
from bayesmeta.studies.table import in_words
from bayesmeta.summaries.own_scale import has_null
from bayesmeta.within import within

DIRECTIONS = ("lower", "higher")
_HALF = 0.5
_PARAMETERS = ("mu", "tau", "beta", "bias", "kappa", "tau_cohort", "share")
MODELS = ("design-bias", "power-prior", "probably-biased")


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of one table.

    Parameters
    ----------
    effects
        As the table gives them: priors in units of the data look at these.
    adjusted
        The same less the biases of single studies that are known from elsewhere.
    design, reference
        The column of designs, and the level that stands for trials.
    cohort
        1 for every other level, shape (study,).
    moderators, missing
        As in `bayesmeta.fit`.
    priors
        By parameter, as stated.
    spread
        Of the member that has a bias; None for its default. Of others it is ``"common"`` then.
    ratio
        Variance of cohorts' effects in that of trials, where the spread is ``"ratio"``.
    shared_bias
        Whether all cohorts share the bias that there may be.
    benefit, threshold, interval
        Which direction helps, how probable benefit must be, probability of the intervals.
    difference
        Minimal important difference on the scale of the estimates, above 0; None if not stated.
    heterogeneity
        How study effects spread around their centre.
    """

    effects: Effects
    adjusted: Effects
    design: str
    reference: str
    cohort: FloatArray
    moderators: str | None = None
    missing: str = "error"
    priors: Mapping[str, Prior] = field(default_factory=dict)
    spread: str | None = None
    ratio: float | None = None
    shared_bias: bool = False
    benefit: str = "lower"
    threshold: float = 0.975
    interval: float = 0.95
    difference: float | None = None
    heterogeneity: str = "normal"

    @property
    def event(self) -> str:
        """Benefit as a probability's argument."""
        return "mu < 0" if self.benefit == "lower" else "mu > 0"

    def assembled(self, model: str, choices: Mapping[str, str] | None = None) -> Assembly:
        """Return a model of the shelf on the table; priors look at the full table as it is.

        Parameters
        ----------
        choices
            Of the model's parts.
        """
        named = {"heterogeneity": self.heterogeneity, **(choices or {})}
        if self.heterogeneity == "normal":
            del named["heterogeneity"]
        if model in MODELS:
            named = {"design": self.design, "reference": self.reference, **named}
        spec = with_choices(load_model(model), named)
        known = {"mu", *(["beta"] if self.moderators else [])}
        parts = parts_of(spec)
        own = (*parts.hyperparameters(NO_LAYOUT), *parts.bias.COEFFICIENTS, *parts.bias.LATENT)
        known |= {item.name for item in own}
        stated = {name: prior for name, prior in self.priors.items()
                  if name in known or (self.moderators and name.startswith("beta["))}  # fmt: skip
        found = assemble(
            self.effects, spec, moderators=self.moderators, missing=self.missing, priors=stated
        )
        return replace(found, effects=self.adjusted)

    @cached_property
    def spreads(self) -> Mapping[str, str]:
        """The choice of spread for each model."""
        usual = {"design-bias": "extra"}
        return {model: self.spread or usual.get(model, "common") for model in MODELS}

    def choices(self, model: str) -> dict[str, str]:
        """Return how cohorts' effects spread in a model, as choices of its parts."""
        spread = self.spreads[model]
        own = {"spread": spread}
        if spread == "ratio" and self.ratio is not None:
            own["ratio"] = str(self.ratio)
        if model == "probably-biased" and self.shared_bias:
            own["shared_bias"] = "True"
        return own

    @cached_property
    def biased(self) -> Assembly:
        """The member that has a bias of all cohorts."""
        return self.assembled("design-bias", self.choices("design-bias"))

    def answered(self, assembly: Assembly, members: FloatArray | None = None) -> Answer:
        """Return an exact posterior; whoever asks for it again has the same.

        Parameters
        ----------
        members
            As in `bayesmeta.engines.answering.answered`.
        """
        if assembly is self.biased and members is None and not goes_by_row(assembly):
            return self.integral
        key = (id(assembly), b"" if members is None else members.tobytes())
        if key not in self._known:
            self._known[key] = assembly, answered(assembly, members)
        return self._known[key][1]

    @cached_property
    def _known(self) -> dict[tuple[int, bytes], tuple[Assembly, Answer]]:
        """Posteriors, with their assemblies, so that no other has their identity."""
        return {}

    @cached_property
    def integral(self) -> Integral:
        """Its posterior, whose nodes serve others along the dial."""
        return integrate_assembly(self.biased)

    @cached_property
    def powered(self) -> Assembly:
        """The member that raises the cohorts' likelihood to a power."""
        return self.assembled("power-prior", self.choices("power-prior"))

    @property
    def no_probable_biases(self) -> str:
        """Why there is no member of probable biases; empty where there is one."""
        if self.shared_bias:
            return ""
        if self.bias_mean:
            return (
                "what each cohort may have of its own is normal around 0, and the bias's prior "
                f"has mean {self.bias_mean:g}"
            )
        count = int(self.cohort.sum())
        if count <= MOST_COHORTS:
            return ""
        own = self.assembled("probably-biased", self.choices("probably-biased"))
        if goes_by_row(own) and len(own.coefficients) <= MOST:
            return ""
        return (
            f"{count} cohorts, each biased or not, make 2**{count} cases, and those of at most "
            f"{MOST_COHORTS} are summed over, row by row only under the spread common and beside "
            f"{MOST} coefficients; a bias that all share or none (shared_bias) has no such limit"
        )

    def require_dial(self) -> None:
        """Raise, before a posterior is sought, unless the bias's prior has an SD to turn.

        Raises
        ------
        PriorError
            As `bias_sd`.
        """
        _ = self.bias_sd

    @cached_property
    def bias_sd(self) -> float:
        """Standard deviation u of the bias's prior.

        Raises
        ------
        PriorError
            If that prior is not normal: the dial is its standard deviation.
        """
        found = normal(self.biased.priors["bias"])
        if found is None or found.is_flat:
            raise PriorError(
                f"priors: bias ~ {self.biased.priors['bias']}: the dial is the standard deviation "
                "of a normal prior on the bias; write Normal(mu=0, sigma=...)."
            )
        return found.sd

    @cached_property
    def bias_mean(self) -> float:
        """Mean of the bias's prior."""
        found = normal(self.biased.priors["bias"])
        return 0.0 if found is None else found.mean

    def benefits(self, mixture_cdf: FloatArray) -> FloatArray:
        """Return probabilities of benefit from those of lying below a point."""
        return mixture_cdf if self.benefit == "lower" else 1 - mixture_cdf


def require_differences(effects: Effects) -> None:
    """Raise where one group's levels are pooled: of them no value is that of no effect.

    Raises
    ------
    StudiesError
        If they are no effects.
    AnalysisError
        Saying what would do.
    """
    require_effects(effects)
    if not has_null(effects.measure):
        raise AnalysisError(
            f"designs asks how probable benefit is, and {effects.measure} is a level, of which no "
            "value is that of no effect. A fit of the model design-bias says the bias of a design."
        )


def require_choices(
    benefit: str, threshold: float, interval: float, priors: Mapping[str, PriorLike]
) -> dict[str, Prior]:
    """Return the priors as stated, after every choice was looked at.

    Raises
    ------
    AnalysisError
        If a direction or a probability is none.
    PriorError
        If a prior is of nothing that a member has.
    """
    if benefit not in DIRECTIONS:
        raise AnalysisError(f"benefit is {benefit!r}; it must be one of: {', '.join(DIRECTIONS)}.")
    if not _HALF < threshold < 1:
        raise AnalysisError(
            f"The threshold is {threshold}; it must be between 0.5 and 1, such as 0.975."
        )
    if not within(interval, 0, 1):
        raise AnalysisError(
            f"The interval is {interval}; it must be between 0 and 1, such as 0.95."
        )
    unknown = [name for name in priors if not known_prior(name)]
    if unknown:
        have = ", ".join(_PARAMETERS)
        raise PriorError(
            f"priors: unknown parameter {', '.join(unknown)}; the members have: {have}."
        )
    return {name: prior_from_toml(prior, where=f"prior {name}") for name, prior in priors.items()}


def known_prior(name: str) -> bool:
    """Return whether a member has a parameter of a name.

    Examples
    --------
    >>> known_prior("bias"), known_prior("beta[weeks]"), known_prior("tau_within")
    (True, True, False)
    """
    return name in _PARAMETERS or name.startswith("beta[")


def levels_of(question: Question) -> list[str]:
    """Return each study's design, as it is compared with the reference."""
    return [in_words(word) for word in question.effects.studies[question.design]]


def counts(question: Question) -> dict[str, int]:
    """Return how many studies each design has, the reference first."""
    words = levels_of(question)
    levels = [question.reference, *(word for word in words if word != question.reference)]
    return {level: int(np.sum([word == level for word in words])) for level in levels}
