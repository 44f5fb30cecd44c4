"""Which models a question can be asked of, and what would have to be different."""

from bayesmeta.assembly import Assembly, is_line, require_conjugate
from bayesmeta.errors import ModelError
from bayesmeta.studies.wording import language


def require_one_likelihood(assembly: Assembly, verb: str) -> None:
    """Raise unless all rows are normal given the hyperparameters, each of them once.

    Raises
    ------
    ModelError
        Naming the part that says otherwise.
    """
    require_closed(assembly, verb)
    if not assembly.parts.bias.CERTAIN:
        raise ModelError(
            f"{verb} takes rows that are normal given the hyperparameters, and the bias "
            f"{assembly.model.parts['bias']!r} of model {assembly.model.name} makes them a mixture "
            "of what is biased and what is not."
        )
    if assembly.powers is not None:
        raise ModelError(
            f"{verb} takes a likelihood that is a density of the data, and the power "
            f"{assembly.model.parts['power']!r} of model {assembly.model.name} raises that of some "
            "rows to a power, which is none."
        )


def require_closed(assembly: Assembly, verb: str) -> None:
    """Raise unless study effects integrate out in closed form, given the hyperparameters.

    Raises
    ------
    ModelError
        Naming the part that does not allow it.
    """
    if is_line(assembly.model):
        raise ModelError(
            f"{verb} integrates many posteriors, and the study effects of model "
            f"{assembly.model.name} (heterogeneity {assembly.model.parts['heterogeneity']!r}, "
            f"likelihood {assembly.model.parts['likelihood']!r}) have no closed form: each takes "
            "long. prior_sensitivity takes the model under the priors that are named."
        )
    require_conjugate(assembly.model)


def require_few(assembly: Assembly, verb: str, *, most: int) -> None:
    """Raise where a question that integrates many times has more hyperparameters than it can bear.

    Raises
    ------
    ModelError
        With the hyperparameters, and how to fix one.
    """
    names = [item.name for item in assembly.hyperparameters]
    if len(names) > most:
        raise ModelError(
            f"{verb} integrates many posteriors, each of which takes long with {len(names)} "
            f"hyperparameters ({', '.join(names)}); give numbers to all but {most} of them, such "
            f"as {_typed(names[-1])}."
        )


def _typed(name: str) -> str:
    """Return what to type to fix a hyperparameter; the number is the reader's."""
    if language() == "command line":
        return f'--prior "{name}=0.5"'
    return f'priors."{name}" = 0.5' if language() == "toml" else f'priors={{"{name}": 0.5}}'
