"""How much the data changed each parameter, as a table."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures.effects import Effects
from bayesmeta.refits.batch import Refits
from bayesmeta.refits.exact import refit_priors
from bayesmeta.refits.hellinger import coefficient_distances, heterogeneity_distances
from bayesmeta.sensitivity.posing import Asking, ask
from bayesmeta.sensitivity.prior_sensitivity import attributes
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd


def informativeness(
    effects: Effects, model: str | Path | ModelSpec | None = None, **asking: Unpack[Asking]
) -> "pd.DataFrame":
    """Return the Hellinger distance from prior to posterior of each parameter.

    0: the posterior is the prior, the data said nothing. Near 1: the prior said nothing that the
    data did not overrule. NaN where the prior has no total mass.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    **asking
        The model's other choices: ``help("bayesmeta.sensitivity.ask")``.

    Returns
    -------
    DataFrame
        A row a parameter: ``prior``, ``sd`` of the posterior, ``hellinger``,
        ``hellinger_error``.

    Raises
    ------
    ModelError, PriorError, StudiesError
        As `bayesmeta.fit`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> from bayesmeta.sensitivity import informativeness
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> informativeness(effects)["hellinger"].round(3)
    parameter
    mu     0.503
    tau    0.740
    Name: hellinger, dtype: float64
    """
    import pandas as pd

    question = ask(effects, model, **asking)
    assembly = question.assembly
    priors = [assembly.priors]
    refits = refit_priors(assembly, priors)
    unit = np.eye(len(assembly.coefficients))
    found = {
        name: coefficient_distances(refits, priors, name, row=row)
        for name, row in zip(assembly.coefficients, unit, strict=True)
    }
    spread = [item.name for item in assembly.hyperparameters]
    found |= {name: heterogeneity_distances(refits, priors, assembly, name) for name in spread}
    sds = dict(zip(assembly.coefficients, _sds(refits, unit), strict=True))
    (part,) = refits.parts
    sds |= {name: float(part.heterogeneity(name).sd()[0]) for name in spread}
    rows = [
        (name, str(assembly.priors[name]), sds[name], float(h.value[0]), float(h.error[0]))
        for name, h in found.items()
    ]
    columns = ["parameter", "prior", "sd", "hellinger", "hellinger_error"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.set_index("parameter")
    table.attrs = attributes(question)
    return table


def _sds(refits: Refits, rows: FloatArray) -> list[float]:
    """Return the posterior sd of each row @ coefficients, under the first refit."""
    sds = refits.gather(
        lambda part: np.stack([part.combination(row).sd() for row in rows], axis=-1)
    )
    found: list[float] = sds[0].tolist()
    return found
