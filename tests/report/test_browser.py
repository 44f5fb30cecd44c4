"""The page in a browser: quiet, alone, and every control moves its numbers."""

import shutil

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

NUMBERS = ".play table"


@pytest.fixture(scope="module")
def opened(page, tmp_path_factory):
    """Return the opened page, with what it said and asked for."""
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(page, encoding="utf-8")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 390, "height": 800})
        shown.said, shown.asked = [], []
        shown.on("console", lambda message: shown.said.append(message.text))
        shown.on("pageerror", lambda error: shown.said.append(str(error)))
        shown.on("request", lambda request: shown.asked.append(request.url))
        shown.goto(file.as_uri())
        yield shown
        browser.close()


def test_the_page_is_quiet_and_asks_for_nothing(opened):
    """No error, no warning, no request but for the file itself."""
    fetched = [address for address in opened.asked if not address.startswith("data:")]
    assert opened.said == []
    assert len(fetched) == 1


def test_a_phone_shows_it_without_scrolling_aside(opened):
    """Wide tables scroll in their own place."""
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390


def test_its_numbers_are_the_reports(opened):
    """At the analysis' own priors, all studies in."""
    shown = opened.inner_text(NUMBERS)
    assert "−14.6 [−29.6 to 0.028]" in shown  # noqa: RUF001
    assert "0.9748" in shown


def test_every_control_moves_the_numbers(opened):
    """A family, each slider by the keyboard, each study; the button brings all back."""
    first = opened.inner_text(NUMBERS)
    opened.select_option(".play select", "HalfCauchy")
    seen = [opened.inner_text(NUMBERS)]
    for slider in opened.query_selector_all(".play input[type=range]"):
        slider.focus()
        for _ in range(9):
            opened.keyboard.press("ArrowLeft")
        seen.append(opened.inner_text(NUMBERS))
    for box in opened.query_selector_all(".play input[type=checkbox]")[:-1]:
        box.click()
        seen.append(opened.inner_text(NUMBERS))
    moved = [before != after for before, after in zip([first, *seen], seen, strict=False)]
    opened.click(".play button")

    assert all(moved)
    assert len(moved) == 11
    assert opened.inner_text(NUMBERS) == first


def test_without_any_study_it_asks_for_one(opened):
    """Nothing is computed of nothing."""
    for box in opened.query_selector_all(".play input[type=checkbox]"):
        box.click()
    asked = opened.inner_text(NUMBERS)
    opened.click(".play button")

    assert "at least one study" in asked


def test_a_hostile_name_stays_text(opened):
    """What a study is called is shown, and nothing of it runs."""
    assert "onerror=alert(1)" in opened.inner_text(".play .studies")
    assert opened.query_selector(".play img") is None
