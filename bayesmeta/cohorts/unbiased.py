"""The member with a bias where that is a number: the mean of its prior."""

from dataclasses import replace

from bayesmeta import schema
from bayesmeta.assembly import Assembly
from bayesmeta.cohorts.question import Question


def unbiased(question: Question) -> Assembly:
    """Return the model without a coefficient for the bias, which is the mean of its prior."""
    own = question.biased
    places = slice(0, len(own.coefficients) - 1)
    location = replace(
        own.location, design=own.design[:, places], coefficients=own.location.coefficients[places]
    )
    model = own.model.with_part("bias", "none")
    moved = own.effects.estimate - question.bias_mean * question.cohort
    priors = {name: prior for name, prior in own.priors.items() if name != schema.BIAS}
    return replace(own, model=model, location=location, priors=priors,
                   effects=replace(own.effects, estimate=moved))  # fmt: skip
