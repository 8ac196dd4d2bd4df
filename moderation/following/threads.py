"""Which threads the staff follow, as far as it can be read; a person's list stands by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.ids import Ref

OWN_ONLY = "own_only"
"""Why a list is not known where the platform tells it to nobody but its owner."""
KEPT = timedelta(days=2)
"""So long a list that was read outlasts another reader's not being allowed to read it."""


@dataclass(frozen=True, slots=True)
class FollowedThreads:
    """What one member follows. ``threads`` are those of the last activity first; ``whole``: there are no more. ``why``
    is the code of what stood in the way; then nothing is known, which is not the same as nothing.
    """

    member: Ref
    seen_at: datetime
    threads: tuple[Ref, ...] = ()
    whole: bool = True
    why: str = ""


def replaces(told: FollowedThreads, known: FollowedThreads | None) -> bool:
    """Is this to be kept instead of what is known? The newer reading is; that somebody else may not read the list says
    nothing about it, until it is old.
    """
    if known is None:
        return True
    if told.why and not known.why:
        return told.seen_at - known.seen_at >= KEPT
    return told.seen_at >= known.seen_at


def followers(lists: Mapping[Ref, Iterable[Ref]]) -> dict[Ref, tuple[Ref, ...]]:
    """By thread which members follow it, in the order of the lists; the threads that most follow first."""
    found: dict[Ref, list[Ref]] = {}
    for member, threads in lists.items():
        for thread in threads:
            found.setdefault(thread, []).append(member)
    most = sorted(found, key=lambda thread: (-len(found[thread]), str(thread)))
    return {thread: tuple(found[thread]) for thread in most}
