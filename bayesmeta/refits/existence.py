"""Whether refits have proper posteriors, and how many moments: one theorem for many of them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, is_line
from bayesmeta.engines.answering import moments_of
from bayesmeta.engines.lines import require_all_proper
from bayesmeta.engines.moments import Moments
from bayesmeta.engines.propriety import ranks_without_each, require_proper
from bayesmeta.engines.telling import told, told_of
from bayesmeta.errors import ImproperPosteriorError
from bayesmeta.priors import is_flat, unscaled
from bayesmeta.refits.batch import Priors, Refit


def impropriety(assembly: Assembly, priors: Priors, members: FloatArray | None = None) -> str:
    """Return why a posterior is improper, in a sentence; empty where it is proper.

    Parameters
    ----------
    members
        Studies that take part are above 0, shape (study,); None for all.
    """
    design = assembly.design if members is None else assembly.design[members > 0]
    try:
        if is_line(assembly.model):
            require_all_proper(priors, assembly.coefficients)
        require_proper(
            design, priors, assembly.coefficients, context=assembly.context,
            told=told(assembly, members),
        )  # fmt: skip
    except ImproperPosteriorError as error:
        return str(error)
    return ""


class Existence:
    """What the theorem says of refits of one model, each case decided once.

    It looks at priors apart from their places and scales, and at how many studies take part;
    where a coefficient's prior is flat, or not every study tells of every scale, at which.

    Parameters
    ----------
    assembly
        The model on the full table.
    """

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly
        self._known: dict[tuple[str | float, ...], Moments] = {}
        self._kinds: dict[int, tuple[Priors, tuple[str, ...], bool]] = {}

    def moments(self, one: Refit) -> Moments:
        """Return how many moments exist.

        Raises
        ------
        ImproperPosteriorError
            If the posterior is improper.
        """
        used = one.members > 0
        kinds, flat = self._kind(one.priors)
        which = flat or not self._alike
        case = (*kinds, str(used.tobytes()) if which else float(used.sum()))
        if case not in self._known:
            assembly = replace(self._assembly, priors=one.priors)
            design, names, context = assembly.design[used], assembly.coefficients, assembly.context
            if is_line(assembly.model):
                require_all_proper(one.priors, names)
            own = told(assembly, one.members)
            require_proper(design, one.priors, names, context=context, told=own)
            self._known[case] = moments_of(assembly, one.members)
        return self._known[case]

    def of_subsets(self, refits: Sequence[Refit]) -> list[Moments]:
        """Return how many moments of each exist, where all have the priors of the first.

        Raises
        ------
        ImproperPosteriorError
            As `moments`.
        """
        flat = self._kind(refits[0].priors)[1]
        if flat or not self._alike:
            return [self.moments(one) for one in refits]
        count = (np.array([one.members for one in refits]) > 0).sum(axis=1)
        _, first, which = np.unique(count, return_index=True, return_inverse=True)
        known = {place: self.moments(refits[place]) for place in np.sort(first).tolist()}
        return [known[place] for place in first[which].tolist()]

    @cached_property
    def _alike(self) -> bool:
        """Whether every study tells of every scale, each by itself."""
        assembly = self._assembly
        every = [told_of(assembly, item.name) for item in assembly.hyperparameters]
        return assembly.powers is None and not any(own is not None and own.rest.size
                                                   for own in every)  # fmt: skip

    def _kind(self, priors: Priors) -> tuple[tuple[str, ...], bool]:
        """Return priors without places and scales, and whether a coefficient's is flat."""
        if id(priors) not in self._kinds:
            flat = any(is_flat(priors[name]) for name in self._assembly.coefficients)
            # Kept with the priors themselves, whose identity would else be free for others.
            self._kinds[id(priors)] = priors, tuple(map(unscaled, priors.values())), flat
        return self._kinds[id(priors)][1:]


def moments_without_each(assembly: Assembly) -> list[Moments]:
    """Return how many moments exist without each study; one theorem serves all of full rank.

    Raises
    ------
    ImproperPosteriorError
        If a posterior is improper; the message names the study left out.
    """
    existence, labels = Existence(assembly), assembly.effects.labels
    reached = ranks_without_each(assembly.design, assembly.priors, assembly.coefficients)
    usual: Moments | None = None
    found: list[Moments] = []
    for study, label in enumerate(labels):
        if usual is not None and reached[study]:
            found.append(usual)
            continue
        members = np.where(np.arange(len(labels)) == study, 0.0, 1.0)
        try:
            found.append(existence.moments(Refit(assembly.priors, members)))
        except ImproperPosteriorError as error:
            raise ImproperPosteriorError(f"Without {label}: {error}") from error
        usual = found[-1] if reached[study] else usual
    return found
