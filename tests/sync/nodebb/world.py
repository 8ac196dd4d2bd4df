"""A small sample community on a real socket, and moderators connected to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from moderation.ids import Kind, Ref
from moderation.intents import Identities
from sync.connector import Account
from sync.http import Limits, Sequence
from sync.nodebb import open_connection
from sync.nodebb.connection import NodeBB
from sync.sandbox import Fault, SampleCommunity, Server, Size, serve
from tests.conformance.acting import Actor
from tests.conformance.memory import MemoryMirror

NAME = "sample"
ME, COLLEAGUE, FORUM_MODERATOR = "ines_lanternby", "dagny_pell", "petra_wick"
CUSTOMER, OTHER_CUSTOMER, NEWCOMER, ADMIN, COMPANY = (
    "benno_crabtree", "pippa_thistlewood", "newbie_thorne", "osric_vale", "quillby",
)  # fmt: skip
HORIZON = datetime.now(UTC) - timedelta(days=3650)


@dataclass
class World:
    """The community and connections to it."""

    community: SampleCommunity
    server: Server
    opened: list[NodeBB] = field(default_factory=list)
    sequence: Sequence = field(default_factory=Sequence)

    def connect(self, user: str = ME, *, seconds: float = 20.0, acts_as: str | None = None, token: str = "") -> NodeBB:
        """A connection as somebody."""
        account = Account(Identities.ME, token or self.community.token_for(user), acts_as)
        limits = Limits(seconds)
        self.opened.append(open_connection(self.server.url, NAME, account, sequence=self.sequence, limits=limits))
        return self.opened[-1]

    def actor(self, user: str = ME, *, seconds: float = 20.0) -> Actor:
        """Somebody who decides."""
        return Actor(self.connect(user, seconds=seconds))

    def pulled(self, user: str = ME) -> tuple[NodeBB, MemoryMirror]:
        """A connection and a mirror with everything."""
        connection, mirror = self.connect(user), MemoryMirror()
        mirror.take(connection.catch_up(mirror, HORIZON))
        return connection, mirror

    def raw(self, path: str, user: str | None = ME, method: str = "GET", body: Any = None) -> Any:
        """The server's own answer, without the connector."""
        headers = {"Authorization": f"Bearer {self.community.token_for(user)}"} if user else {}
        answer = requests.request(method, self.server.url + path, json=body, headers=headers, timeout=20)
        assert answer.ok, (path, answer.status_code, answer.text[:200])
        return answer.json()

    def fault(self, kind: str, path: str, method: str = ".*", **facts: Any) -> None:
        """Let something go wrong once."""
        self.community.fault(Fault(kind, path, method, **facts))

    def effects(self, verb: str) -> list[Any]:
        """What really happened on the server."""
        return [effect for effect in self.community.effects() if effect["verb"] == verb]

    def open_thread(self, text: str = "A thread for a test of ours") -> int:
        """A thread of a customer in a public forum."""
        return self.community.open_thread_as(CUSTOMER, self.public_forum(), "A thread for a test", text).id

    def public_forum(self) -> int:
        """A forum that everybody may read and write in."""
        forums = self.raw("/api/v3/categories", None)["response"]["categories"]
        named = {forum["name"]: forum["cid"] for forum in forums}
        return int(named.get("Firmware") or forums[0]["cid"])

    def reported_post(self, reporter: str = OTHER_CUSTOMER) -> tuple[Ref, Ref, Ref]:
        """A customer's post with an open report: flag, post, thread."""
        thread = self.open_thread()
        post = self.community.reply_as(CUSTOMER, thread, "Something to report in a test")
        flag = self.community.report(reporter, post.id, "Spam, says a test")
        return ref(Kind.FLAG, flag.id), ref(Kind.POST, post.id), ref(Kind.THREAD, thread)


def ref(kind: Kind, native: object) -> Ref:
    """An id in the sample community."""
    return Ref(NAME, kind, str(native))


@contextmanager
def small_world(size: Size | None = None) -> Iterator[World]:
    """A world of its own, without post delays."""
    community = SampleCommunity.seeded(size=size or Size.small())
    settings = community.state.settings
    settings.post_delay = settings.initial_delay = settings.newcomer_delay = 0
    with serve(community) as server:
        world = World(community, server)
        try:
            yield world
        finally:
            for connection in world.opened:
                connection.close()
