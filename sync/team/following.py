"""Requests between colleagues, and how following changed, in the team store."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from moderation.content import Level
from moderation.ids import Ref
from moderation.people.ports import FollowingChange
from moderation.people.requests import FollowRequest, RequestKind, RequestState
from sync.team import people_tables as t
from sync.team.rows import TOUCH, first
from sync.vault.alchemy import reading, writing

_REQUEST = (
    "id", "asked_by_name", "asked_of_name", "asked_at", "expires_at", "instead_of_name", "back_at", "answered_at",
    "before", "plan",
)  # fmt: skip
_FIRST = "first"
"""Stands for the level before where a member was read for the first time: that is no change."""


class SqlFollowing:
    """Implements the rest of :class:`moderation.people.People` over the engine of a team store."""

    _engine: Engine

    def ask(self, request: FollowRequest) -> None:
        """Keep a request; the same id twice is one."""
        row = {name: getattr(request, name) for name in _REQUEST} | {
            "community": request.community,
            "kind": request.kind.value,
            "forums": [str(forum) for forum in request.forums],
            "asked_by": str(request.asked_by),
            "asked_of": str(request.asked_of),
            "level": request.level.value,
            "state": request.state.value,
            "instead_of": "" if request.instead_of is None else str(request.instead_of),
        }
        with writing(self._engine) as db:
            if first(db, t.follow_request, row, "id"):
                db.execute(TOUCH)

    def request(self, request: str) -> FollowRequest | None:
        """One request, or ``None``."""
        query = sa.select(t.follow_request).where(t.follow_request.c.id == request)
        with reading(self._engine) as db:
            row = db.execute(query).mappings().first()
        return None if row is None else _request(row)

    def requests(self, community: str) -> list[FollowRequest]:
        """All of a community's, newest first."""
        query = sa.select(t.follow_request).where(t.follow_request.c.community == community)
        newest = query.order_by(t.follow_request.c.asked_at.desc(), t.follow_request.c.id.desc())
        with reading(self._engine) as db:
            return [_request(row) for row in db.execute(newest).mappings()]

    def answer_request(
        self, request: str, state: RequestState, at: datetime, *, instead_of: RequestState, **facts: Any
    ) -> bool:
        """Move a request on, only where it still stands so. ``False``: it does not."""
        standing = sa.and_(t.follow_request.c.id == request, t.follow_request.c.state == instead_of.value)
        values = {"state": state.value, "answered_at": at, **facts}
        with writing(self._engine) as db:
            moved = db.execute(t.follow_request.update().where(standing).values(values)).rowcount > 0
            if moved:
                db.execute(TOUCH)
        return moved

    def note_following(self, community: str, levels: Mapping[Ref, Mapping[Ref, str]], seen_at: datetime) -> int:
        """Append what changed since the last time. What is told of a member for the first time is kept to compare with,
        and is no change.
        """
        rows: list[dict[str, Any]] = []
        with writing(self._engine) as db:
            for member, told in levels.items():
                before = _newest(db, community, str(member))
                if before is None:
                    first_time = {"community": community, "member": str(member), "before": _FIRST, "at": seen_at}
                    named = {"": "", **{str(forum): level for forum, level in told.items()}}
                    rows += [first_time | {"forum": forum, "level": level} for forum, level in named.items()]
                    continue
                now = {str(forum): level for forum, level in told.items()}
                for forum in sorted(before.keys() | now.keys()):
                    was, level = before.get(forum, ""), now.get(forum, "")
                    if was != level:
                        rows.append(
                            {"community": community, "member": str(member), "forum": forum, "level": level,
                             "before": was, "at": seen_at}
                        )  # fmt: skip
            if rows:
                db.execute(t.following_change.insert(), rows)
                db.execute(TOUCH)
        return sum(row["before"] != _FIRST for row in rows)

    def following_history(
        self, community: str, *, forum: Ref | None = None, member: Ref | None = None, limit: int = 200
    ) -> list[FollowingChange]:
        """Changes, newest first."""
        change = t.following_change
        told = sa.and_(change.c.community == community, change.c.before != _FIRST)
        query = sa.select(change).where(told).order_by(change.c.number.desc()).limit(limit)
        if forum is not None:
            query = query.where(change.c.forum == str(forum))
        if member is not None:
            query = query.where(change.c.member == str(member))
        with reading(self._engine) as db:
            return [
                FollowingChange(Ref.parse(row.member), Ref.parse(row.forum), row.level, row.before, row.at)
                for row in db.execute(query)
            ]


def _newest(db: Connection, community: str, member: str) -> dict[str, str] | None:
    """The last level of each forum that a member was ever told to follow in some way; ``None``: nothing was ever told
    of the member. A row without a forum says that something was.
    """
    change = t.following_change
    mine = sa.and_(change.c.community == community, change.c.member == member)
    last = sa.select(sa.func.max(change.c.number)).where(mine).group_by(change.c.forum)
    rows = db.execute(sa.select(change.c.forum, change.c.level).where(change.c.number.in_(last)))
    found = {row.forum: row.level for row in rows}
    return {forum: level for forum, level in found.items() if forum} if found else None


def _request(row: sa.RowMapping) -> FollowRequest:
    return FollowRequest(
        **{name: row[name] for name in _REQUEST},
        kind=RequestKind(row["kind"]),
        forums=tuple(Ref.parse(forum) for forum in row["forums"]),
        asked_by=Ref.parse(row["asked_by"]),
        asked_of=Ref.parse(row["asked_of"]),
        level=Level(row["level"]),
        state=RequestState(row["state"]),
        instead_of=Ref.parse(row["instead_of"]) if row["instead_of"] else None,
    )
