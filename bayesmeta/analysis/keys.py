"""The keys of an analysis file, a record each: what it takes and what it says."""

from collections.abc import Collection
from dataclasses import dataclass
from math import inf

from bayesmeta.assembly import ROLES, roles_said
from bayesmeta.engines.fitting import ENGINES
from bayesmeta.engines.settings import SETTINGS

type Kinds = tuple[type, ...]

WORD: Kinds = (str,)
NUMBER: Kinds = (int, float)
WHOLE: Kinds = (int,)
TABLE: Kinds = (dict,)
TABLES: Kinds = (list,)
SWITCH: Kinds = (bool,)
KINDS_SAID = {
    WORD: "text", NUMBER: "a number", WHOLE: "a whole number", TABLE: "a table",
    TABLES: "a list of tables", SWITCH: "true or false",
}  # fmt: skip
"""What a value of a kind is called."""

OF_DESIGNS = ("design", "reference", "spread", "ratio", "shared_bias")
"""Keys of the section on designs, and of the models that know them."""


@dataclass(frozen=True)
class Key:
    """A key of an analysis file.

    Parameters
    ----------
    kinds
        Types of its value.
    said
        What it says, a line.
    choices
        Words that it takes; all, where there are none.
    above, below
        A number lies between them, both excluded.
    asked
        What is said of a number outside.
    whole
        Whether it is of the whole file; else each outcome may have its own.
    joint
        Whether the table ``[joint]`` may have it.
    """

    kinds: Kinds
    said: str
    choices: Collection[str] = ()
    above: float = -inf
    below: float = inf
    asked: str = "it must be finite"
    whole: bool = False
    joint: bool = False


_SCALES = ("natural", "log", "r", "z")
_ROLES_KINDS = {"ratio": NUMBER, "power": NUMBER, "shared_bias": SWITCH}
ROLE_KEYS = tuple(role for role in ROLES if role != "outcome")
"""Keys that name what a model reads beside estimates: a column, a formula, a file."""


def _sentence(says: str) -> str:
    return f"{says[0].upper()}{says[1:].rstrip('.')}."


KEYS = {
    "title": Key(WORD, "Heading of every text and figure.", joint=True),
    "studies": Key(WORD, "The table of studies, beside the analysis file.", whole=True),
    "columns": Key(TABLE, 'Columns by our name: { study = "author" }.', whole=True),
    "outcomes": Key(TABLES, "A table [[outcomes]] an outcome; keys in it stand before those above.",
                    whole=True, joint=True),
    "joint": Key(TABLE, "Several outcomes in one model.", whole=True),
    "sheet": Key(WORD, "Which sheet, or file in an archive.", whole=True),
    "decimal": Key(WORD, '"point" or "comma", if both could be.', ("point", "comma"), whole=True),
    "arm": Key(WORD, '"COLUMN=CONTROL" where a row is an arm.', whole=True),
    "treated": Key(WORD, "Which arm is compared with the control.", whole=True),
    "controls": Key(WORD, "Arms side by side: which set of columns is the control.", whole=True),
    "totals": Key(WORD, '"drop" or "keep": rows that may sum up the others.', ("drop", "keep"),
                  whole=True),
    "name": Key(WORD, "The outcome, as the column outcome has it."),
    "comparison": Key(WORD, "Which comparison of a review."),
    "subgroup": Key(WORD, "Which subgroup of an analysis."),
    "values": Key(WORD, 'Scale of ready-made estimates: "natural" or "log"; "r" or "z".', _SCALES),
    "errors": Key(WORD, "The same of their standard errors.", _SCALES),
    "confidence": Key(NUMBER, "Level of ready-made intervals in per cent, if not 95."),
    "p_values": Key(WORD, 'What p-values are of: "normal" or "t".', ("normal", "t")),
    "combine": Key(WORD, 'How the rows of a study become one: "subgroups" or "arms".',
                   ("subgroups", "arms")),
    "measure": Key(WORD, 'Effect measure, such as "MD", "SMD", "OR".', joint=True),
    "unit": Key(WORD, "Unit of the outcome, such as days."),
    "variance": Key(WORD, 'MD: "unpooled" or "pooled".', ("unpooled", "pooled")),
    "model": Key(WORD, "Model on the shelf, or a model file.", joint=True),
    "engine": Key(WORD, '"nuts" samples, "exact" integrates.', ENGINES, joint=True),
    "moderators": Key(WORD, 'Formula, such as "duration_weeks + C(design)"; '
                      "odd names in backticks.", joint=True),
    "priors": Key(TABLE, 'Priors by parameter: { tau = "HalfNormal(sigma=5)" }.', joint=True),
    "missing": Key(WORD, '"error", or "drop" for incomplete rows, which are listed.',
                   ("error", "drop"), joint=True),
    "interval": Key(NUMBER, "Probability of the intervals, 0.95 unless said.", above=0, below=1,
                    asked="it must be between 0 and 1", joint=True),
    "subgroups": Key(WORD, "Column that says the subgroup of each study."),
    "subgroups_tau": Key(WORD, 'One "common" tau in all subgroups, or each its "own".',
                         ("common", "own")),
    "shortest": Key(SWITCH, "true for shortest intervals, not central ones.", joint=True),
    "at": Key(TABLE, 'Moderators\' values for sensitivity and duration: { design = "RCT" }.'),
    "dpi": Key(WHOLE, "Dots an inch of PNG figures, 200 unless said.", above=19, below=2401,
               asked="it must be a whole number from 20 to 2400"),
    "width": Key(WORD, 'How wide figures are printed, such as "85 mm" or "3.35 in".'),
    "forest": Key(TABLE, '{ order, columns, classical = "REML+HKSJ", densities, raindrops }.',
                  joint=True),
    "benefit": Key(WORD, '"lower" or "higher": which direction helps.', ("lower", "higher")),
    "minimal_important_difference": Key(
        NUMBER, "Smallest difference that matters, above 0, in the unit.", above=0, joint=True,
        asked="it must be above 0, whichever direction is benefit"),
} | {
    name: Key(_ROLES_KINDS.get(name, WORD), _sentence(roles_said()[name]), joint=True)
    for name in ROLE_KEYS
}  # fmt: skip
"""All but the engine's settings, which state themselves (`SETTINGS`)."""

TOP = (*KEYS, *SETTINGS)
PER_OUTCOME = tuple(key for key in TOP if key not in KEYS or not KEYS[key].whole)
JOINT_KEYS = tuple(key for key in TOP if key not in KEYS or KEYS[key].joint)
READING = ("sheet", "decimal", "arm", "treated", "controls", "totals")
"""How the table is read, as `read_studies` has it."""


def keys_text() -> str:
    """Return every key with what it says, a line each.

    Examples
    --------
    >>> print(keys_text().splitlines()[2])
    title *                         Heading of every text and figure.
    """
    said = {name: key.said for name, key in KEYS.items()}
    said |= {name: setting.said for name, setting in SETTINGS.items()}
    marked = {key: f"{key} *" if key in PER_OUTCOME else key for key in TOP}
    width = max(map(len, marked.values())) + 2
    lines = [f"{marked[key].ljust(width)}{said[key]}" for key in TOP]
    return "\n".join(
        ["Keys of an analysis file, TOML; * also in a table [[outcomes]].", "", *lines]
    )
