"""What can go wrong, as a tree."""


class BayesmetaError(ValueError):
    """Anything the caller can mend: the message says what, where and how."""


class CallError(BayesmetaError, TypeError):
    """A function does not take what it was called with."""


class StudiesError(BayesmetaError):
    """The table of studies cannot be used as it stands."""


class MeasureError(BayesmetaError):
    """The measure is unknown, or the table does not hold what it needs."""


class ModelError(BayesmetaError):
    """The model file, its parts or its formula cannot be used."""


class PriorError(BayesmetaError):
    """A prior cannot be read, or does not fit the parameter it is meant for."""


class UnknownScaleError(PriorError):
    """A prior's scale is one that this table does not tell."""


class ImproperPosteriorError(PriorError):
    """These priors and this many studies give no proper posterior."""


class AnalysisError(BayesmetaError):
    """The analysis file cannot be used as it stands."""


class PosteriorError(BayesmetaError):
    """A posterior lacks what was asked of it."""


class SearchError(BayesmetaError):
    """A search for a number did not end."""


class OutputError(BayesmetaError):
    """The place to write to cannot be used."""
