"""What a notebook shows of a report and of results, in place of their paths and fields."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

import bayesmeta as bm
from bayesmeta.cohorts import Designs
from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.subgroups import Subgroups
from bayesmeta.report.inline import Written
from bayesmeta.sensitivity.examination import Examination
from bayesmeta.summaries.shown import Shown


class Frames(HTMLParser):
    """The frames of what a notebook is given."""

    def __init__(self):
        """Start with none."""
        super().__init__()
        self.frames, self.others = [], []

    def handle_starttag(self, tag, attrs):
        """Keep a frame's attributes, and every other element's name."""
        (self.frames if tag == "iframe" else self.others).append(dict(attrs) or tag)


@pytest.fixture(scope="module")
def written(posterior, tmp_path_factory):
    """Return a report as it was written."""
    folder = tmp_path_factory.mktemp("notebook")
    return bm.write_report(posterior, folder / "report.html", title='Stay "in days" <b>')


def test_a_notebook_shows_the_page_itself(written):
    """The frame holds the page to the last character, whatever its title has in it."""
    shown = Frames()
    shown.feed(written._repr_html_())
    (frame,) = shown.frames
    assert frame["srcdoc"] == written.read_text(encoding="utf-8")
    assert shown.others == []


def test_the_frame_reaches_nothing_around_it(written):
    """Scripts run in a frame of no origin: no allow-same-origin beside allow-scripts."""
    shown = Frames()
    shown.feed(written._repr_html_())
    assert set(shown.frames[0]["sandbox"].split()) == {"allow-scripts", "allow-downloads"}


def test_what_is_no_page_is_named(posterior, tmp_path):
    """A Word file, or a page that is gone, is its path."""
    paper = bm.write_report(posterior, tmp_path / "a & b.md")
    assert "a &amp; b.md" in paper._repr_html_()
    assert "iframe" not in Written(tmp_path / "gone.html")._repr_html_()


def test_a_written_report_is_a_path(written):
    """What is beside it are plain paths."""
    assert isinstance(written, Path)
    assert type(written.parent) is type(Path())
    assert written == Path(written)


def test_a_text_is_shown_line_by_line(posterior):
    """A study's name is no markup there."""
    text = bm.text(posterior)
    assert text._repr_html_().startswith("<pre>")
    assert "<img" not in text._repr_html_()
    assert text.splitlines() == str(text).splitlines()


@pytest.mark.parametrize("kind", [Designs, Duration, Subgroups, Examination])
def test_every_answer_shows_what_it_prints(kind):
    """No answer is a list of its fields."""
    assert issubclass(kind, Shown)
    assert kind.__repr__ is Shown.__repr__
