"""What every push asks of an intent, and how it says what it found."""

from collections.abc import Callable
from datetime import UTC, datetime

from moderation.cases import CLOSED
from moderation.content import Level
from moderation.errors import NotAllowedError, RefusedError
from moderation.ids import Kind, Ref
from moderation.intents import Intent
from moderation.records import Records
from sync.parts.times import in_ms

Taken = Callable[[str], bool]
"""Tells the ids that are receipts of other intents."""


def on(intent: Intent, kind: Kind) -> Ref:
    """The target, which must be of this kind: a report on a member, or on a purged post, has no post."""
    if intent.target.kind is not kind:
        raise NotAllowedError("target_missing", action=intent.action.value)
    return intent.target


def until_of(intent: Intent) -> datetime | None:
    """``until`` of the payload (ISO 8601), ``None`` without one."""
    text = intent.payload.get("until")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise NotAllowedError("end_date_wrong") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def level_of(intent: Intent) -> Level:
    """The level at which a forum is to be followed; raises ``NotAllowedError`` ``payload_missing`` without one."""
    try:
        return Level(str(intent.payload.get("level") or ""))
    except ValueError:
        raise NotAllowedError("payload_missing", action=intent.action.value, field="level") from None


def followed_otherwise(intent: Intent, now: Level) -> dict[str, str]:
    """How a forum is followed where that is neither what the person saw (``from``) nor what is wanted."""
    seen = str(intent.payload.get("from") or "")
    return {"level": now.value} if seen and now.value not in {seen, level_of(intent).value} else {}


def elsewhere(intent: Intent, forum: Ref | None) -> dict[str, str]:
    """The forum where a thread is now, for an answer that was written for the readers of another one (``only_in``)."""
    meant = str(intent.payload.get("only_in") or "")
    return {"forum": str(forum or "")} if meant and meant != str(forum) else {}


def check_open(intent: Intent, *, locked: bool, hidden: bool) -> None:
    """Raise ``RefusedError`` for an answer that is for the public (``only_open``) where its thread was closed or taken
    away meanwhile: staff could write there all the same.
    """
    if not intent.payload.get("only_open"):
        return
    if hidden:
        raise RefusedError("answer_thread_hidden")
    if locked:
        raise RefusedError("answer_thread_locked")


def closed_first(intent: Intent) -> bool:
    """True for a step that leads into the public only while its thread is closed for replies: the request may arrive
    long after what stands there was looked at.
    """
    return bool(intent.payload.get(CLOSED))


def effect_id(thing: Ref, effect: str, at: datetime, taken: Taken) -> str:
    """An id for an effect to which the server gives none: named after the thing, the effect and the server's time;
    numbered where that is another's already (the ``Date`` header counts whole seconds).
    """
    name = f"{thing.kind}:{thing.native}@{effect}.{in_ms(at)}"
    unique, number = name, 2
    while taken(unique):
        unique, number = f"{name}.{number}", number + 1
    return unique


def joined(*records: Records | None) -> Records | None:
    """Several readings as one, as old as the oldest of them."""
    given = [one for one in records if one is not None]
    if not given:
        return None
    return Records(
        min(one.seq for one in given),
        threads=tuple(thread for one in given for thread in one.threads),
        posts=tuple(post for one in given for post in one.posts),
        members=tuple(member for one in given for member in one.members),
        items=tuple(item for one in given for item in one.items),
        gone=tuple(ref for one in given for ref in one.gone),
    )
