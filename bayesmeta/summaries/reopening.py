"""What a posterior was fitted to, so that a question may be asked of it as of its effects."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import ModelSpec
from bayesmeta.studies import Column, Studies
from bayesmeta.summaries.view import Posterior, View, view_of

if TYPE_CHECKING:
    from bayesmeta.arrays import FloatArray


@dataclass(frozen=True, eq=False)
class Reopened:
    """The analysis that a posterior is of.

    Parameters
    ----------
    effects
        The rows that were used, with their moderators.
    model
        Its specification, the user's priors in place.
    moderators
        Its formula; None without one.
    priors
        Resolved to the outcome's unit, as text.
    """

    effects: Effects
    model: ModelSpec
    moderators: str | None
    priors: dict[str, str]


def is_posterior(given: object) -> bool:
    """Return whether a posterior was given where effect sizes may be."""
    return isinstance(given, View) or type(given).__name__ == "DataTree"


def reopened(posterior: Posterior) -> Reopened:
    """Return what a posterior was fitted to, and under which priors.

    Raises
    ------
    PosteriorError
        If it does not say, or its rows hang together by more than it stores.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> found = reopened(bm.fit(effects, priors={"tau": "HalfNormal(sigma=10)"}, engine="exact"))
    >>> found.priors["tau"], len(found.effects)
    ('HalfNormal(sigma=10)', 9)
    """
    view = view_of(posterior)
    data = view.studies
    if view.model is None or view.parts is None or not data.known:
        raise _closed("it does not say of which model it is, or of which studies")
    if view.is_approximate:
        raise _closed("its model reads the numbers of events, of which it has no table")
    if view.parts.roles:
        roles = ", ".join(role.name for role in view.parts.roles)
        raise _closed(f"its model reads {roles} of the table")
    columns: dict[str, Column] = {
        "study": np.array(data.labels, dtype=object),
        "estimate": data.estimate.copy(), "standard_error": data.standard_error.copy(),
        **_moderators(view),
    }  # fmt: skip
    lines = tuple(range(1, len(data.labels) + 1))
    effects = Effects(
        measure=view.word("measure"), unit=view.word("unit"), estimate=data.estimate.copy(),
        standard_error=data.standard_error.copy(), n=_participants(view),
        studies=Studies(columns, view.word("source") or "posterior", lines),
        outcome=view.word("outcome"), notes=tuple(map(str, view.listing("notes"))),
    )  # fmt: skip
    priors = {name: str(prior) for name, prior in view.record("priors").items()}
    return Reopened(effects, view.model, view.word("formula") or None, priors)


def _closed(why: str) -> PosteriorError:
    return PosteriorError(
        f"The posterior cannot be asked this: {why}; ask the table of studies (of Python: the "
        "effects) with the model instead."
    )


def _participants(view: View) -> "FloatArray | None":
    constant: Any = view.group(schema.CONSTANT_DATA)
    return constant["n"].to_numpy().astype(float) if "n" in constant else None


def _moderators(view: View) -> dict[str, Column]:
    stored = view.group(schema.MODERATORS)
    if stored is None:
        return {}
    columns = {schema.column_name(str(name)): np.array(column.values)
               for name, column in stored.data_vars.items()}  # fmt: skip
    return {name: values.astype(float if values.dtype.kind in "fiu" else object)
            for name, values in columns.items()}  # fmt: skip
