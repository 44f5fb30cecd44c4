"""An analysis as data: what to analyse, how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bayesmeta.analysis.joint import JOINT
from bayesmeta.analysis.keys import OF_DESIGNS
from bayesmeta.assembly import is_known, named_roles, parts_of, usual_model, with_choices
from bayesmeta.catalogue import load_model
from bayesmeta.engines.settings import Settings
from bayesmeta.spec import ModelSpec

type Say = Callable[[str], None]
"""Takes a line of progress."""


@dataclass(frozen=True)
class Plan:
    """One outcome of an analysis, every choice made.

    Parameters
    ----------
    name
        The outcome as the table's column ``outcome`` has it, in a review its number; None where
        the table has one outcome.
    comparison, subgroup
        Which comparison and subgroup, in a review by number.
    values, errors
        Scale of ready-made ratios or correlations, and of the standard errors beside them.
    confidence
        Level of ready-made intervals in per cent.
    p_values
        What p-values are of that are to give standard errors.
    combine
        How the rows of a study become one: ``"subgroups"`` or ``"arms"``.
    model
        Name on the shelf, the path of a model file, or a specification; None for the default.
    roles
        What the file names for the model's roles, each a key of its own: ``cluster``.
    outcomes, units, benefits
        Names of the outcomes of a joint plan; of each the unit, where it is stated, and which
        direction helps, where it is stated for all.
    settings
        How the engine draws; each a key of its own in the file.
    subgroups, subgroups_tau
        Column that says the subgroup of each study, where subgroups are asked for; whether they
        have one ``"common"`` tau, or each its ``"own"``.
    benefit
        ``"lower"`` or ``"higher"``: which direction helps patients; None if not stated.
    minimal_important_difference
        Smallest difference that matters, above 0, in the unit.
    at
        Moderators' values that sensitivity and duration are asked at.
    dpi
        Dots an inch of PNG figures; None for the usual ones.
    width
        How wide figures are printed, such as ``"85 mm"``; None for as wide as they are.
    forest
        What the forest plot shows, by the names of `plot_forest`.
    """

    measure: str
    title: str
    name: str | None = None
    comparison: str | None = None
    subgroup: str | None = None
    values: str | None = None
    errors: str | None = None
    confidence: float | None = None
    p_values: str | None = None
    combine: str | None = None
    unit: str | None = None
    variance: str = "unpooled"
    model: str | ModelSpec | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    engine: str = "nuts"
    moderators: str | None = None
    priors: Mapping[str, object] = field(default_factory=dict)
    missing: str = "error"
    settings: Settings = field(default_factory=Settings)
    interval: float = 0.95
    shortest: bool = False
    outcomes: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    benefits: Mapping[str, str] = field(default_factory=dict)
    subgroups: str | None = None
    subgroups_tau: str = "common"
    benefit: str | None = None
    minimal_important_difference: float | None = None
    at: Mapping[str, str | float] = field(default_factory=dict)
    dpi: int | None = None
    width: str | None = None
    forest: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze what is mutable."""
        for name in ("roles", "priors", "units", "benefits", "at", "forest"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def spec(self) -> ModelSpec:
        """The model, with what the file names for its roles.

        What is of designs is of the section of that name, where the model has none.

        Raises
        ------
        ModelError
            If there is no such model.
        """
        model = load_model(self.model or usual_model(self.moderators))
        named = named_roles(self.roles)
        if is_known(model) and "design" not in {role.name for role in parts_of(model).roles}:
            named = {name: word for name, word in named.items() if name not in OF_DESIGNS}
        return with_choices(model, named)

    @property
    def key(self) -> str | None:
        """What tells it from the other outcomes: its name, in a review with the numbers."""
        if self.outcomes:
            return JOINT
        parts = [part for part in (self.comparison, self.name, self.subgroup) if part is not None]
        return ".".join(parts) if parts else None


@dataclass(frozen=True)
class Analysis:
    """An analysis file, read and checked.

    Parameters
    ----------
    source
        The file.
    studies
        Path of the table of studies.
    columns
        Columns by our name, mapped by hand to the table's: ``{"study": "author"}``.
    plans
        One an outcome.
    sheet, decimal, arm, treated, controls, totals
        How the table is read, as `read_studies` has it.
    """

    source: Path
    title: str
    studies: Path
    columns: Mapping[str, str]
    plans: tuple[Plan, ...]
    sheet: str | None = None
    decimal: str | None = None
    arm: str | None = None
    treated: str | None = None
    controls: str | None = None
    totals: str | None = None
