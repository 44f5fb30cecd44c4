"""Posteriors made by hand for the tests, by the names of `schema` alone."""

import json

import numpy as np
import xarray as xr

from bayesmeta.catalogue import load_model
from bayesmeta.spec import model_to_toml

NORMAND = {
    "source": "Normand (1999), Stat Med 18:321-359, Table II; unpooled mean differences, days",
    "study": (
        "Edinburgh", "Orpington-Mild", "Orpington-Moderate", "Orpington-Severe",
        "Montreal-Home", "Montreal-Transfer", "Newcastle", "Umea", "Uppsala",
    ),
    "n_treatment": (155, 31, 75, 18, 8, 57, 34, 110, 60),
    "mean_treatment": (55, 27, 64, 66, 14, 19, 52, 21, 30),
    "sd_treatment": (47, 7, 17, 20, 8, 7, 45, 16, 27),
    "n_control": (156, 32, 71, 18, 13, 52, 33, 183, 52),
    "mean_control": (75, 29, 119, 137, 18, 18, 41, 31, 23),
    "sd_control": (64, 4, 29, 48, 11, 4, 34, 27, 20),
}  # fmt: skip


def normand():
    """Return labels, mean differences and standard errors of Normand's nine trials."""
    table = {name: np.array(values) for name, values in NORMAND.items() if name != "source"}
    variance = (
        table["sd_treatment"] ** 2 / table["n_treatment"]
        + table["sd_control"] ** 2 / table["n_control"]
    )
    estimate = (table["mean_treatment"] - table["mean_control"]).astype(float)
    return list(NORMAND["study"]), estimate, np.sqrt(variance)


def posterior(labels, estimate, error, *, prior_sd=10.0, draws=1000, seed=1, **attrs):
    """Return a sampled posterior: tau ~ HalfNormal(prior_sd), flat mu, by a grid over tau."""
    generator = np.random.default_rng(seed)
    tau = _tau(estimate, error, prior_sd=prior_sd, size=4 * draws, generator=generator)
    weight = 1 / (error**2 + tau[:, None] ** 2)
    precision = weight.sum(axis=1)
    mu = weight @ estimate / precision + generator.normal(size=tau.size) / np.sqrt(precision)
    shrink = tau[:, None] ** 2 * weight
    noise = generator.normal(size=shrink.shape) * np.sqrt(shrink) * error
    theta = mu[:, None] + shrink * (estimate - mu[:, None]) + noise
    new = mu + tau * generator.normal(size=tau.size)
    return tree(labels, estimate, error, mu=mu, tau=tau, theta=theta, theta_new=new,
                share=(weight / precision[:, None]).mean(axis=0), attrs=attrs)  # fmt: skip


def tree(  # noqa: PLR0913 - the parts of a posterior, each by its name
    labels, estimate, error, *, mu, tau, theta, theta_new, share, attrs
):
    """Return draws as a DataTree of four chains with data, weights and attributes."""
    shape = (4, mu.size // 4)
    two, three = ("chain", "draw"), ("chain", "draw", "study")
    variables = {
        "mu": (two, mu.reshape(shape)), "tau": (two, tau.reshape(shape)),
        "theta_new": (two, theta_new.reshape(shape)),
        "theta": (three, theta.reshape(*shape, len(labels))),
    }  # fmt: skip
    study = {"study": list(labels)}
    groups = {
        "posterior": xr.Dataset(
            variables, coords={"chain": range(4), "draw": range(shape[1]), **study}
        ),
        "observed_data": xr.Dataset({"estimate": ("study", estimate)}, coords=study),
        "constant_data": xr.Dataset({"standard_error": ("study", error)}, coords=study),
        "weights": xr.Dataset({"weight": ("study", share), "prior_weight": 0.0}, coords=study),
    }
    result = xr.DataTree.from_dict(groups)
    standard = {
        "measure": "MD", "unit": "days", "outcome": "", "model": "random-effects",
        "engine": "nuts", "seed": 1, "formula": "",
        "specification": model_to_toml(load_model("random-effects")),
        "priors": json.dumps({"mu": "flat", "tau": "HalfNormal(sigma=10)"}),
        "diagnostics": json.dumps({"ok": True, "messages": []}),
    }  # fmt: skip
    result.attrs = standard | attrs
    return result


def _tau(estimate, error, *, prior_sd, size, generator):
    grid = np.linspace(1e-3, 8 * prior_sd, 4000)
    weight = 1 / (error**2 + grid[:, None] ** 2)
    precision = weight.sum(axis=1)
    mean = weight @ estimate / precision
    spread = (weight * (estimate - mean[:, None]) ** 2).sum(axis=1)
    log = 0.5 * (np.log(weight).sum(axis=1) - np.log(precision) - spread)
    log -= 0.5 * (grid / prior_sd) ** 2
    mass = np.exp(log - log.max())
    return generator.choice(grid, size=size, p=mass / mass.sum())
