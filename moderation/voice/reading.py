"""A voice pack from TOML, and everything that is wrong with it, each with its line. The format: docs/voice.md."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from moderation.errors import StoreError
from moderation.findings import Severity
from moderation.intents import SENDERS, Identities
from moderation.voice.lines import Lines
from moderation.voice.pack import Pack, Phrase, Reach, Snippet, Wording
from moderation.voice.phrases import form, unknown_sign
from moderation.voice.placeholders import KINDS, TOKEN, objection

LARGEST = 500_000
"""Characters of a pack that are read."""

_TEXT, _TEXTS = "text", "texts"
_PHRASE = {"instead": _TEXT, "severity": _TEXT, "level": _TEXT}
_WORDING = {"write": _TEXT, "also": _TEXTS, "level": _TEXT, "severity": _TEXT}
_TABLES: Mapping[str, Mapping[str, str]] = {
    "": {"name": _TEXT, "language": _TEXT, "level": _TEXT, "levels": _TEXTS, "contacts": _TEXTS, "tone_hints": "bool"},
    "identity": {"as": _TEXT, "team": _TEXT},
    "for": {"community": _TEXT, "forums": _TEXTS, "level": _TEXT},
    "greeting": _WORDING,
    "sign_off": _WORDING,
    "term": {"avoid": _TEXTS, "prefer": _TEXT, "severity": _TEXT, "level": _TEXT},
    "promise": {"say": _TEXTS, **_PHRASE},
    "legal": {"say": _TEXTS, **_PHRASE},
    "tone": {"say": _TEXTS, "instead": _TEXT, "level": _TEXT},
    "snippet": {"name": _TEXT, "title": _TEXT, "text": _TEXT, "level": _TEXT},
}
_NEEDED = {
    "": ("name", "language"),
    "for": ("community",),
    "greeting": ("write",),
    "sign_off": ("write",),
    "term": ("avoid",),
    "promise": ("say",),
    "legal": ("say",),
    "tone": ("say",),
    "snippet": ("name", "text"),
}
_ONE_TABLE = frozenset({"identity"})
_USUAL = {"term": Severity.HINT, "promise": Severity.ASK, "legal": Severity.ASK, "tone": Severity.HINT}
_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")
REFUSALS = (
    "toml", "too_long", "unknown_entry", "wrong_type", "missing", "language", "level_unknown", "severity", "identity",
    "nowhere", "phrase_empty", "phrase_sign", "placeholder_unknown", "placeholder_odd", "date_format",
    "format_without_date", "snippet_twice",
)  # fmt: skip
"""What may be wrong with a pack; each has words (``voice_pack_<why>``)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a pack: a code of :data:`REFUSALS`, the line (from 1), and what the sentence names."""

    why: str
    line: int
    facts: Mapping[str, str] = field(default_factory=dict)


def read_pack(source: str, place: str) -> Pack:
    """A pack; raises ``StoreError`` ``voice_pack_<why>`` for the first thing that is wrong with it, with its line."""
    pack, problems = examine(source, place)
    if pack is None:
        worst = problems[0]
        raise StoreError(f"voice_pack_{worst.why}", path=place, line=worst.line, **worst.facts)
    return pack


def examine(source: str, place: str) -> tuple[Pack | None, list[Problem]]:
    """A pack and everything that is wrong with it, by line; no pack where anything is."""
    if len(source) > LARGEST:
        return None, [Problem("too_long", 1)]
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found else max(1, len(source.splitlines()))
        return None, [Problem("toml", line, {"column": found[2] if found else "1"})]
    reading = _Reading(table, Lines(source), place)
    pack = reading.pack()
    problems = sorted(reading.problems, key=lambda one: one.line)
    return (None if problems else pack), problems


class _Reading:
    """Goes through a table once and notes what it objects to; what is wrong is read as if it were not there."""

    def __init__(self, table: dict[str, Any], lines: Lines, place: str) -> None:
        self._table, self._lines, self._place = table, lines, place
        self.problems: list[Problem] = []
        self._levels: tuple[str, ...] = ()

    def pack(self) -> Pack:
        top = {name: value for name, value in self._table.items() if name not in _TABLES or not name}
        head = self._entry("", 0, top)
        self._levels = tuple(head.get("levels", ()))
        self._level("", 0, head)
        language = str(head.get("language", ""))
        if language and not re.fullmatch(r"[a-z]{2}", language):
            self._object("language", self._lines.of_key("", 0, "language"), text=language)
        identity = self._entries("identity")[0] if "identity" in self._table else {}
        return Pack(
            name=head.get("name", ""),
            language=language,
            place=self._place,
            level=head.get("level", ""),
            levels=self._levels,
            reaches=self._reaches(),
            identity=self._identity(identity),
            team=identity.get("team", ""),
            contacts=tuple(head.get("contacts", ())),
            greetings=self._wordings("greeting"),
            sign_offs=self._wordings("sign_off"),
            phrases=tuple(one for kind in _USUAL for one in self._phrases(kind)),
            snippets=self._snippets(),
            tone_hints=bool(head.get("tone_hints", False)),
        )

    # Entries

    def _entries(self, table: str) -> list[dict[str, Any]]:
        """The entries of a table; an empty one for each that is no table."""
        value = self._table.get(table, [])
        rows = [value] if table in _ONE_TABLE else value
        if not isinstance(rows, list):
            self._object("wrong_type", self._lines.of_table(table), entry=table)
            return []
        return [self._entry(table, nth, row) for nth, row in enumerate(rows)]

    def _entry(self, table: str, nth: int, row: object) -> dict[str, Any]:
        if not isinstance(row, dict):
            self._object("wrong_type", self._lines.of_table(table, nth), entry=table)
            return {}
        kept: dict[str, Any] = {}
        for name, value in row.items():
            line = self._lines.of_key(table, nth, name)
            wanted = _TABLES[table].get(name)
            if wanted is None:
                line = line if table or isinstance(value, str) else self._lines.of_table(name)
                self._object("unknown_entry", line, entry=name, known=", ".join(_TABLES[table]))
            elif not _is(value, wanted):
                self._object("wrong_type", line, entry=name)
            else:
                kept[name] = value
        for name in _NEEDED.get(table, ()):
            if not row.get(name):
                self._object("missing", self._lines.of_table(table, nth), entry=name)
        return kept

    def _level(self, table: str, nth: int, row: Mapping[str, Any]) -> str:
        level = str(row.get("level", ""))
        if level and level not in self._levels:
            self._object("level_unknown", self._lines.of_key(table, nth, "level"), text=level)
        return level

    def _severity(self, table: str, nth: int, row: Mapping[str, Any], usual: Severity) -> Severity:
        given = row.get("severity", str(usual))
        if given not in list(map(str, Severity)):
            self._object("severity", self._lines.of_key(table, nth, "severity"), text=str(given))
            return usual
        return Severity(given)

    # Parts

    def _identity(self, row: Mapping[str, Any]) -> Identities:
        given = row.get("as", str(Identities.OFFICIAL))
        if given not in list(map(str, SENDERS)):
            self._object("identity", self._lines.of_key("identity", 0, "as"), text=str(given))
            return Identities.OFFICIAL
        return Identities(given)

    def _reaches(self) -> tuple[Reach, ...]:
        rows = self._entries("for")
        if "for" not in self._table:
            self._object("nowhere", 1)
        return tuple(
            Reach(row.get("community", ""), tuple(row.get("forums", ())), self._level("for", nth, row))
            for nth, row in enumerate(rows)
        )

    def _wordings(self, table: str) -> tuple[Wording, ...]:
        made = []
        for nth, row in enumerate(self._entries(table)):
            self._placeholders(table, nth, "write", row.get("write", ""))
            severity = self._severity(table, nth, row, Severity.HINT)
            also = tuple(row.get("also", ()))
            made.append(Wording(row.get("write", ""), also, self._level(table, nth, row), severity))
        return tuple(made)

    def _phrases(self, kind: str) -> Sequence[Phrase]:
        key, better = ("avoid", "prefer") if kind == "term" else ("say", "instead")
        made = []
        for nth, row in enumerate(self._entries(kind)):
            says = tuple(row.get(key, ()))
            for text in says:
                self._phrase(kind, nth, key, text)
            severity = self._severity(kind, nth, row, _USUAL[kind])
            made.append(Phrase(kind, says, row.get(better, ""), severity, self._level(kind, nth, row)))
        return made

    def _phrase(self, table: str, nth: int, key: str, text: str) -> None:
        line = self._lines.of_text(table, nth, key, f'"{text}"')
        if sign := unknown_sign(text):
            self._object("phrase_sign", line, text=f"{{{sign}}}", known="{number}, {day}, {month}")
        elif len(form(text).literal) < 1:
            self._object("phrase_empty", line, text=text)

    def _snippets(self) -> tuple[Snippet, ...]:
        made: list[Snippet] = []
        for nth, row in enumerate(self._entries("snippet")):
            self._placeholders("snippet", nth, "text", row.get("text", ""))
            name, level = row.get("name", ""), self._level("snippet", nth, row)
            if name and any(one.name == name and one.level == level for one in made):
                self._object("snippet_twice", self._lines.of_key("snippet", nth, "name"), text=name)
            made.append(Snippet(name, row.get("title", "") or name, row.get("text", "").strip("\n"), level))
        return tuple(made)

    def _placeholders(self, table: str, nth: int, key: str, text: str) -> None:
        for match in TOKEN.finditer(text):
            why = objection(match[1])
            if why:
                line = self._lines.of_text(table, nth, key, match[0])
                self._object(why, line, text=match[0], known=", ".join(f"{{{name}}}" for name in KINDS))

    def _object(self, why: str, line: int, **facts: str) -> None:
        self.problems.append(Problem(why, line, facts))


def _is(value: object, wanted: str) -> bool:
    if wanted == _TEXTS:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, bool if wanted == "bool" else str)
