"""The end of a sentence whose last word is the table's, and may bring a full stop of its own."""


def ended(sentence: str) -> str:
    """Return a sentence with one full stop.

    Parameters
    ----------
    sentence
        Without its full stop; its last word may be a name, such as "Levy et al.".

    Examples
    --------
    >>> ended("Without both arms: Kassell"), ended("Without both arms: Levy et al.")
    ('Without both arms: Kassell.', 'Without both arms: Levy et al.')
    """
    return sentence if sentence.endswith(".") else f"{sentence}."
