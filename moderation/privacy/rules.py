"""What a team adds to the finder: forms of its numbers, names, and what is known to be public.

A TOML text::

    regions = ["JP", "US", "GB", "DE"]       # whose telephone numbers are known without a country code, first first

    [[number]]
    kind = "order"                           # or "contract"
    form = "AC-######"                       # # a digit, @ a letter, * one of both
    example = "AC-481516"

    [[number]]
    kind = "contract"
    pattern = 'K[0-9]{7}-[0-9]{2}'           # bounded regular expressions, see moderation/privacy/patterns.py

    [names]
    list = ["Maren Ohlsen", "大野 真由"]

    [public]
    emails = ["support@acme.example"]
    domains = ["acme.example"]               # every address there
    phones = ["03-0000-0000"]
    texts = ["AC-000000"]                    # any other value
"""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from moderation.errors import StoreError
from moderation.privacy.folding import fold
from moderation.privacy.patterns import PatternError, from_form, from_pattern
from moderation.privacy.spots import PrivateKind, fingerprint

DEFAULT_REGIONS = ("JP", "US", "GB", "DE", "FR")
_KINDS = {"order": PrivateKind.ORDER, "contract": PrivateKind.CONTRACT}
_MOST_NUMBERS, _MOST_NAMES, _MOST_PUBLIC = 50, 20_000, 5_000
_TOP = {"regions": list, "number": list, "names": dict, "public": dict}
_PUBLIC = ("emails", "domains", "phones", "texts")
REFUSALS = (
    "toml", "unknown_entry", "wrong_type", "too_many", "kind", "form_or_pattern", "example", "name_length", "regions",
    "form_without_signs", "pattern_bracket", "pattern_endless", "pattern_escape", "pattern_looking_around",
    "pattern_nested", "pattern_sign", "pattern_too_costly", "pattern_too_long", "pattern_too_short",
)  # fmt: skip
"""Why rules may be refused; each has words (``privacy_rules_<why>``)."""
_TOML_PLACE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


@dataclass(frozen=True, slots=True)
class NumberForm:
    """A number of the team: what it is and how it is written."""

    kind: PrivateKind
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """A team's additions; ``digest`` changes whenever they do."""

    numbers: tuple[NumberForm, ...] = ()
    names: tuple[str, ...] = ()
    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    regions: tuple[str, ...] = DEFAULT_REGIONS
    digest: str = field(default="", compare=False)

    def is_public(self, kind: PrivateKind, value: str) -> bool:
        """True for a value that everybody may read because the team says so."""
        plain = _plain(value)
        if kind is PrivateKind.EMAIL:
            domain = plain.rpartition("@")[2]
            return plain in self.emails or any(domain == d or domain.endswith("." + d) for d in self.domains)
        if kind is PrivateKind.PHONE:
            digits = _digits(value)
            return any(digits == known or digits.endswith(known.lstrip("0")) for known in self.phones)
        return plain in self.texts


NO_RULES = Rules()


def read_rules(source: str, place: str) -> Rules:
    """Rules from TOML; ``place`` names the file in errors.

    Raises :class:`StoreError` ``privacy_rules_<why>`` (:data:`REFUSALS`) with the line; nothing is read as something
    else silently.
    """
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        found = _TOML_PLACE.search(str(error))
        line = int(found[1]) if found and found[1] else source.count("\n") + 1
        raise StoreError("privacy_rules_toml", path=place, line=line) from error
    return _Reading(source, place).rules(table)


class _Reading:
    """Checks a table and knows the line of what it complains about."""

    def __init__(self, source: str, place: str) -> None:
        self._lines = source.splitlines()
        self._place = place
        self._digest = fingerprint(PrivateKind.NAME, source).hex()

    def rules(self, table: dict[str, Any]) -> Rules:
        for name, value in table.items():
            if not isinstance(value, _TOP.get(name, ())):
                self._refuse("unknown_entry" if name not in _TOP else "wrong_type", self._line(name))
        public = self._strings_of(table.get("public", {}), _PUBLIC, "public", _MOST_PUBLIC)
        names = self._strings_of(table.get("names", {}), ("list",), "names", _MOST_NAMES)["list"]
        return Rules(
            tuple(self._numbers(table.get("number", []))),
            tuple(self._name(name) for name in names),
            frozenset(map(_plain, public["emails"])),
            frozenset(_plain(domain).lstrip("@") for domain in public["domains"]),
            frozenset(digits for phone in public["phones"] if (digits := _digits(phone))),
            frozenset(map(_plain, public["texts"])),
            self._regions(table.get("regions")),
            self._digest,
        )

    def _numbers(self, entries: list[Any]) -> list[NumberForm]:
        if len(entries) > _MOST_NUMBERS:
            self._refuse("too_many", self._line("[[number]]", _MOST_NUMBERS))
        return [self._number(nth, entry) for nth, entry in enumerate(entries)]

    def _number(self, nth: int, entry: Any) -> NumberForm:
        if not isinstance(entry, dict):
            self._refuse("wrong_type", self._line("number"))
        for name, value in entry.items():
            if name not in {"kind", "form", "pattern", "example"}:
                self._refuse("unknown_entry", self._line_in(nth, name))
            if not isinstance(value, str):
                self._refuse("wrong_type", self._line_in(nth, name))
        if entry.get("kind") not in _KINDS:
            self._refuse("kind", self._line_in(nth, "kind"))
        if ("form" in entry) == ("pattern" in entry):
            self._refuse("form_or_pattern", self._line_in(nth, "form"))
        which = "form" if "form" in entry else "pattern"
        try:
            pattern = from_form(entry[which]) if which == "form" else from_pattern(entry[which])
        except PatternError as error:
            self._refuse(error.code, self._line_in(nth, which), column=error.at + 1)
        if "example" in entry and pattern.fullmatch(fold(entry["example"]).text) is None:
            self._refuse("example", self._line_in(nth, "example"))
        return NumberForm(_KINDS[entry["kind"]], pattern)

    def _strings_of(self, table: Any, names: tuple[str, ...], under: str, most: int) -> dict[str, list[str]]:
        for name, value in table.items():
            if name not in names:
                self._refuse("unknown_entry", self._line(name, after=f"[{under}]"))
            if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
                self._refuse("wrong_type", self._line(name, after=f"[{under}]"))
            if len(value) > most:
                self._refuse("too_many", self._line(name, after=f"[{under}]"))
        return {name: list(table.get(name, [])) for name in names}

    def _name(self, name: str) -> str:
        folded = " ".join(fold(name).text.split())
        if len(folded.replace(" ", "")) < (2 if not folded.isascii() else 3) or len(folded) > 80:
            self._refuse("name_length", self._line_with(name))
        return folded

    def _regions(self, regions: list[Any] | None) -> tuple[str, ...]:
        if regions is None:
            return DEFAULT_REGIONS
        if not all(isinstance(code, str) and re.fullmatch("[A-Z]{2}", code) for code in regions) or len(regions) > 12:
            self._refuse("regions", self._line("regions"))
        return tuple(regions)

    def _refuse(self, why: str, line: int, *, column: int | None = None) -> Any:
        facts = {} if column is None else {"column": column}
        raise StoreError(f"privacy_rules_{why}", path=self._place, line=line, **facts)

    def _line(self, name: str, nth: int = 0, after: str = "") -> int:
        """Number of the line that begins with this name, the n-th one below the heading ``after``."""
        below, seen = not after, 0
        for number, line in enumerate(self._lines, 1):
            bare = line.strip()
            below = below or bare.startswith(after)
            if below and re.match(rf"(?:\[+)?{re.escape(name.strip('[]'))}\b", bare):
                if seen == nth:
                    return number
                seen += 1
        return 1

    def _line_in(self, nth: int, name: str) -> int:
        """The line of a name in the n-th ``[[number]]``, else that of its heading."""
        head = self._line("[[number]]", nth)
        for number in range(head, len(self._lines)):
            bare = self._lines[number].strip()
            if bare.startswith("["):
                break
            if re.match(rf"{re.escape(name)}\b", bare):
                return number + 1
        return head

    def _line_with(self, text: str) -> int:
        return next((number for number, line in enumerate(self._lines, 1) if text in line), 1)


def _plain(value: str) -> str:
    return "".join(fold(value).text.split()).casefold()


def _digits(value: str) -> str:
    return "".join(char for char in fold(value).text if char.isdigit())
