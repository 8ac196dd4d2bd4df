"""Coverage of the sample community, computed the slow and simple way from the server's own state.

Nothing here knows of stores, facts or lines: it reads what the server holds and follows the words of the definitions.
"""

from dataclasses import dataclass, field
from statistics import median, quantiles

from sync.sandbox import SampleCommunity
from sync.sandbox.state import rights
from sync.sandbox.state.records import ADMINS, GLOBAL_MODERATORS, Post, Thread

GUEST = 0


@dataclass
class Counted:
    """Threads of one forum, sorted into what the definitions ask."""

    threads: list[int] = field(default_factory=list)
    answered_by_staff: list[int] = field(default_factory=list)
    answered_by_community: list[int] = field(default_factory=list)
    unanswered: list[int] = field(default_factory=list)
    unanswered_taken_private: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    responses: list[float] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)

    def document(self) -> dict[str, float | int | None]:
        """The numbers of the contract that need no working hours."""
        ninth = quantiles(self.responses, n=10, method="inclusive")[8] if len(self.responses) > 1 else None
        return {
            "threads": len(self.threads),
            "answered_by_staff": len(self.answered_by_staff),
            "answered_by_community": len(self.answered_by_community),
            "unanswered": len(self.unanswered),
            "unanswered_taken_private": len(self.unanswered_taken_private),
            "open": len(self.open),
            "first_response_median_s": median(self.responses) if self.responses else None,
            "first_response_p90_s": ninth if ninth is not None else (self.responses or [None])[0],
            "oldest_open_s": max(self.ages, default=None),
        }


class Slow:
    """Walks through every thread and every post for each question."""

    def __init__(self, community: SampleCommunity, since: int, until: int) -> None:
        self.state = community.state
        self.since, self.until = since, until
        tables = self.state.tables
        above = {m.id for m in tables.members.values() if {ADMINS, GLOBAL_MODERATORS} & set(m.groups)}
        moderators = {m for f in tables.forums for m in tables.members if rights.moderates(self.state, m, f)}
        self.staff = above | moderators

    def forums(self) -> dict[int, Counted]:
        """By forum that visitors can read."""
        found = {f: Counted() for f in self.state.tables.forums if self._public(f)}
        for thread in self.state.tables.threads.values():
            forum, left = self._public_place(thread)
            if forum in found and self._is_counted(thread):
                self._sort(found[forum], thread, left)
        return found

    def _public(self, forum: int) -> bool:
        return rights.may(self.state, GUEST, forum, "find")

    def _public_place(self, thread: Thread) -> tuple[int, int]:
        """Where it stands, or stood last in public and until when."""
        if self._public(thread.forum):
            return thread.forum, 1 << 60
        moves = [e for e in thread.events if e.kind == "move" and e.from_forum and self._public(e.from_forum)]
        return (moves[-1].from_forum or 0, moves[-1].at) if moves else (0, 0)

    def _is_counted(self, thread: Thread) -> bool:
        opening = self.state.post(thread.posts[0]) if thread.posts else None
        return (
            opening is not None
            and self.since <= thread.at < self.until
            and thread.author not in self.staff
            and not thread.hidden
            and not opening.hidden
        )

    def _sort(self, into: Counted, thread: Thread, left: int) -> None:
        later = [self.state.post(p) for p in thread.posts[1:]]
        public = [post for post in later if not post.hidden and post.at < left and post.author != thread.author]
        by_staff = [post for post in public if post.author in self.staff]
        into.threads.append(thread.id)
        if by_staff:
            into.answered_by_staff.append(thread.id)
            into.responses.append((min(post.at for post in by_staff) - thread.at) / 1000)
            return
        self._without(into, thread, public, left)

    def _without(self, into: Counted, thread: Thread, others: list[Post], left: int) -> None:
        gone = left < 1 << 60
        (into.answered_by_community if others else into.unanswered).append(thread.id)
        if gone and not others:
            into.unanswered_taken_private.append(thread.id)
        if not gone and not thread.locked:
            into.open.append(thread.id)
            into.ages.append((self.until - thread.at) / 1000)
