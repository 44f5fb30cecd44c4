"""What a table of this room is about, in words: the quantity, on the scale that it is read on."""

from collections.abc import Hashable, Mapping
from typing import Any

from bayesmeta import schema
from bayesmeta.sensitivity.question import WHERE
from bayesmeta.summaries.own_scale import is_moved, kind_of, title_of
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.wording import AXES, with_unit

type About = Mapping[Hashable | None, Any]
"""A table's ``attrs``."""


def kind_of_question(about: About) -> Kind:
    """Return what the quantity is shown as: a pooled log ratio as the ratio, a slope as it is.

    Examples
    --------
    >>> kind_of_question({"quantity": "mu", "measure": "RR"}).name
    'RATIO'
    >>> kind_of_question({"quantity": "beta[weeks]", "measure": "RR"}).name
    'NUMBER'
    """
    asked = str(about.get("quantity", "")).partition("[")[0]
    return kind_of(str(about.get("measure", ""))) if asked in WHERE else Kind.NUMBER


def asked_name(about: About) -> str:
    """Return what the quantity is called: a pooled ratio by its measure's name.

    Examples
    --------
    >>> asked_name({"quantity": "mu", "measure": "RR"}), asked_name({"quantity": "mu"})
    ('Risk ratio', 'mu')
    """
    quantity, measure = str(about["quantity"]), str(about.get("measure", ""))
    return title_of(measure) if quantity == schema.MU and is_moved(measure) else quantity


def asked_unit(about: About) -> str:
    """Return the unit that it is read in: none for a ratio or a correlation."""
    return "" if kind_of_question(about) is not Kind.NUMBER else str(about.get("unit") or "")


def asked_title(about: About) -> str:
    """Return name and unit for an axis.

    Examples
    --------
    >>> asked_title({"quantity": "mu", "measure": "MD", "unit": "days"})
    'mu, days'
    """
    return with_unit(f"{asked_name(about)}{AXES[kind_of_question(about)]}", asked_unit(about))
