"""What was given where something else is wanted, said in one sentence from one place."""

import os

from bayesmeta.errors import PosteriorError, StudiesError
from bayesmeta.measures.effects import Effects
from bayesmeta.studies import Studies, read_studies

_POSTERIOR = ("DataTree", "View", "InferenceData")


def require_effects(given: object) -> None:
    """Raise unless effect sizes are given.

    Raises
    ------
    StudiesError
        If it is something else; the message says how effect sizes come of it.

    Examples
    --------
    >>> require_effects("trials.csv")
    Traceback (most recent call last):
    ...
    bayesmeta.errors.StudiesError: Effects are needed, not a str; they are made by \
effect_sizes('trials.csv', measure=...).
    """
    if not isinstance(given, Effects):
        raise StudiesError(f"Effects are needed, not a {type(given).__name__}; {_way(given)}.")


def _way(given: object) -> str:
    if isinstance(given, str | os.PathLike):
        return f"they are made by effect_sizes({os.fspath(given)!r}, measure=...)"
    if type(given).__name__ in _POSTERIOR:
        return "a posterior was made of some: give those"
    if type(given).__name__ == "DataFrame" or isinstance(given, Studies):
        return "they are made by effect_sizes(table, measure=...)"
    return "they are made by effect_sizes(read_studies(file or frame), measure=...)"


def as_studies(given: object) -> Studies:
    """Return a table of studies; a file's path or a frame is read.

    Raises
    ------
    StudiesError
        If it is neither, or cannot be read.
    """
    if isinstance(given, Studies):
        return given
    if isinstance(given, Effects):
        raise StudiesError("These are effect sizes already; give the table that they came from.")
    return read_studies(given)  # type: ignore[arg-type]  # refuses what it does not know


def require_posterior(given: object) -> None:
    """Raise unless a posterior is given.

    Raises
    ------
    PosteriorError
        If it is something else; the message says how a posterior comes of it.
    """
    if not hasattr(given, "children") or not hasattr(given, "attrs"):
        raise no_posterior(given)


def no_posterior(given: object) -> PosteriorError:
    """Return the error of whoever was given something else than a posterior."""
    return PosteriorError(
        f"A posterior is needed, not a {type(given).__name__}; {_way_to_posterior(given)}."
    )


def require_path(given: object) -> None:
    """Raise unless a file's path is given.

    Raises
    ------
    PosteriorError
        If it is something else.
    """
    if not isinstance(given, str | os.PathLike):
        raise PosteriorError(
            f"The path of a saved posterior is needed, not a {type(given).__name__}."
        )


def _way_to_posterior(given: object) -> str:
    if isinstance(given, str | os.PathLike):
        return f"one that was saved is read by read_posterior({os.fspath(given)!r})"
    if isinstance(given, Effects):
        return "it is made by fit(effects) of these"
    return "it is made by fit(effects), or read by read_posterior(file)"
