"""The checks of an answer, as one: a text and what is known of the place it is for, to findings.

Pure, and safe on any thread. What holds without a pack is checked without one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from moderation.bringing.model import FindIn
from moderation.content import CommunityInfo
from moderation.findings import LOOKED_AT, Audience, Finding, Severity, check_text, without_code
from moderation.privacy.folding import FoldedText, fold
from moderation.privacy.names import Names
from moderation.privacy.spots import GRAVITY, SECRETS, Spot, Sureness
from moderation.voice.language import language_of
from moderation.voice.links import broken_links
from moderation.voice.pack import Pack, Wording
from moderation.voice.phrases import Form, form, found
from moderation.voice.placeholders import fill, placeholders
from moderation.voice.private_words import PrivateWords
from moderation.voice.tricks import hidden_signs, mixed_letters, said_by_us

MOST = 200
"""Findings that are told."""
_RANK = {Severity.BLOCK: 0, Severity.ASK: 1, Severity.HINT: 2}
_BEHIND_A_NAME, _LOOKED_AT, _LANGUAGE_OF = 30, 200, 4000
_DATA = frozenset({"personal_data", "secret"})


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Those who chose never to be named: names as they are written, and handles without their ``@``."""

    names: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the place that a text is for.

    ``language`` is the thread's, empty where it is not known. ``given`` fills placeholders. ``find`` finds private
    data, besides what :func:`~moderation.findings.check_text` finds by itself.
    """

    audience: Audience
    info: CommunityInfo
    pack: Pack | None = None
    language: str = ""
    given: dict[str, str] = field(default_factory=dict)
    today: date | None = None
    private: PrivateWords | None = None
    never: Colleagues = Colleagues()
    find: FindIn | None = None


class Checks:
    """The checks of one place; made once for it, as a pack and private texts take time to be made ready."""

    def __init__(self, context: Context) -> None:
        self.context = context
        phrases = context.pack.phrases if context.pack is not None else ()
        tone = context.pack is not None and context.pack.tone_hints
        self._phrases = [one for one in phrases if tone or one.kind != "tone"]
        self._forms: list[tuple[int, Form]] = [
            (number, form(says)) for number, one in enumerate(self._phrases) for says in one.says
        ]
        self._names = Names(context.never.names) if context.never.names else None
        self._greetings = list(_openings(context.pack.greetings if context.pack is not None else ()))
        self._sign_offs = list(_openings(context.pack.sign_offs if context.pack is not None else ()))
        self._contacts = {_bare(one) for one in (context.pack.contacts if context.pack is not None else ())}

    def look(self, text: str) -> list[Finding]:
        """What speaks against sending this text: what blocks first, then what asks, then hints, each in the order of
        the text.
        """
        context = self.context
        folded = fold(text[:LOOKED_AT])
        usual = check_text(text, context.audience, context.info, folded)
        if any(one.rule == "empty" for one in usual):
            return usual
        text = text[:LOOKED_AT]
        coded = without_code(folded.text)
        own = said_by_us(coded)
        ours = [self._filled(text, one) for one in usual if not self._published(text, one)]
        every = [
            *ours,
            *self._of_audience(text, folded, ours),
            *broken_links(coded, folded),
            *hidden_signs(text),
            *mixed_letters(own, folded),
            *self._voice(own, folded),
            *self._language(own),
        ]
        return sorted(every, key=lambda one: (_RANK[one.severity], one.place or (0, 0)))[:MOST]

    # What only its readers make wrong

    def _of_audience(self, text: str, folded: FoldedText, known: Sequence[Finding]) -> Iterator[Finding]:
        audience = self.context.audience
        if audience is Audience.STAFF:
            return
        yield from self._colleagues(folded)
        if audience is not Audience.PUBLIC:
            return
        if self.context.private is not None:
            yield from self.context.private.look(folded)
        if self.context.find is not None:
            taken = [one.place for one in known if one.place is not None and one.rule in _DATA]
            for spot in self.context.find(text):
                place = (spot.start, spot.end)
                if spot.alarms and not any(_meets(place, one) for one in taken) and not self._open(text, place):
                    yield _of_spot(spot)

    def _published(self, text: str, one: Finding) -> bool:
        return one.rule == "personal_data" and one.place is not None and self._open(text, one.place)

    def _open(self, text: str, place: tuple[int, int]) -> bool:
        """Is it an address or number that the company publishes?"""
        return _bare(text[slice(*place)]) in self._contacts

    def _colleagues(self, folded: FoldedText) -> Iterator[Finding]:
        team = self.context.pack.team if self.context.pack is not None else ""
        places = [(raw.start, raw.end) for raw in self._names(folded.text)] if self._names is not None else []
        lowered = folded.text.lower()
        for handle in self.context.never.handles:
            places += _mentions(lowered, f"@{handle.lower()}")
        remedy = "name_team" if team else "remove"
        for place in places:
            yield Finding("colleague_never", Severity.BLOCK, folded.back(*place), remedy, team)

    # The pack

    def _filled(self, text: str, one: Finding) -> Finding:
        """A leftover placeholder whose value is known is filled in by its remedy."""
        if one.rule != "placeholder" or one.place is None or one.remedy != "fill_in":
            return one
        token = text[slice(*one.place)]
        value = fill(token, self.context.given, self.context.today, self.context.language)
        if value == token or not any(True for _ in placeholders(token)):
            return one
        return Finding(one.rule, one.severity, one.place, "write", value)

    def _voice(self, own: str, folded: FoldedText) -> Iterator[Finding]:
        pack = self.context.pack
        if pack is None:
            return
        for start, end, number in found(self._forms, own.lower()):
            phrase = self._phrases[number]
            place = folded.back(start, end)
            remedy = "write" if phrase.instead else "go"
            yield Finding(phrase.kind, phrase.severity, place, remedy, phrase.instead, own[start:end].strip())
        if self.context.audience is Audience.STAFF:
            return
        if self._greetings and not _opens(own, self._greetings):
            yield self._missing("greeting", pack.greetings[0])
        if self._sign_offs and not _closes(own, self._sign_offs):
            yield self._missing("sign_off", pack.sign_offs[0])

    def _missing(self, what: str, wording: Wording) -> Finding:
        written = fill(wording.write, self.context.given, self.context.today, self.context.language)
        return Finding(f"no_{what}", wording.severity, None, f"add_{what}", written)

    def _language(self, own: str) -> Iterator[Finding]:
        wanted, written = self.context.language, language_of(own[:_LANGUAGE_OF])
        if wanted and written and wanted != written:
            yield Finding("wrong_language", Severity.ASK, None, None, "", written)


def _of_spot(spot: Spot) -> Finding:
    secret = spot.kind in SECRETS
    grave = secret or (GRAVITY[spot.kind] == 3 and spot.sureness is Sureness.CERTAIN)
    rule = "secret" if secret else "personal_data"
    severity = Severity.BLOCK if grave else Severity.ASK
    return Finding(rule, severity, (spot.start, spot.end), "remove", "", str(spot.kind))


def _mentions(text: str, handle: str) -> Iterator[tuple[int, int]]:
    at = text.find(handle)
    while at >= 0:
        end = at + len(handle)
        if not (text[end : end + 1].isalnum() or text[end : end + 1] in {"_", "-"}):
            yield at, end
        at = text.find(handle, end)


def _opens(own: str, greetings: Iterable[Form]) -> bool:
    """Does a greeting stand at the beginning, perhaps behind a name, as in 「見本様 お世話になっております」?"""
    beginning = _plain(own.lstrip()[:_LOOKED_AT])
    return any(0 <= _stands(beginning, one) <= _BEHIND_A_NAME for one in greetings)


def _closes(own: str, sign_offs: Iterable[Form]) -> bool:
    end = _plain(own.rstrip()[-_LOOKED_AT:])
    return any(_stands(end, one) >= 0 for one in sign_offs)


def _stands(text: str, words: Form) -> int:
    """Where these words stand as whole ones, -1 where they do not."""
    return next((start for start, _ in words.find(text)), -1)


def _openings(wordings: Iterable[Wording]) -> Iterator[Form]:
    """What has to stand there: the longest part of each wording that is no placeholder."""
    for wording in wordings:
        parts, last = [], 0
        for one in placeholders(wording.write):
            parts.append(wording.write[last : one.start])
            last = one.end
        parts.append(wording.write[last:])
        for text in (max(parts, key=len), *wording.also):
            plain = _plain(text)
            if plain:
                yield form(plain)


def _plain(text: str) -> str:
    return " ".join(fold(text).text.lower().split()).strip(" ,.!*_")


def _bare(text: str) -> str:
    return "".join(fold(text).text.split()).replace("-", "").casefold()


def _meets(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
