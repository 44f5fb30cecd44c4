"""`bayesmeta compare`: Bayesian and classical rows side by side, and why they differ."""

from bayesmeta.cli import options
from bayesmeta.cli.answer import give
from bayesmeta.cli.door import chosen
from bayesmeta.cli.table import read_effects, read_model


def compare(  # noqa: PLR0913  (a command's options)
    studies: options.Table,
    measure: options.Measure,
    *,
    model: options.Model = None,
    moderators: options.Moderators = None,
    prior: options.Priors = None,
    interval: options.Interval = 0.95,
    benefit: options.Benefit = None,
    minimal_important_difference: options.Difference = None,
    output: options.Folder = None,
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Compare exact Bayesian analyses with the classical estimators."""
    from bayesmeta.comparison import comparison_text, contract
    from bayesmeta.comparison.both import compare_and_explain
    from bayesmeta.sections.comparison import write
    from bayesmeta.sections.folder import require_usable

    if output is not None:
        require_usable(output, force=force)
    asked = read_model(model, moderators)
    effects = read_effects(studies, measure, asked)
    found = compare_and_explain(
        effects, asked, priors=options.pairs(prior, option="--prior"), moderators=moderators,
        missing=chosen()["missing"], interval=interval, benefit=benefit,
        minimal_important_difference=minimal_important_difference,
    )  # fmt: skip
    give(found, output, write=write, contract=lambda both: contract(*both),
         text=lambda both: comparison_text(*both), as_json=as_json)  # fmt: skip
