"""The keywords of the questions that either engine can answer."""

from pathlib import Path
from typing import cast

from bayesmeta.engines.settings import Seeded
from bayesmeta.measures.effects import Effects
from bayesmeta.refits.sampler import Drawing, Sampler, Sampling, sampler
from bayesmeta.sensitivity.posing import Asking, ask
from bayesmeta.sensitivity.question import Question
from bayesmeta.spec import ModelSpec


class SubsetRefitting(Asking, Drawing, total=False):
    """The keywords of `subsets`, which has a seed of its own."""


class Refitting(SubsetRefitting, Seeded, total=False):
    """The keywords of the questions that either engine answers; `asked` says what they mean."""


def asked(
    effects: Effects, model: str | Path | ModelSpec | None, asking: Refitting
) -> tuple[Question, Sampler | None]:
    """Return a question, and how NUTS answers it; None where the exact engine does.

    Parameters
    ----------
    asking
        What `sensitivity.ask` takes, and ``engine`` (``"exact"``, by default, or ``"nuts"``) with
        NUTS' ``seed``, ``draws``, ``tune``, ``chains``, ``target_accept`` (as in `bayesmeta.fit`),
        ``cores`` (how many refits run at a time; None for as many as there are) and ``progress``
        (called after each refit with how many are done, and of how many).

    Raises
    ------
    ModelError
        If there is no such engine.
    AnalysisError
        If a keyword is unknown; and as `sensitivity.ask`.
    """
    return ask(effects, model, **without_sampling(asking)), sampler(asking)


def without_sampling(asking: Refitting) -> Asking:
    """Return the keywords of the question alone."""
    plain = {name: value for name, value in asking.items() if name not in Sampling.__annotations__}
    return cast("Asking", plain)
