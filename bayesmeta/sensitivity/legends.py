"""What the columns of an examination's tables are: statistics by name, distances with units."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.sensitivity.named import OWN
from bayesmeta.summaries.own_scale import is_moved, scale_words
from bayesmeta.summaries.prior_words import is_fixed, prior_phrase, rounded

if TYPE_CHECKING:
    import pandas as pd

_PRIOR = "prior_"
_MANY = 3
_MAY_LACK = ("pit", "p_benefit", "p_benefit_new")
"""Columns that a table may have no number for."""
_POWER = (
    "prior, likelihood: how far the parameter's posterior moves where the prior of all parameters, "
    "or the likelihood, counts a little more or less, per doubling of its weight (cumulative "
    "Jensen-Shannon distance; 0: not at all)."
)
_CONFLICT = (
    "observed: the statistic in the data, an estimate{unit}, Q (Cochran's, of the residuals) "
    "without a unit; tail_probability: how often the priors would give data in which it lies "
    "further out."
)
_OUT = (
    "elpd: log predictive density of the {one} given the others; {pit}estimate, lower, upper, "
    "tau: without the {one}; shift: of the estimate by leaving the {one} out{unit}; influence: "
    "Hellinger distance between the posteriors with it and without (0: none, 1: apart)."
)
_NAMED = (
    "estimate: posterior median; {benefit}hellinger: Hellinger distance from prior to posterior of "
    "the quantity, hellinger_tau of tau (0: the same, 1: apart)."
)
_BENEFIT = "p_benefit: of the mean effect; p_benefit_new: of the effect in a new study; "


def legend(name: str, table: "pd.DataFrame") -> str:
    """Return what a table's columns are, and of named priors what they are; empty for some.

    Parameters
    ----------
    name
        Of ``Examination.tables``.
    """
    unit = _unit(table)
    said = {
        "prior_sensitivity": lambda: (
            f"{_named(table)}{_logged(table)}{_units(table)}{_priors(table)}"
        ),
        "power_scaling": lambda: _POWER,
        "prior_data_conflict": lambda: _CONFLICT.format(unit=unit),
        "leave_one_out": lambda: _OUT.format(
            one=table.index.name or "study", unit=unit, pit=_pit(table)
        ),
    }
    return said[name]() if name in said else ""


def _named(table: "pd.DataFrame") -> str:
    return _NAMED.format(benefit=_BENEFIT if table["p_benefit"].notna().any() else "")


def _unit(table: "pd.DataFrame") -> str:
    """Return the unit that the model has effects in, after a comma."""
    return f", in {table.attrs.get('unit') or "the outcome's unit"}"


def _pit(table: "pd.DataFrame") -> str:
    if table["pit"].isna().all():
        reason = table.attrs.get("no_pit", "")
        return f"no pit: {reason}; " if reason else ""
    if table.attrs.get("mid_p"):
        return (
            "pit: probability of fewer events (of treatment, where there are two arms) given the "
            "others, and half that of as many (mid-p), 0 to 1; "
        )
    return "pit: probability of a lower estimate given the others, 0 to 1; "


def _units(table: "pd.DataFrame") -> str:
    """Return what a unit-information SD is, where a set of priors is called by one."""
    called = any("uisd" in str(label) for label in table.index)
    return " uisd: unit-information SD, that of an estimate from one participant." * called


def _logged(table: "pd.DataFrame") -> str:
    measure = str(table.attrs["measure"])
    return f" sd and tau: on {scale_words(measure)}." if is_moved(measure) else ""


def _priors(table: "pd.DataFrame") -> str:
    """Return every set of priors, resolved: the own in full, of others what differs from it."""
    columns = [str(name) for name in table if str(name).startswith(_PRIOR)]
    if not columns:
        return ""
    own = table.iloc[0]
    said = []
    for label, row in table.iterrows():
        differs = [name for name in columns if label == OWN or row[name] != own[name]]
        told = "; ".join(_phrase(name.removeprefix(_PRIOR), str(row[name])) for name in differs)
        said.append(f"{label}: {told}")
    others = " (others: what differs from the own)" if len(said) > 1 else ""
    unit = table.attrs.get("unit") or "the outcome's unit"
    return f" Priors, {unit}{others}: {'. '.join(said)}."


def _phrase(name: str, prior: str) -> str:
    return prior_phrase(name, prior) if is_fixed(prior) else f"{name} ~ {_short(prior)}"


def _short(prior: str) -> str:
    """Return a prior as text; a mixture of many is written out in the CSV alone."""
    shown = rounded(prior)
    parts = shown.count("LogStudentT(")
    return shown if parts < _MANY else f"mixture of {parts} LogStudentT (see prior_sensitivity.csv)"


def shown_columns(table: "pd.DataFrame", columns: tuple[str, ...]) -> list[str]:
    """Return which columns of a table have anything to show."""
    return [name for name in columns if name in table and not (
        name in _MAY_LACK and np.isnan(table[name].astype(float)).all())]  # fmt: skip
