"""Notifications: hints at flags and held posts before any list shows them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.records import Batch, Records
from sync.connector import Known, Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decode import in_ms
from sync.nodebb.payloads import NOTIFICATION, NOTIFICATIONS
from sync.nodebb.reading import set_aside

UNTIL = "notifications.until"


@dataclass
class Hints:
    """What new notifications are about."""

    flags: list[Ref] = field(default_factory=list)
    held: bool = False


class Notifications:
    """Reads the newest notifications of the account."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def watch(self, known: Known, hints: Hints) -> Iterator[Batch]:
        """One request; new notifications, and in ``hints`` what they are about (nothing at the first time)."""
        before = known.cursor(UNTIL)
        try:
            read = self._context.reader.get(endpoints.NOTIFICATIONS, NOTIFICATIONS, Urgency.POLL, conditional=True)
        except NotAllowedError:
            return
        if read.not_modified and before is not None:
            return
        told, problems = set_aside(
            read.value.notifications, NOTIFICATION, self._context.decode.notification, read.endpoint
        )
        fresh = [one for one in told if in_ms(one.at) > int(before or 0)]
        for one in fresh if before is not None else ():
            if one.about is not None and one.about.kind is Kind.FLAG:
                hints.flags.append(one.about)
            hints.held = hints.held or (one.about is not None and one.about.kind is Kind.HELD)
        newest = max((in_ms(one.at) for one in told), default=int(before or 0))
        if fresh or problems or before is None:
            yield Batch((Records(read.seq, notifications=tuple(fresh)),), {UNTIL: str(newest)}, tuple(problems))
