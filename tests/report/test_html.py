"""The page: nothing fetched, nothing run but our own, every link leads somewhere."""

from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest


class Reader(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self):
        """Start with nothing read."""
        super().__init__()
        self.elements = []
        self.text = []

    def handle_starttag(self, tag, attrs):
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Keep a text."""
        self.text.append(data)


@pytest.fixture(scope="module")
def read(page):
    """Return the page, read."""
    reader = Reader()
    reader.feed(page)
    return reader


def test_a_hostile_name_is_text(read):
    """No element of the page comes from a title or a study's name."""
    tags = Counter(tag for tag, _ in read.elements)
    assert tags["script"] == 2
    assert not any("onerror" in attributes for _, attributes in read.elements)
    assert "<script>alert(1)</script>" in "".join(read.text)


def test_nothing_is_fetched(read):
    """Images are inside the page; there is no sheet, script, frame or font from elsewhere."""
    sources = [a[key] for _, a in read.elements for key in ("src", "srcset", "data") if key in a]
    assert sources
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert not {"link", "iframe", "object", "embed"} & {tag for tag, _ in read.elements}


def test_the_page_forbids_itself_the_network(read):
    """Its own policy allows no connection, whatever a text might smuggle in."""
    policies = [a["content"] for _, a in read.elements if a.get("http-equiv")]
    assert policies == [
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
    ]


def test_every_link_leads_to_one_place(read):
    """Each anchor exists, once."""
    anchors = Counter(a["id"] for _, a in read.elements if "id" in a)
    links = {a["href"].removeprefix("#") for tag, a in read.elements if tag == "a"}
    assert links <= set(anchors)
    assert set(anchors.values()) == {1}


def test_every_image_says_what_it_shows(read):
    """An alternative text is a sentence, not a file's name."""
    texts = [a["alt"] for tag, a in read.elements if tag == "img"]
    assert len(texts) >= 6
    assert all(len(text.split()) > 3 for text in texts)


def test_headings_go_down_by_one(read):
    """A reader who jumps from heading to heading misses no level."""
    levels = [int(tag[1]) for tag, _ in read.elements if tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
