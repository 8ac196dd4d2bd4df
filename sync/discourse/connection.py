"""A Discourse community as one account sees it: the connection that the engine holds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from moderation.actions import Action
from moderation.capabilities import Capability
from moderation.content import CommunityInfo, Identity
from moderation.ids import Ref
from moderation.proof import Viewer
from moderation.records import Batch
from sync.connector import Connection, Heard, Known, Listens, Push, ThreadsTold, Urgency
from sync.discourse import endpoints
from sync.discourse.community import community_info
from sync.discourse.context import Context
from sync.discourse.live import Live
from sync.discourse.probes import prober
from sync.discourse.pull.everything import Pull
from sync.discourse.pull.followed import FollowedThreads
from sync.discourse.push.table import pushes
from sync.discourse.rights import CAPABILITIES
from sync.http import Answer
from sync.http.pictures import from_own_server
from sync.parts.looking import Looker
from sync.parts.probing import PlacesProber


class Discourse:
    """See :class:`sync.connector.Connection`. Blocking; may be used from several threads."""

    def __init__(self, context: Context, looking: Callable[[Mapping[str, str] | None], Looker]) -> None:
        self._context = context
        self._looking = looking
        self._pull = Pull(context)
        self._followed = FollowedThreads(context)
        self._pushes = pushes(context)
        self._live = Live(context)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What Discourse can do."""
        return CAPABILITIES

    def info(self) -> CommunityInfo:
        """Platform, version and limits; raises ``NotAllowedError`` ``not_a_community``."""
        return community_info(self._context)

    def identify(self) -> Identity:
        """Who the key speaks for, asked now."""
        return self._context.identity.identify(self._context.now()).identity

    def poll(self, known: Known) -> Iterator[Batch]:
        """What changed lately: one request when nothing is new."""
        return self._pull.poll(known)

    def catch_up(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """Everything down to the horizon, queue first, as far as the plan of the day goes."""
        return self._pull.catch_up(known, horizon)

    def look_again(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        """What was closed, hidden, moved or deleted since it was read."""
        return self._pull.look_again(known, horizon)

    def threads_followed(self, member: Ref, name: str, known: Known) -> ThreadsTold | None:
        """What the account itself watches; of others nobody is told."""
        del name
        return self._followed.of(member, known)

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
        members = {viewer: other.eyes() for viewer, other in others.items() if isinstance(other, Discourse)}
        return prober(self._context, {Viewer.ANONYMOUS: self._looking(None), **members})

    def eyes(self) -> Looker:
        """The eyes of this account, for the prober of another one."""
        return self._looking({"User-Api-Key": self._context.account.token})

    def ear(self) -> Listens:
        """The message bus."""
        return self._live

    def read_heard(self, heard: Heard, known: Known) -> Iterator[Batch]:
        """What the message bus hinted at."""
        return self._pull.heard(heard, known)

    def guards_repeats(self, action: Action) -> bool:
        """An admin key's identical post is remembered for two minutes, and a message has an id of ours."""
        return self._context.is_admin_key and action in {Action.REPLY, Action.WHISPER, Action.MESSAGE}

    def picture(self, url: str, *, seconds: float, most: int) -> Answer:
        """A picture of a post from this server; with the key where uploads lie."""
        ours, guest = self._context.reader.client, self._context.guest.client
        return from_own_server(url, ours, guest, endpoints.UPLOADS, seconds=seconds, most=most)

    def usage(self) -> dict[str, int]:
        """Requests begun and bytes read."""
        usage = self._context.reader.client.usage
        return {"requests": usage.requests, "bytes": usage.bytes}

    def budget_left(self) -> float | None:
        """Requests left of the day, of the minute for a key without a limit by day."""
        return self._context.budget.left

    def poll_pause(self) -> float:
        """Longer for a key whose day is limited, and where nothing has happened for a while."""
        return self._pull.poll_pause()

    def close(self) -> None:
        """Give up sockets; what is asked afterwards is for later."""
        self._live.close()
        for reader in (self._context.reader, self._context.guest):
            reader.closed = True
            reader.client.close()
