"""Coverage of mu where three rows a study share patients: the naive analysis and the others.

Run as a script, with the number of simulations a design (default 300), a seed (default 1) and, to
run some methods alone, a part of their names. It prints the table of .github/COVERAGE.md, and how
long it took; the tables are the same whatever is run.

The truth: k studies of three rows with the same standard error, sampling errors of one study
correlated by 0.6, mu = 0.3, and heterogeneity of 0.2 either by row (independent effects) or by
study (one effect for its rows). Standard errors are drawn anew from 0.1 to 0.4 in each simulation.

With three hyperparameters an integral takes seconds: there rho is integrated by Gauss-Legendre
around integrals over the two taus, on the nodes of the first where they serve, which gives the ends
of intervals to 0.001.
"""

import sys
import time
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import optimize

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.integration import integrate_as, integrate_assembly
from bayesmeta.engines.quadrature import Integral
from bayesmeta.measures.effects import Effects

MU, TAU, RHO, ROWS, LEVEL = 0.3, 0.2, 0.6, 3, 0.95
ENDS = np.array([0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
NODES = 6
"""Of rho, where it is integrated around."""
HALF = "HalfNormal(sigma=0.5)"
PRIORS = {"mu": "Normal(mu=0, sigma=1)", "tau": HALF}
CLUSTERED = "correlated, tau by study and within"
METHODS = {
    "naive: all rows independent": ("random-effects", {}),
    "nested": ("nested", {"tau_within": HALF}),
    "correlated, rho unknown": ("correlated", {}),
    "correlated, rho = 0.3": ("correlated", {"rho_within": 0.3}),
    "correlated, rho = 0.6": ("correlated", {"rho_within": 0.6}),
    "correlated, rho = 0.9": ("correlated", {"rho_within": 0.9}),
    f"{CLUSTERED}, rho unknown": ("clustered", {"tau_within": HALF}),
    f"{CLUSTERED}, rho = 0.3": ("clustered", {"tau_within": HALF, "rho_within": 0.3}),
    f"{CLUSTERED}, rho = 0.6": ("clustered", {"tau_within": HALF, "rho_within": 0.6}),
    f"{CLUSTERED}, rho = 0.9": ("clustered", {"tau_within": HALF, "rho_within": 0.9}),
}
MODELS = {
    "random-effects": ("random-effects", {}),
    "nested": ("nested", {"cluster": "trial"}),
    "correlated": ("correlated", {"trial": "trial"}),
    "clustered": ("correlated", {"trial": "trial", "cluster": "trial"}),
}
"""Of each method, the model and what is named for its roles."""
CR2 = "REML + CR2, working rho = 0.8"


def simulated(k: int, generator: np.random.Generator, *, by_study: bool) -> pd.DataFrame:
    """Return one table."""
    error = np.repeat(generator.uniform(0.1, 0.4, k), ROWS)
    shared = np.repeat(generator.normal(size=k), ROWS)
    noise = np.sqrt(RHO) * shared + np.sqrt(1 - RHO) * generator.normal(size=k * ROWS)
    effect = (
        np.repeat(generator.normal(MU, TAU, k), ROWS)
        if by_study
        else generator.normal(MU, TAU, k * ROWS)
    )
    trial = np.repeat([f"t{place}" for place in range(k)], ROWS)
    return pd.DataFrame({"study": [f"r{row}" for row in range(k * ROWS)], "trial": trial,
                         "estimate": effect + error * noise, "standard_error": error})  # fmt: skip


def interval(effects: Effects, kind: str, priors: dict[str, str | float]) -> np.ndarray:
    """Return the central interval of mu."""
    if kind == "clustered" and "rho_within" not in priors:
        return over_rho(effects, priors)
    found = integral(effects, kind, priors).combination(np.ones(1))
    return np.asarray(found.quantile(ENDS))[0]


def integral(
    effects: Effects, kind: str, priors: dict[str, str | float], like: Integral | None = None
) -> Integral:
    """Return the posterior, on the nodes of one that is known where they serve."""
    model, roles = MODELS[kind]
    posed = assemble(effects, model, priors={**PRIORS, **priors}, roles=roles)
    return integrate_assembly(posed) if like is None else integrate_as(posed, like)


def over_rho(effects: Effects, priors: dict[str, str | float]) -> np.ndarray:
    """Return the interval with rho integrated over its uniform prior, from -1/2 to 1."""
    nodes, weight = np.polynomial.legendre.leggauss(NODES)
    least = -1 / (ROWS - 1)
    asked = [{**priors, "rho_within": one} for one in (1 + least + (1 - least) * nodes) / 2]
    middle = integral(effects, "clustered", asked[NODES // 2])
    found = [integral(effects, "clustered", each, middle) for each in asked]
    evidence = np.array([float(each.log_marginal_likelihood[0]) for each in found])
    known = [each.combination(np.ones(1)) for each in found]
    share = weight * np.exp(evidence - evidence.max())
    share /= share.sum()

    def above(x: float, p: float) -> float:
        return float(sum(w * np.squeeze(mu.cdf(x)) for w, mu in zip(share, known, strict=True))) - p

    far = MU + 10 * np.array([-1, 1])
    return np.array([optimize.brentq(above, *far, args=(p,), xtol=1e-5) for p in ENDS])


def classical(effects: Effects) -> np.ndarray:
    """Return the cluster-robust interval of REML at a working correlation of 0.8."""
    priors = {**PRIORS, "rho_within": 0.8}
    rows = bm.compare(effects, "correlated", priors=priors, trial="trial").set_index("method")
    return rows.loc["REML+CR2", ["lower", "upper"]].to_numpy(float)


def covered(
    k: int, simulations: int, seed: int, *, by_study: bool, asked: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Return coverage and mean width of each method's interval."""
    generator = np.random.default_rng([seed, k, by_study])
    ends: dict[str, list[np.ndarray]] = {name: [] for name in asked}
    for _ in range(simulations):
        table = simulated(k, generator, by_study=by_study)
        effects = bm.effect_sizes(bm.read_studies(table), "MD", repeated=True)
        for name in asked:
            known = classical(effects) if name == CR2 else interval(effects, *METHODS[name])
            ends[name].append(known)
    both = {name: np.array(each) for name, each in ends.items()}
    return {
        name: (np.mean((each[:, 0] <= MU) & (each[:, 1] >= MU)), np.mean(np.ptp(each, axis=1)))
        for name, each in both.items()
    }


def main() -> None:
    """Print the table."""
    simulations = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    part = sys.argv[3] if len(sys.argv) > 3 else ""
    asked = [name for name in (*METHODS, CR2) if part in name]
    started, designs = time.perf_counter(), [(k, by) for by in (True, False) for k in (6, 12)]
    found = {}
    for k, by in designs:
        found[k, by] = covered(k, simulations, seed, by_study=by, asked=asked)
        seconds = time.perf_counter() - started
        sys.stderr.write(f"k = {k}, by study {by}: {seconds:.0f} s, {found[k, by]}\n")
    heads = [f"k = {k}, tau by {'study' if by else 'row'}" for k, by in designs]
    lines = [f"| {simulations} simulations | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}"]
    for name in asked:
        each = [found[design][name] for design in designs]
        cells = [f"{100 * share:.1f} % ({width:.2f})" for share, width in each]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
