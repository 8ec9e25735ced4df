"""The page of ``estimator-lint modes`` in a real browser, light and dark."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tools.programs import SCRIPTS, run

sync_api: Any = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

MODES = ("TRAIN", "EVAL", "PREDICT")

#: The text of elements, its colour, and the background.
COLOURS = """
nodes => nodes.map(node => {
  let behind = node;
  while (getComputedStyle(behind).backgroundColor == 'rgba(0, 0, 0, 0)')
    behind = behind.parentElement;
  return [node.textContent, getComputedStyle(node).color, getComputedStyle(behind).backgroundColor];
})
"""

SOURCE = '''\
import tensorflow as tf


def model_fn(features, labels, mode, params):
    """</script></style><script>document.title = "taken over"</script>"""
    if mode == tf.estimator.ModeKeys.TRAIN:
        loss = features["a very long line that has to be scrolled, on a narrow screen, by itself"]
        return tf.estimator.EstimatorSpec(
            mode,
            loss=loss)
    if mode == tf.estimator.ModeKeys.EVAL and params["eval"]:
        return tf.estimator.EstimatorSpec(mode, predictions=features)
    return tf.estimator.EstimatorSpec(mode, loss=features, predictions=features)


def other_model_fn(features, labels, mode, params):
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=features if params["a"] else None)
    return tf.estimator.EstimatorSpec(mode, features, features, features)
'''


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page, created as by a user."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "model.py").write_text(SOURCE, encoding="utf-8")
    command: list[str | Path] = [SCRIPTS / "estimator-lint", "modes", "model.py", "--format=html"]
    page = folder / "modes.html"
    page.write_text(run(command, folder, status=0), encoding="utf-8")
    return page.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, BROWSERS)), None)
        if path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium is installed")
        # Without the browser's sandbox, so that it runs as root in a container; the page is our
        # own.
        quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        launched = playwright.chromium.launch(executable_path=path, args=quiet)
        yield launched
        launched.close()


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Any]:
    """The page, in a window that records requests and console messages."""
    opened = browser.new_page(color_scheme=request.param, viewport={"width": 1100, "height": 800})
    asked_for: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda request: asked_for.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.set_default_timeout(5_000)
    opened.goto(address)
    yield opened
    assert [url for url in asked_for if url != address and "#" not in url] == []
    assert complaints == []
    opened.close()


def colour(locator: Any, name: str = "color") -> tuple[int, int, int]:
    return channels(locator.evaluate(f"node => getComputedStyle(node)['{name}']"))


def channels(value: str) -> tuple[int, int, int]:
    """The channels of a style sheet's ``rgb(...)``."""
    red, green, blue = map(int, re.findall(r"\d+", value)[:3])
    return red, green, blue


def luminance(rgb: tuple[int, int, int]) -> float:
    """The relative luminance as defined by WCAG 2."""
    parts = [part / 255 for part in rgb]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def choose(page: Any, mode: str, function: str = "model_fn") -> Any:
    section = page.get_by_role("region", name=function, exact=True)
    section.get_by_role("radio", name=mode).check()
    return section


def dimmed(section: Any) -> set[int]:
    """The lines whose text does not have the normal colour."""
    usual = colour(section.locator("h2"))
    lines = section.locator(".line").evaluate_all(
        "lines => lines.map(line => [line.querySelector('.number').textContent,"
        " getComputedStyle(line.querySelector('code')).color])"
    )
    return {int(number) for number, shown in lines if channels(shown) != usual}


def test_light_and_dark_differ(page: Any, request: pytest.FixtureRequest) -> None:
    background = luminance(colour(page.locator("body"), "background-color"))
    is_dark = "dark" in request.node.callspec.id
    assert background < 0.05 if is_dark else background > 0.9


@pytest.mark.parametrize(
    ("mode", "lines"),
    [
        ("all modes", set()),
        ("TRAIN", {11, 12, 13}),
        ("EVAL", {7, 8, 9, 10}),
        ("PREDICT", {7, 8, 9, 10, 12}),
    ],
)
def test_a_mode_dims_what_it_never_runs(page: Any, mode: str, lines: set[int]) -> None:
    section = choose(page, mode)
    assert dimmed(section) == lines
    other = page.get_by_role("region", name="other_model_fn", exact=True)
    assert dimmed(other) == set()


def test_a_mode_shows_its_sites_and_findings(page: Any) -> None:
    sites = {"TRAIN": ["8"], "EVAL": ["12", "13"], "PREDICT": ["13"]}
    findings = {"TRAIN": ["MFN102"], "EVAL": ["MFN103"], "PREDICT": []}
    for mode in MODES:
        section = choose(page, mode)
        tags = section.locator(".line:has(.tag:visible) .number").all_inner_texts()
        assert tags == sites[mode]
        shown = section.locator(".finding:visible strong").all_inner_texts()
        assert shown == findings[mode]
        assert section.locator(".summary:visible").all_inner_texts()[0].startswith(mode)
    section = choose(page, "TRAIN")
    marked = section.locator(".line.site-TRAIN .number").all_inner_texts()
    assert marked == ["8", "9", "10"]


def test_why_a_finding_is_true_unfolds(page: Any) -> None:
    section = choose(page, "EVAL")
    event = section.get_by_text("'params[\"eval\"]' is true on this path").first
    assert not event.is_visible()
    section.get_by_text("Why in EVAL", exact=True).click()
    assert event.is_visible()


def test_the_events_of_the_chosen_finding_are_numbered_in_the_source(page: Any) -> None:
    section = choose(page, "EVAL")
    assert section.locator(".mark:visible").count() == 0
    before = colour(section.locator(".line", has_text="params").last, "background-color")
    section.get_by_text("Why in EVAL", exact=True).click()
    marked = section.locator(".line:has(.mark:visible)")
    numbers = marked.locator(".number").all_inner_texts()
    marks = [line.locator(".mark:visible").all_inner_texts() for line in marked.all()]
    listed = section.locator(".why[open] li").all_inner_texts()
    assert sorted(number for some in marks for number in some) == [
        str(number) for number, _ in enumerate(listed, 1)
    ]
    assert {text.partition(":")[0] for text in listed} == set(numbers)
    assert colour(marked.first, "background-color") != before
    choose(page, "TRAIN")
    assert section.locator(".mark:visible").count() == 0


def test_definite_and_possible_look_different(page: Any) -> None:
    definite = page.locator(".finding.definite").first
    possible = page.locator(".finding.possible").first
    assert definite.locator(".certainty").inner_text() == "definite"
    assert possible.locator(".certainty").inner_text() == "possible"
    for name in ("background-color", "border-left-color"):
        assert colour(definite, name) != colour(possible, name)


def test_codes_lead_to_what_they_mean(page: Any) -> None:
    link = page.locator(".finding:visible strong a").first
    code = link.inner_text()
    link.click()
    assert page.url.endswith(f"#about-{code}")
    assert page.locator(f"#about-{code} + dd").inner_text().endswith(f"explain {code}.")


def test_everything_is_reached_from_the_keyboard(page: Any) -> None:
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "() => { const e = document.activeElement;"
                " return e.getAttribute('aria-label') || e.value || e.textContent }"
            )
        )
    assert {"model_fn", "other_model_fn"} <= set(reached)
    assert {"ALL", "Fields of the spec of model_fn", "Source of model_fn"} <= set(reached)
    assert any(text.startswith("Why in ") for text in reached)
    section = page.get_by_role("region", name="model_fn", exact=True)
    section.get_by_role("radio", name="all modes").focus()
    page.keyboard.press("ArrowRight")
    assert dimmed(section) == {11, 12, 13}


def test_names_for_those_who_listen(page: Any) -> None:
    section = choose(page, "TRAIN")
    group = section.get_by_role("group", name="Show what runs in")
    assert group.get_by_role("radio").count() == 4
    assert section.get_by_role("table", name=re.compile("^Fields of the spec")).count() == 1
    assert section.get_by_role("rowheader").all_inner_texts()[0] == "predictions"
    spoken = section.locator(".source").aria_snapshot()
    assert "Lines 11 to 13 never run in TRAIN" in spoken
    assert "never run in EVAL" not in spoken
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title() == "model.py: what runs in which mode"


def test_text_can_be_read(page: Any) -> None:
    """WCAG 2 requires a contrast of 4.5 : 1, also for dimmed text."""
    for mode in ("all modes", *MODES):
        section = choose(page, mode)
        texts = section.locator(
            ":is(code span, code, p, td, th, strong, small, a, .number):visible"
        )
        shown = texts.evaluate_all(COLOURS)
        assert len(shown) > 50
        for text, colour_of_text, behind in shown:
            assert contrast(channels(colour_of_text), channels(behind)) >= 4.5, (mode, text)


def test_a_narrow_screen_scrolls_within(page: Any) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    choose(page, "EVAL")
    width = page.evaluate("() => document.documentElement.scrollWidth")
    assert width <= 320
    finding = page.locator(".finding:visible").first.bounding_box()
    assert finding["width"] <= 320


def test_the_page_works_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("radio", name="TRAIN").first.check()
    assert page.locator(".summary:visible").count() == 1
    context.close()


def test_source_stays_source(page: Any) -> None:
    assert page.locator("script").count() == 0
    texts = page.locator(".code").first.locator(".line code").all_text_contents()
    assert texts == SOURCE.splitlines()[3:13]
