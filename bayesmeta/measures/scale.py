"""A scale that estimates are reported on, beside the one they are pooled on."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray


class Scale(NamedTuple):
    """How estimates get from one scale to the other.

    Parameters
    ----------
    as_reported, as_pooled
        What they are called in a choice.
    words
        What estimates are on either.
    forward
        The function from the first to the second.
    """

    as_reported: str
    as_pooled: str
    words: tuple[str, str]
    forward: np.ufunc

    def slope(self, estimate: FloatArray) -> FloatArray:
        """Return the derivative of ``forward`` at estimates on the scale they are reported on.

        Examples
        --------
        >>> RATIOS.slope(np.array([0.5])), CORRELATIONS.slope(np.array([0.5])).round(4)
        (array([2.]), array([1.3333]))
        """
        return 1 / estimate if self.forward is np.log else 1 / ((1 - estimate) * (1 + estimate))


RATIOS = Scale("natural", "log", ("ratios", "logarithms of ratios"), np.log)
CORRELATIONS = Scale("r", "z", ("correlations", "Fisher's z"), np.arctanh)
