"""A normal approximation to what closed and open studies say together."""

from collections.abc import Sequence

from bayesmeta.duration_response.gaps.items import Items
from bayesmeta.duration_response.gaps.normals import Normals
from bayesmeta.duration_response.gaps.rows import OpenRow


def tilted(items: Items, rows: Sequence[OpenRow]) -> Normals:
    """Return the normals with the moments of the reference times one open study after the other.

    After each study the mixture over its weeks is replaced by the normal with its mass, mean and
    covariance, so that the answer is an approximation, good enough to place nodes by.

    References
    ----------
    Opper M (1998). A Bayesian approach to on-line learning. In: Saad D (ed.), On-line Learning in
    Neural Networks. Cambridge University Press.
    """
    found = items.reference
    for row in rows:
        found = row.met(found, tau=items.tau, curve=items.curve).merged()
    return found
