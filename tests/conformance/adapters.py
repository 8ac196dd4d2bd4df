"""What the conformance suite needs of a platform: a sample server, accounts, and life on it.

A connector of this project adds one class here and its name to :data:`ADAPTERS`, one of somebody else an entry point of
the group ``marquee.conformance``; the suite itself knows no platform.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Protocol

from moderation.actions import Action
from moderation.ids import Ref
from moderation.intents import Identities
from sync.connector import Account, Connection, ConnectorSpec
from sync.http import Plan, PlannedBudget, Sequence
from sync.sandbox import Fault

COMMUNITY = "sample"


class Ground(Protocol):
    """A running sample server of a platform, with hands on it behind the connector's back."""

    url: str

    def open(self, spec: ConnectorSpec, role: str = "moderator") -> Connection:
        """A connection as ``moderator``, ``colleague``, ``member`` or ``nobody`` (a key that is none)."""

    def key(self, role: str) -> str:
        """The key of a role."""

    def reported(self) -> tuple[Ref, Ref, Ref]:
        """A fresh open report: item, post, thread."""

    def colleague_decides(self, item: Ref) -> None:
        """A colleague resolves it."""

    def erase(self, item: Ref) -> None:
        """Take an item away on the server, as if it had never been."""

    def pending(self) -> int | None:
        """How many items wait, by the server's own count; ``None`` where nobody counts them."""

    def posts(self) -> int | None:
        """How many posts the moderator may read."""

    def reply(self, thread: Ref) -> None:
        """Somebody replies."""

    def deed(self, action: Action, connection: Connection) -> tuple[Ref, Any, dict[str, Any]] | None:
        """Target, item and payload for an action, ``None`` where the suite cannot set it up."""

    def lose_answers(self, action: Action, target: Ref) -> None:
        """The next write of this kind takes effect, and its answer gets lost."""


@dataclass(frozen=True)
class Adapter:
    """A platform's place in the suite. ``quiet_requests``: the most that a poll without news may ask for."""

    platform: str
    quiet_requests: int
    ground: Any

    def start(self) -> AbstractContextManager[Ground]:
        """A fresh sample server."""
        started: AbstractContextManager[Ground] = self.ground()
        return started


@contextmanager
def nodebb_ground() -> Iterator[Ground]:
    """The sample community, seen as a NodeBB."""
    from tests.sync.nodebb.world import small_world

    with small_world() as world:
        yield _NodeBBGround(world)


class _NodeBBGround:
    def __init__(self, world: Any) -> None:
        from tests.sync.nodebb import world as names

        self._world = world
        self._sequence = Sequence()
        self._opened: list[Connection] = []
        self._users = {"moderator": names.ADMIN, "colleague": names.COLLEAGUE, "member": names.CUSTOMER}
        self.url: str = world.server.url

    def key(self, role: str) -> str:
        if role == "nobody":
            return "00000000-0000-4000-8000-000000000000"
        token: str = self._world.community.token_for(self._users[role])
        return token

    def open(self, spec: ConnectorSpec, role: str = "moderator") -> Connection:
        account = Account(Identities.ME, self.key(role))
        self._world.opened.append(spec.open(self.url, COMMUNITY, account, sequence=self._sequence))
        opened: Connection = self._world.opened[-1]
        return opened

    def reported(self) -> tuple[Ref, Ref, Ref]:
        found: tuple[Ref, Ref, Ref] = self._world.reported_post()
        return found

    def colleague_decides(self, item: Ref) -> None:
        self._world.community.decide_as(self._users["colleague"], int(item.native), "resolved")

    def erase(self, item: Ref) -> None:
        self._world.raw(f"/api/v3/flags/{item.native}", self._users["colleague"], "DELETE", {})

    def pending(self) -> int:
        raw, user = self._world.raw, self._users["moderator"]
        flags = sum(raw(f"/api/flags?state={state}&perPage=1", user)["count"] for state in ("open", "wip"))
        return int(flags) + len(self._world.community.snapshot()["held"])

    def posts(self) -> int:
        return len(self._world.community.snapshot()["posts"])

    def reply(self, thread: Ref) -> None:
        self._world.community.reply_as(self._users["member"], int(thread.native), "A reply from somewhere else")

    def deed(self, action: Action, connection: Connection) -> tuple[Ref, Any, dict[str, Any]] | None:
        from tests.conformance.acting import Actor
        from tests.sync.nodebb.deeds import DEEDS

        name = action.value.removeprefix("x:")
        deed = DEEDS[name](self._world, Actor(connection))
        self._path, self._method = deed.path, deed.method
        return deed.target, deed.item, deed.payload

    def lose_answers(self, action: Action, target: Ref) -> None:
        self._world.fault("drop_after", self._path, self._method)


@contextmanager
def discourse_ground() -> Iterator[Ground]:
    """The sample community, seen as a Discourse."""
    from tests.sync.discourse.face import small_face

    with small_face() as world:
        yield _DiscourseGround(world)


class _DiscourseGround:
    def __init__(self, world: Any) -> None:
        from tests.sync.discourse import face as names

        self._world = world
        self._users = {"moderator": names.ME, "colleague": names.COLLEAGUE, "member": names.CUSTOMER}
        self._path = self._method = ""
        self.url: str = world.server.url

    def key(self, role: str) -> str:
        if role == "nobody":
            return "00000000000000000000000000000000"
        key: str = self._world.community.user_key_for(self._users[role])
        return key

    def open(self, spec: ConnectorSpec, role: str = "moderator") -> Connection:
        account = Account(Identities.ME, self.key(role))
        parts = {"sequence": self._world.sequence, "budget": PlannedBudget(Plan(100_000))}
        self._world.opened.append(spec.open(self.url, COMMUNITY, account, **parts))
        opened: Connection = self._world.opened[-1]
        return opened

    def reported(self) -> tuple[Ref, Ref, Ref]:
        found: tuple[Ref, Ref, Ref] = self._world.reported_post()
        return found

    def colleague_decides(self, item: Ref) -> None:
        self._world.community.decide_as(self._users["colleague"], int(item.native), "resolved")

    def erase(self, item: Ref) -> None:
        self._world.erase(item)

    def pending(self) -> int:
        return int(self._world.raw("/review/count.json")["count"])

    def posts(self) -> int:
        return len(self._world.readable_posts())

    def reply(self, thread: Ref) -> None:
        self._world.community.reply_as(self._users["member"], int(thread.native), "A reply from somewhere else")

    def deed(self, action: Action, connection: Connection) -> tuple[Ref, Any, dict[str, Any]] | None:
        from tests.conformance.acting import Actor
        from tests.sync.discourse.deeds import DEEDS

        deed = DEEDS[action](self._world, Actor(connection))
        self._path, self._method = deed.path, deed.method
        return deed.target, deed.item, deed.payload

    def lose_answers(self, action: Action, target: Ref) -> None:
        self._world.community.fault(Fault("drop_after", self._path, self._method))


_PLACES = (Adapter("nodebb", 8, nodebb_ground), Adapter("discourse", 1, discourse_ground))
ADAPTERS = {place.platform: place for place in _PLACES}


def adapter(platform: str) -> Adapter | None:
    """The place of a platform, of this project or of an installed connector."""
    named = {point.name: point for point in entry_points(group="marquee.conformance")}
    found: Adapter | None = ADAPTERS.get(platform) or (named[platform].load() if platform in named else None)
    return found
