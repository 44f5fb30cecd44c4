"""One table: Bayesian rows, then classical ones."""

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from bayesmeta.assembly import Assembly, Roles, named_roles
from bayesmeta.comparison.bayesian import Posterior, bayesian_rows
from bayesmeta.comparison.classical import classical_rows
from bayesmeta.comparison.components import Rows, component_rows, has_components
from bayesmeta.comparison.counts import ADDED, count_methods, count_rows
from bayesmeta.comparison.prior_sets import PriorChoices, PriorSet, prior_sets, sorted_out
from bayesmeta.comparison.row import COLUMNS, TEXTS, Row
from bayesmeta.comparison.setting import Setting, require_choices, set_up, stated
from bayesmeta.engines.record import SHOWN, told
from bayesmeta.errors import ImproperPosteriorError, PriorError, UnknownScaleError
from bayesmeta.keywords import require_taken
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd


def compare(  # noqa: PLR0913  (a model's parts and a table's choices, each by its name)
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    priors: PriorChoices | None = None,
    moderators: str | None = None,
    missing: str = "error",
    interval: float = 0.95,
    benefit: str | None = None,
    minimal_important_difference: float | None = None,
    **roles: Unpack[Roles],
) -> "pd.DataFrame":
    """Return exact Bayesian analyses and the classical ones side by side.

    Parameters
    ----------
    effects, model, moderators, missing
        As in `bayesmeta.fit`; or in the place of effects a posterior, with its own priors.
    priors
        The analysis' own, ``{"tau": "HalfNormal(sigma=5)"}``; or further sets, in a list or by
        name, ``{"sceptical": {"mu": "Normal(mu=0, sigma=5)"}}``. Always there: the model's
        default, and half-normals on tau: of 0.25 and 0.5 unit-information SDs, or of 0.25, 0.5
        and 1 on log ratios. A set that cannot be resolved on this table, or gives no
        proper posterior, is left out, and ``attrs["messages"]`` says why.
    interval
        Level of all intervals; the posteriors' are central.
    benefit
        ``"lower"`` or ``"higher"``: which side of 0 helps.
    minimal_important_difference
        Above 0, in the unit (for ratio measures a ratio): where the table is printed, limits are
        told apart from it.
    **roles
        Columns in the roles of the model's parts, as in `bayesmeta.fit`: ``cluster="district"``.

    Returns
    -------
    DataFrame
        A row a ``method`` and ``coefficient`` (``mu``, each slope, ``Intercept``), in the
        outcome's unit, ratios on the log scale: ``estimate`` (a posterior's median), ``se`` (its
        sd), ``lower``, ``upper``; ``pi_lower``, ``pi_upper`` for the effect in a new study at the
        mean of the moderators (metafor's convention in classical rows, and
        Higgins, Thompson and Spiegelhalter's in ``hts_lower``, ``hts_upper``); ``tau2``, ``tau``
        (medians) and ``I2``, a fraction: from tau2, but from Q for CE; ``Q``; ``p_below_0`` and
        ``p_benefit``, which a classical row has not; limits of tau (Q-profile in classical rows)
        and of I2; posterior sds of the effect in a new study, tau and I2 (``pi_sd, tau_sd,
        I2_sd``); ``priors``; and numerical errors of the Bayesian rows. Of a model whose rows are
        joined, or with a tau by level, classical rows are REML of its standard deviations, with
        Wald's interval (``REML``) and with a cluster-robust standard error on Satterthwaite's
        ``degrees_of_freedom`` (``REML+CR2``); ``attrs["legend"]`` says at which working
        correlation. Of events without moderators there are also Mantel-Haenszel's common effect
        (``MH``) and Peto's, from the counts as they are (``kind`` is ``"Counts"``).

    Raises
    ------
    BayesmetaError
        If the parts do not fit each other or the table, or a choice makes no sense.

    Examples
    --------
    Length of stay after specialist stroke care, in days (Normand 1999):

    >>> import bayesmeta as bm
    >>> from bayesmeta.comparison import compare
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> table = compare(effects)[["method", "estimate", "lower", "upper"]].round(2)
    >>> table[table["method"].isin(["Bayes (default)", "DL", "REML+HKSJ"])]
                 method  estimate  lower  upper
    0   Bayes (default)    -13.41 -30.40   4.38
    4                DL    -13.98 -24.03  -3.93
    18        REML+HKSJ    -15.11 -36.32   6.11
    """
    import pandas as pd

    require_taken(compare, roles)
    require_choices(interval, benefit, minimal_important_difference)
    effects, model, moderators, priors = stated(effects, model, moderators, priors)
    setting = set_up(
        effects, model, moderators=moderators, missing=missing, roles=named_roles(roles)
    )
    sets = prior_sets(setting, priors)
    classical = _classical(setting, priors, level=interval)
    found, left_out = _posteriors(setting, sets, interval, benefit)
    rows = [
        row
        for name, posterior in found.items()
        for row in bayesian_rows(f"Bayes ({name})", posterior, setting.combinations)
    ]
    counted = count_rows(setting.flat, level=interval)
    rows += [*classical.rows, *counted.rows]
    table = pd.DataFrame(_ordered(rows, setting), columns=list(COLUMNS))
    table = table.astype({name: float for name in COLUMNS if name not in TEXTS})
    table.attrs = {**attributes(setting.flat), "interval": interval, "benefit": benefit or "",
                   "minimal_important_difference": minimal_important_difference,
                   "messages": [*messages(left_out), *classical.messages, *counted.messages],
                   "legend": classical.legend}  # fmt: skip
    return table


def _classical(setting: Setting, priors: PriorChoices | None, *, level: float) -> Rows:
    """Return the classical rows of the model, or the nearest that there are."""
    flat, combinations = setting.flat, setting.combinations
    if has_components(flat):
        own = sorted_out(priors)[0]
        return component_rows(flat, combinations, level=level, fixed=setting.fixed(own))
    rows = classical_rows(flat, combinations, level=level)
    others = [item.name for item in flat.parts.hyperparameters(flat.layout)[1:]]
    nearest = (
        "The classical rows are the nearest there are: one tau for all studies, without "
        f"{', '.join(others)}."
    )
    return Rows(rows, "", [nearest] if others else [])


def _posteriors(
    setting: Setting, sets: dict[str, PriorSet], level: float, benefit: str | None
) -> tuple[dict[str, Posterior], dict[str, str]]:
    """Return what could be integrated, and why the rest could not."""
    found, left_out = {}, {}
    for name, priors in sets.items():
        assembly = chosen(setting, priors, where=name)
        if isinstance(assembly, str):
            left_out[name] = assembly
            continue
        try:
            found[name] = Posterior.of(assembly, level=level, benefit=benefit)
        except (ImproperPosteriorError, PriorError) as error:
            left_out[name] = str(error)
    return found, left_out


def chosen(setting: Setting, priors: PriorSet, *, where: str) -> Assembly | str:
    """Return the model under a set of priors; the reason, where its scale is not known.

    Raises
    ------
    PriorError
        If the set is wrong on any table.
    """
    try:
        return setting.under(priors, where=where)
    except UnknownScaleError as error:
        # Any other error stands: a misspelt prior is no row to leave out.
        return str(error)


def messages(left_out: dict[str, str]) -> list[str]:
    """Return why rows are missing, one sentence a reason."""
    reasons: dict[str, list[str]] = {}
    for name, reason in left_out.items():
        reasons.setdefault(reason, []).append(f"Bayes ({name})")
    return [f"Left out: {', '.join(names)}. {reason}" for reason, names in reasons.items()]


def attributes(assembly: Assembly) -> dict[Hashable, object]:
    """Return what a table of this room says of its studies."""
    effects = assembly.effects
    groups, noun = len(assembly.blocks), assembly.block_name
    several = {"study": "studies"}.get(noun, f"{noun}s")
    counted = f"{len(effects)} estimates in {groups} {several}" if groups < len(effects) else ""
    return {
        "measure": effects.measure, "unit": effects.unit, "outcome": effects.outcome,
        "k": len(effects), "counted": counted, "model": assembly.model.name,
        "formula": assembly.location.formula or "",
        "notes": _notes(assembly), "dropped": [item._asdict() for item in effects.dropped],
    }  # fmt: skip


def _notes(assembly: Assembly) -> list[str]:
    """Return the effects' notes; what is added to counts says in which rows it is."""
    effects, whole = assembly.effects, count_methods(assembly)
    rows = "the classical rows" if assembly.data else "all rows"
    but = f" but {' and '.join(whole)}" if whole else ""
    said = [note.removeprefix(f"{SHOWN}: ") for note in told(assembly, effects.notes)]
    return [f"In {rows}{but}: {note}" if note.startswith(ADDED) else note for note in said]


def _ordered(rows: list[Row], setting: Setting) -> list[Row]:
    """Return rows by coefficient: mu of every method first."""
    places = list(setting.combinations)
    return sorted(rows, key=lambda row: places.index(str(row["coefficient"])))
