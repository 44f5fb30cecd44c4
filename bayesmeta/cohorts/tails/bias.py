"""What the cohorts' effect has more than the trials', at one node."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.cohorts.tails.node import Node
from bayesmeta.cohorts.tails.weighing import Apart, Way

_STEP, _LOOK, _REACH, _FAR = 0.42, 41, 9.0, 30.0
_TOGETHER, _LOWEST = 200_000, -1e300
"""Cells times biases that are summed together; a log that is that of nothing."""


def of_bias(node: Node, way: Way, apart: Apart) -> tuple[FloatArray, FloatArray]:
    """Return nodes of what the cohorts' effect has more than the trials', and log weights."""
    trials = node.trials + way.log_prior(node.effect)
    # Given the effect in trials: the cohorts' less that.
    more = apart.mean + (apart.ratio - 1) * node.effect
    ends = [node.cohort_effect[0] - node.effect[-1], node.cohort_effect[-1] - node.effect[0]]
    if np.isfinite(apart.sd):
        ends = [
            max(ends[0], more.min() - _REACH * apart.sd),
            min(ends[1], more.max() + _REACH * apart.sd),
        ]
    wide = 1 / (node.widths[0] ** 2 + node.widths[1] ** 2)
    step = _STEP / np.sqrt(wide + apart.sd**-2)

    def weighed(bias: FloatArray) -> FloatArray:
        count = int(np.ceil(bias.size * trials.size / _TOGETHER))
        return np.concatenate([_summed(each) for each in np.array_split(bias, count)])

    def _summed(bias: FloatArray) -> FloatArray:
        own = node.cohorts_at(node.effect + bias[:, np.newaxis])
        own -= 0.5 * ((bias[:, np.newaxis] - more) / apart.sd) ** 2
        own += trials[:, np.newaxis]
        top = np.maximum(own.max(axis=(0, 2), keepdims=True), _LOWEST)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(np.exp(own - top).sum(axis=(0, 2))) + top[0, :, 0])

    rough = np.linspace(ends[0], ends[1], _LOOK)
    value = weighed(rough)
    there = rough[value >= value.max() - _FAR]
    low, high = there[0] - (rough[1] - rough[0]), there[-1] + (rough[1] - rough[0])
    bias = np.linspace(low, high, max(int(np.ceil((high - low) / step)), 8) + 1)
    return bias, weighed(bias)
