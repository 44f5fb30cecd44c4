"""How probable each side of no effect is, in the words of a figure."""

import numpy as np

from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.own_scale import read_as
from bayesmeta.summaries.tails import distance
from bayesmeta.summaries.view import View


def side_words(
    view: View, quantity: str, difference: float | None = None
) -> tuple[list[str], list[str]]:
    """Return what stands at the left and at the right of no effect: probabilities.

    Parameters
    ----------
    difference
        Minimal important difference: how probable more than it is, to either side.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> view = View(bm.fit(effects, priors=priors, engine="exact"))
    >>> side_words(view, "mu", 3.0)
    (['P(< 0) = 0.9751', 'P(< −3) = 0.944'], ['P(> 0) = 0.0249', 'P(> 3) = 0.010'])
    """  # noqa: RUF002
    away = None if difference is None else distance(view.word("measure"), difference)
    points = np.array([0.0, *([] if away is None else [-away, away])])
    found = view.quantity(quantity)
    below, error = found.cdf(points), found.cdf_error(points)
    said = [_shown(view, quantity, point) for point in points]
    left = [_says("<", said[0], below[0], error[0])]
    right = [_says(">", said[0], 1 - below[0], error[0])]
    if away is not None:
        left.append(_says("<", said[1], below[1], error[1]))
        right.append(_says(">", said[2], 1 - below[2], error[2]))
    return left, right


def _says(sign: str, point: str, probability: float, error: float) -> str:
    shown = digits.probability(float(probability), float(error))
    return f"P({sign} {point}) {shown if shown[:1] in '<>' else f'= {shown}'}"


def _shown(view: View, quantity: str, point: float) -> str:
    effect = wording.is_effect(quantity)
    value = read_as(view.word("measure"), float(point)) if effect else float(point)
    return f"{value:.3g}".replace("-", digits.MINUS)
