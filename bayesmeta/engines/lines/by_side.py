"""How effects lie around their centres, by the side of the design that a study is on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.components import Side
from bayesmeta.engines.lines.deviations import Deviations
from bayesmeta.engines.lines.mixing import Mixing
from bayesmeta.engines.lines.points import Points
from bayesmeta.engines.lines.widened import WidenedKernel
from bayesmeta.engines.lines.widening import SHARE, Widening
from bayesmeta.random_effects import Kernel, ScaleMixture, Scales


@dataclass(frozen=True, eq=False)
class BySide:
    """Spreads of effects in the reference design, and outside it where they differ there.

    Parameters
    ----------
    points
        Of the posterior.
    kernel, fixed
        How study effects spread, and hyperparameters that a number stands for.
    mixing
        The rule over the hyperparameter that the kernel's weights are linear in, if there is one.
    widening
        Which studies may have a bias of their own; None where none may.
    outside
        Which studies' effects spread as those outside the reference design; None where all alike.
    """

    points: Points
    kernel: Kernel
    fixed: Mapping[str, float]
    mixing: Mixing | None
    widening: Widening | None
    outside: BoolArray | None
    _scales: dict[bool, Scales] = field(default_factory=dict)
    _deviations: dict[tuple[bool, bool], Deviations] = field(default_factory=dict)

    def is_outside(self, study: int) -> bool:
        """Return whether a study's effect spreads as those outside the reference design."""
        return self.outside is not None and bool(self.outside[study])

    def may_be_biased(self, study: int) -> bool:
        """Return whether a study may have a bias of its own."""
        return self.widening is not None and bool(self.widening.mark[study])

    def side(self, studies: int) -> IntArray:
        """Return which of the sides each study is on, shape (study,)."""
        reference = np.zeros(studies, dtype=np.intp)
        return reference if self.outside is None else reference + self.outside

    @property
    def sides(self) -> Sequence[Side]:
        """The normals of the reference design, and those outside it where there are such."""
        every = [False] if self.kernel.OUTSIDE is None else [False, True]
        none = np.empty((len(self.points.covariance), 0))
        return [
            Side(self.scales(is_outside=each),
                 self._kernel(each).mark(self._values) if self.kernel.MARK else none)
            for each in every
        ]  # fmt: skip

    def scales(self, *, is_outside: bool) -> Scales:
        """Return the normals of one side at each node, shape (node, component).

        Weights that are linear in a hyperparameter are those at its prior mean.
        """
        if is_outside not in self._scales:
            found = self._kernel(is_outside).scales(self._values)
            if self.mixing is not None:
                found = found._replace(log_weight=np.log(self.mixing.average))
            count = len(self.points.covariance)
            shape = np.broadcast_shapes(found.log_weight.shape, found.variance.shape, (count, 1))
            self._scales[is_outside] = Scales(*(np.broadcast_to(each, shape) for each in found))
        return self._scales[is_outside]

    def spread(self, *, is_outside: bool) -> FloatArray:
        """Return what effects of one side spread by at each node, shape (node, number)."""
        scales = self.scales(is_outside=is_outside)
        share = np.broadcast_to(self.share, len(scales.variance))[:, np.newaxis]
        return np.concatenate([*scales, share], axis=1)

    @cached_property
    def share(self) -> FloatArray:
        """How probable a bias is at each node, shape (node,); (1,) where none may be."""
        return self._values[SHARE] if self.widening is not None else np.zeros(1)

    def deviations(self, *, is_outside: bool, is_biased: bool = False) -> Deviations:
        """Return how far effects of one side lie from what the points say.

        Parameters
        ----------
        is_biased
            Whether each has a bias of its own beside.
        """
        key = (is_outside, is_biased)
        if key not in self._deviations:
            self._deviations[key] = self._biased(is_outside) if is_biased else Deviations(
                self.points, self._kernel(is_outside), self._values,
                self.scales(is_outside=is_outside), self.mixing,
            )  # fmt: skip
        return self._deviations[key]

    def deviations_of(self, study: int, *, is_biased: bool = False) -> Deviations:
        """Return how far one study's effect lies from what the points say."""
        return self.deviations(is_outside=self.is_outside(study), is_biased=is_biased)

    def _biased(self, is_outside: bool) -> Deviations:  # noqa: FBT001  (the side it is of)
        assert self.widening is not None  # noqa: S101  (asked of such studies alone)
        scales, more = self.scales(is_outside=is_outside), self.widening.variance
        wider = scales._replace(variance=scales.variance + more)
        kernel = WidenedKernel(self._kernel(is_outside), more)
        return Deviations(self.points, kernel, self._values, wider, None)

    def _kernel(self, is_outside: bool) -> ScaleMixture:  # noqa: FBT001  (the side it is of)
        if not is_outside:
            return self.kernel
        assert self.kernel.OUTSIDE is not None  # noqa: S101  (where studies are outside, one is)
        return self.kernel.OUTSIDE

    @cached_property
    def _values(self) -> dict[str, FloatArray]:
        """All hyperparameters at each node, those that a rule sums at its first."""
        count = len(self.points.covariance)
        fixed = {name: np.full(count, value) for name, value in self.fixed.items()}
        if self.mixing is not None:
            fixed[self.mixing.name] = np.full(count, self.mixing.node[0])
        return {**fixed, **self.points.values}
