"""A plot draws the answer of one question, and says so where it is given another."""

from bayesmeta.errors import AnalysisError


def require_answer(found: object, question: str, *names: str) -> None:
    """Raise unless something has the columns or attributes of a question's answer.

    Raises
    ------
    AnalysisError
        If it has not.

    Examples
    --------
    >>> require_answer(3, "tipping_curve", "prior_of")
    Traceback (most recent call last):
    ...
    bayesmeta.errors.AnalysisError: An answer of bayesmeta.tipping_curve is drawn here; this int \
has no 'prior_of'.
    """
    missing = [name for name in names if not hasattr(found, name)]
    if missing:
        raise AnalysisError(
            f"An answer of bayesmeta.{question} is drawn here; this {type(found).__name__} "
            f"has no {missing[0]!r}."
        )
