"""Time `duration`: all shapes, tables and figures, beside the evidences of its curves alone.

Run as a script from the repository's root. All times are CPU seconds of one run, the two taken in
turns, so that the ratios stand on any machine. The rivals give less than a tenth of the numbers:
the evidence of every curve, one curve at a time; and one shape's evidence by enumeration of all
weeks that two missing durations may have, at as many values of tau.

Before and after quantiles of an averaged tau were sought by its slope, in turns, least and median
on a loaded machine: TNF-alpha 0.51 and 0.55 s, then 0.46 and 0.49; bangertdrowns2004 2.90 and
3.25, then 2.84 and 2.93. First of all they were 3.5 and 16. The first call of a process also
imports SciPy's statistics for the points that shares explained are drawn from, 0.3 s.
"""

import time

import numpy as np
from scipy.stats import truncnorm

import bayesmeta as bm
from bayesmeta.duration_response.candidates import choose, curves_of
from bayesmeta.duration_response.design import problem_of
from bayesmeta.duration_response.others import locate_others
from bayesmeta.duration_response.scales import resolve_scales
from bayesmeta.duration_response.weeks import read_durations
from bayesmeta.engines.quadrature import integrate

AIMS = {"TNF-alpha, SIMULATED": 0.5, "bangertdrowns2004": 3.0}
ROUNDS, NODES, TAUS = 5, 40, 60


def tables():
    """Return the two tables by name: 12 studies; 48 of which two give no duration."""
    simulated = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    real = bm.read_studies("examples/data/bangertdrowns2004.csv")
    return {
        "TNF-alpha, SIMULATED": bm.effect_sizes(simulated, measure="MD", outcome="TNF-alpha"),
        "bangertdrowns2004": bm.effect_sizes(real, measure="generic"),
    }


def evidences(effects):
    """Return the log evidence of every curve, each integrated by itself."""
    durations = read_durations(effects, "duration_weeks")
    others = locate_others(effects, None, durations)
    scales = resolve_scales(effects, durations, others, None)
    names, _ = choose(None, durations.observed)
    found = []
    for name in names:
        curves = curves_of(name, durations)
        for place in range(len(curves.weight)):
            one = curves.take(np.arange(len(curves.weight)) == place)
            problem = problem_of(effects, durations, one, others, scales)
            found.append(integrate(problem, tolerance=1e-4).log_marginal_likelihood[0])
    return found


def enumerated(effects):
    """Return log p(y) under a straight line, all pairs of weeks enumerated; half-Cauchy tau."""
    weeks, error = effects.studies["duration_weeks"], effects.standard_error
    logs = np.log(weeks[np.isfinite(weeks)])
    node, weight = np.polynomial.legendre.leggauss(NODES)
    at = logs.min() + np.ptp(logs) * (node + 1) / 2
    ends = (np.array([logs.min(), logs.max()]) - logs.mean()) / logs.std(ddof=1)
    share = np.ptp(logs) / 2 * weight * truncnorm.pdf(at, *ends, logs.mean(), logs.std(ddof=1))
    pairs = np.stack(np.meshgrid(np.exp(at), np.exp(at)), axis=-1).reshape(-1, 2)
    every = np.tile(weeks, (len(pairs), 1))
    every[:, np.isnan(weeks)] = pairs
    design = np.stack([np.ones_like(every), every], axis=-1)
    tau, total = np.geomspace(1e-4, 10, TAUS), []
    for value in tau:
        variance = error**2 + value**2
        whole = np.einsum("nip,i,niq->npq", design, 1 / variance, design) + np.eye(2)
        moment = np.einsum("nip,i->np", design, effects.estimate / variance)
        mean = np.linalg.solve(whole, moment[..., np.newaxis])[..., 0]
        misfit = ((effects.estimate - np.einsum("nip,np->ni", design, mean)) ** 2 / variance).sum(1)
        mass = -0.5 * (np.linalg.slogdet(whole)[1] + misfit + np.log(variance).sum())
        total.append(np.logaddexp.reduce(mass + np.log(np.outer(share, share).ravel())))
    return np.logaddexp.reduce(total)


def seconds(call):
    """Return the CPU seconds of a call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def main():
    """Print both times of both tables, their ratio, and the aim."""
    rivals = {"TNF-alpha, SIMULATED": evidences, "bangertdrowns2004": enumerated}
    for name, effects in tables().items():
        calls = (lambda e=effects: bm.duration(e), lambda e=effects, r=rivals[name]: r(e))
        rounds = [[seconds(call) for call in calls] for _ in range(ROUNDS)]
        ours, theirs = np.min(rounds, axis=0)
        said = f"duration {ours:.2f} s (aim {AIMS[name]}), rival {theirs:.2f} s"
        print(f"{name}: {said}, ratio {ours / theirs:.2f}")  # noqa: T201 -- a script


if __name__ == "__main__":
    main()
