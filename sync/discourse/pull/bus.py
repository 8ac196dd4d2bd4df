"""The message bus: what its messages hint at, and how far each channel was heard.

Only hints: what changed is read from the queue and the feeds, and where the bus is silent, away or too busy, the polls
alone tell. It is asked on a client of its own: a bus that is overloaded asks nobody else to wait.
"""

import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from moderation.errors import MarqueeError, NotAllowedError, PayloadError
from moderation.ids import Kind, Ref
from sync.connector import Heard, Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.decode import UNFIT, record
from sync.discourse.decoders import BUS
from sync.discourse.ids import Namer
from sync.discourse.payloads import BusEventP
from sync.http import Answer, Client

COUNTS, CLAIMED, TOPIC, NOTIFICATION = "/reviewable_counts/", "/reviewable_claimed", "/topic/", "/notification/"
LISTS = ("/latest", "/new")
_STATUS = "/__status"
_FROM_NOW = "-1"
_SEPARATOR = b"\r\n|\r\n"
_SILENT_AFTER_TROUBLE = timedelta(minutes=10)
_MISSED = Heard(queue=True, feed=True)


class Channels:
    """How far channels were heard. Messages may come twice, out of order, or never."""

    def __init__(self, names: Namer) -> None:
        self._names = names
        self._last: dict[str, int] = {}

    def form(self, wanted: Iterable[str]) -> dict[str, str]:
        """These channels, each from where it was heard last; what is not among them is forgotten."""
        channels = list(wanted)
        self._last = {channel: self._last[channel] for channel in channels if channel in self._last}
        return {channel: str(self._last.get(channel, _FROM_NOW)) for channel in channels}

    def heard(self, asked: Mapping[str, str], events: Iterable[BusEventP]) -> Heard:
        """What the messages of one answer hint at, those that were heard before left out.

        A number below the one asked for says that the server began to count anew: what it told in between is lost.
        """
        news, told = Heard(), dict[str, list[int]]()
        for event in events:
            if event.channel == _STATUS:
                news |= self._status(asked, event.data)
            elif event.channel in asked:
                told.setdefault(event.channel, []).append(event.message_id)
                if event.message_id != int(asked[event.channel]):
                    news |= self._hint(event.channel, event.data)
        for channel, numbers in told.items():
            news |= self._numbered(channel, int(asked[channel]), numbers)
        return news

    def _status(self, asked: Mapping[str, str], data: object) -> Heard:
        """Where channels stand: the beginning for one that was asked for from now on, a new count for any other."""
        news = Heard()
        for channel, number in data.items() if isinstance(data, dict) else ():
            if channel in asked and isinstance(number, int) and not isinstance(number, bool):
                news |= _MISSED if asked[channel] not in {_FROM_NOW, str(number)} else Heard()
                self._last[channel] = number
        return news

    def _numbered(self, channel: str, asked: int, numbers: list[int]) -> Heard:
        """Go on from the newest; numbers that are missing between were lost, in a channel that is for one account."""
        newest = max(numbers)
        if newest < asked:
            self._last[channel] = newest
            return _MISSED
        self._last[channel] = max(newest, self._last.get(channel, newest))
        lost = channel.startswith(COUNTS) and asked >= 0 and newest - asked > len(set(numbers) - {asked})
        return _MISSED if lost else Heard()

    def _hint(self, channel: str, data: object) -> Heard:
        facts = data if isinstance(data, dict) else {}
        if channel.startswith(COUNTS):
            items = self._refs(Kind.REVIEW, _items(facts))
            return Heard(items=items, queue=not items)
        if channel == CLAIMED:
            return Heard(claims=self._refs(Kind.THREAD, [facts.get("topic_id")]))
        if channel.startswith(TOPIC):
            return Heard(threads=self._refs(Kind.THREAD, [channel.removeprefix(TOPIC)]))
        return Heard(messages=True) if channel.startswith(NOTIFICATION) else Heard(feed=True)

    def _refs(self, kind: Kind, natives: Iterable[object]) -> frozenset[Ref]:
        return frozenset(self._names.ref(kind, str(one)) for one in natives if str(one).isdigit())


class Hints:
    """Asks at once and waits for nothing: which items others have changed, where a queue is long."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._client = secrets.token_hex(12)
        self._channels = Channels(context.names)
        self._silent_until: datetime | None = None

    def changed(self, urgency: Urgency) -> list[Ref]:
        """Items of which others said something since the last time; nothing the first time, and after trouble."""
        silent = self._silent_until is not None and self._context.now() < self._silent_until
        if self._context.bus is None or silent:
            return []
        form = self._channels.form([f"{COUNTS}{self._context.rights(urgency).identity.member.native}"])
        with suppress(MarqueeError):
            path, community = endpoints.bus(self._client, at_once=True), self._context.names.community
            events = asked(self._context.bus, community, path, form, urgency)
            return sorted(self._channels.heard(form, events).items, key=lambda ref: int(ref.native))
        self._silent_until = self._context.now() + _SILENT_AFTER_TROUBLE
        return []


def asked(bus: Client, community: str, path: str, form: Mapping[str, str], urgency: Urgency) -> list[BusEventP]:
    """Ask the bus. ``Dont-Chunk`` makes the answer plain JSON; what comes in pieces all the same is read as well.

    Raises as ``Client.ask``; ``NotAllowedError`` for a key or a server that will not have it, ``PayloadError`` for an
    answer that is none.
    """
    answer = bus.ask(path, form, urgency, {"Dont-Chunk": "true"})
    if answer.status in {401, 403}:
        raise NotAllowedError("live_not_allowed", community=community, endpoint=answer.path)
    if 300 <= answer.status < 500:
        raise NotAllowedError("live_not_there", community=community, endpoint=answer.path, status=answer.status)
    return _events(answer, community)


def _events(answer: Answer, community: str) -> list[BusEventP]:
    try:
        if not answer.ok:
            raise ValueError(answer.status)
        pieces = [piece for piece in answer.body.split(_SEPARATOR) if piece.strip()]
        return [event for piece in pieces for event in record(piece, BUS)]
    except (*UNFIT, ValueError):
        raise PayloadError(
            "live_not_understood", community=community, connector="discourse", endpoint=answer.path, field="$"
        ) from None


def _items(facts: dict[str, object]) -> list[object]:
    updates, removed = facts.get("updates"), facts.get("remove_reviewable_ids")
    changed = list(updates) if isinstance(updates, dict) else []
    return [*changed, *(removed if isinstance(removed, list) else [])]
