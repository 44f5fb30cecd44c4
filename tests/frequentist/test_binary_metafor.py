"""Mantel-Haenszel and Peto against metafor on tables of metadat, number by number."""

import json
from pathlib import Path

import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.frequentist import mantel_haenszel, peto

METAFOR = json.loads(
    (Path(__file__).parents[1] / "reference" / "binary_pooling.json").read_text(encoding="utf-8")
)["tables"]
FITS = [(name, fit) for name, entry in METAFOR.items() for fit in entry["fits"]]


def of_metadat(name, measure):
    """Return the effects of a table of R's metadat, as `effect_sizes` makes them."""
    columns = METAFOR[name]["table"]
    labels = [f"study {row}" for row in range(len(columns["events_treatment"]))]
    frame = pd.DataFrame({"study": labels, **columns})
    return bm.effect_sizes(bm.read_studies(frame), measure)


@pytest.mark.parametrize(
    ("name", "expected"), FITS, ids=[f"{n}-{f['method']}-{f['measure']}" for n, f in FITS]
)
def test_every_number_is_metafors(name, expected):
    """rma.mh() and rma.peto() with their defaults, zeros and double zeros too, to 1e-10.

    Estimate, error, limits, p, and Q with its degrees of freedom, p and I2; how they were made
    stands in binary_pooling.R.
    """
    pooling = peto if expected["method"] == "Peto" else mantel_haenszel
    fit = pooling(of_metadat(name, expected["measure"]))

    found = {
        "estimate": fit.mu, "se": fit.mu_se, "lower": fit.lower[0], "upper": fit.upper[0],
        "p": fit.p[0], "Q": fit.Q, "Q_df": fit.Q_df, "Q_p": fit.Q_p, "I2": fit.I2,
    }  # fmt: skip
    assert found == pytest.approx({name: expected[name] for name in found}, rel=1e-10)


@pytest.mark.parametrize(
    ("name", "printed"),
    [("egger2001", 55.802), ("collins1985b", 29.342), ("nielweise2007", 18.735)],
)
def test_petos_q_is_as_printed(name, printed):
    """Three digits of Peto's heterogeneity statistic, egger2001 among them."""
    assert round(peto(of_metadat(name, "OR")).Q, 3) == printed
