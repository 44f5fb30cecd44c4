"""What the README shows works as printed."""

import re
from pathlib import Path

README = Path("README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_python_example_runs():
    """Every line of the example is a line that a newcomer can type."""
    (code,) = blocks("python")

    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  (our own page)


def test_there_are_two_commands():
    """One runs the main job on real data, one passes the tests; each sets everything up."""
    main_job, tests = blocks("sh")

    assert "bayesmeta run examples/normand1999.toml" in main_job
    assert "pytest" in tests
    assert all("-m venv .venv" in command for command in (main_job, tests))


def test_every_command_line_name_is_real():
    """The commands listed are the commands there are."""
    from bayesmeta.cli import COMMANDS

    listed = set(re.findall(r"^bayesmeta (\w+)", README, flags=re.MULTILINE))

    assert listed == set(COMMANDS)
