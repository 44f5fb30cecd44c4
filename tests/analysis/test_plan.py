"""Analysis files: what they may say, and how they are refused."""

import pytest

from bayesmeta.analysis import read_analysis
from bayesmeta.errors import AnalysisError

GOOD = 'studies = "table.csv"\nmeasure = "MD"\n'


def written(tmp_path, text):
    path = tmp_path / "analysis.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_table_is_found_beside_the_file(tmp_path):
    """Paths in an analysis file are relative to the file, not to where it is run."""
    analysis = read_analysis(written(tmp_path, GOOD))

    assert analysis.studies == tmp_path / "table.csv"


def test_an_outcome_overrides_what_it_names_and_inherits_the_rest(tmp_path):
    """Every key but the table's may be overridden per outcome."""
    text = GOOD + 'unit = "pg/mL"\nseed = 7\n[[outcomes]]\nname = "A"\n'
    text += '[[outcomes]]\nname = "B"\nunit = "ng/mL"\npriors = {tau = "HalfNormal(sigma=1)"}\n'

    first, second = read_analysis(written(tmp_path, text)).plans

    assert (first.name, first.unit, first.settings.seed) == ("A", "pg/mL", 7)
    assert (second.name, second.unit, second.settings.seed) == ("B", "ng/mL", 7)
    assert not first.priors


def test_figures_may_have_a_columns_width(tmp_path):
    """One for all, and another for an outcome."""
    text = GOOD + 'width = "85 mm"\n[[outcomes]]\nname = "A"\n'
    text += '[[outcomes]]\nname = "B"\nwidth = "7 in"\n'

    assert [plan.width for plan in read_analysis(written(tmp_path, text)).plans] == [
        "85 mm",
        "7 in",
    ]


@pytest.mark.parametrize(
    ("text", "name", "prior"),
    [
        ('model = "power-prior"\npower = 0.4', "power", 0.4),
        ('model = "power-prior"\npower = 0', "power", 0.0),
        ('model = "design-bias"\nspread = "ratio"\nratio = 2', "ratio", 2.0),
    ],
    ids=["power", "no power", "ratio"],
)
def test_a_number_beside_a_model_is_its_parameters(text, name, prior, tmp_path):
    """A number in the file, not a word: it fixes what the model has a prior of."""
    plan = read_analysis(written(tmp_path, GOOD + text)).plans[0]

    assert plan.spec.priors[name].value == prior


@pytest.mark.parametrize(
    ("word", "bias"), [("true", "probable-shared"), ("false", "probable")], ids=str
)
def test_a_switch_beside_a_model_is_a_choice(word, bias, tmp_path):
    """True or false: whether all cohorts have one bias."""
    text = GOOD + f'model = "probably-biased"\nshared_bias = {word}'

    assert read_analysis(written(tmp_path, text)).plans[0].spec.parts["bias"] == bias


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("studies = ", "not TOML"),
        ('measure = "MD"', "no key 'studies'"),
        ('studies = "t.csv"', "no key 'measure'"),
        (
            GOOD + 'modle = "x"',
            r"unknown key 'modle' \(did you mean 'model'\?\); known keys: title",
        ),
        (GOOD + "seed = 1.5", "seed is 1.5; it must be a whole number"),
        (GOOD + "seed = true", "seed is True"),
        (GOOD + "draws = 0", "draws is 0; it must be at least 1"),
        (GOOD + "interval = 95", "interval is 95; it must be between 0 and 1"),
        (GOOD + "minimal_important_difference = -3", "must be above 0"),
        (GOOD + 'width = "85"', "width: .* write a number with its unit"),
        (GOOD + 'benefit = "down"', "one of: lower, higher"),
        (GOOD + 'engine = "stan"', "one of: nuts, exact"),
        (GOOD + 'priors = "HalfNormal"', "priors is 'HalfNormal'; it must be a table"),
        (GOOD + "[[outcomes]]\nseed = 1", "outcome 1: no name"),
        (GOOD + '[[outcomes]]\nname = "A"\nstudies = "x"', "outcome 1: unknown key 'studies'"),
        (GOOD + "seed = 0x" + "f" * 5000, "seed is a number of thousands of digits; .* at most"),
        (GOOD + "draws = 1000000000", "draws is 1000000000; it must be at most 10000000"),
        (GOOD + "interval = 0x" + "f" * 5000, "interval is a number of thousands of digits"),
        (GOOD + "[columns]\nstudy = 3", 'columns has study = 3; write as in study = "author"'),
        ('studies = "t\\u0000.csv"\nmeasure = "MD"', "studies is .* a character that no text has"),
        ("a = " + "[" * 5000, "nested deeper than 20"),
        ("a" + ".a" * 5000 + " = 1", "nested deeper than 20"),
        (GOOD + '[[outcomes]]\nname = "A"\n[[outcomes]]\nname = "A"', "'A' stands twice"),
    ],
)
def test_a_bad_analysis_file_is_one_message(text, said, tmp_path):
    """The message names the file, the key and the value, and what would do."""
    with pytest.raises(AnalysisError, match=rf"(?s)analysis\.toml.*{said}"):
        read_analysis(written(tmp_path, text))


def test_every_problem_is_in_the_one_message(tmp_path):
    """A file with three mistakes is mended in one go."""
    with pytest.raises(AnalysisError) as caught:
        read_analysis(written(tmp_path, GOOD + 'modle = "x"\nseed = "y"\ninterval = 2\n'))

    assert len(str(caught.value).splitlines()) == 3


def test_a_missing_file_is_named(tmp_path):
    """No traceback for a typing mistake."""
    with pytest.raises(AnalysisError, match=r"nowhere\.toml: no such file"):
        read_analysis(tmp_path / "nowhere.toml")
