"""What kind of numbers the estimates of a forest plot are."""

from bayesmeta.summaries.page import Page


def is_approximate(page: Page) -> bool:
    """Return whether estimates merely approximate the likelihoods that the model takes."""
    parts = page.view.parts
    return parts is not None and not parts.likelihood.CONJUGATE
