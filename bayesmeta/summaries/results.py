"""Which results are no posteriors and have a text of their own."""

import pandas as pd

from bayesmeta.measures.effects import Effects
from bayesmeta.summaries.framed import frame_text
from bayesmeta.summaries.shown import Shown


def result_text(result: object, *, title: str = "") -> str | None:
    """Return the text of a table or of a result that prints itself; None of anything else.

    Effect sizes are left out: whoever asks for their text means the posterior.

    Examples
    --------
    >>> from bayesmeta.spec import Prior
    >>> result_text(Prior("Normal", {"mu": 0, "sigma": 1})), result_text(None)
    ("Prior('Normal(mu=0, sigma=1)')", None)
    """
    if isinstance(result, Shown):
        return result.as_text(title=title)
    if isinstance(result, pd.DataFrame):
        return frame_text(result, title=title)
    ours = type(result).__module__.partition(".")[0] == __package__.partition(".")[0]
    if not ours or isinstance(result, Effects) or not hasattr(type(result), "_repr_html_"):
        return None
    return f"{title}\n{'=' * len(title)}\n{result!r}" if title else repr(result)
