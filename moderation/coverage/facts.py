"""What is kept of a thread so that figures can be computed: who wrote when, never what.

All times are milliseconds of Unix time; members, posts and forums are native ids of one community. ``None`` as author
stands for an account that does not exist any more.
"""

from dataclasses import dataclass
from enum import IntFlag


class PostBit(IntFlag):
    """What a post is besides: ``AWAY`` deleted or hidden, ``NOTE`` a moderator's remark, ``POINTER`` the stub that
    leads to a private place, ``AUTOMATIC`` written by the software, ``ANSWER`` marked as the solution.
    """

    AWAY = 1
    NOTE = 2
    POINTER = 4
    AUTOMATIC = 8
    ANSWER = 16


class ThreadBit(IntFlag):
    """What a thread is: ``AWAY`` deleted, merged away or hidden, ``LOCKED`` takes no answers, ``REOPENED`` was locked
    and unlocked again, ``PARTIAL`` not all of its posts were read, ``FOR_CUSTOMER`` opened by the staff for somebody.
    """

    AWAY = 1
    LOCKED = 2
    REOPENED = 4
    PARTIAL = 8
    FOR_CUSTOMER = 16


@dataclass(frozen=True, slots=True)
class PostFact:
    """A post: ``at_ms`` is when it became public."""

    id: str
    author: str | None
    at_ms: int
    bits: int = 0


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """A thread that is or was public.

    ``forum`` is where it stands, or stood when it was last public. ``submitted_ms`` is when it was written,
    ``public_ms`` when everybody could read it (later, where it was held). ``closed_ms`` is ``None`` where nobody told
    when it was locked. ``left_ms``: when it left the public; ``converted_ms``: when the conversation went on in a
    private place while the thread stayed.
    """

    thread: str
    forum: str
    opener: str | None
    opening: str | None
    submitted_ms: int
    public_ms: int
    posts: tuple[PostFact, ...] = ()
    bits: int = 0
    closed_ms: int | None = None
    left_ms: int | None = None
    converted_ms: int | None = None
