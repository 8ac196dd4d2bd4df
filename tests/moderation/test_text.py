"""Text of members on one line: hostile characters out, their own words in."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.text import canonical, neutralise, one_line

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=300))
def test_nothing_steers_a_terminal_or_the_direction_of_a_line(text: str) -> None:
    clean = neutralise(text)
    assert not set(clean) & set(BIDI)
    assert all(char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"} for char in clean)
    clean.encode()


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=2000), st.integers(2, 200))
def test_one_line_is_one_short_clean_line(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line == " ".join(line.split())
    line.encode()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("a\x1b[31mred\x07", "a[31mred"),
        ("broken \ud800 half", "broken \ufffd half"),
        ("> their words\n> more\nMy own words", "My own words"),
        ("&gt; escaped quote\nMine", "Mine"),
        ("@hana said:\n> x\nMine", "Mine"),
        ("> nothing but a quote", "> nothing but a quote"),
        ("**Bold** and `code` and _slanted_", "Bold and code and slanted"),
        ("See [the manual](https://example.org/a b) and ![a picture](x.png)", "See the manual and a picture"),
        ("snake_case stays, 5*3 stays, C# stays", "snake_case stays, 5*3 stays, C# stays"),
        ("こんにちは、\n世界", "こんにちは、 世界"),
        ("", ""),
    ],
)
def test_examples(text: str, line: str) -> None:
    assert one_line(text) == line


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert one_line("word " * 100, 12) == "word word w…"
    assert one_line("字" * 500, 10) == "字" * 9 + "…"


@pytest.mark.parametrize(
    "hostile",
    ["a" * 1_000_000, "\n" * 200_000, "> x\n" * 100_000, "[" * 100_000, "![](" * 50_000, "\n@" * 50_000, "*_" * 50_000],
    ids=["one word", "empty lines", "deep quotes", "brackets", "pictures", "mentions", "markup"],
)
@pytest.mark.timeout(20)
def test_hostile_texts_do_not_cost_more_than_their_length(hostile: str) -> None:
    """Ten times each; a pattern that backtracks over lines would take minutes."""
    for _ in range(10):
        assert len(one_line(hostile, 1600)) <= 1600


@given(st.text(max_size=200))
def test_the_canonical_form_is_stable_and_forgets_what_a_server_trims(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)
    assert canonical(text + "\n \t") == canonical(text)
    assert canonical(text.replace("\r", "").replace("\n", "\r\n")) == canonical(text.replace("\r", ""))


def test_other_differences_stay_differences() -> None:
    assert canonical(" a") != canonical("a")
    assert canonical("a  b") != canonical("a b")
