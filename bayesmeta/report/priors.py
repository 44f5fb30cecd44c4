"""A prior as a report says it: in which unit, or that a number stands for it."""

from bayesmeta.summaries.prior_words import is_fixed
from bayesmeta.summaries.view import View

_STATED = "in the outcome's unit"


def scale_of(view: View, name: str, prior: str) -> str:
    """Return what a parameter's prior is stated in, as a table says it."""
    known = view.parameter(name)
    plain = known is not None and known.unit_power == 0
    own = next((item.says for item in view.nuisance if item.name == name), "")
    if is_fixed(prior):
        return "a number, fixed"
    if own:
        return f"as {own}"
    if plain:
        return "without a unit"
    stated = {} if view.model is None else view.model.priors
    given = stated.get(name.partition("[")[0]) or stated.get(name)
    if given is None or given.unit == "outcome":
        return "on the log scale" if view.is_ratio else _STATED
    return f"in {given.unit}"
