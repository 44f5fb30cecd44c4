"""One table: ours beside its rivals, how it grows, and where the time of a run goes.

Run from the repository's root: ``python tests/benchmarks/benchmark_rivals.py [--rounds 3]``.
It prints Markdown. Times are CPU seconds of this process (R's of its own), the fastest of some
rounds in which all take turns, so that ratios stand on any machine; fits by NUTS are compiled
before the clock starts, and ours is a refit likewise. Rivals, on Normand's nine trials:

- bare quadrature: 128 Gauss-Legendre nodes of tau, and nothing but mean and sd of mu;
- PyMARE and statsmodels: point estimates with an interval, no posterior;
- PyMC by hand, study effects integrated out or centred, by nutpie and by PyMC's own sampler;
- R's bayesmeta (half-normal prior) and metafor (REML), if ``Rscript`` and they are there.

Ours before labels and parsed texts were kept and a rule's first two steps evaluated together, in
turns with after, least and median on a loaded machine: fit + summary 24.2 and 28.1 ms, after 18.7
and 21.0; integrate 1.77 and 2.59, after 1.47 and 2.25. First of all they were 100 and 3.5.

Rivals are the dependency group ``benchmarks``; what is not installed is skipped by name.
"""

import argparse
import cProfile
import pstats
import re
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import find_spec
from io import StringIO
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

import bayesmeta as bm
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.sensitivity import leave_one_out, prior_sensitivity

PRIORS = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
PROPER = {"mu": "Normal(mu=0, sigma=10)", "tau": "HalfNormal(sigma=1)"}
NUTS = {"mu": "Normal(mu=0, sigma=100)", "tau": "HalfNormal(sigma=10)"}
BARE = "bare quadrature, 128 nodes"
NODE, WEIGHT = np.polynomial.legendre.leggauss(128)

type Call = Callable[[], object]


def fastest(calls: Mapping[str, Call], rounds: int) -> dict[str, float]:
    """Return CPU seconds of each call's fastest round; a first round warms up."""
    best = dict.fromkeys(calls, np.inf)
    for _ in range(rounds + 1):
        for name, call in calls.items():
            start = time.process_time()
            call()
            best[name] = min(best[name], time.process_time() - start)
    return best


def quadrature(estimate, variance):
    """Return mean and sd of mu under a flat prior and tau ~ HalfNormal(10): a textbook's loop."""
    tau = 50 * (NODE + 1)
    precision = 1 / (variance + tau[:, np.newaxis] ** 2)
    total = precision.sum(axis=1)
    mean = precision @ estimate / total
    misfit = (precision * (estimate - mean[:, np.newaxis]) ** 2).sum(axis=1)
    log = 0.5 * (np.log(precision).sum(axis=1) - np.log(total) - misfit - (tau / 10) ** 2)
    share = WEIGHT * np.exp(log - log.max())
    share /= share.sum()
    first = share @ mean
    return first, np.sqrt(share @ (1 / total + (mean - first) ** 2))


def point_estimates(estimate, variance) -> Iterator[tuple[str, Call]]:
    """Yield the classical rivals."""
    if find_spec("pymare"):
        from pymare import meta_regression

        design = pd.DataFrame({"y": estimate, "v": variance})
        yield (
            "PyMARE, DL",
            lambda: meta_regression("y", "v", data=design, method="DL").to_df(),
        )
    if find_spec("statsmodels"):
        from statsmodels.stats.meta_analysis import combine_effects

        yield (
            "statsmodels, DL",
            lambda: combine_effects(estimate, variance, method_re="dl").summary_frame(),
        )


def by_hand(estimate, variance) -> Iterator[tuple[str, Call]]:
    """Yield fits of models written in PyMC: 4 x 1000 draws, by each sampler that is there."""
    import pymc as pm

    error = np.sqrt(variance)
    with pm.Model() as marginal:
        mu, tau = pm.Normal("mu", 0, 100), pm.HalfNormal("tau", 10)
        pm.Normal("y", mu, pm.math.sqrt(tau**2 + variance), observed=estimate)
    with pm.Model() as centred:
        mu, tau = pm.Normal("mu", 0, 100), pm.HalfNormal("tau", 10)
        theta = pm.Normal("theta", mu, tau, shape=len(estimate))
        pm.Normal("y", theta, error, observed=estimate)
    for name, model in (("marginal", marginal), ("centred", centred)):
        if find_spec("nutpie"):
            import nutpie

            code = nutpie.compile_pymc_model(model)
            yield (
                f"PyMC by hand, {name}, nutpie",
                lambda code=code: nutpie.sample(
                    code, draws=1000, tune=1000, chains=4, cores=1, seed=1, progress_bar=False
                ),
            )
        yield f"PyMC by hand, {name}, own sampler", lambda model=model: own_sampler(model)


def own_sampler(model):
    """Return draws by PyMC's sampler, its compilation included: it keeps no compiled model."""
    import pymc as pm

    return pm.sample(1000, chains=4, cores=1, random_seed=1, nuts_sampler="pymc",
                     progressbar=False, model=model, compute_convergence_checks=False)  # fmt: skip


R_CODE = {
    "bayesmeta": "suppressMessages(library(bayesmeta)); f <- function() bayesmeta(y=y, "
    "sigma=sqrt(v), tau.prior=function(t) dhalfnormal(t, scale=10))",
    "metafor": "suppressMessages(library(metafor)); f <- function() rma(y, v)",
}


def in_r(estimate, variance) -> dict[str, float]:
    """Return CPU seconds of R's packages, timed inside R; nothing where they are not."""
    program = shutil.which("Rscript")
    if program is None:
        return {}
    found = {}
    y, v = (",".join(f"{value:.17g}" for value in array) for array in (estimate, variance))
    for package, code in R_CODE.items():
        timed = f"{code}; y <- c({y}); v <- c({v}); f(); cat(sum(system.time(f())[1:2]))"
        ran = subprocess.run(
            [program, "-e", timed], capture_output=True, text=True, check=False, timeout=300
        )
        number = re.search(r"[\d.e-]+$", ran.stdout)
        if ran.returncode == 0 and number:
            found[f"R {package}"] = float(number[0])
    return found


def rivals(rounds: int) -> Iterator[str]:
    """Yield the table of rivals."""
    effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    estimate, variance = effects.estimate, effects.standard_error**2
    from bayesmeta.assembly import assemble

    assembly, scales = assemble(effects, priors=PRIORS), iter(range(10**6))
    calls = {
        BARE: lambda: quadrature(estimate, variance),
        "ours: integrate": lambda: integrate_assembly(assembly),
        "ours: fit (exact) + summary": lambda: bm.summary(
            bm.fit(effects, priors=PRIORS, engine="exact")
        ),
        **dict(point_estimates(estimate, variance)),
    }
    slow = {
        "ours: refit by NUTS": lambda: bm.fit(
            effects, priors=NUTS | {"tau": f"HalfNormal(sigma={10 + next(scales) / 100})"}, cores=1
        ),
        **dict(by_hand(estimate, variance)),
    }
    found = fastest(calls, 10 * rounds) | fastest(slow, rounds) | in_r(estimate, variance)
    yield "| Normand 1999, k = 9 | CPU ms | of ours, fit + summary |"
    yield "|---|---:|---:|"
    whole = found["ours: fit (exact) + summary"]
    for name, spent in found.items():
        yield f"| {name} | {1e3 * spent:.4g} | {spent / whole:.3g} |"
    wanted = ("PyMARE", "statsmodels", "nutpie", "R bayesmeta", "R metafor")
    absent = [name for name in wanted if not any(name in key for key in found)]
    if absent:
        yield f"\nNot installed, and skipped: {', '.join(absent)}."


def made_up(count: int, slopes: int = 0):
    """Return effects of simulated studies, with columns x0, x1 ... for slopes."""
    generator = np.random.default_rng(count)
    error = generator.uniform(0.1, 1, count)
    table = {"study": [f"s{row}" for row in range(count)], "standard_error": error,
             "estimate": 0.5 + generator.normal(size=count) * np.sqrt(error**2 + 0.09)}  # fmt: skip
    table |= {f"x{column}": generator.normal(size=count) for column in range(slopes)}
    return bm.effect_sizes(bm.read_studies(pd.DataFrame(table)), measure="generic")


def study_table(effects):
    """Fit, and tabulate the study effects."""
    return bm.study_effects(bm.fit(effects, priors=PROPER, engine="exact"))


def named(count: int) -> dict[str, dict[str, str]]:
    """Return so many priors."""
    return {f"set {place}": {"tau": f"HalfNormal(sigma={1 + place})"} for place in range(count)}


def growths() -> dict[str, dict[int, Call]]:
    """Return calls by what grows, and by its size."""
    tables = {size: made_up(size) for size in (100, 1000, 10_000, 100_000)}
    slopes = {count: made_up(200, count) for count in (2, 4, 8, 16)}
    normand = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")

    def regression(count):
        formula = " + ".join(f"x{column}" for column in range(count))
        priors = PROPER | {"beta": "Normal(mu=0, sigma=1)"}
        return bm.fit(slopes[count], moderators=formula, priors=priors, engine="exact")

    return {
        "k, fit + study effects": {
            size: lambda size=size: study_table(tables[size]) for size in tables
        },
        "k, leave-one-out": {
            size: lambda size=size: leave_one_out(tables.get(size) or made_up(size), priors=PROPER)
            for size in (100, 1000)
        },
        "p, meta-regression of 200": {count: lambda p=count: regression(p) for count in slopes},
        "priors, prior_sensitivity": {
            count: lambda sets=sets: prior_sensitivity(normand, named=sets)
            for count, sets in ((count, named(count)) for count in (10, 100, 1000))
        },
    }


def growth(rounds: int) -> Iterator[str]:
    """Yield the table of growth, with exponents fitted on logs."""
    yield "| what grows | CPU seconds by size | exponent |"
    yield "|---|---|---:|"
    for name, calls in growths().items():
        found = fastest(calls, rounds)
        slope = np.polyfit(np.log(list(found)), np.log(list(found.values())), 1)[0]
        sizes = ", ".join(f"{size}: {spent:.3g}" for size, spent in found.items())
        yield f"| {name} | {sizes} | {slope:.2f} |"


def owner(path: str) -> str:
    """Return whose code a file is: a room of ours, or a package."""
    ours = re.search(r"/bayesmeta/(\w+)", path)
    other = re.search(r"site-packages/(\w+)", path)
    if ours and not other:
        return f"bayesmeta.{ours[1]}"
    return other[1] if other else "Python"


def run_shares() -> Iterator[str]:
    """Yield where the second run of an example spends its time, by whose code."""
    from bayesmeta.analysis import run

    for _ in range(2):  # the second one is told
        with TemporaryDirectory() as folder, redirect_stdout(StringIO()):
            profile = cProfile.Profile()
            profile.enable()
            run("examples/normand1999.toml", output=folder, force=True)
            profile.disable()
    spent: dict[str, float] = {}
    for (path, _, _), row in pstats.Stats(profile).stats.items():
        spent[owner(path)] = spent.get(owner(path), 0.0) + row[2]
    total = sum(spent.values())
    yield f"| `run` normand1999 in a warm process, {total:.1f} s under the profiler | share |"
    yield "|---|---:|"
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1])[:12]:
        yield f"| {name} | {100 * seconds / total:.0f} % |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    warnings.simplefilter("ignore")  # of rivals
    for part in (rivals(rounds), growth(rounds), run_shares()):
        with redirect_stderr(StringIO()):
            lines = list(part)
        print("\n".join(lines), end="\n\n")  # noqa: T201 -- a script


if __name__ == "__main__":
    main()
