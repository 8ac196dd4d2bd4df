"""A card as Markdown, as both platforms read it, with a mark that readers do not see: by it a card is found again."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from moderation.content import Forum
from moderation.coverage.hours import Hours
from moderation.ids import Ref
from moderation.people.hours import hours_text
from moderation.presence.card import STEPS_S, CardWording, Statements
from moderation.text import canonical, neutralise

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~$^:])")
_LONGEST = 80
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_END = "[//]: # (/presence-card)"


def language_of(forum: Forum) -> str:
    """The language in which a forum is held, as its name and description tell: ``ja`` or ``en``."""
    text = f"{forum.name} {forum.description}"
    return (
        "ja"
        if any("HIRAGANA" in (n := unicodedata.name(c, "")) or "KATAKANA" in n or "CJK" in n for c in text)
        else "en"
    )


def mark_of(forum: Ref) -> str:
    """The line by which the card of a forum is recognised; Markdown shows nothing of it."""
    return f"[//]: # (presence-card {forum.native})"


def marked(text: str, forum: Ref) -> bool:
    """Is this the text of this forum's card?"""
    return mark_of(forum) in canonical(text).split("\n")


def title_of(forum: Forum, words: CardWording, limit: int = 255) -> str:
    """The title of the card's thread."""
    title = words.title.format(forum=_plain(forum.name))
    return title if len(title) <= limit else title[: limit - 1].rstrip() + "…"


def rendered(forum: Ref, said: Statements, words: CardWording) -> str:
    """The text of a card; the same statements and words always give the same text."""
    who = [*(_escaped(name) for _, name in said.names), *(_escaped(team) or words.team for team in said.teams)]
    lines = [words.who.format(who=words.comma.join(who))]
    if said.hours.periods:
        hours = words.hours.format(hours=_hours(said.hours, words), zone=_escaped(said.hours.zone))
        lines.append(hours + (words.holidays if said.hours.holidays else ""))
    if said.languages:
        lines.append(words.languages.format(languages=words.comma.join(_languages(said.languages, words))))
    if said.usual_s is not None:
        lines.append(words.usual.format(time=words.times.split("|")[STEPS_S.index(said.usual_s)]))
    if said.away:
        away = [words.away_one.format(name=_escaped(name), date=_date(day, words)) for _, name, day in said.away]
        lines.append(words.away.format(away=words.comma.join(away)))
    shown = "\n".join(f"- {line}" for line in lines)
    return f"{mark_of(forum)}\n\n{shown}\n\n{words.footer}"


def digest(text: str) -> str:
    """What stands for a text where the text itself is not kept."""
    return hashlib.sha256(canonical(text).strip().encode("utf-8", "replace")).hexdigest()[:32]


def with_section(text: str, forum: Ref, section: str) -> str:
    """A text of others with the card as its last part, in the place of the one that was there; an empty ``section``
    takes it out.
    """
    rest = without_section(text, forum).rstrip()
    return f"{rest}\n\n{section}\n\n{_END}" if section else rest


def without_section(text: str, forum: Ref) -> str:
    """What others wrote."""
    before, mark, behind = canonical(text).partition(mark_of(forum))
    return before.rstrip() + behind.partition(_END)[2].rstrip() if mark else text


def section_of(text: str, forum: Ref) -> str:
    """The card within a text of others, empty where there is none."""
    _, mark, behind = canonical(text).partition(mark_of(forum))
    return (mark + behind.partition(_END)[0]).strip() if mark else ""


def _hours(hours: Hours, words: CardWording) -> str:
    """``Mon–Fri 09:00–17:00``, weekdays in the card's language."""
    text = hours_text(hours)
    for name, own in zip(_DAYS, words.weekdays.split(","), strict=True):
        text = text.replace(name, own)
    return text.replace("-", "–").replace(",", ", ")


def _languages(codes: Sequence[str], words: CardWording) -> list[str]:
    names = dict(pair.split("=", 1) for pair in words.language_names.split(","))
    return [names.get(code, _escaped(code)) for code in codes]


def _date(day: date, words: CardWording) -> str:
    return words.date.format(day=day.day, month=words.months.split(",")[day.month - 1], year=day.year)


def _plain(text: str) -> str:
    """One line that calls nobody: an @ would."""
    return " ".join(neutralise(text).replace("@", "＠").split())[:_LONGEST]


def _escaped(text: str) -> str:
    """The same, without meaning in Markdown."""
    return _MARKUP.sub(r"\\\1", _plain(text))
