"""The tables of the sample community and the small look-ups that every operation needs."""

import threading
from dataclasses import dataclass, field
from typing import TypeVar

from sync.sandbox.state.clock import Clock
from sync.sandbox.state.ordered import OrderedIds
from sync.sandbox.state.records import (
    Effect,
    Forum,
    Group,
    Held,
    Item,
    Member,
    Notice,
    Post,
    Room,
    Thread,
)
from sync.sandbox.state.refusal import Reason, Refused

_T = TypeVar("_T")


@dataclass(slots=True)
class Settings:
    """What an administrator could set; the defaults are those of NodeBB 4.15.1, observed (API.md sections 1, 6, 8)."""

    title: str = "Quillby Community"
    post_delay: int = 10
    initial_delay: int = 10
    newcomer_delay: int = 120
    newcomer_reputation: int = 3
    shortest_post: int = 8
    longest_post: int = 32767
    longest_title: int = 255
    longest_message: int = 1000
    most_tags: int = 5
    threads_per_page: int = 20
    posts_per_page: int = 20
    recent_threads: int = 200
    reports_a_day: int = 10
    owner_may_move: int = 5
    hold_newcomers: bool = True
    default_watch: int = 3
    show_fullnames: bool = True
    maintenance: bool = False
    unread_days: int = 2
    guests_search: bool = False
    notes_kept_ms: int = 60_000


@dataclass(slots=True)
class Tables:
    """Everything that a backup holds; `faces` is what a platform knows beyond it, by its name."""

    members: dict[int, Member] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    forums: dict[int, Forum] = field(default_factory=dict)
    threads: dict[int, Thread] = field(default_factory=dict)
    posts: dict[int, Post] = field(default_factory=dict)
    items: dict[int, Item] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    rooms: dict[int, Room] = field(default_factory=dict)
    notices: dict[int, list[Notice]] = field(default_factory=dict)
    reads: dict[int, dict[int, int]] = field(default_factory=dict)
    slugs: dict[str, int] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    recent_threads: OrderedIds = field(default_factory=OrderedIds)
    recent_posts: OrderedIds = field(default_factory=OrderedIds)
    items_by_time: OrderedIds = field(default_factory=OrderedIds)
    items_by_state: dict[str, OrderedIds] = field(default_factory=dict)
    items_by_forum: dict[int, OrderedIds] = field(default_factory=dict)
    items_by_author: dict[int, dict[int, int]] = field(default_factory=dict)
    items_by_reporter: dict[int, dict[int, int]] = field(default_factory=dict)
    items_by_assignee: dict[int, dict[int, int]] = field(default_factory=dict)
    strays: dict[str, dict[int, int]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    faces: dict[str, object] = field(default_factory=dict)


class State:
    """One community. Whoever reads or changes it from another thread holds `lock`."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.settings = Settings()
        self.tables = Tables()
        self.tokens: dict[str, int] = {}
        self.effects: list[Effect] = []
        self.version = 0
        self.reported: dict[int, list[int]] = {}
        self.memo: dict[object, tuple[int, list[int]]] = {}

    def number(self, counter: str) -> int:
        """The next id of a kind, from 1."""
        self.tables.counters[counter] = self.tables.counters.get(counter, 0) + 1
        return self.tables.counters[counter]

    def effect(self, by: int, verb: str, target: str, **detail: object) -> None:
        """Record that something really changed."""
        self.version += 1
        self.effects.append(Effect(len(self.effects) + 1, self.clock.now(), by, verb, target, detail))

    def member(self, ident: int) -> Member:
        """The member, or `Refused(NO_MEMBER)`."""
        return self._found(self.tables.members.get(ident), Reason.NO_MEMBER)

    def forum(self, ident: int) -> Forum:
        """The forum, or `Refused(NO_FORUM)`."""
        return self._found(self.tables.forums.get(ident), Reason.NO_FORUM)

    def thread(self, ident: int) -> Thread:
        """The thread, or `Refused(NO_THREAD)`."""
        return self._found(self.tables.threads.get(ident), Reason.NO_THREAD)

    def post(self, ident: int) -> Post:
        """The post, or `Refused(NO_POST)`."""
        return self._found(self.tables.posts.get(ident), Reason.NO_POST)

    def item(self, ident: int) -> Item:
        """The item, or `Refused(NO_ITEM)`."""
        return self._found(self.tables.items.get(ident), Reason.NO_ITEM)

    def forum_of_post(self, post: Post) -> int:
        """Where the post stands now."""
        return self.tables.threads[post.thread].forum

    def by_name(self, name: str) -> Member:
        """The member of that account name, or `Refused(NO_MEMBER)`."""
        return self.member(self.tables.slugs.get(slug_of(name), 0))

    @staticmethod
    def _found(record: _T | None, reason: Reason) -> _T:
        if record is None:
            raise Refused(reason)
        return record


def slug_of(text: str) -> str:
    """The part of an address made from a name: lower case, letters of any script, hyphens between words."""
    kept = "".join(letter if letter.isalnum() or letter in "-_." else " " for letter in text.lower())
    return "-".join(kept.replace("-", " ").split())
