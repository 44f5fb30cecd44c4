"""Every subset of the studies, or a sample of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, require_integrable
from bayesmeta.errors import AnalysisError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import is_proper
from bayesmeta.refits.exact import refit_subsets
from bayesmeta.refits.existence import impropriety
from bayesmeta.refits.sampled import taking_part
from bayesmeta.refits.sampler import Progress
from bayesmeta.sensitivity.asking import SubsetRefitting, asked
from bayesmeta.sensitivity.numbers import (
    Columns,
    effect_columns,
    heterogeneity_median,
    interleaved,
)
from bayesmeta.sensitivity.prior_sensitivity import attributes
from bayesmeta.sensitivity.question import Question
from bayesmeta.sensitivity.sampled_numbers import sampled_table
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd

ALL = 15
"""Up to so many studies, all subsets; more are sampled."""
_BLOCK = 2048
"""Subsets in one array call."""


def subsets(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    size: int = 10_000,
    seed: int = 1,
    **asking: Unpack[SubsetRefitting],
) -> "pd.DataFrame":
    """Return what every subset of the studies says; up to 15 studies, all 2**k - 1.

    Priors, unit-information SD, centring and column SDs stay those of the full table.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    size, seed
        With more than 15 studies: how many different subsets to draw (each study is in or out
        with equal probability; the full set is always there), and from which seed. With NUTS the
        seed is that of the draws too.
    **asking
        The question, and the model's other choices: ``help("bayesmeta.sensitivity.ask")``.
        The engine, and how NUTS draws, a tenth of a second a subset:
        ``help("bayesmeta.sensitivity.asked")``. The exact engine calls ``progress`` after every
        2048 subsets.

    Returns
    -------
    DataFrame
        A row a subset, the full set last: ``size``; ``estimate`` (median), ``sd``, ``lower``,
        ``upper``, ``p_benefit`` of the quantity and ``tau`` (median), each with a numerical error
        in a column that ends in ``_error``; ``reason``, why a row is empty: its posterior is
        improper; and a column a study, whether it takes part. With NUTS, also ``ok`` and
        ``messages``, whether its diagnostics hold.

    Raises
    ------
    AnalysisError
        If the size is not above 0.
    PriorError
        If a coefficient's prior is no mixture of normals.

    References
    ----------
    Olkin I, Dahabreh IJ, Trikalinos TA (2012). GOSH: a graphical display of study heterogeneity.
    Res Synth Methods 3(3):214-223.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> from bayesmeta.sensitivity import subsets
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> table = subsets(effects)
    >>> len(table), round(float(table["estimate"].iloc[-1]), 3)
    (511, -13.412)
    """
    import pandas as pd

    question, sampler = asked(effects, model, {**asking, "seed": seed})
    members = _members(len(question.assembly.effects), size=size, seed=seed)
    if sampler is None:
        require_integrable(question.assembly.model)
    reasons = _reasons(question.assembly, members)
    proper = np.array([not reason for reason in reasons])
    index = pd.Index(np.flatnonzero(proper))
    if sampler is None:
        tell = asking.get("progress") or _untold
        columns = _columns(question, members[proper], tell) if proper.any() else {}
        table = pd.DataFrame(columns, index=index)
    else:
        refits = _refits(question.assembly, members[proper])
        table = sampled_table(refits, index, question=question, sampler=sampler)
    table = table.reindex(range(len(members)))
    table.insert(0, "size", members.sum(axis=1).astype(int))
    table["reason"] = reasons
    taking_part = pd.DataFrame(members > 0, columns=list(question.assembly.effects.labels))
    table = pd.concat([table, taking_part], axis=1)
    table.attrs = attributes(question, sampler)
    return table


def _refits(assembly: Assembly, members: FloatArray) -> dict[str, Assembly]:
    """Return the model on each subset, by the labels of those that take part."""
    labels = np.array(assembly.effects.labels)
    return {", ".join(labels[row > 0]): taking_part(assembly, row) for row in members}


def _members(k: int, *, size: int, seed: int) -> FloatArray:
    """Return who takes part in each subset, shape (subset, study); the full set last."""
    if size < 1:
        raise AnalysisError(f"size is {size}; at least one subset is needed.")
    if k <= ALL or size >= 2**k - 1:
        numbers = np.arange(1, 2**k)
        return (numbers[:, np.newaxis] >> np.arange(k) & 1).astype(float)
    generator = np.random.default_rng(seed)
    found: dict[bytes, FloatArray] = {}
    while len(found) < size - 1:
        row = generator.integers(0, 2, size=k)
        if 0 < row.sum() < k:
            found.setdefault(row.tobytes(), row.astype(float))
    return np.array([*found.values(), np.ones(k)])


def _reasons(assembly: Assembly, members: FloatArray) -> list[str]:
    """Return why each posterior is improper; empty where it is proper."""
    if all(is_proper(prior) for prior in assembly.priors.values()):
        return [""] * len(members)
    return [impropriety(assembly, assembly.priors, row) for row in members]


def _columns(question: Question, members: FloatArray, tell: Progress) -> Columns:
    pieces, every = list[Columns](), len(members)
    for start in range(0, every, _BLOCK):
        pieces.append(_piece(question, members[start : start + _BLOCK]))
        tell(min(start + _BLOCK, every), every)
    joined = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    return interleaved(joined)


def _untold(_done: int, _every: int) -> None:
    """Tell nobody."""


def _piece(question: Question, members: FloatArray) -> Columns:
    refits = refit_subsets(question.assembly, members)
    return effect_columns(refits, question) | heterogeneity_median(refits, question)
