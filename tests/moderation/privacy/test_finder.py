"""The finder as a whole: places, overlaps, masks, what the team says is public, and time."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.privacy.finder import MOST_SPOTS, Finder
from moderation.privacy.rules import Rules, read_rules
from moderation.privacy.shown import Shown
from moderation.privacy.spots import PrivateKind, Raw, Sureness, masked

RULES = read_rules(
    """
    [[number]]
    kind = "order"
    form = "AC-######"
    [names]
    list = ["Maren Ohlsen", "大野 真由"]
    [public]
    emails = ["care@quillby.example"]
    domains = ["staff.quillby.example"]
    texts = ["AC-000000"]
    """,
    "rules",
)
FINDER = Finder(RULES)
PIECES = st.sampled_from(
    [
        "ines@example.com",
        "4111 1111 1111 1111",
        "AC-481516",
        "大野真由",
        "password: Tr0ub4dor",
        "203.0.113.9",
        " ",
        "。",
        "a",
        "1",
        "-",
        "〒150-0041",
        "東京都渋谷区神南1-19-11",
        "ＡＣ－４８１５１６",
        "\u200b",
        "@",
        "DE89370400440532013000",
        ":",
        "\n",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=12).map("".join))
@settings(max_examples=300)
def test_spots_lie_in_the_text_in_order_and_apart(text: str) -> None:
    spots = FINDER.find_in(text)
    assert all(0 <= spot.start < spot.end <= len(text) for spot in spots)
    assert all(one.end <= other.start for one, other in pairwise(spots))


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_snippet_never_holds_the_value(text: str) -> None:
    for spot in FINDER.find_in(text):
        value = text[spot.start : spot.end]
        assert len(spot.masked) <= 14
        assert value not in spot.masked
        if spot.kind in {PrivateKind.PASSWORD, PrivateKind.ACCESS_KEY}:
            assert spot.masked == "…"


def test_masks() -> None:
    assert masked(PrivateKind.EMAIL, "ines@example.com") == "i…@e….com"
    assert masked(PrivateKind.CARD, "4111111111111111") == "41…11"
    assert masked(PrivateKind.PHONE, "0312345678") == "0…8"
    assert masked(PrivateKind.NAME, "大野真由") == "…"


def test_what_the_team_says_is_public_is_not_found() -> None:
    text = "care@quillby.example lena@staff.quillby.example AC-000000 but AC-481516"
    assert [text[spot.start : spot.end] for spot in FINDER.find_in(text)] == ["AC-481516"]


def test_full_width_numbers_of_the_team_are_found_where_they_stand() -> None:
    text = "注文 ＡＣ－４８１５１６ です"
    (spot,) = FINDER.find_in(text)
    assert text[spot.start : spot.end] == "ＡＣ－４８１５１６"


def test_the_surer_find_wins_an_overlap() -> None:
    def eager(text: str) -> list[Raw]:
        return [Raw(PrivateKind.PHONE, 0, len(text), "phone_plan", Sureness.LIKELY, text)]

    spots = Finder(more=[eager]).find_in("4111 1111 1111 1111")
    assert [spot.kind for spot in spots] == [PrivateKind.CARD]


def test_the_same_value_has_one_print_at_one_place_and_another_elsewhere() -> None:
    one, two = FINDER.find_in("ines@example.com and INES@example.com", "c:post:1")
    assert one.print == two.print
    (elsewhere,) = FINDER.find_in("ines@example.com", "c:post:2")
    assert elsewhere.print != one.print
    assert b"ines" not in one.print


def test_a_post_full_of_data_gives_the_first_of_it() -> None:
    assert len(FINDER.find_in("a@bc.de " * 1000)) == MOST_SPOTS


def test_names_of_a_long_list_cost_no_more() -> None:
    letters = [f"{a}{b}{c}" for a in "abcdefghijklmnopq" for b in "aeiouxyzkl" for c in "abcdefghijklmnopqrstuvwxyzäö"]
    names = tuple(f"Given{word} Family{word}" for word in letters) + tuple(
        f"大{chr(0x5000 + n)}太郎" for n in range(2000)
    )
    finder = Finder(Rules(names=names))
    text = "it was Givenbec Familybec, or Familyqox, Givenqox. " + "nobody else. " * 700 + "大倀太郎さん"
    begun = time.process_time()
    spots = finder.find_in(text)
    assert time.process_time() - begun < 1
    assert len(spots) == 3


HOSTILE = [
    "a",
    "1",
    "1 ",
    "1-",
    "@",
    "a@",
    "a.",
    "a@a.",
    "1.1.",
    ":",
    "a:",
    "password ",
    "password: ",
    "token for a ",
    "order ",
    "東京都",
    "区1-",
    "〒",
    "eyJa",
    "-----BEGIN PRIVATE KEY-----",
    "(0",
    "+1",
    "A B ",
    "Am Aa ",
    "1 Aa ",
    "a at b dot cc ",
    "?token=",
    "a://b:c@",
    "注文番号",
    "DE89 ",
    "maren ",
    "大野",
    "住所:",
    "ﾊﾞ",
    "\u200b",
    "passport A1 ",
    "a@bc.de ",
    "4111 1111 1111 1111 ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_time_that_grows_with_its_length(unit: str) -> None:
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    begun = time.process_time()
    FINDER.find_in(text)
    assert time.process_time() - begun < 2


def test_a_million_hostile_characters() -> None:
    share = 1_000_000 // len(HOSTILE)
    text = "".join(unit * (share // len(unit) + 1) for unit in HOSTILE)
    begun = time.process_time()
    FINDER.find_in(text)
    assert time.process_time() - begun < 20


def test_ordinary_text_is_fast() -> None:
    """Twenty milliseconds for ten thousand characters, with room for a slow machine; the report measures."""
    words = (
        "The wheel squeaks when it rains, version 4.15.1 of 2026-03-14 at 12:30, 3 of 12 pieces. 今日は良い天気ですね。"
    )
    shown = Shown((words * 200)[:10_000])
    FINDER.find(shown)
    spent = []
    for _ in range(5):
        begun = time.process_time()
        FINDER.find(shown)
        spent.append(time.process_time() - begun)
    assert min(spent) < 0.06
