"""Check a table of studies, once."""

from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.reading import read_studies
from bayesmeta.studies.table import Column, Studies, line_word

__all__ = ["Column", "Studies", "key_of", "line_word", "read_studies"]
