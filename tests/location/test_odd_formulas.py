"""Whatever is written as a formula: a design, or one message, soon and in little memory."""

import resource
import time
import tracemalloc
import warnings

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.location import LOCATIONS

TABLE = pd.DataFrame({
    "study": list("ABCDEFGHIJKL"),
    "estimate": [0.1, -0.2, 0.3, 0.0, 0.4, 0.2, -0.1, 0.5, 0.1, 0.0, 0.2, 0.3],
    "standard_error": [0.1, 0.2, 0.1, 0.3, 0.2, 0.2, 0.1, 0.2, 0.3, 0.1, 0.2, 0.1],
    "x": [2.0, 4, 6, 8, 10, 12, 3, 5, 7, 9, 11, 1],
    "z": [1.0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144],
    "year": [1990.0, 1991, 1993, 1996, 2000, 2005, 2011, 2018, 1999, 2003, 2007, 2015],
    "double": [4.0, 8, 12, 16, 20, 24, 6, 10, 14, 18, 22, 2],
    "zero": [0.0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, -1],
    "huge": [1e300 * i for i in range(12)],
    "tiny": [1e-300 * i for i in range(12)],
    "three": [3.0] * 12,
    "g": list("abcabcabcabc"),
    "h": list("ppqqpqppqqpq"),
    "big": ["yes"] * 12,
    "nested": ["a1", "b1", "c1", "a2", "b2", "c2", "a1", "b1", "c1", "a2", "b2", "c2"],
    "range": ["2", "4", "4-6", "8", "10", "2", "4", "6", "8", "10", "2", "4"],
    "empty": ["", "u", "u", "v", "v", "u", "u", "v", "u", "v", "u", "v"],
    "dose (mg)": [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    "class": list("ijijijijijij"),
})  # fmt: skip
"""Made up."""

OWN = [
    "x", "g", "x*g", "g*h", "x + z + g", "log(x)", "sqrt(z)", "poly(x, 2)", "poly(x, degree=3)",
    "bs(x, df=4)", "cr(x, df=3, constraints='center')", "cs(x, df=3, constraints='center')",
    "C(g)", "C(year)", "C(g, levels=['c', 'b', 'a'])", "scale(x)", "center(x):g", "(x + z)**2",
    "log(x + 1) + exp(-x)", "log10(x) : h", "log2(z / 2)", "sqrt(x * z)", "x:z", "nested",
    "poly(year, degree=2, raw=True)", "bs(x, knots=[4, 8])", "scale(x, ddof=0)", "x + log(x)",
    "x|z", 'C(g,"a")', "C(g, ())", "C(g, contr.sum)", "C(g, contrasts='sum')", "study",
    "C(study)", "1/1/1/1/1/1", "/".join("1" * 499), "+".join("1" * 499), "*".join("x" * 499),
    "poly(x,9**9**9)", "x**99999999", "(x+z)**20", "(x+z)**2.0", "(x+z)**-1", "(x+z)**x",
    "poly(x, degree=10**6)", "poly(x, degree=1000000)", "bs(x, df=10**9)", "bs(x, degree=99)",
    "log(9**9**9 * x)", "log(x**9999)", "((((9**9)**9)**9)**9)*x", "log(x + 9**9**9)", "x*1e400",
    "log(x * 1" + "0" * 400 + ")", "bs(x, knots=[1] * 10**9)", "C(g, levels=['a'] * 10**9)",
    "-".join(["x"] * 20), "x^2", "x%in%z", "x~z", "~x", "x ~ z ~ g", "[x ~ z]", ".", "...", "`x`",
    "`dose (mg)`", "dose (mg)", "class", "C(class)", "{x}", "{x + 1}", "[x]", "(x)", "((x))",
    "(x,)",
    "x,z", "x;z", "x z", "x\nz", "(x\n+ z)", "x # z", "x\\", "\\x", "'x'", '"x"', "f'{x}'", "b'x'",
    "x.mean()", "x[0]", "x[:]", "x[0:1]", "lambda: x", "lambda x: x", "x if z else g", "not x",
    "x and z", "x or z", "x == z", "x < z", "x is z", "x in z", "(x := z)", "*x", "**x", "await x",
    "yield x", "[i for i in x]", "{i: i for i in x}", "__import__('os').system('true')",
    "I(__import__('os').getcwd())", "Q('x')", "I(x)", "np.log(x)", "eval('x')", "open('x')",
    "().__class__.__bases__[0].__subclasses__()", "x.__class__", "exec('1')", "log.__class__(x)",
    "log", "log(log)", "log()", "log(x)(x)", "log(x, z)", "log(x, out=x)", "log(*x)", "log(**x)",
    "log(poly(x, 2))", "poly(poly(x, 2), 2)", "C(C(g))", "C(log(x))", "C(x + z)", "C()", "C(1)",
    "log(g)", "poly(g, 2)", "bs(h)", "scale(g)", "log(C(g))", "log(zero)", "sqrt(zero)",
    "log(-x)", "log(x - 1e9)", "1/x", "log(1/zero)", "log(x/0)", "exp(x**10)", "exp(exp(x))",
    "poly(x, 0)", "poly(x, -1)", "poly(x, 2.5)", "poly(x, True)", "poly(x, None)", "poly(x, '2')",
    "poly(x, degree=z)", "poly(x, 2, 2)", "poly(x, degree=2, degree=2)", "poly(x, 2, degree=2)",
    "poly(h, degree=2)", "poly(x, 10)", "poly(zero, 4)", "bs(x, df=1)", "bs(x, df=30)",
    "bs(x, degree=0)", "bs(x, knots=[])", "bs(x, knots=[99])", "bs(x, knots=[4, 4, 4])",
    "bs(x, knots=[8, 4])", "bs(x, lower_bound=5)", "bs(x, lower_bound=9, upper_bound=1)",
    "bs(x, df=4, include_intercept=True)", "bs(x, extrapolation='na')", "bs(x, 4, [1])",
    "cr(x, df=4)", "cr(x, df=1)", "cr(x, df=2, constraints='middle')", "cs(x)", "cc(x)", "te(x, z)",
    "hashed(g)", "lag(x)", "standardize(x)", "x + x", "x*x", "x:x", "x**2", "x + double", "x + 2*x",
    "x + log(exp(x))", "x + poly(x, 2)", "g + C(g)", "g + nested", "nested:g", "big", "big + g",
    "x + big", "x:big", "big:g", "three", "x:three", "g:h", "g*nested", "g:x", "x - 1", "0 + x",
    "x + 0", "1 + x", "x + 1", "-1 + x", "+x", "-x", "1", "0", "True", "None", "1e5", "1j", "'1'",
    "estimate", "standard_error", "log(estimate)", "x*standard_error", "C(estimate)", "outcome",
    "huge", "tiny", "x + huge", "huge:huge", "log(huge + 1)", "range", "C(range)", "empty",
    "C(empty)", "x + empty", "dose", "weeks", "X", "", " ", "\t", "()", "(", ")", "((", "+", "*",
    "x +", "+ x +", "x ++ z", "x ** ", ":", "x:", ":x", "::", "x::z", "x*:z", "x:*z", "\0", "x\0z",
    "\ud800", "\N{ZERO WIDTH SPACE}x", "\N{LATIN SMALL LIGATURE FI}",
    "\N{MATHEMATICAL BOLD SMALL X}",
    "x" * 999, "x" * 100_000, "(" * 90 + "x" + ")" * 90, "(" * 400 + "x" + ")" * 400,
    "-" * 900 + "x",
    "log(" * 30 + "x" + ")" * 30, "log(" * 90 + "x" + ")" * 90, "log(" + "-" * 900 + "x)",
    "[" * 150 + "x" + "]" * 150, "+".join(f"x{i}" for i in range(200)),
    "*".join("xzgh") + "*year*double", "(x + z + g + h + year + zero)**5", "x*z*g*h*year",
    "(x*z*g)*(h*year*zero)", "g*h*nested*C(year)", "C(x)*C(z)", "C(x):C(z):C(year)",
    "C(g, levels=['a'])", "C(g, levels=['a', 'b', 'c', 'd'])", "C(g, levels=[])",
    "C(g, levels='abc')",
    "C(g, levels=['a', 'a', 'b', 'c'])", "C(year, levels=[1990])", "C(g, levels=[a])",
    "C(g, levels=[['a']])", "bs(x, knots=[[4]])", "bs(x, knots=[4, -1e99])",
    "C(g, levels=(\"a:b\", 'c@d'))", "C(x)", "C(zero)", "C(g):C(h)", "C(g)*x + C(h)*x", "a:b+b:a",
]  # fmt: skip

NAMES = (*["x", "z", "year", "g", "h"] * 6, "double", "zero", "three", "big", "nested", "range",
         "huge", "study", "estimate", "dose")  # fmt: skip
CALLS = ("log({})", "sqrt({})", "poly({}, {n})", "poly({}, degree={n})", "bs({}, df={n})", "C({})",
         "cr({}, df={n}, constraints='center')", "scale({})", "center({})", "exp(-{})",
         "log({} + {n})",
         "log({}, {n})", "{}[{n}]", "{}.T", "f({})", "log({} ** {n})", "C({}, levels=['a'])",
         "bs({}, knots=[{n}])")  # fmt: skip
JOINS = (" + ", " * ", ":", "**2 + ", " - ", "/", " | ", "", "(", ")", "**")


def random_formula(generator):
    """Return a formula of a few terms, some of them wrong."""
    parts = []
    for _ in range(generator.integers(1, 5)):
        name = str(generator.choice(NAMES))
        if generator.random() < 0.4:
            number = int(generator.choice([2, 2, 3, 4, -1, 0, 10**9]))
            name = str(generator.choice(CALLS)).format(name, n=number)
        weights = np.array([60, 20, 20, 2, 2, 2, 2, 1, 1, 1, 1])
        parts += [name, str(generator.choice(JOINS, p=weights / weights.sum()))]
    joined = "".join(parts[:-1])
    return f"({joined})**{generator.integers(1, 6)}" if generator.random() < 0.1 else joined


GENERATOR = np.random.default_rng(9)
RANDOM = [random_formula(GENERATOR) for _ in range(400)]


@pytest.fixture(scope="module")
def effects():
    return bm.effect_sizes(bm.read_studies(TABLE), "MD")


def tried(formula, effects):
    """Return whether a formula gave a design; anything but one of the two errors is raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            _, location = LOCATIONS["formula"].locate(effects, formula, missing="error")
        except (ModelError, StudiesError):
            return False
    assert np.isfinite(location.design).all()
    assert np.linalg.matrix_rank(location.design) == location.design.shape[1]
    return True


@pytest.mark.parametrize("formulas", [OWN[::4], RANDOM[:80]], ids=["own", "random"])
def test_an_odd_formula_is_a_design_or_one_message(formulas, effects):
    """A formula gives finite columns of full rank, or a ModelError or StudiesError."""
    found = [tried(formula, effects) for formula in formulas]

    assert 0 < sum(found) < len(found)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("x|z", "no place in a formula"), ('C(g,"a")', "by name: levels"),
        ("C(g, ())", "by name: levels"), ("1/1/1", "never by - or /"),
        ("poly(x,9**9**9)", "a whole number from 1 to 10"), ("x**99999999", "for a square write"),
        ("poly(x, degree=1000)", "a whole number from 1 to 10"), ("(x+z)**6", "from 2 to 5"),
        ("x*z*g*h*year*zero", "63 terms, the largest of 6 factors"), ("log(x**99)", "at most 10"),
        ("bs(x, df=31)", "a whole number from 1 to 30"), ("x" * 1001, "1001 characters"),
        ("log(" * 41 + "x" + ")" * 41, "nested more than 40 deep"), ("log(x + 1e16)", "1e\\+16"),
    ],
)  # fmt: skip
def test_limits_are_read_from_the_text(formula, said, effects):
    """Powers, degrees, terms, numbers and depth are bounded before anything is evaluated."""
    with pytest.raises(ModelError, match=said):
        LOCATIONS["formula"].locate(effects, formula, missing="error")


def limited(formula, effects):
    """Return whether a formula gave a design, within a second and 200 MiB."""
    tracemalloc.start()
    began = time.perf_counter()
    try:
        found = tried(formula, effects)
        seconds, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seconds < 1, formula
    assert peak < 200 * 2**20, formula
    return found


@pytest.mark.slow
def test_every_odd_formula_is_answered_soon_and_in_little_memory(effects):
    """All of them, each within a second and 200 MiB; limits keep what would hang out."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    found = [limited(formula, effects) for formula in OWN + RANDOM]

    assert sum(found) >= 100
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 2**10


@pytest.mark.slow
def test_a_design_that_is_let_through_can_be_fitted(effects):
    """Every formula that gives a design gives a posterior with a summary, by the exact engine."""
    good = [formula for formula in OWN + RANDOM if tried(formula, effects)]

    for formula in good:
        posterior = bm.fit(effects, moderators=formula, priors={"mu": "Normal(mu=0, sigma=1)",
                           "tau": "HalfNormal(sigma=1)", "beta": "Normal(mu=0, sigma=1)"},
                           engine="exact")  # fmt: skip
        assert np.isfinite(bm.summary(posterior)["median"]).all(), formula
