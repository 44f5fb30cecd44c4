"""Results that print as they are read: in a terminal as text, in a notebook as the same text."""

from html import escape


class Shown:
    """A result whose text is what it prints."""

    def as_text(self, *, title: str = "") -> str:
        """Return the result as plain text."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Return the text, not the fields."""
        return self.as_text()

    def _repr_html_(self) -> str:
        """Return the text for a notebook."""
        return f"<pre>{escape(self.as_text())}</pre>"


class Said(str):
    """A text that a notebook shows as it is printed, line by line.

    Examples
    --------
    >>> Said("P(mu < 0)  0.97")._repr_html_()
    '<pre>P(mu &lt; 0)  0.97</pre>'
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        """Return the text for a notebook."""
        return f"<pre>{escape(str(self))}</pre>"
