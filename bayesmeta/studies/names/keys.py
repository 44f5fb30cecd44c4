"""Names of columns without what does not distinguish them."""

import re
import unicodedata

_JOINTS = re.compile(r"[\s_.\-:/'\"`()\[\]{}%*#|=\N{EN DASH}\N{RIGHT SINGLE QUOTATION MARK}]+")


def key_of(name: str) -> str:
    """Return a name without case, accents, spaces and joints.

    Examples
    --------
    >>> key_of("Experimental SD"), key_of("sd.e"), key_of("Hedges's g")
    ('experimentalsd', 'sde', 'hedgessg')
    >>> key_of("Écart-type témoin"), key_of("Größe")
    ('ecarttypetemoin', 'grosse')
    """
    plain = _JOINTS.sub("", name.casefold())
    if plain.isascii():
        return plain
    apart = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
