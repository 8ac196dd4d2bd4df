"""How the staff follow forums: one request a person, for there is no list of a category's followers.

Everybody once a day, a few in each walk, and how far that came is a cursor. Only staff may read it of others. Groups
with their members come along: from them a team lead takes the roster, whose people are read too.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from moderation.content import Group, Member, Unreadable
from moderation.errors import NotAllowedError, PayloadError
from moderation.ids import Kind
from moderation.records import Batch, Records
from sync.connector import Known, Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.decoders import GROUP, GROUPS
from sync.discourse.payloads import GroupP
from sync.discourse.pull.people import People
from sync.discourse.reading import set_aside
from sync.parts.staff import NOT_THERE, PAGE_UNFIT, RIGHT_MISSING, asked_since, people_wanted, worth_reading

TODO, GROUPS_READ = "following.todo", "groups.read"
STAFF_GROUP = "staff"
"""A group that every site has: administrators and moderators."""
_EVERY, _ASKED_AGAIN = timedelta(days=1), timedelta(minutes=10)
"""A person who asks for everything gets it anew after so long: a key has few requests."""
_AT_ONCE, _AT_ONCE_BY_SITE = 15, 60
_A_PAGE, _MOST_PAGES = 36, 20
_GROUP = "group:"
"""Begins what is left of a turn where that is a group and no member; no user name has a colon."""
_NOT_STAFF = ("trust_level_", "everyone", "logged_in_users", "anonymous_users")


class StaffFollowing:
    """Reads profile by profile."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._people = People(context)

    def read(self, known: Known) -> Iterator[Batch]:
        """Some of the groups and of the staff, with what they follow; nothing where everybody was read today."""
        if not self._context.patient() or not self._context.rights().staff:
            return
        wanted = people_wanted(known)
        at, left = self._turn(known, wanted) or ("", [])
        if not at:
            at = self._context.now().isoformat()
            records, left, listed = self._begun(known, wanted)
            yield Batch(records, _kept(at, left, wanted) | ({GROUPS_READ: at} if listed else {}))
        for _ in range(_AT_ONCE_BY_SITE if self._context.is_admin_key else _AT_ONCE):
            if not left or not self._context.patient():
                return
            what, left = left[0], left[1:]
            cursors = _kept(at, left, wanted)
            yield self._group(what, cursors) if what.startswith(_GROUP) else self._one(what, cursors, wanted)

    def _begun(self, known: Known, wanted: dict[str, str]) -> tuple[tuple[Records, ...], list[str], bool]:
        """The list of groups and the staff's own, and what is left to read: members first, then other groups. Groups
        once a day, however often the staff is asked for; the last is whether they were listed.
        """
        read = known.cursor(GROUPS_READ)
        due = read is None or not timedelta() <= self._context.now() - datetime.fromisoformat(read) < _EVERY
        listed, seq = self._groups() if due else ([], 0)
        members = self._members(STAFF_GROUP)
        names = list(dict.fromkeys([member.name for member in members or ()] + list(wanted.values())))
        records = []
        if listed:
            empty = tuple(group for group in listed if not group.size)
            records.append(Records(seq, groups=empty, groups_listed=tuple(group.native for group in listed)))
        own = next((group for group in listed if group.name == STAFF_GROUP), None)
        if own is not None and members is not None:
            records.append(self._as_records(own, members))
        others = [group for group in worth_reading(listed) if group.name != STAFF_GROUP]
        left = names + [f"{_GROUP}{group.native}:{group.name}" for group in others]
        return tuple(records), left, bool(listed)

    def _one(self, username: str, cursors: dict[str, str | None], wanted: dict[str, str]) -> Batch:
        uid = next((native for native, name in wanted.items() if name == username), None)
        try:
            records = self._people.followed(username, Urgency.BACKGROUND)
        except NotAllowedError:
            return Batch(self._unreadable(uid, RIGHT_MISSING), cursors)
        except PayloadError as error:
            problem = f"{error.facts['endpoint']} {error.facts['field']}"
            return Batch(self._unreadable(uid, PAGE_UNFIT), cursors, (problem,))
        if records is None:
            return Batch(self._unreadable(uid, NOT_THERE), cursors)
        if not records.followers:
            told = next((member.id.native for member in records.members), uid)
            return Batch((records, *self._unreadable(told, RIGHT_MISSING)), cursors)
        return Batch((records,), cursors)

    def _unreadable(self, uid: str | None, why: str) -> tuple[Records, ...]:
        if uid is None:
            return ()
        who = self._context.names.ref(Kind.MEMBER, uid)
        unreadable = Unreadable(who, why, self._context.now())
        return (Records(self._context.reader.client.asked, unreadable=(unreadable,)),)

    def _group(self, what: str, cursors: dict[str, str | None]) -> Batch:
        native, _, name = what.removeprefix(_GROUP).partition(":")
        members = self._members(name)
        return Batch((self._as_records(Group(native, name), members),) if members is not None else (), cursors)

    def _as_records(self, group: Group, members: list[Member]) -> Records:
        who = tuple(member.id for member in members)
        whole = Group(group.native, group.name, len(who), group.automatic, who, self._context.now())
        return Records(self._context.reader.client.asked, members=tuple(members), groups=(whole,))

    def _turn(self, known: Known, wanted: dict[str, str]) -> tuple[str, list[str]] | None:
        """When the turn under way began, and what is left of it; ``None`` when a new one is to begin."""
        kept = json.loads(known.cursor(TODO) or "null")
        if kept is None:
            return None
        at, left = str(kept["at"]), [str(name) for name in kept["left"]]
        age = self._context.now() - datetime.fromisoformat(at)
        over = not timedelta() <= age < _EVERY or (age > _ASKED_AGAIN and asked_since(known, at))
        new = sorted(set(wanted.values()) - set(kept.get("wanted", ())))
        if over and not left:
            return None
        return at, list(dict.fromkeys([*new, *left]))

    def _members(self, group: str) -> list[Member] | None:
        try:
            return self._people.group(group, Urgency.BACKGROUND)
        except (NotAllowedError, PayloadError):
            return None

    def _groups(self) -> tuple[list[Group], int]:
        """The list of groups; none where it may not be read."""
        found: dict[str, Group] = {}
        seq = 0
        for page in range(_MOST_PAGES):
            try:
                read = self._context.reader.get(endpoints.groups(page), GROUPS, Urgency.BACKGROUND)
            except (NotAllowedError, PayloadError):
                break
            rows, _ = set_aside(read.value.groups, GROUP, _group_of, read.endpoint)
            fresh = {group.native: group for group in rows if group.native not in found}
            found |= fresh
            seq = seq or read.seq
            if not fresh or len(read.value.groups) < _A_PAGE:
                break
        return [group for group in found.values() if not group.name.startswith(_NOT_STAFF)], seq


def _group_of(row: GroupP) -> Group:
    return Group(str(row.id), row.name, int(row.user_count or 0), row.automatic)


def _kept(at: str, left: list[str], wanted: dict[str, str]) -> dict[str, str | None]:
    kept = {"at": at, "left": left, "wanted": sorted(wanted.values())}
    return {TODO: json.dumps(kept, separators=(",", ":"))}
