"""A model written by hand in PyMC, through bayesmeta's summaries and plots.

The heterogeneity is a Student-t with four degrees of freedom, so that one odd study pulls less.
The shelf has no such model, and needs none: a posterior whose variables have the names of
``bayesmeta.schema`` works with every summary and plot. What is defined for the normal-normal model
alone, weights and I², is left out, since the posterior does not say that it is of that model; and
tau is what the model makes of it: here the scale of the t, whose SD is sqrt(2) times as large.

    python examples/own_model.py --output results/own_model
"""

import argparse
from math import sqrt
from pathlib import Path

import pymc as pm

import bayesmeta as bm

HERE = Path(__file__).parent
NU = 4  # degrees of freedom of the study effects


def main() -> None:
    """Fit the model to Normand's stroke trials; print the summary and draw the forest plot."""
    parser = argparse.ArgumentParser(description="A hand-written model through bayesmeta.")
    parser.add_argument("--output", type=Path, default=Path("results/own_model"))
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)

    studies = bm.read_studies(HERE / "data" / "normand1999.csv")
    effects = bm.effect_sizes(studies, measure="MD", unit="days")

    with pm.Model(coords={"study": effects.labels}):
        standard_error = pm.Data("standard_error", effects.standard_error, dims="study")
        mu = pm.Normal("mu", 0, 100)  # days, as tau and theta
        tau = pm.HalfNormal("tau", 10)
        deviation = pm.StudentT("deviation", nu=NU, mu=0, sigma=1, dims="study")
        theta = pm.Deterministic("theta", mu + tau * deviation, dims="study")
        pm.Deterministic("theta_new", mu + tau * pm.StudentT("deviation_new", nu=NU, mu=0, sigma=1))
        pm.Normal("estimate", theta, standard_error, observed=effects.estimate, dims="study")
        posterior = pm.sample(
            draws=2000, tune=1000, chains=4, target_accept=0.99, random_seed=1, progressbar=False
        )

    posterior.attrs.update(measure="MD", unit="days", model="Student-t heterogeneity, by hand")
    print(bm.text(posterior, title="Length of stay, Student-t heterogeneity"))
    spread = sqrt(NU / (NU - 2)) * bm.quantile(posterior, "tau", [0.5, 0.025, 0.975])
    print("SD of study effects, tau x sqrt(2): {:.0f} [{:.0f} to {:.0f}] days".format(*spread))
    figure = bm.plot_forest(posterior, title="Length of stay, Student-t heterogeneity")
    print(bm.save_figure(figure, folder / "forest.png"))


if __name__ == "__main__":
    main()
