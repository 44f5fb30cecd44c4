"""P(benefit) along a prior's scale: what a tipping point is a point of."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta.measures.effects import Effects
from bayesmeta.refits.exact import refit_priors
from bayesmeta.sensitivity.answerable import require_closed, require_few
from bayesmeta.sensitivity.numbers import p_benefit
from bayesmeta.sensitivity.posing import Asking, ask
from bayesmeta.sensitivity.prior_sensitivity import attributes
from bayesmeta.sensitivity.scale_axes import HYPERPARAMETERS, REACH, points, scale_axes
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd

_POINTS = 121


def tipping_curve(
    effects: Effects, model: str | Path | ModelSpec | None = None, **asking: Unpack[Asking]
) -> "pd.DataFrame":
    """Return P(benefit) along the scale of the coefficient's prior, and of the first tau's.

    Scales go as far as `tipping_point` looks, a thousandth to a thousand times the data's own.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    **asking
        The question, and the model's other choices: ``help("bayesmeta.sensitivity.ask")``.

    Returns
    -------
    DataFrame
        Long: ``prior_of``, ``scale``, ``in_base`` (as `tipping_point`), ``p_benefit``, ``own``
        (whether it is the analysis' own prior).

    Raises
    ------
    AnalysisError, ModelError, PriorError, StudiesError
        If the question cannot be used.

    Examples
    --------
    Specialist stroke care (Normand 1999): no prior on mu that is centred at 0 makes benefit
    surer than 0.948.

    >>> import bayesmeta as bm
    >>> from bayesmeta.sensitivity import tipping_curve
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> curve = tipping_curve(effects)
    >>> curve.groupby("prior_of")["p_benefit"].max().round(3).to_dict()
    {'mu': 0.948, 'tau': 0.94}
    """
    import pandas as pd

    question = ask(effects, model, **asking)
    question.require_null("tipping_curve")
    require_closed(question.assembly, "tipping_curve")
    require_few(question.assembly, "tipping_curve", most=HYPERPARAMETERS)
    own, count = dict(question.assembly.priors), points(question, _POINTS)
    parts = []
    for axis in scale_axes(question):
        scales = axis.base * np.geomspace(1 / REACH, REACH, count)
        known = np.isfinite(axis.own)
        scales = np.unique(np.append(scales, axis.own)) if known else scales
        priors = [{**own, axis.parameter: axis.member(scale)} for scale in scales]
        probability = p_benefit(
            refit_priors(question.assembly, priors, coefficients_alone=True), question
        )
        parts.append(pd.DataFrame({
            "prior_of": axis.parameter, "scale": scales, "in_base": scales / axis.base,
            "p_benefit": probability, "own": scales == axis.own,
        }))  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    table.attrs = attributes(question)
    return table
