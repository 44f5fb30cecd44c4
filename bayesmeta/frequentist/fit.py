"""One classical fit, as a row of a table."""

import math
from dataclasses import dataclass
from html import escape

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.distributions import (
    chi_square_tail,
    two_sided_p,
    two_sided_quantile,
    wald_tail,
)

HOMOGENEOUS = ("CE", "MH", "Peto")
SUFFIX = {"z": "", "t": "+t", "knha": "+HKSJ", "adhoc": "+HKSJ(adhoc)"}


@dataclass(frozen=True, eq=False)
class Fit:
    """A classical meta-analysis or meta-regression.

    Numbers that do not exist are not numbers (nan): standard errors without degrees of freedom,
    prediction intervals of a common effect, tau2 of a single study.

    Parameters
    ----------
    method
        Estimator of tau2: ``"REML"``, ``"DL"`` ...
    test
        ``"z"``, ``"t"``, ``"knha"`` or ``"adhoc"``.
    interval
        Level of every interval, a fraction.
    k
        Studies.
    coefficients, unscaled
        Shape (coefficient,), and the covariance before the test's factor ``scale``.
    degrees_of_freedom
        Of the test; infinite for z.
    mu, mu_unscaled
        The effect at the mean of the moderators, and its variance before scaling.
    tested
        Columns that ``QM`` tests: all but the intercept, or the only one.
    explained
        The statistic of their test before scaling.
    tau2, tau2_lower, tau2_upper
        Between-study variance with its Q-profile interval, in squared units of the outcome.
    typical_variance
        Of the studies, (k - p) / tr(P); I2 and H2 are measured against it.
    Q
        Weighted sum of squared residuals at tau2 = 0.
    silent
        Studies that have no say in Q: without events, or without others, in both arms.
    """

    method: str
    test: str
    interval: float
    k: int
    coefficients: FloatArray
    unscaled: FloatArray
    scale: float
    degrees_of_freedom: float
    mu: float
    mu_unscaled: float
    tested: tuple[int, ...]
    explained: float
    tau2: float
    tau2_lower: float
    tau2_upper: float
    typical_variance: float
    Q: float
    silent: int = 0

    @property
    def name(self) -> str:
        """The row's name in tables, such as ``"REML+HKSJ"``."""
        return self.method + SUFFIX[self.test]

    @property
    def covariance(self) -> FloatArray:
        """Covariance of the coefficients, shape (coefficient, coefficient)."""
        return self.scale * self.unscaled

    @property
    def se(self) -> FloatArray:
        """Standard errors of the coefficients."""
        return np.sqrt(np.diagonal(self.covariance))

    @property
    def critical(self) -> float:
        """Quantile that the standard errors are multiplied by."""
        return two_sided_quantile(self.interval, self.degrees_of_freedom)

    @property
    def lower(self) -> FloatArray:
        """Lower limits of the coefficients."""
        return self.coefficients - self.critical * self.se

    @property
    def upper(self) -> FloatArray:
        """Upper limits of the coefficients."""
        return self.coefficients + self.critical * self.se

    @property
    def p(self) -> FloatArray:
        """Two-sided p values of the coefficients."""
        pairs = zip(self.coefficients, self.se, strict=True)
        return np.array([two_sided_p(_ratio(b, s), self.degrees_of_freedom) for b, s in pairs])

    @property
    def mu_se(self) -> float:
        """Standard error of mu."""
        return math.sqrt(self.scale * self.mu_unscaled)

    @property
    def _new_study_sd(self) -> float:
        return math.nan if self.method in HOMOGENEOUS else math.hypot(
            self.mu_se, math.sqrt(self.tau2)
        )  # fmt: skip

    @property
    def pi_lower(self) -> float:
        """Lower prediction limit, metafor's: mu - q sqrt(se^2 + tau2), q of the test."""
        return self.mu - self.critical * self._new_study_sd

    @property
    def pi_upper(self) -> float:
        """Upper prediction limit, metafor's: mu + q sqrt(se^2 + tau2), q of the test."""
        return self.mu + self.critical * self._new_study_sd

    @property
    def I2(self) -> float:  # noqa: N802 -- the literature's name
        """I-squared, a fraction: from tau2; from Q for a common effect."""
        return _share(self.H2)

    @property
    def H2(self) -> float:  # noqa: N802 -- the literature's name
        """H-squared: 1 + tau2 / typical variance; Q / (k - p) for a common effect."""
        if self.method in HOMOGENEOUS:
            return self.Q / self.Q_df if self.Q_df else math.nan
        return 1.0 + self.tau2 / self.typical_variance

    @property
    def I2_lower(self) -> float:  # noqa: N802 -- the literature's name
        """I-squared at the lower limit of tau2."""
        return _share(1.0 + self.tau2_lower / self.typical_variance)

    @property
    def I2_upper(self) -> float:  # noqa: N802 -- the literature's name
        """I-squared at the upper limit of tau2."""
        return _share(1.0 + self.tau2_upper / self.typical_variance)

    @property
    def Q_df(self) -> int:  # noqa: N802 -- the literature's name
        """Degrees of freedom of Q."""
        return self.k - self.silent - self.coefficients.size

    @property
    def Q_p(self) -> float:  # noqa: N802 -- the literature's name
        """Tail probability of Q under homogeneity; 1 without degrees of freedom."""
        return chi_square_tail(self.Q, self.Q_df)

    @property
    def QM(self) -> float:  # noqa: N802 -- the literature's name
        """Omnibus test of the moderators: chi-square for z, else F."""
        value = self.explained / self.scale if self.scale else math.nan
        return value if math.isinf(self.degrees_of_freedom) else value / len(self.tested)

    @property
    def QM_p(self) -> float:  # noqa: N802 -- the literature's name
        """Tail probability of QM."""
        return wald_tail(self.QM, len(self.tested), self.degrees_of_freedom)

    def __repr__(self) -> str:
        """Return the fit as it is read, on the scale of the estimates."""
        level = f"{100 * self.interval:g} % interval"
        studies = f"{self.k} {'study' if self.k == 1 else 'studies'}"
        half = self.critical * self.mu_se
        ends = f"{self.mu - half:.4g} to {self.mu + half:.4g}"
        said = [f"{self.name}, {studies}: {self.mu:.4g} ({level} {ends})"]
        if self.method not in HOMOGENEOUS:
            said.append(f"prediction interval {self.pi_lower:.4g} to {self.pi_upper:.4g}")
            said.append(f"tau {math.sqrt(self.tau2):.4g}")
        said += [f"I² {100 * self.I2:.1f} %", f"Q {self.Q:.4g} (p {self.Q_p:.2g})"]
        if self.coefficients.size > 1:
            rows = zip(self.coefficients, self.lower, self.upper, strict=True)
            said.append("coefficients " + ", ".join(f"{b:.4g} ({low:.4g} to {high:.4g})"
                                                    for b, low, high in rows))  # fmt: skip
        return "; ".join(said)

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"

    def row(self) -> dict[str, str | float | None]:
        """Return the row of `compare`; what does not exist is None.

        Examples
        --------
        >>> import bayesmeta as bm
        >>> studies = bm.read_studies("examples/data/normand1999.csv")
        >>> row = bm.pool(bm.effect_sizes(studies, "MD"), method="DL").row()
        >>> [round(row[name], 2) for name in ("estimate", "lower", "upper")]
        [-13.98, -24.03, -3.93]
        """
        return {"method": self.name} | {
            name: value if math.isfinite(value) else None for name, value in self._numbers().items()
        }

    def _numbers(self) -> dict[str, float]:
        half = self.critical * self.mu_se
        return {
            "estimate": self.mu, "se": self.mu_se, "lower": self.mu - half, "upper": self.mu + half,
            "pi_lower": self.pi_lower, "pi_upper": self.pi_upper,
            "tau2": self.tau2, "I2": self.I2, "Q": self.Q,
        }  # fmt: skip


def _share(h2: float) -> float:
    """Return I-squared of H-squared, not below zero."""
    return math.nan if math.isnan(h2) else max(0.0, 1.0 - 1.0 / h2) if h2 > 0.0 else 0.0


def _ratio(coefficient: float, standard_error: float) -> float:
    """Return the test statistic; infinite where the fit is perfect."""
    return coefficient / standard_error if standard_error else math.inf
