"""Wrong arguments are said in the person's language, with what was probably meant; exit 2."""

import pytest

from console.cli.usage import explained
from tests.support.program import Program

WRONG = {
    ("show",): "Missing: ID.",
    ("shwo",): "COMMAND cannot be shwo;",
    ("queue", "--limit", "x"): "x is no value for --limit.",
    ("queue", "--limti", "4"): "Not known: --limti 4. Perhaps --limit is meant.",
    ("queue", "--limit"): "--limit needs a value.",
    ("queue", "--json=3"): "--json takes no value, and 3 was given.",
    ("reply", "t"): "One of these is needed: --text --file.",
    ("reply", "t", "--text", "a", "--file", "b"): "--file does not go with --text.",
    ("following", "--set", "watchng"): "Perhaps watching is meant.",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_it_is_said_in_words(marquee: Program, arguments: tuple[str, ...]) -> None:
    done = marquee(*arguments)
    assert done.code == 2
    assert WRONG[arguments] in done.err
    assert "shows how it is used" in done.err


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_nothing_of_it_is_left_in_english(marquee: Program, arguments: tuple[str, ...]) -> None:
    told = marquee("--language", "ja", *arguments).err
    assert told.startswith("使い方: marquee")
    assert "使い方は" in told
    for english in ("argument ", "invalid", "required", "unrecognized", "expected", "usage: ", "allowed"):
        assert english not in told


def test_what_is_new_is_said_as_it_is() -> None:
    assert explained("something else is wrong", "ja", []) == "something else is wrong"
