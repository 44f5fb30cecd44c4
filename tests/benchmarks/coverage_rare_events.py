"""Coverage of pooled log odds ratios where events are rare.

Run: python tests/benchmarks/coverage_rare_events.py [simulations]
Prints the table of .github/COVERAGE.md. Eight trials of 100 to 1000 in an arm, control risks around
1 % with an SD of 0.5 of their logits, true mean log odds ratio -0.5, heterogeneity 0.2. Bayesian
rows have the defaults for ratios, integrated exactly; classical rows are as `compare` has them.
"""

import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import expit, logit

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.catalogue import load_model
from bayesmeta.engines.answering import answered
from bayesmeta.errors import BayesmetaError
from bayesmeta.measures.effects import Effects
from bayesmeta.studies import Studies

_ARM = np.array([100, 150, 200, 300, 400, 500, 700, 1000])
_MU, _TAU, _RISK, _SPREAD = -0.5, 0.2, 0.01, 0.5
_LEVELS = np.array([0.025, 0.5, 0.975])

type Row = tuple[float, float, float]
"""Lower end, estimate, upper end."""


def events(rng: np.random.Generator) -> Studies:
    """Draw a table; trials without events are in it."""
    control = logit(_RISK) + _SPREAD * rng.standard_normal(_ARM.size)
    theta = _MU + _TAU * rng.standard_normal(_ARM.size)
    frame = pd.DataFrame(
        {
            "study": [f"s{row}" for row in range(_ARM.size)],
            "events_treatment": rng.binomial(_ARM, expit(control + theta)),
            "n_treatment": _ARM,
            "events_control": rng.binomial(_ARM, expit(control)),
            "n_control": _ARM,
        }
    )
    return bm.read_studies(frame)


def bayesian(effects: Effects, likelihood: str) -> Row:
    """Return the interval under a likelihood; of normal ones zeros have 1/2 added."""
    spec = load_model("random-effects").with_part("likelihood", likelihood)
    mu = answered(assemble(effects, spec)).combination(np.ones(1))
    lower, median, upper = np.ravel(mu.quantile(_LEVELS)).tolist()
    return lower, median, upper


def classical(effects: Effects) -> Iterator[tuple[str, Row]]:
    """Yield Peto's and Mantel and Haenszel's intervals, and DerSimonian and Laird's."""
    fits = {"Peto": bm.peto(effects), "Mantel-Haenszel": bm.mantel_haenszel(effects),
            "REML, zeros + 1/2": bm.pool(effects, method="REML"),
            "REML, Knapp-Hartung, zeros + 1/2": bm.pool(effects, test="knha")}  # fmt: skip
    for name, fit in fits.items():
        yield name, (float(fit.lower[0]), float(fit.coefficients[0]), float(fit.upper[0]))


def methods(effects: Effects) -> Iterator[tuple[str, Row]]:
    """Yield the interval of every method."""
    for likelihood in ("binomial", "hypergeometric", "normal"):
        name = "normal, zeros + 1/2" if likelihood == "normal" else likelihood
        yield f"Bayes, {name}", bayesian(effects, likelihood)
    yield from classical(effects)


def main(simulations: int) -> None:
    """Write one row a method, as Markdown."""
    rng = np.random.default_rng(1311)
    found: dict[str, list[Row]] = {}
    failed = 0
    for _ in range(simulations):
        effects = bm.effect_sizes(events(rng), "OR")
        try:
            rows = list(methods(effects))
        except BayesmetaError as error:
            failed += 1
            sys.stderr.write(f"{error}\n")
            continue
        for name, row in rows:
            found.setdefault(name, []).append(row)
    sys.stdout.write(
        "| method | coverage | mean width | bias | simulations |\n|---|---|---|---|---|\n"
    )
    for name, rows in found.items():
        lower, estimate, upper = np.array(rows).T
        inside = np.mean((lower <= _MU) & (upper >= _MU))
        numbers = f"{inside:.3f} | {np.mean(upper - lower):.2f} | {np.mean(estimate) - _MU:+.2f}"
        sys.stdout.write(f"| {name} | {numbers} | {len(rows)} |\n")
    sys.stdout.write(f"\n{failed} without an answer.\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
