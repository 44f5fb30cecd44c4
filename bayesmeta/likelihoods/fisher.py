"""Fisher's noncentral hypergeometric distribution: events of one arm, given those of both.

The log weights of all divisions of the events are summed from that of the observed one, so that
large tables lose no digits.

References
----------
Fisher RA (1935). The logic of inductive inference. J R Stat Soc 98:39-82. Stijnen T, Hamza TH,
Özdemir P (2010). Random effects meta-analysis of event outcome in the framework of the generalized
linear mixed model with applications in sparse data. Stat Med 29:3046-3067.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import Quantity

_BLOCK = 2**17  # points x divisions at a time: bounds memory


class Divisions(NamedTuple):
    """How the events of one study may fall on its arms.

    Parameters
    ----------
    events
        Those of treatment, shape (division,), ascending.
    log_weight
        Log of the ways there are, less that of the observed division; the same shape.
    observed
        The observed number.
    total
        Events of both arms.
    """

    events: FloatArray
    log_weight: FloatArray
    observed: float
    total: float

    @classmethod
    def of(cls, a: float, n1: float, c: float, n2: float) -> "Divisions":
        """Return those of a table: events and participants of treatment, then of control.

        Examples
        --------
        >>> Divisions.of(1, 2, 1, 2).events, np.exp(Divisions.of(1, 2, 1, 2).log_weight).round(4)
        (array([0., 1., 2.]), array([0.25, 1.  , 0.25]))
        """
        total = a + c
        events = np.arange(max(0.0, total - n2), min(n1, total) + 1)
        u = events[:-1]
        ratio = np.log((n1 - u) / (u + 1)) + np.log((total - u) / (n2 - total + u + 1))
        place = int(a - events[0])
        up = np.concatenate([[0.0], np.cumsum(ratio[place:])])
        down = -np.cumsum(ratio[:place][::-1])[::-1]
        return cls(events, np.concatenate([down, up]), a, total)

    def log_terms(self, theta: FloatArray) -> FloatArray:
        """Return the log of each division's share, but for a constant; (point, division)."""
        return self.log_weight + np.multiply.outer(theta, self.events - self.observed)

    def blocks(self, theta: FloatArray) -> Iterator[tuple[slice, FloatArray]]:
        """Yield the log terms of some points at a time."""
        size = max(1, _BLOCK // self.events.size)
        for start in range(0, theta.size, size):
            points = slice(start, start + size)
            yield points, self.log_terms(theta[points])


def divisions(data: Mapping[str, Quantity]) -> list[Divisions]:
    """Return the divisions of each study."""
    names = ("events_treatment", "n_treatment", "events_control", "n_control")
    table = np.array([np.asarray(data[name], dtype=float) for name in names])
    return [Divisions.of(*cells) for cells in table.T.tolist()]


def log_density(theta: FloatArray, data: Mapping[str, Quantity]) -> FloatArray:
    """Return log p(events of treatment | events of both, theta), shape (point, study)."""
    found = np.empty(theta.shape)
    for study, each in enumerate(divisions(data)):
        for points, terms in each.blocks(theta[:, study]):
            found[points, study] = -_log_sum(terms)
    return found


def below(theta: FloatArray, data: Mapping[str, Quantity]) -> FloatArray:
    """Return P(fewer events of treatment) + P(as many) / 2, given those of both."""
    found = np.empty(theta.shape)
    for study, each in enumerate(divisions(data)):
        share = (each.events < each.observed) + 0.5 * (each.events == each.observed)
        for points, terms in each.blocks(theta[:, study]):
            weight = np.exp(terms - np.max(terms, axis=1, keepdims=True))
            found[points, study] = weight @ share / weight.sum(axis=1)
    return found


def draw(
    theta: FloatArray, data: Mapping[str, Quantity], generator: np.random.Generator
) -> dict[str, FloatArray]:
    """Draw events of both arms given how many both have together, in the shape of theta."""
    treatment, control = np.empty(theta.shape), np.empty(theta.shape)
    for study, each in enumerate(divisions(data)):
        for points, terms in each.blocks(theta[:, study]):
            mass = np.cumsum(np.exp(terms - np.max(terms, axis=1, keepdims=True)), axis=1)
            level = generator.uniform(size=(len(mass), 1)) * mass[:, -1:]
            treatment[points, study] = each.events[np.sum(mass < level, axis=1)]
        control[:, study] = each.total - treatment[:, study]
    return {"events_treatment": treatment, "events_control": control}


def _log_sum(terms: FloatArray) -> FloatArray:
    peak = np.max(terms, axis=1)
    return np.asarray(peak + np.log(np.sum(np.exp(terms - peak[:, np.newaxis]), axis=1)))
