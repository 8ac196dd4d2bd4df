"""Notifications: hints at flags and held posts before any list shows them."""

from collections.abc import Generator

from moderation.errors import NotAllowedError
from moderation.ids import Kind
from moderation.records import Batch, Records
from sync.connector import Known, Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decoders import NOTIFICATION, NOTIFICATIONS
from sync.nodebb.pull.flags import FlagNews
from sync.nodebb.reading import set_aside
from sync.parts.times import in_ms

UNTIL = "notifications.until"


class Notifications:
    """Reads the newest notifications of the account."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def watch(self, known: Known, news: FlagNews) -> Generator[Batch, None, bool]:
        """One request; flags that new notifications are about go into ``news`` (none at the first time). Gives
        whether any is about a held post.
        """
        before = known.cursor(UNTIL)
        try:
            read = self._context.reader.get(endpoints.NOTIFICATIONS, NOTIFICATIONS, Urgency.POLL, conditional=True)
        except NotAllowedError:
            return False
        if read.not_modified and before is not None:
            return False
        told, problems = set_aside(
            read.value.notifications, NOTIFICATION, self._context.decode.notification, read.endpoint
        )
        fresh = [one for one in told if in_ms(one.at) > int(before or 0)]
        about = [one.about for one in fresh if one.about is not None] if before is not None else []
        news.add(ref for ref in about if ref.kind is Kind.FLAG)
        newest = max((in_ms(one.at) for one in told), default=int(before or 0))
        if fresh or problems or before is None:
            yield Batch(
                (Records(read.seq, notifications=tuple(fresh)),), {UNTIL: str(newest), **news.cursor()}, tuple(problems)
            )
        return any(ref.kind is Kind.HELD for ref in about)
