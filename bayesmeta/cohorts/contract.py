"""An analysis of trials beside cohorts as JSON, and as files of tables."""

from math import exp
from pathlib import Path
from typing import Any

from bayesmeta.cohorts.members import Member
from bayesmeta.cohorts.result import Designs
from bayesmeta.cohorts.sentences import sentences
from bayesmeta.cohorts.words import is_ratio
from bayesmeta.plain import plain, records

type Json = dict[str, Any]  # what `json.dumps` takes

TABLES = ("members", "over_bias", "over_power")
TAIL_TABLES = ("over_bias", "over_power")


def contract(found: Designs) -> Json:
    """Return everything `designs --json` says; what is not a finite number is None.

    An infinite ``u`` is None too: the last point of each dial over the bias. Parameters of ratio
    measures are logarithms; ``ratio`` has the ratios, and is None for other measures.
    ``student_t`` has the dials with t effects and their crossings, None where not asked for.

    Examples
    --------
    ``contract(bm.designs(effects))["tipping"]["u"]``
    """
    question = found.question
    return {
        **{name: getattr(question.effects, name) for name in ("measure", "unit", "outcome")},
        "k": len(question.effects),
        **{name: getattr(question, name) for name in ("design", "reference", "benefit")},
        "interval": question.interval,
        "designs": dict(found.counts),
        "spread": question.spreads["design-bias"],
        "uisd": found.uisd,
        "priors": dict(found.priors),
        "rows": [_row(member, is_ratio=is_ratio(found)) for member in found.rows],
        "tipping": tipping(found),
        "dial": {"u": records(found.over_bias), "power": records(found.over_power)},
        "student_t": _tails(found),
        "conflict": plain(vars(found.conflict)),
        "confounding": [plain(vars(item)) for item in found.confounded],
        "answers": list(sentences(found)),
        "warnings": list(found.warnings),
        "notes": list(found.notes),
    }


def _row(member: Member, *, is_ratio: bool) -> Json:
    mu = member.parameters["mu"]
    ratio = {name: exp(mu[name]) for name in ("median", "lower", "upper")} if is_ratio else {}
    return {
        "member": member.member,
        "u": member.u,
        "power": member.power,
        "parameters": plain(member.parameters),
        "ratio": plain(ratio) or None,
        "p_benefit": member.p_benefit,
        "p_beyond": member.p_beyond,
        "cohort_share": plain(member.cohort_share),
        "log_trials_given_cohorts": member.log_trials_given_cohorts,
        "p_biased": member.p_biased,
        "heterogeneity": member.heterogeneity,
        "sampled": member.is_sampled,
    }


def tipping(found: Designs) -> Json:
    """Return the first crossing of each dial, None where there is none, and all of them."""
    first = {}
    for dial in ("u", "power"):
        own = sorted(item.at for item in found.crossings if item.dial == dial)
        first[dial] = own[0] if own else None
    return {
        **first,
        "quantity": f"P({found.question.event})",
        "threshold": found.question.threshold,
        "crossings": [plain(vars(item)) for item in found.crossings],
    }


def _tails(found: Designs) -> Json | None:
    if found.tails is None:
        return None
    own = found.tails
    return {
        "dial": {"u": records(own.over_bias), "power": records(own.over_power)},
        "crossings": [plain(vars(item)) for item in own.crossings],
    }


def write_tables(found: Designs, folder: Path) -> tuple[Path, ...]:
    """Write every table as a CSV file into an existing folder; return the files."""
    tables = {name: getattr(found, name) for name in TABLES}
    if found.tails is not None:
        tables |= {f"{name}_student_t": getattr(found.tails, name) for name in TAIL_TABLES}
    paths = []
    for name, table in tables.items():
        path = folder / f"{name}.csv"
        table.to_csv(path, index=False)
        paths.append(path)
    return tuple(paths)
