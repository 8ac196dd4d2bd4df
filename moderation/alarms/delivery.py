"""Telling of alarms outside of the app: one telling an alarm and channel, and at most one message of it.

A telling is taken before the first byte leaves. Refused for certain, it waits for its next try; where it may have
arrived it is ``unclear`` and stays so: the alarm stands in the app, and a channel that says things twice is not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from moderation.alarms.model import AlarmKind
from moderation.alarms.quiet import QuietHours

TRIES = 8
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
TAKEN_FOR = timedelta(minutes=2)
"""Longer than any message may take: one that is still ``sending`` then was cut off, and nobody knows where."""


class Told(StrEnum):
    """``not_needed``: the alarm had ended, or was silenced, before it could be told. ``failed``: given up."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNCLEAR = "unclear"
    FAILED = "failed"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Telling:
    """One alarm for one channel. ``bundle`` names the message it went with, ``trouble`` the code of what stood in the
    way last.
    """

    key: str
    number: int
    channel: str
    state: Told = Told.WAITING
    due_at: datetime | None = None
    tries: int = 0
    bundle: str = ""
    at: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """Where alarms go besides. ``kinds`` and ``communities``: only these, empty for all."""

    name: str
    kind: str
    language: str = "en"
    kinds: frozenset[AlarmKind] = frozenset()
    communities: tuple[str, ...] = ()
    quiet: QuietHours = field(default_factory=QuietHours)

    def wants(self, kind: AlarmKind, community: str) -> bool:
        """Is it told of this?"""
        return (not self.kinds or kind in self.kinds) and (not self.communities or community in self.communities)


def next_try(tries: int, now: datetime, asked_s: float = 0.0) -> datetime:
    """When it is tried again after so many tries; not before what the other side asked for."""
    pause = min(FIRST_PAUSE * (1 << max(0, tries - 1)), LONGEST_PAUSE)
    return now + max(pause, timedelta(seconds=asked_s))


class Speaker(Protocol):
    """Says something in one channel."""

    def say(self, title: str, lines: Sequence[str], key: str) -> None:
        """Say it once. ``key`` names the message, for channels that can recognise a repeat.

        Raises ``TryLaterError`` where it was not taken for certain and may be later, ``UnclearError`` where it may have
        been taken, any other ``MarqueeError`` where it was refused.
        """
