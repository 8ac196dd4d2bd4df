"""Telephone numbers by the numbering plans, and the many digits that are none."""

import time
from pathlib import Path

import pytest

from moderation.errors import StoreError
from moderation.privacy.rules import NO_RULES
from moderation.privacy.spots import Sureness
from sync.detectors import Telephones, library_detectors, versions
from sync.detectors.rules_file import load_rules

FIND = Telephones(("JP", "US", "GB", "DE", "FR"))


def found(text: str) -> list[str]:
    return [text[raw.start : raw.end] for raw in FIND(text)]


@pytest.mark.parametrize(
    "number",
    [
        "+81 90-1234-5678",
        "+49 30 23125 144",
        "+1 (212) 555-0188",
        "(212) 555-0164",
        "212-555-0164",
        "212.555.0164",
        "020 7946 0991",
        "03-5555-0123",
        "090-5555-0188",
        "09055550188",
        "06(6555)0123",
        "0466-22-1234",
        "030/23125-155",
        "01 99 00 12 34",
    ],
)
def test_numbers_as_people_write_them(number: str) -> None:
    assert found(f"call {number}, please") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-14",
        "14.03.2026",
        "10:00-18:00",
        "192.168.1.1",
        "978-3-16-148410-0",
        "1234567890",
        "1700000000123",
        "1,234,567",
        "12-34",
        "120-80-45",
        "order 212-555-0164",
        "型番 03-5555-0123",
        "#2125550164",
        "/2125550164",
        "v0.3.5555.0123",
        "100-200",
        "$212-555-0164",
        "021-19, 018-21",
        "4 8 15 16 23 42",
    ],
)
def test_digits_that_are_no_telephone(text: str) -> None:
    assert found(text) == []


def test_a_word_makes_a_number_of_no_plan_likely() -> None:
    german = Telephones(("DE",))
    (raw,) = german("Mobil: 0999/1234-567")
    assert (raw.reason, raw.sureness) == ("phone_label", Sureness.LIKELY)
    assert list(german("0999/1234-567")) == []


@pytest.mark.parametrize("number", ["090-0000-0118", "03-0000-1234", "07700 900123", "01632 960123", "+44 7700 900123"])
def test_numbers_of_fiction_have_a_form_that_counts(number: str) -> None:
    (raw,) = FIND(f"it is {number}")
    assert (raw.reason, raw.sureness.value) == ("phone_form", "likely")


def test_numbers_that_companies_publish_do_not_alarm() -> None:
    (raw,) = FIND("フリーダイヤル 0120-555-012")
    assert raw.sureness is Sureness.WEAK


def test_several_in_a_row_are_several() -> None:
    assert found("Tel 03-5555-0123 090-5555-0188") == ["03-5555-0123", "090-5555-0188"]


def test_regions_decide_what_is_known_without_a_country_code() -> None:
    assert list(Telephones(("FR",))("212-555-0164")) == []
    assert list(Telephones(("XX",))("212-555-0164")) == []


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "1-", "+1", "(0", "03-5555-0123 ", "tel ", "0-", "(1)", "+81 90-1234-5678 "]
)
def test_hostile_text_takes_time_that_grows_with_its_length(unit: str) -> None:
    text = (unit * (200_000 // len(unit) + 1))[:200_000]
    begun = time.process_time()
    sum(1 for _ in FIND(text))
    assert time.process_time() - begun < 4


def test_detectors_name_what_they_depend_on() -> None:
    (name,) = versions()
    assert name.startswith("phonenumbers-")
    assert len(library_detectors(NO_RULES)) == 1


def test_a_home_without_rules_has_none(tmp_path: Path) -> None:
    assert load_rules(tmp_path / "privacy.toml") == NO_RULES


def test_rules_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "privacy.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StoreError, match="privacy_rules_unreadable"):
        load_rules(tmp_path / "privacy.toml")


def test_line_ends_and_marks_of_windows_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "privacy.toml").write_bytes(b"\xef\xbb\xbf[names]\r\nlist = ['Ann Lee']\r\n")
    assert load_rules(tmp_path / "privacy.toml").names == ("Ann Lee",)
