"""A NodeBB community as one account sees it: the connection that the engine holds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from moderation.actions import Action
from moderation.capabilities import Capability
from moderation.content import CommunityInfo, Identity
from moderation.ids import Ref
from moderation.proof import Viewer
from moderation.records import Batch
from sync.connector import Connection, Known, Push, ThreadsTold, Urgency
from sync.http import Answer, Client, bearer
from sync.http.pictures import from_own_server
from sync.nodebb import endpoints
from sync.nodebb.community import community_info
from sync.nodebb.context import Context
from sync.nodebb.probes import prober
from sync.nodebb.pull.everything import Pull
from sync.nodebb.pull.followed import FollowedThreads
from sync.nodebb.push.table import pushes
from sync.nodebb.rights import CAPABILITIES
from sync.parts.looking import Looker
from sync.parts.probing import PlacesProber

Key = Mapping[str, str] | None


class NodeBB:
    """See :class:`sync.connector.Connection`. Blocking; may be used from several threads."""

    def __init__(self, context: Context, clients: Sequence[Client], looking: Callable[[Key], Looker]) -> None:
        self._context = context
        self._looking = looking
        self._clients = clients
        self._pull = Pull(context)
        self._followed = FollowedThreads(context)
        self._pushes = pushes(context)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What NodeBB can do."""
        return CAPABILITIES

    def info(self) -> CommunityInfo:
        """Platform, version and limits; raises ``NotAllowedError`` ``not_a_community``."""
        return community_info(self._context)

    def identify(self) -> Identity:
        """Who the token speaks for, asked now."""
        return self._context.identity.identify(self._context.now()).identity

    def poll(self, known: Known) -> Iterator[Batch]:
        """What changed lately: at most eight requests when nothing is new (the hourly listing apart)."""
        return self._pull.poll(known)

    def catch_up(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Everything down to the horizon, queue first."""
        return self._pull.catch_up(known, horizon)

    def look_again(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """What was locked, deleted or moved since it was read."""
        return self._pull.look_again(known, horizon)

    def threads_followed(self, member: Ref, name: str, known: Known) -> ThreadsTold:
        """What one member follows: the own list, and those of others for who moderates everywhere."""
        return self._followed.of(member, name, known)

    def fetch(self, refs: Iterable[Ref], known: Known, urgency: Urgency = Urgency.PERSON) -> Iterator[Batch]:
        """These things in full."""
        return self._pull.fetch(list(refs), known, urgency)

    def same_server(self, anchors: Sequence[tuple[Ref, datetime]]) -> bool:
        """False when known posts are now others: the server was restored from a backup."""
        return self._pull.same_server(anchors)

    def push(self, action: Action) -> Push:
        """The write for an action."""
        return self._pushes.of(action)

    def prober(self, others: Mapping[Viewer, Connection]) -> PlacesProber:
        """Looks at this community as an outsider; ``others`` are connections of ordinary members to it."""
        members = {viewer: other.eyes() for viewer, other in others.items() if isinstance(other, NodeBB)}
        return prober(self._context, {Viewer.ANONYMOUS: self._looking(None), **members})

    def eyes(self) -> Looker:
        """The eyes of this account, for the prober of another one."""
        return self._looking(bearer(self._context.account.token))

    def guards_repeats(self, action: Action) -> bool:
        """NodeBB stores an identical repeat as another post, note or message."""
        return False

    def picture(self, url: str, *, seconds: float, most: int) -> Answer:
        """A picture of a post from this server; with the key where uploads lie."""
        ours, guest = self._context.reader.client, self._context.guest.client
        return from_own_server(url, ours, guest, endpoints.UPLOADS, seconds=seconds, most=most)

    def usage(self) -> dict[str, int]:
        """Requests begun and bytes read."""
        usage = self._clients[0].usage
        return {"requests": usage.requests, "bytes": usage.bytes}

    def budget_left(self) -> float | None:
        """NodeBB limits nothing."""
        return None

    def poll_pause(self) -> float:
        """A poll is always worth its requests."""
        return 0.0

    def close(self) -> None:
        """Give up sockets and threads."""
        self._context.pool.shutdown(wait=False, cancel_futures=True)
        for client in self._clients:
            client.close()
