"""Live push: a poll of the message bus that the server holds open until there is something to tell.

Each is a request like any other, and one is held about 25 seconds: 3,456 a day, more than a member's key has. So the
limits that are known of the key decide, and what a 429 teaches counts at once.
"""

import secrets
from collections.abc import Sequence

from moderation.errors import TryLaterError
from moderation.ids import Ref
from sync.connector import Heard, Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.pull.bus import CLAIMED, COUNTS, LISTS, NOTIFICATION, TOPIC, Channels, asked
from sync.http import PlannedBudget

HELD_SECONDS = 25.0
A_DAY = 86400 / HELD_SECONDS
OF_A_DAY, OF_A_MINUTE = 0.3, 0.2
"""The parts of a key's limits that live push may use up."""
_AT_ONCE = HELD_SECONDS / 5
_LEAST_PAUSE = 1.0


class Live:
    """See :class:`sync.connector.Listens`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._client = secrets.token_hex(12)
        self._channels = Channels(context.names)
        self._empty = 0

    def hindered(self, wanted: bool) -> str:
        """What the limits of the key say."""
        budget = self._context.budget
        if not isinstance(budget, PlannedBudget):
            return ""
        per_minute, per_day = budget.limits
        if not wanted and per_day is not None and per_day * OF_A_DAY < A_DAY:
            return "live_day_too_short"
        if not wanted and per_minute * OF_A_MINUTE < 60 / HELD_SECONDS:
            return "live_minute_too_short"
        return "live_day_nearly_spent" if budget.scarce else ""

    def wait(self, threads: Sequence[Ref]) -> Heard:
        """One poll. A server that answers nothing at once, again and again, holds none open: that is a failure."""
        bus = self._context.held
        if bus is None:
            return Heard()
        form = self._channels.form(self._wanted(threads))
        begun = self._context.monotonic()
        community = self._context.names.community
        events = asked(bus, community, endpoints.bus(self._client), form, Urgency.BACKGROUND)
        news = self._channels.heard(form, events)
        held = self._context.monotonic() - begun >= _AT_ONCE
        self._empty = 0 if news or held else self._empty + 1
        if self._empty > 1:
            raise TryLaterError("live_not_held", community=community)
        return news

    def pause(self) -> float:
        """So that the part of the minute's limit lasts."""
        budget = self._context.budget
        if not isinstance(budget, PlannedBudget):
            return _LEAST_PAUSE
        return max(_LEAST_PAUSE, 60 / (budget.limits[0] * OF_A_MINUTE))

    def close(self) -> None:
        """Hang up."""
        self._context.hang_up()

    def _wanted(self, threads: Sequence[Ref]) -> list[str]:
        me = self._context.rights().identity.member.native
        open_ones = (f"{TOPIC}{ref.native}" for ref in threads)
        return [f"{COUNTS}{me}", CLAIMED, *LISTS, f"{NOTIFICATION}{me}", *open_ones]
