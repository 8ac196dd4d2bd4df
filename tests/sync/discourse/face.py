"""The sample community's Discourse face on a real socket, and moderators connected to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from moderation.ids import Kind, Ref
from moderation.intents import Identities
from sync.connector import Account
from sync.discourse import open_connection
from sync.discourse.connection import Discourse
from sync.http import Limits, Plan, PlannedBudget, Sequence
from sync.sandbox import SampleCommunity, Server, Size, serve
from tests.conformance.acting import Actor
from tests.conformance.memory import MemoryMirror

NAME = "sample"
ME, COLLEAGUE, CUSTOMER, OTHER_CUSTOMER, ADMIN, COMPANY = (
    "ines_lanternby", "dagny_pell", "benno_crabtree", "pippa_thistlewood", "osric_vale", "quillby",
)  # fmt: skip
HORIZON = datetime.now(UTC) - timedelta(days=3650)


@dataclass
class World:
    """The community and connections to it."""

    community: SampleCommunity
    server: Server
    opened: list[Discourse] = field(default_factory=list)
    sequence: Sequence = field(default_factory=Sequence)

    @property
    def settings(self) -> Any:
        """What an administrator could set."""
        return self.community.discourse.settings

    def connect(self, user: str = ME, *, admin_key: bool = False, **facts: Any) -> Discourse:
        """A connection as somebody, with a budget that never ends unless another is given."""
        key = self.community.admin_key() if admin_key else self.community.user_key_for(user)
        acts_as = str(self.community.uid(user)) if admin_key else None
        given = {"budget": PlannedBudget(Plan(100_000)), "limits": Limits(20.0), "sequence": self.sequence} | facts
        url = self.server.url + self.settings.subfolder
        self.opened.append(open_connection(url, NAME, Account(Identities.ME, key, acts_as), **given))
        return self.opened[-1]

    def actor(self, user: str = ME) -> Actor:
        """Somebody who decides."""
        return Actor(self.connect(user))

    def pulled(self, user: str = ME) -> tuple[Discourse, MemoryMirror]:
        """A connection and a mirror with everything."""
        connection, mirror = self.connect(user), MemoryMirror()
        mirror.take(connection.catch_up(mirror, HORIZON))
        return connection, mirror

    def raw(self, path: str, user: str = ME, method: str = "GET", body: Any = None) -> Any:
        """The server's own answer, without the connector."""
        headers = {"User-Api-Key": self.community.user_key_for(user)}
        url = self.server.url + self.settings.subfolder + path
        answer = requests.request(method, url, json=body, headers=headers, timeout=20)
        assert answer.ok, (path, answer.status_code, answer.text[:200])
        return answer.json() if answer.content else None

    def readable_posts(self) -> set[int]:
        """Ids of the posts that the moderator may read and that are shown."""
        tables = self.community.state.tables
        return {native for native, post in tables.posts.items() if not post.hidden and post.thread in tables.threads}

    def erase(self, item: Ref) -> None:
        """Take an item away, as if it had never been."""
        with self.community.state.lock:
            del self.community.state.tables.items[int(item.native)]

    def reported_post(self) -> tuple[Ref, Ref, Ref]:
        """A customer's post with an open report: item, post, thread."""
        forums = self.raw("/site.json")["categories"]
        forum = next(one["id"] for one in forums if not one["read_restricted"])
        thread = self.community.open_thread_as(CUSTOMER, forum, "A thread for a test", "A thread for a test of ours")
        post = self.community.reply_as(CUSTOMER, thread.id, "Something to report in a test")
        flag = self.community.report(OTHER_CUSTOMER, post.id, "Spam, says a test")
        return ref(Kind.REVIEW, flag.id), ref(Kind.POST, post.id), ref(Kind.THREAD, thread.id)


def ref(kind: Kind, native: object) -> Ref:
    """An id in the sample community."""
    return Ref(NAME, kind, str(native))


@contextmanager
def small_face() -> Iterator[World]:
    """A world of its own."""
    community = SampleCommunity.seeded(size=Size.small())
    with serve(community, face="discourse") as server:
        world = World(community, server)
        try:
            yield world
        finally:
            for connection in world.opened:
                connection.close()
