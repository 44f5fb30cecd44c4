"""What tests of estimates are called; the columns keep their names."""

STATISTICS = (
    "teststatistic", "tvalue", "tval", "tstat", "tstatistic", "tratio", "zvalue", "zval", "zstat",
    "zstatistic", "zscore",
)  # fmt: skip
SHORT = ("t", "z")
"""Statistics, or something else: only where that is said."""

P_VALUES = ("p", "pvalue", "pval", "pvalues", "ptwosided", "twosidedp", "pvaluetwosided",
            "ptwotailed", "twotailedp", "pvaluetwotailed")  # fmt: skip
DEGREES = ("df", "dof", "degreesoffreedom")
