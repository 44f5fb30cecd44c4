"""The page in a browser: quiet, alone, accessible, and every control moves its numbers."""

import os
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.analysis import reporting
from bayesmeta.summaries.text import text
from bayesmeta.summaries.view import View

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

AXE = Path(os.environ.get("AXE_CORE") or "no-axe-core")
"""The script of axe-core, where it was fetched."""

SCREENSHOTS = os.environ.get("REPORT_SCREENSHOTS")
"""A folder that keeps pictures of the page, to be looked at."""

PHONE, DESK = 390, 1100
PAPER = 718
"""Width of A4 between margins of a centimetre, in pixels of CSS."""
NUMBERS = ".play > table"


@pytest.fixture(scope="module")
def cohorts_page(tmp_path_factory):
    """Return the report of six trials beside three cohorts, with a moderator."""
    table = pd.DataFrame({
        "study": [f"Study {place}" for place in range(9)],
        "estimate": [-20.0, -2, -55, -71, -4, 1, 11, -10, 7],
        "standard_error": [6.4, 1.44, 3.96, 12.3, 4.16, 1.08, 9.7, 2.5, 4.45],
        "design": ["RCT", "RCT", "cohort"] * 3, "weeks": [2.0, 4, 6, 3, 5, 9, 12, 1, 8],
    })  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(table), "MD", unit="days")
    priors = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)",
              "bias": "Normal(mu=0, sigma=5)", "beta": "Normal(mu=0, sigma=2)"}  # fmt: skip
    posterior = bm.fit(effects, "design-bias", moderators="weeks", spread="common",
                       priors=priors, engine="exact")  # fmt: skip
    asked = {"title": "Trials beside cohorts", "benefit": "lower", "interval": 0.95,
             "minimal_important_difference": 3.0, "shortest": False}  # fmt: skip
    found = reporting.document_of(View(posterior), None, tmp_path_factory.mktemp("drawn"), asked)
    return reporting.page_of(Path("report.html"))(found).decode()


@pytest.fixture(scope="module")
def correlations_page(tmp_path_factory):
    """Return the report of nine correlations, pooled as Fisher's z."""
    table = pd.DataFrame({
        "study": [f"Study {place}" for place in range(9)],
        "estimate": [0.15, 0.42, 0.31, 0.98, -0.07, 0.22, 0.55, 0.36, 1.35],
        "standard_error": [0.13, 0.1, 0.2, 0.25, 0.08, 0.17, 0.12, 0.06, 0.3],
    })  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(table), "ZCOR", values="z")
    priors = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}
    asked = {"title": "Correlations", "benefit": "higher", "interval": 0.95,
             "minimal_important_difference": 0.1, "shortest": False}  # fmt: skip
    view = View(bm.fit(effects, priors=priors, engine="exact"))
    found = reporting.document_of(view, None, tmp_path_factory.mktemp("drawn"), asked)
    return reporting.page_of(Path("report.html"))(found).decode()


@pytest.fixture(scope="module")
def browser():
    """Return a browser without a network's need."""
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def files(page, cohorts_page, correlations_page, tmp_path_factory):
    """Return the pages as files."""
    folder = tmp_path_factory.mktemp("page")
    found = {name: folder / f"{name}.html" for name in ("plain", "cohorts", "correlations")}
    for file, written in zip(found.values(), (page, cohorts_page, correlations_page), strict=True):
        file.write_text(written, encoding="utf-8")
    return found


@pytest.fixture(scope="module", params=["plain", "cohorts", "correlations"])
def name(request):
    """Return which page it is."""
    return request.param


def _open(browser, file, width=PHONE):
    shown = browser.new_page(viewport={"width": width, "height": 800})
    shown.said, shown.asked = [], []
    shown.on("console", lambda message: shown.said.append(message.text))
    shown.on("pageerror", lambda error: shown.said.append(str(error)))
    shown.on("request", lambda request: shown.asked.append(request.url))
    shown.goto(file.as_uri())
    return shown


@pytest.fixture(scope="module")
def opened(browser, files, name):
    """Return the opened page, with what it said and asked for."""
    shown = _open(browser, files[name])
    yield shown
    shown.close()


@pytest.fixture(scope="module")
def plain(browser, files):
    """Return the page of one design, opened."""
    shown = _open(browser, files["plain"])
    yield shown
    shown.close()


def test_the_page_is_quiet_and_asks_for_nothing(opened):
    """No error, no warning, no request but for the file itself."""
    fetched = [address for address in opened.asked if not address.startswith("data:")]
    assert opened.said == []
    assert len(fetched) == 1


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_width_scrolls_aside(browser, files, name, width, tmp_path):
    """Wide tables scroll in their own place; the picture is kept where it is asked for."""
    shown = _open(browser, files[name], width)
    folder = Path(SCREENSHOTS or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    shown.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    reach = shown.evaluate("document.documentElement.scrollWidth")
    shown.close()

    assert reach <= width


def test_paper_shows_tables_whole_and_no_words_on_controls(browser, files, name):
    """Nothing scrolls on paper, A4 between margins; what is moved on a screen is not printed."""
    shown = _open(browser, files[name], PAPER)
    shown.emulate_media(media="print")
    cut = shown.evaluate(
        "[...document.querySelectorAll('.scroll, .wide')]"
        ".filter(each => getComputedStyle(each).overflowX != 'visible').length"
    )
    reach = shown.evaluate("document.documentElement.scrollWidth")
    visible = shown.locator("#playing").is_visible()
    shown.close()

    assert (cut, visible) == (0, False)
    assert reach <= PAPER


def test_its_numbers_are_the_reports(plain):
    """At the analysis' own priors, all studies in."""
    shown = plain.inner_text(NUMBERS)
    assert "−14.6 [−29.6 to 0.028]" in shown  # noqa: RUF001
    assert "0.9748" in shown


def test_correlations_are_read_as_correlations(browser, files):
    """In numbers, on the axis, and in a study's row: none of Fisher's z (1.35, at most)."""
    shown = _open(browser, files["correlations"])
    numbers, picture = shown.inner_text(NUMBERS), shown.text_content(".play .picture")
    shown.close()

    assert "Pooled correlation\t0.38 [0.14 to 0.61]" in numbers
    assert "tau, SD between studies, scale of Fisher's z" in numbers
    assert "0.73 [0.40 to 0.91]" in picture
    assert "Correlation, on the scale of Fisher's z; the line is no effect" in picture


@pytest.fixture(scope="module", params=["PLO", "IRLN"])
def levels(request, browser, tmp_path_factory):
    """Return a fit of one group's levels, and its page, opened."""
    table = pd.DataFrame({
        "study": list("abcdef"), "events": [13, 6, 4, 14, 24, 10], "n": [17, 8, 9, 16, 31, 22],
        "time": [1344.0, 1988, 1020, 3211, 1700, 2400],
    })  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(table), request.param)
    priors = {"mu": "Normal(mu=-2, sigma=4)", "tau": "HalfNormal(sigma=1)"}
    posterior = bm.fit(effects, priors=priors, engine="exact")
    asked = {"title": "Levels", "benefit": None, "interval": 0.95,
             "minimal_important_difference": None, "shortest": False}  # fmt: skip
    folder = tmp_path_factory.mktemp("levels")
    found = reporting.document_of(View(posterior), None, folder, asked)
    file = folder / "page.html"
    file.write_bytes(reporting.page_of(Path("report.html"))(found))
    shown = _open(browser, file)
    yield posterior, shown
    shown.close()


def test_levels_are_read_as_proportions_and_rates(levels):
    """Every number of the page's own arithmetic, as the text prints it; no line of no effect."""
    posterior, shown = levels
    table, picture = shown.inner_text(NUMBERS), shown.text_content(".play .picture")
    printed = re.compile(r"\S+ \[\S+ to \S+\]")
    found, known = printed.findall(table), printed.findall(text(posterior))

    assert shown.said == []
    assert len(found) == 3
    assert found == known[:3]
    assert f"Mean effect{found[0]}New study{found[1]}" in picture
    assert shown.locator(".play .picture line.null").count() == 0


def test_rates_have_round_ticks(levels):
    """One digit and noughts, in order: an axis is read, not computed."""
    _, shown = levels
    ticks = shown.locator(".play .picture text.axis").all_text_contents()[:-1]

    assert len(ticks) >= 3
    assert all(len(f"{float(tick):e}".split("e")[0].rstrip("0.")) == 1 or tick == "0.95"
               for tick in ticks)  # fmt: skip


def test_every_control_moves_the_numbers(opened, name):
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
    opened.click(".play .again")

    assert all(moved)
    assert len(moved) == {"plain": 11, "cohorts": 14, "correlations": 11}[name]
    assert opened.inner_text(NUMBERS) == first
    assert opened.said == []


def test_the_cohorts_dial_goes_from_one_design_to_none(browser, files):
    """Its ends are 0 and infinity, and say so."""
    shown = _open(browser, files["cohorts"])
    dial = shown.get_by_label("u, SD of the prior on the cohorts’ bias")  # noqa: RUF001
    dial.focus()
    said = []
    for key in ("Home", "End"):
        shown.keyboard.press(key)
        said.append(dial.get_attribute("aria-valuetext"))
    shown.close()
    assert said == ["0.00 days", "∞ (flat)"]


def test_without_any_study_it_asks_for_one(plain):
    """Nothing is computed of nothing."""
    for box in plain.query_selector_all(".play input[type=checkbox]"):
        box.click()
    asked = plain.inner_text(NUMBERS)
    plain.click(".play .again")

    assert "at least one study" in asked


def test_a_hostile_name_stays_text(plain):
    """What a study is called is shown, and nothing of it runs."""
    assert "onerror=alert(1)" in plain.inner_text(".play .studies")
    assert plain.query_selector(".play img") is None


def test_a_table_is_copied_with_its_lines(plain):
    """What is pasted is the whole table, each cell with its border; hostile names stay text."""
    plain.evaluate("document.body.prepend(Object.assign(document.createElement('div'), "
                   "{ id: 'paper', contentEditable: true }))")  # fmt: skip
    place = plain.locator("[id^=studies-].scroll")
    shown = place.locator("tr").count()
    place.locator("xpath=following-sibling::p[1]").get_by_text("Copy table").click()
    plain.focus("#paper")
    plain.keyboard.press("Control+V")
    borders = plain.eval_on_selector_all(
        "#paper td, #paper th", "all => all.map(e => e.style.border)"
    )
    rows = plain.locator("#paper tr").count()
    images = plain.locator("#paper img").count()
    plain.evaluate("document.getElementById('paper').remove()")

    assert rows == shown
    assert borders
    assert all("1px solid" in border for border in borders)
    assert images == 0


def test_a_table_is_saved_as_csv(plain):
    """As many rows, numbers with a hyphen for a minus, so that programs read them."""
    place = plain.locator("[id^=parameters-].scroll")
    with plain.expect_download() as download:
        place.locator("xpath=following-sibling::p[1]").get_by_text("CSV").click()
    table = pd.read_csv(download.value.path())
    assert table["parameter"].tolist()[:2] == ["mu", "tau"]
    assert float(table["mean"][0]) < 0


@pytest.mark.skipif(not AXE.is_file(), reason="no axe-core on this machine (AXE_CORE names it)")
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_axe_finds_nothing_serious(browser, files, name, width):
    """Contrast, labels, roles, headings, tables, by the rules of axe-core."""
    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 800})
    shown = context.new_page()
    shown.goto(files[name].as_uri())
    shown.add_script_tag(path=AXE)
    found = shown.evaluate("axe.run()")["violations"]
    context.close()

    serious = [(each["id"], each["nodes"][0]["html"]) for each in found
               if each["impact"] in ("serious", "critical")]  # fmt: skip
    assert serious == []
