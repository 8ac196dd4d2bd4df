"""Which threads the staff follow, in the team store: ids alone, so that the question can be answered where the platform
tells a list to nobody but its owner.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from moderation.following.threads import FollowedThreads, replaces
from moderation.ids import Kind, Ref
from sync.team import people_tables as t
from sync.team.rows import TOUCH
from sync.vault.alchemy import reading, writing


class SqlFollowed:
    """Implements a part of :class:`moderation.people.People` over the engine of a team store."""

    _engine: Engine

    def keep_followed_threads(self, told: FollowedThreads) -> bool:
        """Keep which threads a member follows, instead of what was known; ``False``: what is known stays."""
        row = {
            "member": str(told.member),
            "community": told.member.community,
            "seen_at": told.seen_at,
            "threads": [thread.native for thread in told.threads],
            "whole": int(told.whole),
            "why": told.why,
        }
        mine = t.followed_threads.c.member == row["member"]
        with writing(self._engine) as db:
            found = db.execute(sa.select(t.followed_threads).where(mine)).mappings().first()
            known = None if found is None else _told(found)
            if not replaces(told, known):
                return False
            db.execute(t.followed_threads.delete().where(mine))
            db.execute(t.followed_threads.insert(), row)
            if known is None or (known.threads, known.why) != (told.threads, told.why):
                db.execute(TOUCH)
        return True

    def followed_threads(self, community: str) -> dict[Ref, FollowedThreads]:
        """What is known of each member."""
        query = sa.select(t.followed_threads).where(t.followed_threads.c.community == community)
        with reading(self._engine) as db:
            found = [_told(row) for row in db.execute(query).mappings()]
        return {one.member: one for one in found}

    def drop_followed_threads(self, members: Iterable[Ref]) -> None:
        """Forget what these follow: they left the staff."""
        ids = [str(member) for member in members]
        with writing(self._engine) as db:
            if db.execute(t.followed_threads.delete().where(t.followed_threads.c.member.in_(ids))).rowcount:
                db.execute(TOUCH)


def _told(row: sa.RowMapping) -> FollowedThreads:
    threads = tuple(Ref(row["community"], Kind.THREAD, native) for native in row["threads"])
    return FollowedThreads(Ref.parse(row["member"]), row["seen_at"], threads, bool(row["whole"]), row["why"])
