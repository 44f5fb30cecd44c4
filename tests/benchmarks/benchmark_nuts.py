"""Our NUTS against hand-written PyMC on Normand's trials: cold, refitted, in the next process.

Run it by itself: ``python tests/benchmarks/benchmark_nuts.py [--repeats 3]``. Each fit has a
process of its own with empty caches of PyTensor and Numba; its clock starts before the first
import and stops with 4 x 1000 draws in hand. Rivals are what a textbook writes: non-centred,
``pm.sample`` with 4 x 1000 draws, with PyMC's own sampler and with nutpie. At the end the whole
command line, in processor seconds: first with empty caches, then again.

The next process took 5.5 s before its callback was kept and 2.37 with it, least of turns on a quiet
machine. Of those 0.5 are ArviZ's arrays, which import SciPy's statistics and signals: with R-hat
and effective draws of our own it took 1.85, which was dropped. On a machine under load, where it
took 3.09, importing typer, xarray, PyMC and nutpie (without ArviZ) takes 1.56, and 2.05 with the
first callback of Numba's.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]

OURS = """
import time
clock = time.perf_counter()
import json
import bayesmeta as bm
studies = bm.read_studies("examples/data/normand1999.csv")
effects = bm.effect_sizes(studies, measure="MD")
priors = {"mu": "Normal(mu=0, sigma=100)", "tau": "HalfNormal(sigma=10)"}
posterior = bm.fit(effects, priors=priors, seed=SEED)
first = time.perf_counter() - clock
clock = time.perf_counter()
bm.fit(effects, priors=priors | {"tau": "HalfNormal(sigma=5)"}, seed=SEED)
refit = time.perf_counter() - clock
draws = posterior["posterior"]["mu"].to_numpy()
diverging = int(posterior["sample_stats"]["diverging"].sum())
"""

RIVAL = """
import time
clock = time.perf_counter()
import json
import numpy as np
import pymc as pm
estimate = np.array([-20.0, -2, -55, -71, -4, 1, 11, -10, 7])
n = np.array([[155, 31, 75, 18, 8, 57, 34, 110, 60], [156, 32, 71, 18, 13, 52, 33, 183, 52]])
sd = np.array([[47, 7, 17, 20, 8, 7, 45, 16, 27], [64, 4, 29, 48, 11, 4, 34, 27, 20]])
standard_error = np.sqrt((sd**2 / n).sum(axis=0))
with pm.Model():
    mu = pm.Normal("mu", 0, 100)
    tau = pm.HalfNormal("tau", 10)
    z = pm.Normal("z", 0, 1, shape=9)
    theta = pm.Deterministic("theta", mu + tau * z)
    pm.Normal("y", theta, standard_error, observed=estimate)
    trace = pm.sample(1000, chains=4, random_seed=SEED, nuts_sampler=SAMPLER, progressbar=False)
first = time.perf_counter() - clock
refit = None
draws = trace.posterior["mu"].to_numpy()
diverging = int(trace.sample_stats["diverging"].sum())
"""

REPORT = """
from arviz_stats.base import array_stats
ess = float(array_stats.ess(draws, method="bulk"))
print(json.dumps({"seconds": first, "refit": refit, "ess": ess, "diverging": diverging}))
"""

FITS = {
    "ours": OURS,
    "hand-written, PyMC's sampler": RIVAL.replace("SAMPLER", '"pymc"'),
    "hand-written, nutpie": RIVAL.replace("SAMPLER", '"nutpie"'),
}


def cold_run(code: str, *, seed: int) -> dict:
    """Return what a fit reports from a fresh process with empty caches."""
    with tempfile.TemporaryDirectory() as folder:
        caches = {
            "PYTENSOR_FLAGS": f"base_compiledir={folder}/pytensor",
            "NUMBA_CACHE_DIR": f"{folder}/numba",
        }
        ran = subprocess.run(
            [sys.executable, "-c", code.replace("SEED", str(seed)) + REPORT],
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, **caches},
        )
    if ran.returncode:
        sys.exit(ran.stderr)
    return json.loads(ran.stdout.strip().split("\n")[-1])


def measured(repeats: int) -> dict[str, dict[str, float]]:
    """Return medians over runs, taken in turn so that all see the same machine."""
    runs = {name: [] for name in FITS}
    for seed in range(1, repeats + 1):
        for name, code in FITS.items():
            runs[name].append(cold_run(code, seed=seed))
    return {
        name: {key: median(run[key] or 0 for run in several) for key in several[0]}
        for name, several in runs.items()
    }


def report(found: dict[str, dict[str, float]]) -> list[str]:
    """Return a line a fit, then the ratios with what is asked of them."""
    lines = [f"{'cold fit':<30}{'seconds':>9}{'ESS mu':>8}{'ESS/s':>8}{'diverging':>11}"]
    for name, one in found.items():
        numbers = f"{one['seconds']:>9.2f}{one['ess']:>8.0f}{one['ess'] / one['seconds']:>8.1f}"
        lines.append(f"{name:<30}{numbers}{one['diverging']:>11.0f}")
    ours = found["ours"]
    for name, rival in list(found.items())[1:]:
        time = ours["seconds"] / rival["seconds"]
        rate = ours["ess"] / rival["ess"] / time
        lines.append(f"against {name}: {time:.2f} times the time (at most 1.5), "
                     f"{rate:.1f} times the ESS/s (at least 5)")  # fmt: skip
    faster = ours["seconds"] / ours["refit"]
    lines.append(
        f"refit, other prior: {ours['refit']:.3f} s, {faster:.0f} times faster (at least 15)"
    )
    return lines


COMMAND = (
    "-m", "bayesmeta", "fit", "examples/data/normand1999.csv", "--measure", "MD", "--prior",
    "mu=Normal(mu=0, sigma=100)", "--prior", "tau=HalfNormal(sigma=10)", "--engine", "nuts",
)  # fmt: skip
IMPORTS = ("-c", "import pymc, nutpie")


def processor_seconds(arguments: tuple[str, ...], environment: dict[str, str]) -> float:
    """Return what a process of Python takes of the processor, all its threads together."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=nowhere,
                                   stderr=nowhere, env={**os.environ, **environment})  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{arguments} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def next_process(repeats: int) -> list[str]:
    """Return a line on the whole command: the first process, and the median of the next ones."""
    with tempfile.TemporaryDirectory() as folder:
        caches = {"PYTENSOR_FLAGS": f"base_compiledir={folder}"}
        first = processor_seconds(COMMAND, caches)
        later = [
            (processor_seconds(COMMAND, caches), processor_seconds(IMPORTS, caches))
            for _ in range(repeats)
        ]
    ours, imports = (median(column) for column in zip(*later, strict=True))
    whole = f"whole command: {first:.1f} CPU s, in the next process {ours:.1f} (at most 3)"
    return [f"{whole}, {ours / imports:.2f} times `import pymc, nutpie`"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args().repeats
    print("\n".join([*report(measured(asked)), *next_process(asked)]))  # noqa: T201  (a script)
