"""Find the model files."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from bayesmeta.errors import ModelError
from bayesmeta.near import asked_back, did_you_mean
from bayesmeta.spec import ModelSpec, read_model


@cache
def shelf() -> Path:
    """Return the folder of the models that come with the package.

    In a wheel it stands inside the package, in a checkout beside it.
    """
    package = Path(str(files("bayesmeta")))
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


@cache
def model_names() -> tuple[str, ...]:
    """Return the names on the shelf, in alphabetical order.

    They come with the package, and are looked for once a process.

    Examples
    --------
    >>> model_names()[:3]
    ('binomial', 'common-effect', 'contaminated')
    """
    return tuple(sorted(path.stem for path in shelf().glob("*.toml")))


def load_model(model: str | Path | ModelSpec) -> ModelSpec:
    """Return a model by its name on the shelf, or by the path of a model file.

    Parameters
    ----------
    model
        Name on the shelf (`model_names`), path of a model file, or a ``ModelSpec``, which comes
        back as it is.

    Raises
    ------
    ModelError
        If there is no such model, or its file cannot be used.

    Examples
    --------
    >>> load_model("random-effects").title
    'Normal-normal random-effects model'
    """
    if isinstance(model, ModelSpec):
        return model
    if str(model) in model_names():
        return read_model(shelf() / f"{model}.toml")
    if not isinstance(model, str | Path):
        raise ModelError(f"The model is {model!r}; write its name, or the path of a .toml file.")
    path = Path(model)
    if path.suffix == ".toml" and _is_file(path):
        return read_model(path)
    known = ", ".join(model_names())
    raise ModelError(
        f"No model {str(model)!r}; the shelf has {known}, or give the path of a .toml file."
        f"{_hint(str(model))}"
    )


_MEANT = {
    **dict.fromkeys(("re", "random", "normal", "normalnormal", "nnhm"), "random-effects"),
    **dict.fromkeys(("fe", "ce", "fixed", "fixedeffect", "fixedeffects", "common", "equal"),
                    "common-effect"),
    **dict.fromkeys(("threelevel", "multilevel", "hierarchical", "3level"), "nested"),
    **dict.fromkeys(("bivariate", "multivariate"), "several-outcomes"),
    **dict.fromkeys(("t", "robust"), "student-t"),
    **dict.fromkeys(("regression", "metareg"), "meta-regression"),
    **dict.fromkeys(("glmm", "logistic"), "binomial"),
}  # fmt: skip
"""Models by what other programs call them, in letters alone."""


def _hint(model: str) -> str:
    meant = _MEANT.get(re.sub(r"[\W_]+", "", model.casefold()))
    return asked_back(meant) or did_you_mean(model, model_names())


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name of 300 letters is none of a file
        return False
