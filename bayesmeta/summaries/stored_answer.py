"""What a posterior is exactly, restored from what it stores."""

from typing import TYPE_CHECKING

from bayesmeta import schema
from bayesmeta.engines.answering import Answer
from bayesmeta.engines.lines import LATTICE, restored_lines
from bayesmeta.engines.quadrature import Problem
from bayesmeta.engines.storage import restored_mixture

if TYPE_CHECKING:
    from bayesmeta.summaries.view import View


def stored_answer(view: "View") -> Answer:
    """Return what a posterior is exactly, a batch of one; asked where it `is_exact`."""
    group = view.group(schema.MIXTURE)
    assert group is not None  # noqa: S101  (asked where is_exact)
    data = view.studies
    if LATTICE in group.attrs and view.parts is not None:
        return restored_lines(
            group,
            view.parts,
            estimate=data.estimate,
            rows=view.rows,
            design=data.design,
            fixed=view.fixed,
            priors=view.stated_priors,
        )
    problem = Problem.of(data.estimate, data.standard_error**2, data.design, log_prior=None)
    return restored_mixture(group, problem, view.structure)
