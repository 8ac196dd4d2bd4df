"""What a voice pack holds: how a company writes in some forums, in one language."""

from dataclasses import dataclass, replace

from moderation.findings import Severity
from moderation.intents import Identities

ANY = "*"
"""Stands for every community."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a pack holds: a community (as ``marquee communities`` names it, or :data:`ANY`) and its forums by name or
    id, all of them where none is named; ``level`` is the level of politeness there, empty for the pack's own.
    """

    community: str
    forums: tuple[str, ...] = ()
    level: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """A greeting or a sign-off: ``write`` is what is offered, with placeholders; ``also`` is taken for one as well."""

    write: str
    also: tuple[str, ...] = ()
    level: str = ""
    severity: Severity = Severity.HINT


@dataclass(frozen=True, slots=True)
class Phrase:
    """What the pack objects to. ``kind``: ``term`` (a word to avoid), ``promise``, ``legal`` or ``tone``; ``says`` are
    its forms, see :mod:`moderation.voice.phrases`; ``instead`` is what may be written, empty for nothing.
    """

    kind: str
    says: tuple[str, ...]
    instead: str
    severity: Severity
    level: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text that is written often; placeholders as :mod:`moderation.voice.placeholders` reads them."""

    name: str
    title: str
    text: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """A voice pack. ``place`` names its file. ``team`` is what colleagues are called who are not named; ``contacts``
    are addresses and numbers that the company publishes. ``tone_hints`` is whether tone is hinted at.
    """

    name: str
    language: str
    place: str = ""
    level: str = ""
    levels: tuple[str, ...] = ()
    reaches: tuple[Reach, ...] = ()
    identity: Identities = Identities.OFFICIAL
    team: str = ""
    contacts: tuple[str, ...] = ()
    greetings: tuple[Wording, ...] = ()
    sign_offs: tuple[Wording, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    tone_hints: bool = False

    def at(self, level: str) -> "Pack":
        """The same with nothing of other levels; the pack's own level where none is given."""
        chosen = level or self.level
        return replace(
            self,
            level=chosen,
            greetings=tuple(one for one in self.greetings if one.level in {"", chosen}),
            sign_offs=tuple(one for one in self.sign_offs if one.level in {"", chosen}),
            phrases=tuple(one for one in self.phrases if one.level in {"", chosen}),
            snippets=tuple(one for one in self.snippets if one.level in {"", chosen}),
        )
