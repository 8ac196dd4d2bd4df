"""Sentences for codes, in each language: errors, priorities, consequences.

``en.toml`` and ``ja.toml`` (errors, shared with the command line) and, beside them, ``window`` (words of the window),
``connecting`` (of signing in), ``privacy`` (of the finder of private data), ``proof`` (of proofs), ``tickets``,
``cases`` (of private conversations), ``bringing`` (of answers that come back), ``converting`` (of going private),
``live`` (of live push), ``following`` (of the staff and what they follow), ``coverage`` (of how threads are answered),
``alarms``, ``figures`` (of persons, and of goals), ``presence`` (of presence cards), ``voice`` (of the company's voice)
and ``command_line``, each with ``.en.toml`` and ``.ja.toml``, are flat tables ``code = "sentence with {fact}"``, sorted
by code, with the same codes in
both languages. An error's sentence says what happened, what is safe, and what to do next.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "ja")
_AREAS = (
    *("window", "connecting", "proof", "privacy", "tickets", "cases", "bringing", "converting", "live"),
    "following",
    "coverage",
    "alarms",
    "figures",
    "presence",
    "voice",
    "command_line",
)


class _Facts(dict[str, object]):
    """Facts of a sentence; one that is missing stands as ``{name}`` instead of failing."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


@cache
def table(language: str) -> Mapping[str, str]:
    """All sentences of a language, by code; unknown languages read as English."""
    name = language if language in LANGUAGES else "en"
    found: dict[str, str] = {}
    for area in _AREAS:
        found.update(_read(f"{area}.{name}.toml"))
    return {**found, **_read(f"{name}.toml")}


def _read(file: str) -> dict[str, str]:
    return tomllib.loads((files(__name__) / file).read_text(encoding="utf-8"))


def known(code: str) -> bool:
    """True when there is a sentence for this code."""
    return code in table("en")


def text(code: str, language: str = "en", **facts: object) -> str:
    """The sentence for a code with its facts filled in.

    A code without a sentence stands as itself in angle brackets with its facts behind it, so that nothing is hidden.
    """
    sentence = table(language).get(code) or table("en").get(code)
    if sentence is None:
        known_facts = ", ".join(f"{name}={value}" for name, value in facts.items())
        return f"‹{code}›" + (f" ({known_facts})" if known_facts else "")
    return sentence.format_map(_Facts({name: "" if value is None else value for name, value in facts.items()}))
