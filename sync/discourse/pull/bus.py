"""Hints of the message bus: which items others have changed, asked for at once and never waited for.

Only hints: what changed is read from the queue, and where the bus is silent, away or too busy, the queue alone tells.
Its poll counts as a request like any other, so it is asked only where it saves more.
"""

import secrets

from moderation.errors import MarqueeError, SignInError
from moderation.ids import Kind, Ref
from sync.connector import Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.decode import UNFIT, record
from sync.discourse.decoders import BUS
from sync.discourse.payloads import BusEventP

_STATUS = "/__status"
_FROM_NOW = "-1"


class Hints:
    """Listens on the channel of the account's review counts. ``Dont-Chunk`` makes the answer plain JSON."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._client = secrets.token_hex(12)
        self._last: str | None = None
        self._off = False

    def changed(self, urgency: Urgency) -> list[Ref]:
        """Items of which others said something since the last time; nothing the first time."""
        if self._off:
            return []
        channel = f"/reviewable_counts/{self._context.rights(urgency).identity.member.native}"
        form = {channel: self._last or _FROM_NOW}
        try:
            answer = self._context.reader.client.ask(endpoints.bus(self._client), form, urgency, {"Dont-Chunk": "true"})
            events = record(answer.body, BUS) if answer.ok else None
        except SignInError:
            raise
        except (MarqueeError, *UNFIT):
            events = None
        if events is None:
            self._off = True
            return []
        return [self._context.names.ref(Kind.REVIEW, native) for native in self._heard(channel, events)]

    def _heard(self, channel: str, events: list[BusEventP]) -> list[str]:
        """Ids that the events name; how far the channel was heard is remembered."""
        found: dict[str, None] = {}
        for event in events:
            data = event.data if isinstance(event.data, dict) else {}
            if event.channel == _STATUS and isinstance(data.get(channel), int):
                self._last = str(data[channel])
            elif event.channel == channel:
                self._last = str(event.message_id)
                updates, removed = data.get("updates"), data.get("remove_reviewable_ids")
                found |= dict.fromkeys(updates if isinstance(updates, dict) else ())
                found |= dict.fromkeys(map(str, removed if isinstance(removed, list) else ()))
        return [native for native in found if native.isdigit()]
