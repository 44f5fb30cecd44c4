"""What may be named for the roles of parts, and chosen of them, as keywords."""

from collections.abc import Mapping
from typing import TypedDict

from bayesmeta.assembly.parts import REGISTERS


class Choices(TypedDict, total=False):
    """What may be chosen of a model's parts by a word or a number, as keywords."""

    spread: str
    ratio: float
    power: float
    shared_bias: bool
    heterogeneity: str


class FurtherRoles(Choices, total=False):
    """What may be named beside the column of designs, for who has another `design`."""

    cluster: str
    trial: str
    outcome: str
    level: str
    covariance: str
    control_arm: str
    weeks: str
    tau_formula: str
    coding: str
    reference: str


class Roles(FurtherRoles, total=False):
    """What may be named for the roles of the parts on the registers, and chosen, as keywords."""

    design: str


ROLES = tuple(Roles.__annotations__)

CHOICES_SAID = {
    "spread": "Taus of the designs: common, ratio, own or extra.",
    "ratio": 'How many times tau squared the others have, with spread = "ratio".',
    "power": "How much of the cohorts' likelihood counts, from 0 to 1.",
    "shared_bias": "true where all cohorts, or none, have one bias.",
    "heterogeneity": "How study effects spread: normal, student-t or contaminated.",
}
"""What each choice says, for help texts."""


def named_roles(asked: Mapping[str, object]) -> dict[str, str]:
    """Return what is named for roles, and chosen of parts, among other keywords.

    Examples
    --------
    >>> named_roles({"power": 0, "cluster": "district", "shared_bias": False, "seed": 1})
    {'power': '0', 'cluster': 'district'}
    """
    said = {name: asked[name] for name in ROLES if name in asked}
    return {name: str(value) for name, value in said.items()
            if value is not None and value is not False and value != ""}  # fmt: skip


def roles_said() -> dict[str, str]:
    """Return what each role of a part on the registers says, for help texts.

    Examples
    --------
    >>> roles_said()["cluster"]
    'which rows are of one cluster'
    """
    parts = [part for register in REGISTERS.values() for part in register.values()]
    roles = [role for part in parts for role in getattr(part, "ROLES", ())]
    return CHOICES_SAID | {role.name: role.says for role in roles}
