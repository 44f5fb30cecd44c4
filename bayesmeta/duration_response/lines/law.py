"""What each study says of its centre at a value of tau, whatever its effects are like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import roots_jacobi

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.duration_response.offers import numbers, one_spread
from bayesmeta.engines.lines.question import Question
from bayesmeta.engines.lines.reading import outside_of, rows_of, widening_of
from bayesmeta.engines.lines.widening import SHARE
from bayesmeta.errors import ModelError
from bayesmeta.random_effects import Kernel, Scales, kernel_of
from bayesmeta.schema import TAU
from bayesmeta.spec import Prior
from bayesmeta.summaries.prior_words import rounded


@dataclass(frozen=True, eq=False)
class Law:
    """How estimates spread around their centres, given tau.

    Parameters
    ----------
    question
        Rows, kernel, biases and powers, as the engine of lines asks them.
    error
        Standard errors, shape (study,).
    share, log_weight
        Nodes of how probable a bias of a cohort's own is, and logs of their weights, shape (q,);
        one node where there is no such bias, or a number stands for it.
    varying
        Which studies that probability matters to, shape (study,).
    """

    question: Question
    error: FloatArray
    share: FloatArray
    log_weight: FloatArray
    varying: BoolArray

    @property
    def kernel(self) -> Kernel:
        """How study effects spread around their centres."""
        return self.question.kernel

    @property
    def fixed(self) -> Mapping[str, float]:
        """Hyperparameters that a number stands for."""
        return self.question.fixed

    def scale(self, tau: float) -> FloatArray:
        """Return about how far an estimate lies from its centre, shape (study,)."""
        spreads = self.question.scales({TAU: np.array([tau]), SHARE: self.share[:1]})
        return np.asarray(np.hypot(self.error, spreads.typical[0]))

    def scales(self, tau: FloatArray) -> Scales:
        """Return the deviation of a new study as normals at values of tau, (node, component)."""
        log_weight, variance = self.kernel.scales(self._valued(tau))
        return Scales(*np.broadcast_arrays(log_weight, variance))

    def variance(self, tau: FloatArray) -> FloatArray:
        """Return the variance of study effects, of the shape of tau; infinite where there is none.

        Without a bias that a study may have.
        """
        return np.asarray(self.kernel.new_variance(self._valued(tau)), dtype=float)

    def log_rows(self, tau: float, residual: FloatArray) -> FloatArray:
        """Return what studies say of residuals (point, study), shape (q, point, study)."""
        taus = np.full(self.share.size, tau)
        spreads = self.question.scales({TAU: taus, SHARE: self.share})
        estimate, _ = self.question.rows.rough()
        centre = np.broadcast_to(estimate - residual, (taus.size, *residual.shape))
        return self.question.log_rows(centre, spreads)

    def _valued(self, tau: FloatArray) -> dict[str, FloatArray]:
        fixed = {name: np.full(tau.shape, value) for name, value in self.fixed.items()}
        return {**fixed, TAU: tau}


def law_of(assembly: Assembly) -> Law:
    """Return what the studies of a table say under a model.

    Raises
    ------
    ModelError
        If a hyperparameter beside tau has a prior that is not integrated over.
    """
    parts, rows = assembly.parts, assembly.rows
    kernel = kernel_of(parts.heterogeneity)
    assert kernel is not None  # noqa: S101  (asked of the model before)
    widening = widening_of(parts, assembly.constants, rows)
    varying = np.zeros(len(assembly.effects), dtype=bool) if widening is None else widening.mark
    share, log_weight = _shares(assembly, int(varying.sum()))
    likelihoods = rows_of(parts, assembly.effects.estimate, rows)
    question = Question(
        likelihoods, assembly.design, kernel, priors=(), axes=(), fixed=assembly.fixed,
        powers=assembly.powers, widening=widening, outside=outside_of(kernel, rows),
    )  # fmt: skip
    error = np.asarray(assembly.effects.standard_error, dtype=float)
    return Law(question, error, share, log_weight, varying & (share.size > 1))


def _shares(assembly: Assembly, cohorts: int) -> tuple[FloatArray, FloatArray]:
    """Return the nodes of a share, as many as sum the polynomial that it stands in exactly."""
    free = {name: prior for name, prior in assembly.priors.items()
            if name in {item.name for item in assembly.hyperparameters} - {TAU}}  # fmt: skip
    known = {SHARE} if cohorts else set()
    beyond = [name for name, prior in free.items()
              if name not in known or prior.distribution not in _BETA]  # fmt: skip
    if beyond:
        raise ModelError(_beyond(assembly, beyond))
    if not free:
        return np.array([assembly.fixed.get(SHARE, 0.0)]), np.zeros(1)
    alpha, beta = _BETA[free[SHARE].distribution](free[SHARE])
    node, weight = roots_jacobi(cohorts // 2 + 1, beta - 1, alpha - 1)
    return (node + 1) / 2, np.log(weight / weight.sum())


def _beyond(assembly: Assembly, names: Sequence[str]) -> str:
    """Return why some hyperparameters are not integrated, and what to type."""
    says = {item.name: item.says for item in assembly.hyperparameters}
    biased = {item.name for item in assembly.parts.bias.parameters(assembly.layout)}
    slot = "bias" if set(names) <= biased else "heterogeneity"
    kind = "a Beta prior or a number" if slot == "bias" else "a number"
    had = " and ".join(
        f"{name} ({says[name]}) has the prior {rounded(str(assembly.priors[name]))}"
        for name in names
    )
    spread = one_spread(assembly, names)
    return (
        f"duration integrates tau alone of the {slot} {assembly.model.parts[slot]!r}, and {had}: "
        f"give {'it' if len(names) == 1 else 'each'} {kind}, such as {numbers(names)}"
        f"{f', {spread}' if spread else ''}, or fit one line with moderators."
    )


def _parameters(prior: Prior) -> tuple[float, float]:
    alpha, beta = (prior.parameters[name] for name in ("alpha", "beta"))
    return float(alpha), float(beta)  # type: ignore[arg-type]  # checked to be numbers


_BETA = {"Beta": _parameters}
