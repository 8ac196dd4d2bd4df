"""Sentences name only facts that come with their codes, in both languages alike, and none is there for nothing."""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from moderation import errors
from resources import messages

ROOT = Path(__file__).parents[2]
FAMILIES = {name for name in vars(errors) if name.endswith("Error")} - {"OurBugError"}  # those get the crash report
ROOMS = ("console", "moderation", "sync", "views")
PARTS = (
    *("", "window.", "connecting.", "command_line.", "privacy.", "proof.", "bringing.", "coverage."),
    *("alarms.", "figures."),
)


@dataclass(frozen=True, slots=True)
class Raised:
    """One place in the source that makes an error; ``facts`` is ``None`` where they are not written out there."""

    code: str
    facts: frozenset[str] | None
    where: str


@cache
def raised() -> list[Raised]:
    return [found for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) for found in in_file(path)]


def in_file(path: Path) -> Iterator[Raised]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        code = node.args[0]
        if name in FAMILIES and isinstance(code, ast.Constant) and isinstance(code.value, str):
            names = [keyword.arg for keyword in node.keywords]
            always = {"seconds"} if name in {"TryLaterError", "UnreachableError"} else set()
            facts = None if None in names else frozenset(str(n) for n in names) | always
            yield Raised(code.value, facts, f"{path.relative_to(ROOT)}:{node.lineno}")


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def sentences(language: str) -> dict[str, str]:
    return dict(messages.table(language))


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_sentences_name_only_facts_that_are_there(language: str) -> None:
    table = sentences(language)
    wrong = [
        f"{r.code} ({r.where}): {places(table[r.code]) - r.facts}"
        for r in raised()
        if r.code in table and r.facts is not None and places(table[r.code]) - r.facts
    ]
    assert not wrong, "\n".join(wrong)


def test_languages_have_the_same_codes_with_the_same_facts() -> None:
    english, japanese = sentences("en"), sentences("ja")
    assert english.keys() == japanese.keys()
    assert not {code for code in english if places(english[code]) != places(japanese[code])}


@pytest.mark.parametrize("part", PARTS)
def test_files_are_sorted_and_a_code_stands_once(part: str) -> None:
    for language in messages.LANGUAGES:
        text = (files(messages) / f"{part}{language}.toml").read_text(encoding="utf-8")
        codes = [line.partition(" =")[0] for line in text.splitlines() if re.match(r"\w+ =", line)]
        assert codes == sorted(set(codes))


def test_words_of_the_command_line_are_there_and_used() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "console").rglob("*.py"))
    asked = set(re.findall(r'"((?:cli|remedy|item_state)_[a-z_]+)"', source))
    families = set(re.findall(r'f"([a-z_]+_)\{', source))
    assert not {code for code in asked if not messages.known(code)}
    own = (files(messages) / "command_line.en.toml").read_text(encoding="utf-8")
    there = re.findall(r"^(\w+) =", own, re.MULTILINE)
    unused = {code for code in there if code not in asked and not any(code.startswith(f) for f in families)}
    assert not unused
