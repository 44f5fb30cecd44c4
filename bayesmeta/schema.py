"""The names of every variable, dimension and group of a posterior.

A posterior is an ``xarray.DataTree``. These are its names, whoever made it: the exact
engine, NUTS, or a model written by hand.
"""

# Groups.
POSTERIOR = "posterior"
SAMPLE_STATS = "sample_stats"
LOG_PRIOR = "log_prior"
PRIOR = "prior"  # the posterior's parameters drawn from the priors
POSTERIOR_PREDICTIVE = "posterior_predictive"  # estimates of the same studies done anew
LOG_LIKELIHOOD = "log_likelihood"
OBSERVED_DATA = "observed_data"
CONSTANT_DATA = "constant_data"
MODERATORS = "moderators"  # the columns a formula reads, as the table has them; dims (study,)
MIXTURE = "mixture"  # the posterior as a finite normal mixture, where it is known exactly
WEIGHTS = "weights"  # each study's share in mu, and the prior's

# Dimensions.
CHAIN = "chain"
DRAW = "draw"
STUDY = "study"
OUTCOME = "outcome"  # where a model is of several
TERM = "term"  # the slopes; labels are the design's column names
NODE = "node"
HYPERPARAMETER_NAME = "name"
COEFFICIENT = "coefficient"  # "mu", then one "beta[term]" a slope
COEFFICIENT_BIS = "coefficient_bis"

# Variables of the posterior group.
MU = "mu"  # pooled effect, at the mean of the moderators
TAU = "tau"  # between-study standard deviation
I2 = "I2"  # tau**2 / (tau**2 + typical variance), a fraction
INTERCEPT = "Intercept"  # effect where every moderator is zero
MU_DIFFERENCE = "mu_difference"  # of two outcomes in one unit
BETA = "beta"  # dims (term,): outcome units per unit of the moderator
BIAS = "bias"  # of the cohorts, beside the trials
P_BIASED = "p_biased"  # dims (study,): that a study is biased, given all else in the draw
THETA = "theta"  # dims (study,): study effects
THETA_NEW = "theta_new"  # effect in a new study, at the mean of the moderators
TAU2 = "tau2"

# Variables of observed_data and constant_data, dims (study,) unless said.
ESTIMATE = "estimate"
STANDARD_ERROR = "standard_error"
PARTICIPANTS = "n"
DESIGN = "design"  # dims (study, term): slope columns, not centred
MEAN_EFFECT = "mean_effect"  # dimension: the mean effects, where there is one an outcome
MEAN_DESIGN = "mean_design"  # dims (study, mean_effect): 1 where a row is of an outcome, of several
DESIGN_MEAN = "design_mean"  # dims (term,): what centring subtracts
IS_COHORT = "is_cohort"  # 1 for every level of the column of designs but the reference

# Variables of the mixture group.
WEIGHT = "weight"  # dims (node,)
HYPERPARAMETER = "hyperparameter"  # dims (node, name)
MEAN = "mean"  # dims (node, coefficient)
COVARIANCE = "covariance"  # dims (node, coefficient, coefficient_bis)
INDICATOR = "indicator"  # dims (node, indicator_name): 1 where what may be so is so at the node
INDICATOR_NAME = "indicator_name"

# Variables of the weights group.
STUDY_WEIGHT = "weight"  # dims (study,): posterior mean of the study's share in mu, a fraction
PRIOR_WEIGHT = "prior_weight"  # scalar: the prior's share


def marginal(hyperparameter: str) -> str:
    """Return the variable with a hyperparameter's log weights at its own nodes.

    Examples
    --------
    >>> marginal("tau")
    'tau_log_weight'
    """
    return f"{hyperparameter}_log_weight"


def stored_name(column: str) -> str:
    """Return the name that a column is stored under: a tree keeps slashes for its paths.

    Examples
    --------
    >>> stored_name("mean/age"), column_name(stored_name("mean/age"))
    ('mean\u2215age', 'mean/age')
    """
    return column.replace("/", _SLASH)


def column_name(stored: str) -> str:
    """Return the column that is stored under a name."""
    return stored.replace(_SLASH, "/")


_SLASH = "\N{DIVISION SLASH}"


def term(role: str) -> str:
    """Return the dimension of the columns that a role's formula gives.

    Examples
    --------
    >>> term("tau_formula")
    'tau_formula_term'
    """
    return f"{role}_term"


def slope(term: str) -> str:
    """Return the name of one slope.

    Examples
    --------
    >>> slope("duration_weeks")
    'beta[duration_weeks]'
    """
    return f"{BETA}[{term}]"


def theta_new(kind: str) -> str:
    """Return the name of the effect in a new study of a kind.

    Examples
    --------
    >>> theta_new(""), theta_new("cohort")
    ('theta_new', 'theta_new[cohort]')
    """
    return f"{THETA_NEW}[{kind}]" if kind else THETA_NEW


def study_effect(study: str) -> str:
    """Return the name of one study effect.

    Examples
    --------
    >>> study_effect("Umea")
    'theta[Umea]'
    """
    return f"{THETA}[{study}]"
