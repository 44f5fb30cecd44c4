"""The classical estimators and intervals."""

from bayesmeta.frequentist.batch import Pooled, between_study_variances, pool_many
from bayesmeta.frequentist.binary import mantel_haenszel, peto
from bayesmeta.frequentist.cluster_robust import ClusterRobust, cluster_robust
from bayesmeta.frequentist.entry import as_data
from bayesmeta.frequentist.estimators import ESTIMATORS, classical
from bayesmeta.frequentist.fit import Fit
from bayesmeta.frequentist.funnel import begg, egger, trim_and_fill
from bayesmeta.frequentist.inference import TESTS
from bayesmeta.frequentist.kenward_roger import KenwardRoger, kenward_roger
from bayesmeta.frequentist.likelihood import log_likelihood
from bayesmeta.frequentist.moderators import variance_explained
from bayesmeta.frequentist.pooling import pool, rows
from bayesmeta.frequentist.prediction import bootstrap, higgins
from bayesmeta.frequentist.variance_intervals import VARIANCE_INTERVALS

__all__ = [
    "ESTIMATORS",
    "TESTS",
    "VARIANCE_INTERVALS",
    "ClusterRobust",
    "Fit",
    "KenwardRoger",
    "Pooled",
    "as_data",
    "begg",
    "between_study_variances",
    "bootstrap",
    "classical",
    "cluster_robust",
    "egger",
    "higgins",
    "kenward_roger",
    "log_likelihood",
    "mantel_haenszel",
    "peto",
    "pool",
    "pool_many",
    "rows",
    "trim_and_fill",
    "variance_explained",
]
