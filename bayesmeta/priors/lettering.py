"""A prior as one would print it in a paper."""

from bayesmeta.spec import PER_SD, UISD, UISD_PER_SD, Prior, Value

_GREEK = ("alpha", "beta", "lam", "mu", "nu", "sigma", "tau", "theta")
_UNITS = {
    UISD: r"\ \text{(in uisd)}",
    UISD_PER_SD: r"\ \text{(in uisd per SD)}",
    PER_SD: r"\ \text{(per SD)}",
}


def latex(prior: Prior, parameter: str) -> str:
    r"""Return a prior as a line of LaTeX, without dollar signs.

    Examples
    --------
    >>> print(latex(Prior("HalfNormal", {"sigma": 5}), "tau"))
    \tau \sim \mathrm{HalfNormal}(\sigma = 5)
    >>> print(latex(Prior("LogNormal", {"mu": -2.14, "sigma": 1.74}, on="tau2"), "tau"))
    \tau^2 \sim \mathrm{LogNormal}(\mu = -2.14,\ \sigma = 1.74)
    """
    head, bracket, term = parameter.partition("[")
    name = _symbol(head) + (rf"_{{\text{{{term[:-1]}}}}}" if bracket else "")
    square = "^2" if prior.on == "tau2" else ""
    return rf"{name}{square} \sim {_distribution(prior)}{_UNITS.get(prior.unit, '')}"


def _symbol(name: str) -> str:
    if name == "lam":
        return r"\lambda"
    return rf"\{name}" if name in _GREEK else rf"\mathrm{{{name.replace('_', r'\_')}}}"


def _distribution(prior: Prior) -> str:
    inside = r",\ ".join(
        f"{_symbol(name)} = {_value(value)}" for name, value in prior.parameters.items()
    )
    name = rf"\mathrm{{{prior.distribution}}}"
    return f"{name}({inside})" if inside else name


def _value(value: Value) -> str:
    if isinstance(value, Prior):
        return _distribution(value)
    if isinstance(value, tuple):
        return rf"({r',\ '.join(_value(item) for item in value)})"
    return f"{value:.4g}".replace("inf", r"\infty")
