"""What bringing an answer back consists of: texts and whose they are, the proposal, and what speaks against posting."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from moderation.findings import Finding, Severity
from moderation.privacy.spots import Spot

CUSTOMER = "customer"
"""The kind of what stood for the customer by name, beside the kinds of the finder."""


class FindIn(Protocol):
    """Finds private data in a plain text, as :meth:`moderation.privacy.finder.Finder.find_in`."""

    def __call__(self, text: str) -> list[Spot]:
        """Spots in the order of the text."""


Removed = Callable[[str, str], str]
"""Gives the neutral words for a kind of private data, or for :data:`CUSTOMER`, in a language (``en``, ``ja``)."""


class Whose(StrEnum):
    """Whose words a private text is: of one of the staff, the customer, another member, or a note among staff."""

    STAFF = "staff"
    CUSTOMER = "customer"
    OTHERS = "others"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class PrivateText:
    """A text that outsiders cannot read."""

    text: str
    whose: Whose


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the private conversation, in order. ``copied``: the quoted copy that opened it."""

    id: str
    whose: Whose
    author_name: str
    at: datetime
    text: str
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Struck:
    """What was struck out of a proposal: its place there, what stands for it, why, and a snippet that gives nothing
    away. ``kind`` is one of the finder or :data:`CUSTOMER`, ``reason`` a code of the finder or empty.
    """

    start: int
    end: int
    kind: str
    reason: str
    masked: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message of the staff that may be the answer. ``tells`` is false for greetings, thanks and what is too short."""

    message: Message
    tells: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """The answer as it is proposed, what was struck out of it, and the messages it could come from, oldest first."""

    text: str
    struck: tuple[Struck, ...]
    candidates: tuple[Candidate, ...]

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of the messages that it comes from."""
        return tuple(one.message.id for one in self.candidates if one.chosen)


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against posting a draft: a rule's code, how grave, and where (characters, end exclusive).

    With a ``token`` a person may accept that very sentence: the token changes with every character of it. ``whose``
    are the words that it repeats, ``kind`` and ``masked`` tell private data. ``text`` is what the rule speaks of, for
    sentences of :mod:`resources.messages`.
    """

    rule: str
    severity: Severity
    start: int | None = None
    end: int | None = None
    remedy: str | None = None
    token: str = ""
    accepted: bool = False
    whose: Whose | None = None
    kind: str = ""
    masked: str = ""
    text: str = ""

    @property
    def stops(self) -> bool:
        """True while it keeps the draft from being posted."""
        return not self.accepted and (self.severity is Severity.BLOCK or bool(self.token))

    def finding(self) -> Finding:
        """The same as the checks before every answer say it; what was accepted is only a hint."""
        place = None if self.start is None or self.end is None else (self.start, self.end)
        return Finding(self.rule, Severity.HINT if self.accepted else self.severity, place, self.remedy)


def token_of(case: str, sentence: str) -> str:
    """What a person says to accept a sentence in a case: 16 hexadecimal digits of a hash of its exact characters."""
    exact = f"{case}\0{sentence}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(exact, digest_size=8, person=b"bring-back").hexdigest()
