"""An engine's setting is said once, and everybody who takes settings has it."""

import inspect
import subprocess
import sys

import pytest

import bayesmeta as bm
from bayesmeta.analysis import read_analysis
from bayesmeta.assembly.graph import FORMS
from bayesmeta.engines.settings import SETTINGS, Chosen, Settings

SAMPLING = ("fit", "sensitivity")
"""The commands that sample."""

NEW = """
import importlib.util, inspect, sys

name = "bayesmeta.engines.settings"
spec = importlib.util.find_spec(name)
source = spec.loader.get_source(name).replace(
    "    progress: bool = False", "    rope: int = _setting(3, 'A toy.', least=2)\\n    progress: bool = False"
)
module = sys.modules[name] = importlib.util.module_from_spec(spec)
exec(compile(source, spec.origin, "exec"), module.__dict__)

import bayesmeta as bm
from bayesmeta.analysis import read_analysis
from bayesmeta.cli import app, main
from bayesmeta.refits.sampler import sampler
from typer.main import get_command

print(inspect.signature(bm.fit).parameters["rope"].default, "A toy." in bm.fit.__doc__)
print(read_analysis(sys.argv[1]).plans[0].settings.rope)
for command in ("fit", "sensitivity"):
    print("--rope" in [o for p in get_command(app).commands[command].params for o in p.opts])
print(sampler({"engine": "nuts", "rope": 7}).settings.rope)
effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), "MD")
posterior = bm.fit(effects, engine="exact", rope=6)
from bayesmeta.summaries.contract import contract
print(contract(posterior)["settings"]["rope"])
"""  # noqa: E501  (a program)


@pytest.mark.parametrize("name", SETTINGS)
def test_fit_takes_every_setting_and_says_what_it_does(name):
    """Name and default are the record's, the sentence too."""
    parameter = inspect.signature(bm.fit).parameters[name]

    assert parameter.default == getattr(Settings(), name)
    assert f"\n{name}\n    {SETTINGS[name].said}" in bm.fit.__doc__


def test_fit_refuses_a_keyword_that_is_no_setting():
    """The message names the keyword, and the setting that was probably meant."""
    with pytest.raises(TypeError, match=r"fit\(\) takes no 'sed'; .*Did you mean 'seed'\?"):
        bm.fit(None, engine="exact", sed=1)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_a_key_of_an_analysis_file(name, tmp_path):
    """What the file says of a setting is what the engine is told."""
    value = SETTINGS[name].choices[-1] if SETTINGS[name].choices else 0.5
    value = 2 if SETTINGS[name].kind in (int, int | None) else value
    path = tmp_path / "analysis.toml"
    written = f'"{value}"' if isinstance(value, str) else value
    path.write_text(f'studies = "t.csv"\nmeasure = "MD"\n{name} = {written}\n', encoding="utf-8")

    (plan,) = read_analysis(path).plans

    assert getattr(plan.settings, name) == value


@pytest.mark.parametrize("command", SAMPLING)
def test_every_setting_is_an_option_of_the_commands_that_sample(command):
    """Same name, same default, same sentence."""
    from typer.main import get_command

    from bayesmeta.cli import app

    options = {item.name: item for item in get_command(app).commands[command].params}

    said = {name: (options[name].default, options[name].help) for name in SETTINGS}
    assert said == {name: (item.default, item.said) for name, item in SETTINGS.items()}


def test_the_keywords_are_the_fields():
    """Type checkers read the one, everybody else the other; the forms are the graph's."""
    assert set(Chosen.__annotations__) == set(SETTINGS)
    assert SETTINGS["form"].choices == FORMS


def test_a_new_setting_stands_in_one_file(tmp_path):
    """A field more in the record: function, file, commands, refits and provenance have it."""
    path = tmp_path / "analysis.toml"
    path.write_text('studies = "t.csv"\nmeasure = "MD"\nrope = 5\n', encoding="utf-8")

    ran = subprocess.run([sys.executable, "-c", NEW, path], check=True, capture_output=True)

    assert ran.stdout.decode().split() == ["3", "True", "5", "True", "True", "7", "6"]
