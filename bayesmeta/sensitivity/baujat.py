"""Which studies make heterogeneity, and which move the pooled effect."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta.measures.effects import Effects
from bayesmeta.sensitivity.asking import Refitting, asked
from bayesmeta.sensitivity.leave_one_out import leave_one_out
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd


def baujat(
    effects: Effects, model: str | Path | ModelSpec | None = None, **asking: Unpack[Refitting]
) -> "pd.DataFrame":
    """Return each study's part in Cochran's Q, and how far its absence moves the effect.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`; or a posterior.
    **asking
        The question, and the model's other choices, as in `leave_one_out`.

    Returns
    -------
    DataFrame
        A row a study: ``q``, its term of Cochran's Q under a common effect (under the moderators,
        where there are any); ``q_share``, the same as a fraction of Q; ``influence``, the square
        of the shift of the quantity's median by its absence, in posterior SDs without it;
        ``shift``, the shift itself, with ``shift_error``.

    Raises
    ------
    AnalysisError
        If there are fewer than two studies.
    ImproperPosteriorError
        If the posterior without a study is improper.

    References
    ----------
    Baujat B, Mahe C, Pignon JP, Hill C (2002). A graphical method for exploring heterogeneity in
    meta-analyses. Stat Med 21(18):2641-2652. Their influence is that on a common effect; here it
    is that on the posterior.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> found = bm.baujat(effects, priors={"mu": "Normal(mu=0, sigma=100)"})
    >>> found["q_share"].idxmax(), round(float(found["q"].sum()), 1)
    ('Orpington-Moderate', 238.9)
    """
    import pandas as pd

    question, _ = asked(effects, model, {**asking})
    without = leave_one_out(effects, model, **asking)
    assembly = question.assembly
    q = _terms(assembly.effects, assembly.design)
    # Rows that are left out together have their terms summed.
    terms = pd.Series(assembly.blocks.sums(q), index=without.index)
    table = pd.DataFrame({
        "q": terms, "q_share": terms / max(float(terms.sum()), np.finfo(float).tiny),
        "influence": (without["shift"] / without["sd"]) ** 2,
        "shift": without["shift"], "shift_error": without["shift_error"],
    })  # fmt: skip
    table.index.name = without.index.name
    table.attrs = dict(without.attrs)
    return table


def _terms(effects: Effects, design: np.ndarray) -> np.ndarray:
    """Return (y - X b)² / s² at the weighted least squares b."""
    scale = 1 / effects.standard_error
    fitted = np.linalg.lstsq(design * scale[:, np.newaxis], effects.estimate * scale, rcond=None)[0]
    return np.asarray(((effects.estimate - design @ fitted) * scale) ** 2)
