"""Colours can be read, the palette has them, icons and words are complete."""

import re
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel

from resources.messages import table, text
from resources.policies import policies, touched
from views.icons import ICONS
from views.theme import Scheme, Theme, tokens
from views.verbs import VERBS
from views.words import Words, initials

ROOT = Path(__file__).parents[2]
READ = [("text", "surface"), ("text2", "surface"), ("text3", "selected"), ("text2", "window"), ("on_ink", "ink")]
READ += [("public", "public_tint"), ("staff", "staff_tint"), ("danger", "surface"), ("conflict", "selected")]


def luminance(colour: QColor) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST])
def test_text_can_be_read(qapp, scheme: Scheme) -> None:
    theme = Theme(scheme)
    for front, back in READ:
        bright, dark = sorted((luminance(theme.colour(front)), luminance(theme.colour(back))), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, (front, back)


def test_the_palette_is_made_of_tokens(qapp) -> None:
    theme = Theme(Scheme.DARK)
    palette = theme.palette()
    assert palette.color(QPalette.ColorRole.Base) == theme.colour("surface")
    assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == theme.colour("text_disabled")


def test_text_size_multiplies_type_and_heights_grow_by_their_lines(qapp) -> None:
    theme = Theme(Scheme.LIGHT)
    assert theme.font("body").pixelSize() == 13
    assert theme.grown(56, "body", 2) == 56
    theme.choose(scale=150)
    assert theme.font("body").pixelSize() == 20
    assert theme.grown(56, "body", 2) == 56 + 2 * (theme.line("body") - 18)
    theme.choose(scale=80)
    assert theme.height("status_bar") == 30


def test_status_colours_can_be_switched_off(qapp) -> None:
    theme = Theme(Scheme.LIGHT, status_colours=False)
    assert theme.status_colour("conflict") == theme.colour("text")


def test_colours_come_only_from_the_tokens() -> None:
    """No colour literal in the code, no style sheet but that of posts."""
    for path in (ROOT / "views").rglob("*.py"):
        source = path.read_text()
        assert "setStyleSheet" not in source, path
        assert not re.findall(r"[\"']#[0-9A-Fa-f]{6}[\"']", source), path


def test_nothing_blocks_the_loop_with_a_dialogue_of_its_own() -> None:
    for path in (ROOT / "views").rglob("*.py"):
        assert not re.search(r"\.exec\(\)", path.read_text()), path


def used_icons() -> set[str]:
    """Names in the code that are icons."""
    known = {path.stem for path in (ROOT / "resources" / "icons").glob("*.svg")}
    words = {
        word for path in (ROOT / "views").rglob("*.py") for word in re.findall(r'"([a-z0-9-]+)"', path.read_text())
    }
    return (known & words) | {verb.icon for verb in VERBS.values()} | {"photo-off"}


def test_only_icons_in_use_are_shipped_and_all_of_them_are() -> None:
    known = {path.stem for path in (ROOT / "resources" / "icons").glob("*.svg")}
    assert known == used_icons()


def test_icons_take_the_colour_of_the_text(qapp) -> None:
    red = ICONS.pixmap("check", 16, QColor("red")).toImage()
    colours = {red.pixelColor(x, y).name() for x in range(16) for y in range(16) if red.pixelColor(x, y).alpha() > 200}
    assert colours == {"#ff0000"}


def test_both_languages_have_the_same_codes_in_order() -> None:
    assert table("en").keys() == table("ja").keys()
    folder = ROOT / "resources" / "messages"
    for path in folder.glob("*.toml"):
        codes = [line.split(" = ")[0] for line in path.read_text().splitlines() if " = " in line]
        assert codes == sorted(codes), path


def test_both_languages_use_the_same_facts() -> None:
    for code, english in table("en").items():
        facts = set(re.findall(r"\{(\w+)\}", english))
        assert set(re.findall(r"\{(\w+)\}", table("ja")[code])) == facts or code in {"history_other"}, code


def test_every_code_said_in_the_code_has_words() -> None:
    known = table("en").keys()
    for path in (ROOT / "views").rglob("*.py"):
        for code in re.findall(r"(?:\.say|\.count)\(\s*\"([a-z_]+)\"", path.read_text()):
            assert code in known, (path, code)


def test_a_code_without_words_shows_itself() -> None:
    assert text("no_such_code", "ja", item="a:flag:1") == "‹no_such_code› (item=a:flag:1)"
    assert text("held_by", name="Ines") == "Ines has it for {span}"


def test_policies_have_both_languages_and_nine_keys() -> None:
    for language in ("en", "ja"):
        assert [policy.key for policy in policies(language)] == list(range(1, 10))
    assert touched(("reports:3", "category:personal_data")).number == "2.1"  # type: ignore[union-attr]
    assert touched(("held",)) is None


@pytest.mark.parametrize(
    ("name", "shown"), [("Maren Oakhollow", "MO"), ("見本 花子", "見"), ("zx_4471", "Z4"), ("", "?"), ("😀 x", "x")]
)
def test_initials(name: str, shown: str) -> None:
    assert initials(name) == shown


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [(5, "now", "たった今"), (240, "4 min", "4分前"), (7300, "2 h", "2時間前"), (200_000, "2 d", "2日前")],
)
def test_ages(seconds: float, english: str, japanese: str) -> None:
    assert Words("en").age(seconds) == english
    assert Words("ja").age(seconds) == japanese


def test_spans_and_counts() -> None:
    assert Words("en").span(11_530) == "3 h 12 min"
    assert Words("ja").span(11_530) == "3 時間 12 分"
    assert Words("en").count("reports_n", 1) == "1 report"
    assert Words("ja").count("reports_n", 1) == "通報 1 件"
    assert Words("en").why(["category:spam", "reports:6", "new_author"]) == "spam, 6 reports, new member"


def test_tokens_are_those_of_the_design() -> None:
    shared = ROOT.parent / "shared" / "ui" / "tokens.json"
    if not shared.exists():
        pytest.skip("the design's tokens are not beside this checkout")
    import json

    theirs = json.loads(shared.read_text())
    for part in ("color", "palette_roles", "size", "radius", "time_ms"):
        assert tokens()[part] == theirs[part]


def test_pyside_keeps_singletons(qtbot) -> None:
    """PySide6 6.12.0 gives back one reference too many to ``None`` on Python 3.11 and aborts after some thousand."""
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(1000):
        label.setText("x")
    assert abs(sys.getrefcount(None) - before) < 100
