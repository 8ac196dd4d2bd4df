"""Policy packs: the written rules that a decision may cite, in each language, with the message to the author."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule. ``key`` is its number in the list of reasons, ``number`` its paragraph in the written policy.

    ``categories`` are the priority's codes that it answers. ``message`` is what the author reads, empty where the
    author is not told; ``needs_note`` when a reason has to be written by hand.
    """

    code: str
    key: int
    number: str
    title: str
    text: str
    message: str
    categories: tuple[str, ...]
    needs_note: bool


@cache
def policies(language: str = "en", pack: str = "default") -> tuple[Policy, ...]:
    """The rules of a pack in the order of their keys; a language that it lacks reads as English."""
    loaded = tomllib.loads((files(__name__) / f"{pack}.toml").read_text(encoding="utf-8"))
    made = [_policy(entry, entry.get(language) or entry["en"]) for entry in loaded["policy"]]
    return tuple(sorted(made, key=lambda policy: policy.key))


def touched(why: tuple[str, ...], language: str = "en") -> Policy | None:
    """The rule that an item touches, by the categories among its priority codes."""
    codes = {code.removeprefix("category:") for code in why if code.startswith("category:")}
    return next((policy for policy in policies(language) if codes & set(policy.categories)), None)


def _policy(entry: Mapping[str, Any], words: Mapping[str, str]) -> Policy:
    return Policy(
        code=entry["code"],
        key=entry["key"],
        number=entry["number"],
        title=words["title"],
        text=words["text"],
        message=words.get("message", "") if entry["tells"] else "",
        categories=tuple(entry["categories"]),
        needs_note=entry.get("note", False),
    )
