"""The summary as plain text, for a terminal and for a file."""

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.notes import left_out, slope_rows
from bayesmeta.summaries.own_scale import has_null, no_null
from bayesmeta.summaries.page import WIDTH, Page, wrapped
from bayesmeta.summaries.phrases import beside_signs, threshold
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.prior_words import prior_lines
from bayesmeta.summaries.remarks import at_mean, remarks
from bayesmeta.summaries.remembered import Matters
from bayesmeta.summaries.results import result_text
from bayesmeta.summaries.shown import Said, Shown
from bayesmeta.summaries.statements import claims, directions, together
from bayesmeta.summaries.tails import Benefit, tail
from bayesmeta.summaries.text_tables import group_lines, parameter_lines, study_lines
from bayesmeta.summaries.view import Posterior, View, view_of


def text(
    posterior: Posterior | Shown | pd.DataFrame,
    *,
    title: str = "",
    interval: float = 0.95,
    shortest: bool = False,
    benefit: Benefit | None = None,
    minimal_important_difference: float | None = None,
) -> str:
    """Return what was fitted and what was found, as plain text.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`; a result that prints itself, such as that of `duration` or
        `pool`; a table that a verb returned, which is printed whole and rounded; or any
        ``DataTree`` with the names of `bayesmeta.schema`.
    title
        Heading; the measure's name without one.
    interval, shortest
        Probability of the intervals; whether they are the shortest ones.
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``, of several outcomes by name; adds the
        probability of benefit, of each outcome and together. By default what a saved posterior
        remembers; so is the difference.
    minimal_important_difference
        Above 0, in the unit (for ratio measures a ratio); adds the probability beyond it.

    Raises
    ------
    PosteriorError
        If the posterior lacks ``mu``, or a choice makes no sense.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> print(bm.text(posterior, title="Stroke care")[:99])
    Stroke care
    ===========
    Mean difference, days. 9 studies. Normal-normal random-effects model, exact
    """
    if (result := result_text(posterior, title=title)) is not None:
        return Said(result)
    assert not isinstance(posterior, Shown | pd.DataFrame)  # noqa: S101  (told by now)
    view = view_of(posterior)
    asked = Matters.of(view.tree.attrs, benefit, minimal_important_difference)
    page = Page.of(view, interval=interval, shortest=shortest, difference=asked.difference)
    rows = [*findings(page), *benefits(page, asked.benefit),
            *joint_statements(page, asked.benefit)]  # fmt: skip
    parts = [_head(page, title), _aligned(rows), parameter_lines(page), study_lines(page),
             group_lines(page)]  # fmt: skip
    without = asked.benefit is not None or asked.difference is not None
    level = [no_null(view.word("measure"))] if without else []
    foot = _foot(page) + wrapped([*asked.remarks, *filter(None, level)])
    return Said("\n\n".join("\n".join(part) for part in [*parts, foot] if part))


def _head(page: Page, title: str) -> list[str]:
    heading = wording.heading(page.view, title)
    k = len(page.view.studies.labels)
    what = wording.with_unit(wording.measure_title(page.view), wording.unit(page.view))
    studies = [counted(page.view, k)] if k else []
    about = [". ".join([what, *studies, wording.model_line(page.view)]) + "."]
    priors = prior_lines(page.view, explained=True)
    unit = page.view.word("unit") or "the outcome's unit"
    about += [f"Priors ({unit}): {'; '.join(priors)}."] if priors else []
    return [heading, "=" * min(len(heading), WIDTH), *_alarm(page), *wrapped(about)]


def counted(view: View, k: int) -> str:
    """Return how many studies there are; of several rows each, how many estimates."""
    for role in () if view.parts is None else view.parts.roles:
        groups = view.layout.groups.get(role.name)
        if role.joins and groups is not None and len(groups) < k:
            noun = "studies" if role.name == "trial" else f"{role.name}s"
            return f"{k} estimates in {len(groups)} {noun}"
    return f"{k} {'study' if k == 1 else 'studies'}"


def _alarm(page: Page) -> list[str]:
    if page.verdict.ok:
        return []
    said = " ".join(page.verdict.messages) or "see the diagnostics"
    return wrapped([f"DIAGNOSTICS FAILED, do not rely on these numbers: {said}"])


def findings(page: Page) -> list[tuple[str, str]]:
    """Return what was found, each quantity in words with its unit, and its numbers."""
    view, rows = page.view, []
    for name in view.means:
        title = wording.with_unit(
            _of(wording.pooled_title(view), name), wording.quantity_unit(view, name)
        )
        rows.append((title, f"{page.span(name).bracketed()}  median, {page.interval}"))
        if view.has_sign(name):
            rows.append((_below(view, name), page.shown(name, "p_below_0")))
    rows += slope_rows(page)
    others = [(name, _of("Effect in a new study", name), "  prediction interval")
              for name in view.news]  # fmt: skip
    spread = (*view.hyperparameters, *view.follows.derived)
    others += [(name, beside_signs(wording.quantity_title(view, name)), "")
               for name in (*view.follows.contrasts, *spread)]  # fmt: skip
    others.append((schema.I2, wording.fraction_title(view), ""))
    return rows + [
        (label, f"{page.span(name).bracketed()}{said}")
        for name, label, said in others
        if name in page
    ]


def _below(view: View, name: str) -> str:
    """Return the event of an effect below no effect: of a ratio, below 1."""
    kind = wording.kind(view, name)
    if kind is Kind.NUMBER:
        return f"P({name} < 0)"
    null = 1 if kind is Kind.RATIO else 0
    return _of(f"P({wording.measure_code(view)} < {null})", name)


def _of(title: str, name: str) -> str:
    """Return a title with the outcome or the level that a quantity is of."""
    label = wording.label_of(name)
    return f"{title}, {label}" if label else title


def joint_statements(page: Page, benefit: Benefit | None) -> list[tuple[str, str]]:
    """Return what is claimed of several parameters together; of outcomes, where benefit is told."""
    view = page.view
    found = list(claims(view)) if view.follows.derived else []
    found += together(view, benefit) if benefit is not None and len(view.means) > 1 else []
    return [(f"P({one.statement})", digits.probability(one.probability, one.error))
            for one in found]  # fmt: skip


def benefits(page: Page, benefit: Benefit | None) -> list[tuple[str, str]]:
    """Return how probable benefit is, of the mean effect and in a new study."""
    rows, view = [], page.view
    if benefit is None or not has_null(view.word("measure")):
        return []
    outcomes = [wording.label_of(name) for name in view.means]
    sides = directions(outcomes, benefit)
    asked = [(name, _of("mean effect", name)) for name in view.means]
    asked += [(name, _of("new study", name)) for name in view.news]
    for name, label in asked:
        if name not in page:
            continue
        side = sides.get(wording.label_of(name), sides[outcomes[0]])
        found = tail(page.view, name, benefit=side, beyond=page.difference)
        shown = digits.probability(found.benefit, found.benefit_error)
        if page.difference is not None:
            beyond = digits.probability(found.beyond, found.beyond_error)
            size = threshold(
                view.word("measure"), wording.quantity_unit(view, name), page.difference
            )
            shown += f"  beyond the minimal important difference ({size}): {beyond}"
        rows.append((f"P(benefit: {side}), {label}", shown))
    return rows


def _aligned(rows: list[tuple[str, str]]) -> list[str]:
    width = max(len(name) for name, _ in rows)
    return [f"{name.ljust(width)}  {value}" for name, value in rows]


def _foot(page: Page) -> list[str]:
    share = page.view.prior_weight
    said = [at_mean(page.view)] if page.view.terms else []
    said += remarks(page.view)
    said += [f"The prior's share in mu: {digits.per_cent(share)}."] if np.isfinite(share) else []
    if page.verdict.ok:
        said += ["Diagnostics: all passed.", *page.verdict.messages]
    said += left_out(page.view)
    for row in page.view.listing("dropped"):
        if isinstance(row, dict):
            said.append(f"Dropped: {row.get('study')}: {row.get('reason')}.")
    said += [f"Note: {note}" for note in page.view.listing("notes")]
    return wrapped(said)
