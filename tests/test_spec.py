"""Priors and model files as data."""

import tomllib
from keyword import iskeyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesmeta.errors import ModelError, PriorError
from bayesmeta.spec import (
    UNITS,
    ModelSpec,
    Prior,
    model_to_toml,
    parse_prior,
    prior_from_toml,
    read_model,
)

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,9}", fullmatch=True).filter(
    lambda name: (
        name not in {"unit", "on", "inf", "None", "True", "False", "distribution"}
        and name.isidentifier()
        and not iskeyword(name)
    )
)
NUMBERS = st.floats(allow_nan=False)
FLAT = st.dictionaries(NAMES, NUMBERS | st.lists(NUMBERS, min_size=1).map(tuple), max_size=3)
SIMPLE = st.builds(Prior, NAMES, FLAT, st.sampled_from(UNITS), st.sampled_from(["tau", "tau2"]))
CALLS = SIMPLE.filter(lambda prior: "(" in str(prior))
NESTED = st.builds(Prior, NAMES, st.dictionaries(NAMES, CALLS | st.tuples(CALLS, CALLS)))

MODEL = """
title = "T"
summary = "S"
references = ["R"]
statement = "y ~ Normal(mu, tau)"
location = "intercept"
heterogeneity = "normal"
likelihood = "normal"
[priors]
mu = {distribution = "Normal", mu = 0, sigma = 1, unit = "uisd"}
tau = "HalfCauchy(beta=0.25, unit='uisd')"
"""


@given(SIMPLE | NESTED)
def test_printing_and_parsing_are_inverse(prior):
    """parse(print(prior)) is the prior, for any numbers, lists and nested distributions."""
    assert parse_prior(str(prior)) == prior


@given(SIMPLE)
def test_equal_priors_have_equal_hashes(prior):
    """A prior is a key: rebuilt from its text it finds the same place."""
    assert {prior: 1}[parse_prior(str(prior))] == 1


def test_text_and_table_say_the_same():
    """TOML's two ways of writing a prior give equal priors."""
    table = {"distribution": "HalfCauchy", "beta": 0.25, "unit": "uisd"}

    assert prior_from_toml(table, where="") == parse_prior("HalfCauchy(beta=1/4, unit='uisd')")


def test_distributions_inside_a_table_are_text_or_table():
    """A mixture's members may be written either way."""
    text = "Mixture(w=[0.8, 0.2], comp_dists=[Normal(mu=0, sigma=1), Cauchy(alpha=0, beta=9)])"
    table = {
        "distribution": "Mixture",
        "w": [0.8, 0.2],
        "comp_dists": [
            "Normal(mu=0, sigma=1)",
            {"distribution": "Cauchy", "alpha": 0, "beta": 9},
        ],
    }

    assert prior_from_toml(table, where="") == parse_prior(text)


def test_lists_are_frozen():
    """A list handed in is kept as a tuple, and later changes to it do not reach the prior."""
    weights = [0.5, 0.5]
    prior = Prior("Mixture", {"w": weights})

    weights.append(1.0)

    assert prior.parameters["w"] == (0.5, 0.5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a prior"),
        ("HalfNormal(sigma=5", "is not a prior"),
        ("HalfNormal(5)", "name the parameters"),
        ("HalfNormal(**x)", "name the parameters"),
        ("HalfNormal(sigma=5, sigma=6)", "sigma is given twice"),
        ("HalfNormal(sigma='5')", "sigma is not a number"),
        ("HalfNormal(sigma=True)", "sigma is not a number"),
        ("HalfNormal(sigma=nan)", "sigma is not a number"),
        ("HalfNormal(sigma=2**3)", "sigma is not a number"),
        ("HalfNormal(sigma=1/0)", "sigma is not a number"),
        ("HalfNormal(sigma=x)", "sigma is not a number"),
        ("HalfNormal(sigma=__import__('os').system('true'))", "is not a prior"),
        ("pm.HalfNormal(sigma=5)", "is not a prior"),
        ("(lambda: 1)()", "is not a prior"),
        ("HalfNormal(sigma=5, unit=uisd)", 'unit is a word in quotes, such as unit="uisd"'),
        ("HalfNormal(sigma=5, on=3)", 'on is a word in quotes, such as on="tau2"'),
        ("HalfNormal(sigma=5, unit='days')", "unknown unit 'days'; known: outcome, uisd"),
        ("HalfNormal(sigma=5, on='tau3')", "unknown on='tau3'; known: tau, tau2"),
        ("-" * 100_000 + "1", "is not a prior"),
        ("Half\0Normal", "is not a prior"),
        ("HalfNormal(sigma=" + "1/" * 2000 + "1)", "nested deeper than 40"),
        ("HalfNormal(sigma=" + "-" * 900 + "1)", "nested deeper than 40"),
        ("A(a=" * 60 + "1" + ")" * 60, "nested deeper than 40"),
        ("HalfNormal(unit='\\d')", "is not a prior"),
    ],
)
def test_what_is_no_prior_is_refused(text, message):
    """Text is parsed, never evaluated; each mistake has its message."""
    with pytest.raises(PriorError, match=message):
        parse_prior(text, where="tau")


@pytest.mark.parametrize("value", [True, None, [1], {"sigma": 5}, {"distribution": 5}])
def test_a_value_that_is_no_prior_is_refused(value):
    """TOML values of another kind say what to write."""
    with pytest.raises(PriorError, match=r"priors\.tau: .* is not a prior; write"):
        prior_from_toml(value, where="priors.tau")


@pytest.mark.parametrize("value", ["5", True, None])
def test_a_table_takes_numbers(value):
    """A number in quotes is not a number."""
    with pytest.raises(PriorError, match=r"priors\.tau: sigma is .*; a number is needed"):
        prior_from_toml({"distribution": "HalfNormal", "sigma": value}, where="priors.tau")


def test_a_huge_whole_number_is_infinite():
    """Four hundred digits are more than a double holds; a check refuses infinity later."""
    prior = parse_prior(f"HalfNormal(sigma=1{'0' * 400})")

    assert prior.parameters["sigma"] == float("inf")


def test_a_model_file_is_read_and_written_back(tmp_path):
    """Writing what was read and reading it again gives the same model."""
    path = tmp_path / "mine.toml"
    path.write_text(MODEL, encoding="utf-8")
    model = read_model(path)

    path.write_text(model_to_toml(model), encoding="utf-8")

    assert read_model(path) == model
    assert model.name == "mine"
    assert str(model.priors["mu"]) == 'Normal(mu=0, sigma=1, unit="uisd")'


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_a_model_file(text):
    """Quotes, backslashes, control characters and newlines are escaped as TOML wants."""
    model = ModelSpec("m", text, text, (text,), text, {}, {"mu": Prior("flat")})

    content = tomllib.loads(model_to_toml(model))

    assert content["title"] == content["statement"] == content["references"][0] == text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("title =", "titel ="), "unknown key titel; no key title; a model file has: title"),
        (("[priors]", "[prior]"), "unknown key prior; no key priors"),
        (('"T"', "5"), "title is 5; a text is needed"),
        (('["R"]', '"R"'), "references is 'R'; a list of texts is needed"),
        (('["R"]', "[1]"), "references is 1; a text is needed"),
        (('title = "T"', "title = "), "not a readable model file"),
    ],
)
def test_a_bad_model_file_is_refused(tmp_path, change, message):
    """The message names the file, the key and the value."""
    path = tmp_path / "mine.toml"
    path.write_text(MODEL.replace(*change), encoding="utf-8")

    with pytest.raises(ModelError, match=rf"mine\.toml: .*{message}"):
        read_model(path)


def test_a_missing_model_file_is_refused(tmp_path):
    """The message names the path."""
    with pytest.raises(ModelError, match=r"absent\.toml: not a readable model file"):
        read_model(tmp_path / "absent.toml")


def test_priors_are_replaced_in_a_copy(tmp_path):
    """with_priors leaves the model it was called on as it was."""
    path = tmp_path / "mine.toml"
    path.write_text(MODEL, encoding="utf-8")
    model = read_model(path)

    other = model.with_priors(tau=Prior("uniform"))

    assert str(other.priors["tau"]) == "uniform"
    assert model.priors["tau"].distribution == "HalfCauchy"


def test_a_huge_whole_number_in_a_table_is_infinite():
    """As in a text: a check refuses infinity later."""
    prior = prior_from_toml({"distribution": "HalfNormal", "sigma": 10**400}, where="priors.tau")

    assert prior.parameters["sigma"] == float("inf")


@pytest.mark.parametrize("value", ["x " * 5000, [[1] * 5000], {"a": 16**5000}])
def test_a_message_shows_the_beginning_of_a_long_value(value):
    """A page of what is wrong hides what is wrong; some numbers cannot be shown at all."""
    with pytest.raises(PriorError, match="is not a prior") as caught:
        prior_from_toml(value, where="priors.tau")

    assert len(str(caught.value)) < 400


def test_a_mark_of_byte_order_is_no_part_of_a_file(tmp_path):
    """Some editors put one before UTF-8."""
    path = tmp_path / "mine.toml"
    path.write_text(MODEL, encoding="utf-8-sig")

    assert read_model(path).title == "T"


@pytest.mark.parametrize("text", ["Gamma(alpha=2, beta=0.1, lower=1)",
                                  "Truncated(dist=Gamma(alpha=2, beta=0.1), lower=1)"])  # fmt: skip
def test_bounds_among_the_parameters_truncate(text):
    """Both spellings are one prior; a uniform keeps its own bounds."""
    known = Prior("Truncated", {"dist": Prior("Gamma", {"alpha": 2.0, "beta": 0.1}), "lower": 1.0})

    found = parse_prior(text), parse_prior("Uniform(lower=0, upper=4)").distribution
    assert found == (known, "Uniform")
