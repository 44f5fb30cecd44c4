"""What a figure of one quantity says in numbers."""

from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.printing import THREE, Printer
from bayesmeta.summaries.summary import WITHOUT_SIGN
from bayesmeta.summaries.tails import tail
from bayesmeta.summaries.view import View


def caption_lines(
    view: View, quantity: str, *, interval: float, shortest: bool, benefit: str | None
) -> list[str]:
    """Return median with interval, then the probability of lying below 0 or of benefit."""
    found = view.quantity(quantity)
    values, errors = (
        {name: float(number) for name, number in five._asdict().items()}
        for five in (
            found.statistics(interval, shortest=shortest),
            found.errors(interval, shortest=shortest),
        )
    )
    three = ([each[name] for name in THREE] for each in (values, errors))
    shown = Printer.of(view).precision(quantity, values, errors).span(*three).bracketed()
    unit = wording.quantity_unit(view, quantity)
    kind = "shortest interval" if shortest else "interval"
    lines = [f"median {shown}{f' {unit}' if unit else ''}, {100 * interval:g} % {kind}"]
    if quantity not in WITHOUT_SIGN:
        lines.append(_probability(view, quantity, benefit))
    return lines


def _probability(view: View, quantity: str, benefit: str | None) -> str:
    known = tail(view, quantity, benefit=benefit or "lower")
    name = f"P({quantity} < 0)" if benefit is None else f"P(benefit: {benefit})"
    return f"{name} = {digits.probability(known.benefit, known.benefit_error)}"
