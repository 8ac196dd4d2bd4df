"""How the staff follow forums: one request a person, for there is no list of a category's followers.

Everybody once a day, a few in each walk, and how far that came is a cursor. Only staff may read it of others.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from moderation.errors import NotAllowedError, PayloadError
from moderation.records import Batch
from sync.connector import Known, Urgency
from sync.discourse.context import Context
from sync.discourse.pull.people import People

TODO = "following.todo"
STAFF_GROUP = "staff"
"""A group that every site has: administrators and moderators."""
_EVERY = timedelta(days=1)
_AT_ONCE, _AT_ONCE_BY_SITE = 15, 60


class StaffFollowing:
    """Reads profile by profile."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._people = People(context)

    def read(self, known: Known) -> Iterator[Batch]:
        """Some of the staff, with what they follow; nothing where everybody was read today."""
        if not self._context.patient() or not self._context.rights().staff:
            return
        at, left = self._turn(known) or ("", [])
        if not at:
            at, left = self._context.now().isoformat(), self._names()
            yield Batch((), _kept(at, left))
        for _ in range(_AT_ONCE_BY_SITE if self._context.is_admin_key else _AT_ONCE):
            if not left or not self._context.patient():
                return
            yield self._one(left[0], _kept(at, left[1:]))
            left = left[1:]

    def _one(self, username: str, cursors: dict[str, str | None]) -> Batch:
        try:
            records = self._people.followed(username, Urgency.BACKGROUND)
        except NotAllowedError:
            return Batch((), cursors)
        except PayloadError as error:
            return Batch((), cursors, (f"{error.facts['endpoint']} {error.facts['field']}",))
        return Batch((records,) if records is not None else (), cursors)

    def _turn(self, known: Known) -> tuple[str, list[str]] | None:
        """When the turn under way began, and who is left of it; ``None`` when a new one is to begin."""
        kept = json.loads(known.cursor(TODO) or "null")
        if kept is None:
            return None
        at, left = str(kept["at"]), [str(name) for name in kept["left"]]
        over = not timedelta() <= self._context.now() - datetime.fromisoformat(at) < _EVERY
        return None if over and not left else (at, left)

    def _names(self) -> list[str]:
        try:
            staff = self._people.group(STAFF_GROUP, Urgency.BACKGROUND)
        except (NotAllowedError, PayloadError):
            return []
        return [member.name for member in staff]


def _kept(at: str, left: list[str]) -> dict[str, str | None]:
    return {TODO: json.dumps({"at": at, "left": left}, separators=(",", ":"))}
