"""Groups with their members: what a team lead may take the staff from. NodeBB knows a group by its name alone."""

from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from moderation.content import Group
from moderation.errors import NotAllowedError, PayloadError
from moderation.records import Batch, Records
from sync.connector import Urgency
from sync.nodebb import endpoints
from sync.nodebb.context import Context
from sync.nodebb.decoders import GROUP_MEMBERS
from sync.nodebb.group_payloads import GROUP, GROUPS, GroupP
from sync.nodebb.payloads import UserP
from sync.nodebb.reading import set_aside
from sync.parts.staff import worth_reading

_A_PAGE, _MEMBERS_A_PAGE, _MOST_PAGES = 15, 20, 40
_EVERYBODY = frozenset(
    {"guests", "registered-users", "verified-users", "unverified-users", "spiders", "fediverse", "banned-users"}
)


class Groups:
    """Reads the list, and the members of groups that may be staff."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def batches(self) -> Iterator[Batch]:
        """A batch a group, the list of all first; nothing where the list may not be read."""
        try:
            listed, seq = self._listed()
        except (NotAllowedError, PayloadError):
            return
        empty = tuple(group for group in listed if not group.size)
        yield Batch((Records(seq, groups=empty, groups_listed=tuple(group.native for group in listed)),), {})
        for group in worth_reading(listed):
            users = self.members(group.native)
            if users is None:
                continue
            there = [user for user in users if self._context.names.member(user.uid) is not None]
            members = tuple(self._context.decode.member(user) for user in there)
            who = tuple(member.id for member in members)
            whole = replace(group, size=len(who), members=who, seen_at=self._context.now())
            yield Batch((Records(seq, members=members, groups=(whole,)),), {})

    def members(self, group: str) -> list[UserP] | None:
        """Everybody in a group, ``None`` where that may not be read."""
        found: list[UserP] = []
        while True:
            try:
                path = endpoints.group_members(group, len(found))
                users = self._context.reader.get(path, GROUP_MEMBERS, Urgency.BACKGROUND).value.response.users
            except (NotAllowedError, PayloadError):
                return found or None
            found += users
            if len(users) < _MEMBERS_A_PAGE:
                return found

    def _listed(self) -> tuple[list[Group], int]:
        found: dict[str, Group] = {}
        seq = 0
        for page in range(1, _MOST_PAGES + 1):
            read = self._context.reader.get(endpoints.groups(page), GROUPS, Urgency.BACKGROUND)
            rows, _ = set_aside(read.value.response.groups, GROUP, _group, read.endpoint)
            fresh = {group.native: group for group in rows if group.native not in found}
            found |= fresh
            seq = seq or read.seq
            if not fresh or len(read.value.response.groups) < _A_PAGE:
                break
        return [group for group in found.values() if group.native not in _EVERYBODY], seq


def _group(row: GroupP) -> Group:
    """Names come with entities, as NodeBB escapes them."""
    name = unescape(row.displayName or row.name or row.slug)
    return Group(row.slug, name, row.memberCount, automatic=bool(row.system))
