"""Names of columns without what does not distinguish them."""

import re

_JOINTS = re.compile(r"[\s_.\-:/'\"`()\[\]%*]+")


def key_of(name: str) -> str:
    """Return a name without case, spaces and joints.

    Examples
    --------
    >>> key_of("Experimental SD"), key_of("sd.e"), key_of("Hedges's g")
    ('experimentalsd', 'sde', 'hedgessg')
    """
    return _JOINTS.sub("", name.lower())
