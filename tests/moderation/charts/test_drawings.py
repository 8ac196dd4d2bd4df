"""Drawings: what can be read on every ground, and files that any program can read."""

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest

from moderation.charts.curve import curve
from moderation.charts.heat_map import heat_map
from moderation.charts.numbers import at_the_top, height_of_others, height_of_top, others
from moderation.charts.shapes import Box, Size, Text, colour_of, contrast, names_of
from moderation.charts.svg import svg, variables
from moderation.charts.tables import TABLES, as_csv
from moderation.charts.trend import trend
from moderation.charts.words import compared, percent
from tests.moderation.charts.sample import english, nothing, say_in, view

DRAWINGS = {"top": at_the_top, "heat": heat_map, "curve": curve, "trend": trend, "numbers": others}
TOKENS: Mapping[str, Mapping[str, str]] = json.loads(
    (files("resources") / "theme" / "tokens.json").read_text(encoding="utf-8")
)["color"]


@pytest.mark.parametrize("scheme", TOKENS)
def test_numbers_in_squares_can_be_read_in_every_theme(scheme: str) -> None:
    for step in range(6):
        ground = TOKENS[scheme][f"heat{step}"]
        assert contrast(colour_of(f"on:heat{step}", TOKENS[scheme]), ground) >= 4.5, step
    levels = [contrast(TOKENS[scheme][f"heat{step}"], TOKENS[scheme]["heat0"]) for step in range(6)]
    assert levels == sorted(levels), "one hue, by lightness: no colour has to be told from another"


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("size", [Size(420, 300), Size(1100, 420), Size(1100, 700, 2.0)])
def test_every_drawing_stays_in_its_place_and_has_words(name: str, language: str, size: Size) -> None:
    say = say_in(language)
    high = {"top": height_of_top(size), "numbers": height_of_others(size)}.get(name, size.height)
    drawing = DRAWINGS[name](say, view(), Size(size.width, high, size.scale))
    assert drawing.title
    for mark in drawing.marks:
        assert mark.x >= -10 * size.scale
        assert mark.x + mark.width <= size.width + 10 * size.scale
        assert mark.y + mark.height <= high + 1
        assert mark.said
        assert "‹" not in mark.said + mark.means
    told = [shape.text for shape in drawing.shapes if isinstance(shape, Text)]
    assert not [text for text in told if "‹" in text or "{" in text]
    assert names_of(drawing.shapes) - {"on:surface"} <= {*TOKENS["light"], *(f"on:heat{step}" for step in range(6))}


@pytest.mark.parametrize("name", DRAWINGS)
def test_as_svg_it_is_whole_and_loads_nothing(name: str) -> None:
    drawing = DRAWINGS[name](english, view(), Size(900, 360))
    text = svg(drawing, TOKENS["light"])
    root = ET.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert not re.findall(r"href|url\(|<script|<style|<image", text)
    drawn = [node for node in root.iter() if node.tag.endswith(("rect", "polyline", "circle", "text"))]
    assert len(drawn) == len(drawing.shapes) + 1
    inside = svg(drawing, TOKENS["light"], inside=True)
    ET.fromstring(inside)  # an attribute that stands twice would be refused
    assert inside.count("<title>") == len(drawing.marks)
    declared = {line.partition(":")[0] for line in variables(TOKENS["dark"]).split(";")}
    assert set(re.findall(r"var\((--[a-z0-9_-]+)\)", inside)) <= declared


def test_names_of_others_are_harmless() -> None:
    from moderation.coverage.overview import overview
    from tests.moderation.charts.sample import spans

    bad = "<script>alert(1)</script>"
    shown = overview(spans(), [("help", bad), ("chat", "=HYPERLINK(1)")])
    assert "\r\n'=HYPERLINK" in as_csv(TABLES["forums"](english, shown))
    drawing = heat_map(lambda code, **facts: bad, shown, Size(900, 300))
    assert "<script" not in svg(drawing, TOKENS["light"])


def test_nobody_asked_and_nothing_is_invented() -> None:
    empty = nothing()
    assert not heat_map(english, empty, Size(700, 300)).marks
    assert not curve(english, empty, Size(700, 300)).marks
    assert not trend(english, empty, Size(700, 300)).marks
    blank = [shape for shape in heat_map(english, empty, Size(700, 300)).shapes if isinstance(shape, Box)]
    assert sum(not shape.fill for shape in blank) == 168
    said = [mark.said for mark in at_the_top(english, empty, Size(1200, 92)).marks]
    assert said[0] == "Half of all threads answered by staff: fewer than 10"
    for table in TABLES.values():
        table(english, empty)


def test_shares_do_not_claim_all_or_nothing() -> None:
    assert [percent(share) for share in (0, 0.001, 0.5, 0.999, 1)] == ["0 %", "1 %", "50 %", "99 %", "100 %"]


def test_what_is_sooner_and_what_is_only_less() -> None:
    assert compared(english, "first_response_median_s", 600, 1_920) == "22 min sooner than before"
    assert compared(english, "first_response_median_s", 1_920, 600) == "22 min later than before"
    assert compared(english, "first_response_median_s", 600, 610) == "as before"
    assert compared(english, "oldest_open_s", 600, 1_920) == "32 min in the time before"
    assert compared(english, "open", 3, 5) == "5 in the time before"
    assert compared(english, "waiting", 3, None) == ""
