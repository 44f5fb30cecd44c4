"""From an analysis file to everything `run` writes."""

from bayesmeta.analysis.plan import Analysis, Plan
from bayesmeta.analysis.reading import read_analysis
from bayesmeta.analysis.running import Result, run

__all__ = ["Analysis", "Plan", "Result", "read_analysis", "run"]
