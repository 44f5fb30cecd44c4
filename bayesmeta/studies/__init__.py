"""Check a table of studies, once."""

from bayesmeta.studies.reading import read_studies
from bayesmeta.studies.table import Column, Studies

__all__ = ["Column", "Studies", "read_studies"]
