"""Members by id, members of groups, and what staff follow."""

from collections.abc import Iterator, Sequence
from typing import Any

from moderation.content import Following, Level, Member
from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.records import Batch, Records
from sync.connector import Urgency
from sync.discourse import endpoints
from sync.discourse.context import Context
from sync.discourse.decoders import GROUP_MEMBERS, USER, USER_ANSWER
from sync.discourse.payloads import UserP
from sync.discourse.reading import set_aside
from sync.parts.answers import Read

_A_PAGE = 1000


class People:
    """Reads members one by one: there is no list of a category's followers."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def fetch(self, refs: Sequence[Ref], urgency: Urgency) -> Iterator[Batch]:
        """Each member as staff see it; an erased account comes back in ``gone``."""
        for ref in refs:
            read = self.one(ref, urgency)
            if read is None:
                continue
            if read.value is None:
                yield Batch((Records(read.seq, gone=(ref,)),), {})
            else:
                yield Batch((Records(read.seq, members=self._context.members([read.value])),), {})

    def one(self, ref: Ref, urgency: Urgency) -> Read[UserP | None] | None:
        """A member by id, ``None`` where the account may not see that: only staff may, others only by name."""
        if self._context.rights(urgency).staff:
            return self._context.reader.find(endpoints.admin_user(ref.native), USER, urgency)
        name = self._context.people.name(ref.native)
        if name is None:
            return None
        try:
            read = self._context.reader.find(endpoints.user(name), USER_ANSWER, urgency)
        except NotAllowedError:
            return None
        user = read.value.user if read.value is not None else None
        return Read(user, read.seq, read.endpoint, read.server_time) if user is not None else None

    def group(self, name: str, urgency: Urgency) -> list[Member]:
        """All members of a group."""
        found: list[Member] = []
        offset = 0
        while True:
            read = self._context.reader.get(endpoints.group_members(name, offset, _A_PAGE), GROUP_MEMBERS, urgency)
            users, _ = set_aside(read.value.members, USER, lambda one: one, read.endpoint)
            found += self._context.members(users)
            offset += _A_PAGE
            total = read.value.meta.get("total")
            if not users or len(users) < _A_PAGE or (isinstance(total, int) and offset >= total):
                return found

    def followed(self, username: str, urgency: Urgency) -> Records | None:
        """A member with what the member follows, ``None`` for one who is not there."""
        read = self._context.reader.find(endpoints.user(username), USER_ANSWER, urgency)
        if read.value is None:
            return None
        return self.following_of(read.value.user, read)

    def following_of(self, user: UserP, read: Read[Any]) -> Records:
        """A profile as records. One without any list tells nothing: unknown, which is not the same as nothing."""
        members = self._context.members([user])
        levels = self._levels(user)
        who = self._context.names.member(user.id)
        if who is None or levels is None:
            return Records(read.seq, members=members)
        seen = read.server_time or self._context.now()
        rows = tuple(Following(who, forum, level, seen) for forum, level in levels.items())
        return Records(read.seq, members=members, followers=(who,), following=rows)

    def _levels(self, user: UserP) -> dict[Ref, Level] | None:
        lists = (
            (user.regular_category_ids, Level.NORMAL),
            (user.muted_category_ids, Level.MUTED),
            (user.tracked_category_ids, Level.TRACKING),
            (user.watched_first_post_category_ids, Level.WATCHING_FIRST),
            (user.watched_category_ids, Level.WATCHING),
        )
        if all(categories is None for categories, _ in lists):
            return None
        names = self._context.names
        return {names.ref(Kind.FORUM, category): level for categories, level in lists for category in categories or ()}
