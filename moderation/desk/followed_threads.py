"""Threads that the staff follow, at the desk: who follows which, as far as it is known, and the own follow.

What the team's store keeps are ids; titles come from what this machine's account may read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from moderation.actions import Action
from moderation.capabilities import Capability
from moderation.content import Level, Thread
from moderation.desk.bench import Bench
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.following.threads import FollowedThreads, followers
from moderation.ids import Kind, Ref
from moderation.intents import Plan
from moderation.people import People, Person
from moderation.plans import Wish, make_plan

NOT_READ, NO_ACCOUNT = "not_read", "no_account"
LEVELS = (Level.WATCHING, Level.TRACKING, Level.NORMAL, Level.MUTED)
"""What a thread can be followed at; normal is neither followed nor ignored."""


@dataclass(frozen=True, slots=True)
class PersonThreads:
    """What one of the staff follows, those of the last activity first. ``as_of`` is when that was read, ``why`` what
    stood in the way (then ``threads`` say nothing); ``whole``: there are no more.
    """

    name: str
    account: Ref | None
    threads: tuple[Ref, ...] = ()
    as_of: datetime | None = None
    whole: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True)
class ThreadsSeen:
    """A community's staff with what they follow, by name. ``known`` are the threads of which more than the id is known
    here; ``confirmed``: a lead has said who is staff, before that nobody is read.
    """

    community: str
    confirmed: bool
    people: tuple[PersonThreads, ...]
    known: dict[Ref, Thread]

    def followers(self, forum: Ref | None = None) -> dict[Ref, tuple[PersonThreads, ...]]:
        """By thread (of one forum) who follows it, the threads that most follow first."""
        lists = {one.account: one for one in self.people if one.account is not None and not one.why}
        found = followers({account: one.threads for account, one in lists.items()})
        return {
            thread: tuple(lists[who] for who in members)
            for thread, members in found.items()
            if forum is None or (thread in self.known and self.known[thread].forum == forum)
        }


class FollowedThreadsDesk:
    """Reads are local; a change of the own follow is on the disk when the call returns."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def see(self, community: str) -> ThreadsSeen:
        """Everybody who is on the staff now. Raises ``UnknownIdError`` ``community_unknown``."""
        row, now = self._bench.community(community), self._bench.clock.now()
        people = [person for person in self._people.roster() if person.confirmed and not person.bot]
        lists = self._people.followed_threads(row.name)
        told = tuple(_one(person, row.name, lists) for person in people if person.on_staff(now))
        known = self.heads(thread for one in told for thread in one.threads)
        return ThreadsSeen(row.name, bool(people), told, known)

    def of(self, account: Ref) -> PersonThreads:
        """What one account follows."""
        return _told("", account, self._people.followed_threads(account.community))

    def heads(self, threads: Iterable[Ref]) -> dict[Ref, Thread]:
        """Those of which more than the id is known here."""
        found = ((thread, self._bench.mirror.thread(thread)) for thread in dict.fromkeys(threads))
        return {thread: head for thread, head in found if head is not None}

    def set_level(self, thread: Ref, level: Level, *, hold_seconds: float | None = None) -> Plan:
        """Follow a thread oneself, ignore it, or neither (normal). What is so already is confirmed without being sent.

        Raises ``UnknownIdError`` ``id_unknown``, ``NotAllowedError`` ``capability_missing``, ``level_not_here``.
        """
        self._bench.require(thread.community, Capability.FOLLOW_FORUMS)
        head = self._bench.mirror.thread(thread) if thread.kind is Kind.THREAD else None
        if head is None:
            raise UnknownIdError("id_unknown", id=str(thread))
        if level not in LEVELS:
            raise NotAllowedError("level_not_here", level=level.value)
        plan = make_plan(
            [Wish(Action.FOLLOW, thread, None, None, "", {"level": str(level), "ensure": True})],
            self._bench.sender(thread.community),
            now=self._bench.clock.now(),
            new_id=self._bench.ids.new,
            hold_seconds=self._bench.hold_seconds if hold_seconds is None else hold_seconds,
            title=head.title,
        )
        self._bench.journal.add(plan)
        self._bench.engine.wake("following")
        return plan

    # Parts

    @property
    def _people(self) -> People:
        return cast(People, self._bench.team)


def _one(person: Person, community: str, lists: Mapping[Ref, FollowedThreads]) -> PersonThreads:
    account = person.account(community)
    return PersonThreads(person.name, None, why=NO_ACCOUNT) if account is None else _told(person.name, account, lists)


def _told(name: str, account: Ref, lists: Mapping[Ref, FollowedThreads]) -> PersonThreads:
    told = lists.get(account)
    if told is None:
        return PersonThreads(name, account, why=NOT_READ)
    return PersonThreads(name, account, told.threads, told.seen_at, told.whole, told.why)
