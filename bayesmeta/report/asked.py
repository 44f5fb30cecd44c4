"""What a report's chapters are made of: one posterior with what was asked of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bayesmeta.report.dial import Dial
from bayesmeta.summaries import wording
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.statements import directions
from bayesmeta.summaries.tails import Benefit
from bayesmeta.summaries.view import Posterior, View


@dataclass(frozen=True, eq=False)
class Asked:
    """One outcome's posterior and question.

    Parameters
    ----------
    page
        Its numbers, and how they are printed.
    title
        What the analysis is called.
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``, of several outcomes by name; None where
        that is not stated.
    folder
        Where its own figure is.
    command
        What reproduces it; empty where that is unknown.
    dial
        How much cohorts may count, where the table has two designs.
    doctor
        What a check of the table found, in sentences; None where none was made.
    """

    page: Page
    title: str
    folder: Path
    benefit: Benefit | None = None
    command: str = ""
    dial: Dial | None = None
    doctor: tuple[str, ...] | None = None

    @classmethod
    def of(  # noqa: PLR0913  (each a choice of its own)
        cls,
        posterior: Posterior,
        folder: Path,
        *,
        title: str = "",
        benefit: Benefit | None = None,
        minimal_important_difference: float | None = None,
        interval: float = 0.95,
        shortest: bool = False,
        command: str = "",
        dial: Dial | None = None,
        doctor: tuple[str, ...] | None = None,
    ) -> Self:
        """Return what is asked of a posterior."""
        page = Page.of(
            posterior, interval=interval, shortest=shortest,
            difference=minimal_important_difference,
        )  # fmt: skip
        return cls(page, title, folder, benefit, command, dial, doctor)

    @property
    def view(self) -> View:
        """The posterior, read once."""
        return self.page.view

    def side(self, name: str) -> str:
        """Return the direction that helps in a quantity; asked where one was stated."""
        outcomes = [wording.label_of(mean) for mean in self.view.means]
        sides = directions(outcomes, self.benefit or "")
        return sides.get(wording.label_of(name), sides[outcomes[0]])
