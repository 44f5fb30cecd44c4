"""Mistakes that people make: each is one message and exit code 2, and nothing is written."""

import pytest

import bayesmeta as bm

TABLE = """study,estimate,standard_error,duration_weeks,design,site,n
A,0.1,0.1,2,RCT,Oslo,20
B,-0.2,0.2,4,cohort,Oslo,30
C,0.3,0.1,6,RCT,Oslo,40
D,0.0,0.3,8,cohort,Oslo,50
"""
MIXED = "study,estimate,standard_error,n,when\nA,1,1,9,2019-03\nB,2,1,9,about 4\nC,3,1,9,\n"
MISTAKES = {
    "fit": """nowhere.csv --measure MD | nowhere.csv
        folder --measure MD | folder
        t.csv | --measure
        t.csv --measure DM | MD
        t.csv --measure MD --moderators `dose | not a formula
        t.csv --measure RR --column study=author | author
        t.csv --measure MD --engine stan | nuts
        t.csv --measure MD --form wide | marginal
        t.csv --measure MD --draws 0 | --draws
        t.csv --measure MD --draws 1e3 | --draws
        t.csv --measure MD --seed -1 | --seed
        t.csv --measure MD --seed 99999999999999999999 --engine exact | seed
        t.csv --measure MD --interval 95 | interval
        t.csv --measure MD --interval nan | interval
        t.csv --measure MD --target-accept 2 | target_accept
        t.csv --measure MD --prior tau | NAME=VALUE
        t.csv --measure MD --prior tau=HalfNormal(5) | HalfNormal(sigma=5)
        t.csv --measure MD --prior tau=HalfNormal(sigma=nan) | not a number
        t.csv --measure MD --prior tau=HalfNormal(sd=5) | sigma
        t.csv --measure MD --prior tau=x --prior tau=y | stands twice
        t.csv --measure MD --prior mu=HalfNormal(sigma=1) | HalfNormal
        t.csv --measure MD --prior beta=Normal(mu=0,sigma=1) | beta
        t.csv --measure MD --moderators weeks | weeks
        t.csv --measure MD --moderators site+n | site is the same
        t.csv --measure MD --moderators estimate | estimate
        t.csv --measure MD --moderators x|y | no place
        t.csv --measure MD --moderators n+duration_weeks | say the same thing twice
        t.csv --measure MD --moderators= | --moderators
        t.csv --measure MD --model meta-regression | moderators
        t.csv --measure MD --model nowhere.toml | nowhere.toml
        t.csv --measure MD --model deep.toml | nested
        t.csv --measure MD --model= | --model
        t.csv --measure MD --missing maybe | error
        t.csv --measure MD --variance pool | pooled
        t.csv --measure MD --outcome pain | outcome
        t.csv --measure MD --benefit down | lower
        t.csv --measure MD --minimal-important-difference -3 | above 0
        t.csv --measure MD --output old.nc | --force
        t.csv --measure MD --output none/new.nc | no folder none
        t.csv --measure MD --output link.nc --force | symbolic link
        t.csv --measure MD --output LONG.nc | too long
        t.csv --measure MD --prior HalfNormal(sigma=5) | tau=HalfNormal(sigma=5)
        t.csv --measure MD --prior tau:HalfNormal(sigma=5) | tau=HalfNormal(sigma=5)
        t.csv --measure MD --prior tau=half-normal(5) | write HalfNormal(sigma=5)
        t.csv --measure MD --moderators weeks --engine exact | mean 'duration_weeks'?
        t.csv --measure MD --model random | random-effects
        t.csv --measure correlation | ZCOR
        t.csv --measure MD --output new.csv | the ending .nc
        t.csv --measure MD --modle x | --modle""",
    "compare": """t.csv --measure MD --interval 2 | interval
        t.csv --measure MD --output t.csv | a file stands
        t.csv --measure MD --output full | not empty
        t.csv --measure MD --output lost | which is not there""",
    "sensitivity": """t.csv --measure MD --quantity slope | slope
        t.csv --measure MD --at weeks | NAME=VALUE
        t.csv --measure MD --at n=3 | moderators
        t.csv --measure MD --moderators n --at n=many | many
        t.csv --measure MD --null nan | null
        t.csv --measure MD --null 1 --minimal-important-difference 1 | give one
        mixed.csv --measure MD --cumulative when | no when""",
    "duration": """t.csv --measure MD --weeks 2,long | 2,4,8
        t.csv --measure MD --weeks -1 | -1
        t.csv --measure MD --change 2 | two durations
        t.csv --measure MD --change nan,2 | two durations
        t.csv --measure MD --sufficient 2 | 2
        t.csv --measure MD --weeks-column week | --weeks-column duration_weeks
        t.csv --measure MD --shape wavy | wavy
        t.csv --measure MD --weeks-column design | design""",
    "calibrate": """t.csv --measure MD | --tau
        t.csv --measure MD --tau -1 | -1
        t.csv --measure MD --tau 1 --simulations 1 | --simulations
        t.csv --measure MD --tau 1 --row Bayes --simulations 9 | Bayes""",
    "plot": """tree p.nc --output new.png | forest
        forest nowhere.nc --output new.png | nowhere.nc
        forest t.csv --output new.png | not a NetCDF file
        forest damaged.nc --output new.png | damaged
        forest p.nc --output new.docx | svg
        forest p.nc | FIGURE.png
        forest p.nc new.docx | svg
        forest p.nc --output old.nc | figures are written as
        forest p.nc --output LONG.png | too long""",
    "models": "randomeffects | random-effects\n        LONG | No model\n        deep.toml | nested",
    "priors": "--search zeppelin | zeppelin",
    "run": """nowhere.toml --output new | no such file
        t.csv --output new | not TOML
        deep.toml --output new | nested
        folder --output new | not a readable text file
        lost.toml --output new | nowhere.csv
        /dev/zero --output new | larger than 1 MiB""",
}
CASES = [
    (command, *map(str.strip, line.rsplit(" | ", maxsplit=1)))
    for command, lines in MISTAKES.items()
    for line in lines.splitlines()
]


@pytest.fixture(scope="module")
def posterior(tmp_path_factory):
    """Return the file of a small posterior."""
    folder = tmp_path_factory.mktemp("posterior")
    (folder / "t.csv").write_text(TABLE, encoding="utf-8")
    effects = bm.effect_sizes(bm.read_studies(folder / "t.csv"), "MD")
    return bm.save_posterior(bm.fit(effects, engine="exact", draws=10), folder / "p.nc")


@pytest.fixture
def desk(tmp_path, monkeypatch, posterior):
    """Return a folder with what the mistakes are made with, as the working folder."""
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "mixed.csv").write_text(MIXED, encoding="utf-8")
    (tmp_path / "deep.toml").write_text("a = " + "[" * 5000, encoding="utf-8")
    (tmp_path / "lost.toml").write_text('studies = "nowhere.csv"\nmeasure = "MD"', encoding="utf-8")
    (tmp_path / "p.nc").write_bytes(posterior.read_bytes())
    (tmp_path / "damaged.nc").write_bytes(posterior.read_bytes().replace(b"theta", b"theta"[::-1]))
    (tmp_path / "old.nc").write_text("old", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "link.nc").symlink_to(tmp_path / "t.csv")
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def snapshot(folder):
    return {
        path: path.is_symlink() or path.is_dir() or path.read_bytes() for path in folder.rglob("*")
    }


@pytest.mark.parametrize(("command", "arguments", "said"), CASES)
def test_a_mistake_is_one_message_and_exit_code_2(command, arguments, said, bayesmeta, desk):
    """The message says what would do; nothing is printed beside it, and nothing is changed."""
    before = snapshot(desk)

    ran = bayesmeta(command, *arguments.replace("LONG", "a" * 300).split())

    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not ran.out
    assert snapshot(desk) == before


def test_there_are_enough_mistakes():
    """Sixty at least."""
    assert len(CASES) >= 60
