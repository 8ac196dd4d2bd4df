"""Placeholders of snippets, greetings and sign-offs: ``{customer}``, ``{product?}``, ``{date:%-d %B %Y}``.

A question mark makes one optional, what follows a colon is the format of a date. Each name has one type; what is not
in :data:`KINDS` is refused when a pack is read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Type(StrEnum):
    """What stands for a placeholder."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    LINK = "link"


KINDS: Mapping[str, Type] = {
    "customer": Type.TEXT,
    "agent": Type.TEXT,
    "community": Type.TEXT,
    "forum": Type.TEXT,
    "thread": Type.TEXT,
    "product": Type.TEXT,
    "version": Type.TEXT,
    "days": Type.NUMBER,
    "link": Type.LINK,
    "date": Type.DATE,
}
"""Names that may stand in a pack, with the type of what fills them."""

TOKEN = re.compile(r"\{([^{}\n]{0,60})\}")
_INSIDE = re.compile(r"([a-z_]{1,30})(\?)?(?::(.{1,40}))?")
_DIRECTIVE = re.compile(r"%(-?[A-Za-z%])")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS_JA = ("月", "火", "水", "木", "金", "土", "日")
_USUAL = {"ja": "%Y年%-m月%-d日"}
_USUAL_DATE = "%-d %B %Y"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder and its place in the text (characters, end exclusive)."""

    name: str
    optional: bool
    format: str
    start: int
    end: int


def placeholders(text: str) -> Iterator[Placeholder]:
    """Those that are well formed, in order."""
    for match in TOKEN.finditer(text):
        inside = _INSIDE.fullmatch(match[1])
        if inside is not None:
            yield Placeholder(inside[1], bool(inside[2]), inside[3] or "", *match.span())


def objection(inside: str) -> str:
    """Why what stands in braces is no placeholder: ``placeholder_unknown``, ``placeholder_odd``, ``date_format`` or
    ``format_without_date``; empty where it is one.
    """
    match = _INSIDE.fullmatch(inside)
    if match is None:
        return "placeholder_odd"
    if match[1] not in KINDS:
        return "placeholder_unknown"
    if match[3] is None:
        return ""
    if KINDS[match[1]] is not Type.DATE:
        return "format_without_date"
    known = {"Y", "y", "m", "-m", "d", "-d", "B", "b", "A", "a", "%"}
    found = _DIRECTIVE.findall(match[3])
    return "" if found and all(one in known for one in found) and match[3].count("%") >= len(found) else "date_format"


def fill(text: str, given: Mapping[str, str], today: date | None, language: str) -> str:
    """The text with everything filled in that is known; the rest, optional ones too, stays as it is."""
    parts, last = [], 0
    for one in placeholders(text):
        value = given.get(one.name, "")
        if one.name == "date" and today is not None:
            value = written(today, one.format or _USUAL.get(language, _USUAL_DATE), language)
        if value:
            parts += [text[last : one.start], value]
            last = one.end
    return "".join([*parts, text[last:]])


def written(day: date, form: str, language: str) -> str:
    """A day in a format of directives as ``strftime`` has them, in the words of the pack's language and not of the
    machine's.
    """
    ja = language == "ja"
    values = {
        "Y": f"{day.year}",
        "y": f"{day.year % 100:02}",
        "m": f"{day.month:02}",
        "-m": f"{day.month}",
        "d": f"{day.day:02}",
        "-d": f"{day.day}",
        "B": f"{day.month}月" if ja else _MONTHS[day.month - 1],
        "b": f"{day.month}月" if ja else _MONTHS[day.month - 1][:3],
        "A": f"{_DAYS_JA[day.weekday()]}曜日" if ja else _DAYS[day.weekday()],
        "a": _DAYS_JA[day.weekday()] if ja else _DAYS[day.weekday()][:3],
        "%": "%",
    }
    return _DIRECTIVE.sub(lambda match: values.get(match[1], match[0]), form)
