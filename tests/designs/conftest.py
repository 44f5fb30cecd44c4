"""Tables of trials beside cohorts, and what fits to them say."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bayesmeta.assembly import assemble
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies

DATA = Path(__file__).parents[2] / "examples" / "data"


@pytest.fixture(scope="session")
def tnf():
    """Six simulated trials beside six simulated cohorts: TNF-alpha in pg/mL."""
    table = read_studies(DATA / "rtms_SIMULATED.csv")
    return effect_sizes(table, measure="MD", outcome="TNF-alpha")


@pytest.fixture(scope="session")
def sized():
    """Return a function that makes effects of estimates, standard errors and designs."""

    def effects(estimate, error, design, **columns):
        table = pd.DataFrame(
            {
                "study": [f"s{place}" for place in range(len(estimate))],
                "estimate": estimate,
                "standard_error": error,
                "design": design,
                "n": np.full(len(estimate), 60),
                **columns,
            }
        )
        return effect_sizes(read_studies(table), measure="generic")

    return effects


@pytest.fixture(scope="session")
def solved():
    """Return a function that integrates a model: the assembly, and the posterior."""

    def integral(effects, model, priors, **choices):
        roles = {name: str(word) for name, word in choices.items()}
        assembly = assemble(effects, model, priors=priors, roles=roles)
        return assembly, integrate_assembly(assembly)

    return integral


@pytest.fixture(scope="session")
def numbers():
    """Return a function that gives mean, sd and five quantiles of mu."""

    def of(assembly, integral):
        mu = integral.combination(np.eye(len(assembly.coefficients))[0])
        levels = np.array([0.025, 0.25, 0.5, 0.75, 0.975])
        return np.concatenate([mu.mean(), mu.sd(), mu.quantile(levels)[0]])

    return of
