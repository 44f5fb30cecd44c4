"""The chapters that every posterior has, in their order; ``CHAPTERS`` is the register."""

from collections.abc import Callable, Mapping

from bayesmeta.report.asked import Asked
from bayesmeta.report.chapters.benefit import benefit
from bayesmeta.report.chapters.diagnostics import diagnostics
from bayesmeta.report.chapters.doctor import doctor
from bayesmeta.report.chapters.findings import findings
from bayesmeta.report.chapters.heterogeneity import heterogeneity
from bayesmeta.report.chapters.model import model
from bayesmeta.report.chapters.moderators import moderators
from bayesmeta.report.chapters.paste import paste
from bayesmeta.report.chapters.playing import playing
from bayesmeta.report.chapters.question import question
from bayesmeta.report.chapters.reproduction import reproduction
from bayesmeta.report.chapters.studies import studies
from bayesmeta.report.document import Chapter

BEFORE: Mapping[str, Callable[[Asked], Chapter | None]] = {
    "question": question,
    "findings": findings,
    "playing": playing,
    "studies": studies,
    "doctor": doctor,
    "model": model,
    "heterogeneity": heterogeneity,
    "moderators": moderators,
    "benefit": benefit,
}
"""What stands before the further questions."""

AFTER: Mapping[str, Callable[[Asked], Chapter | None]] = {
    "diagnostics": diagnostics,
    "paste": paste,
    "reproduction": reproduction,
}
"""What stands after them."""
