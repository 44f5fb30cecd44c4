"""What every key of an analysis file says, for `bayesmeta run --help-keys`."""

from bayesmeta.analysis.plan import PER_OUTCOME, TOP
from bayesmeta.engines.settings import SETTINGS

_SAID = {
    "title": "Heading of every text and figure.",
    "studies": "The table of studies, beside the analysis file.",
    "columns": 'Columns by our name: { study = "author" }.',
    "outcomes": "A table [[outcomes]] an outcome; keys in it stand before those above.",
    "sheet": "Which sheet, or file in an archive.",
    "decimal": '"point" or "comma", if both could be.',
    "arm": '"COLUMN=CONTROL" where a row is an arm.',
    "treated": "Which arm is compared with the control.",
    "controls": "Arms side by side: which set of columns is the control.",
    "totals": '"drop" or "keep": rows that may sum up the others.',
    "name": "The outcome, as the column outcome has it.",
    "comparison": "Which comparison of a review.",
    "subgroup": "Which subgroup of an analysis.",
    "values": 'Scale of ready-made estimates: "natural" or "log"; "r" or "z".',
    "errors": "The same of their standard errors.",
    "confidence": "Level of ready-made intervals in per cent, if not 95.",
    "measure": 'Effect measure, such as "MD", "SMD", "OR".',
    "unit": "Unit of the outcome, such as days.",
    "variance": 'MD: "unpooled" or "pooled".',
    "model": "Model on the shelf, or a model file.",
    "engine": '"nuts" samples, "exact" integrates.',
    "moderators": 'Formula, such as "duration_weeks + C(design)"; odd names in backticks.',
    "priors": 'Priors by parameter: { tau = "HalfNormal(sigma=5)" }.',
    "missing": '"error", or "drop" for incomplete rows, which are listed.',
    "interval": "Probability of the intervals, 0.95 unless said.",
    "shortest": "true for shortest intervals, not central ones.",
    "benefit": '"lower" or "higher": which direction helps.',
    "minimal_important_difference": "Smallest difference that matters, above 0, in the unit.",
    "at": 'Moderators\' values for sensitivity and duration: { design = "RCT" }.',
    "forest": '{ order, columns, classical = "REML+HKSJ", densities, raindrops }.',
    "dpi": "Dots an inch of PNG figures, 200 unless said.",
    "cluster": "nested: the column of clusters.",
    "trial": "Which rows share patients.",
    "covariance": "Covariance of the estimates: a CSV file, or v1i v2i.",
    "level": "tau-by-level: the column of levels.",
    "tau_formula": "location-scale: what tau depends on.",
} | {name: setting.said for name, setting in SETTINGS.items()}


def keys_text() -> str:
    """Return every key with what it says, a line each.

    Examples
    --------
    >>> print(keys_text().splitlines()[2])
    title *                       Heading of every text and figure.
    """
    width = max(map(len, TOP)) + 2
    marked = {key: f"{key} *" if key in PER_OUTCOME else key for key in TOP}
    lines = [f"{marked[key].ljust(width)}{_SAID.get(key, 'A column that the model reads.')}"
             for key in TOP]  # fmt: skip
    return "\n".join(
        ["Keys of an analysis file, TOML; * also in a table [[outcomes]].", "", *lines]
    )
