"""What was public before a thread began, and unchanged since: newest first, so much as can be read in a moment."""

from collections.abc import Sequence
from typing import Any

from moderation.ids import Kind, Ref
from moderation.proof import SaidBefore
from sync.mirror.codec import encode, ref
from sync.mirror.keys import FIRST
from sync.mirror.reading.content import FILES, POST, community_key, post_of
from sync.vault import Connection

_EARLIER_MS = 3_600_000
"""So much earlier at least: short after it was written a post is changed without a word on some platforms."""
_MOST_ROWS = 20_000
"""So many posts of all communities are passed over at most."""
_SHIFT = 20
_PUBLIC = f"""SELECT {POST} FROM (SELECT * FROM main.posts WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ?) AS p
    WHERE community = ? AND gone = 0 AND hidden = 0 AND staff = 0 AND thread != ?
    AND created_ms < ? AND (edited_ms IS NULL OR edited_ms < ?)
    AND EXISTS (SELECT 1 FROM main.forums AS f
        WHERE f.community = p.community AND f.native = p.forum AND f.gone = 0 AND f.private = 0)
    AND EXISTS (SELECT 1 FROM main.threads AS t
        WHERE t.community = p.community AND t.native = p.thread AND t.gone = 0 AND t.hidden = 0)
    LIMIT ?"""  # noqa: S608


def said_before(db: Connection, thread: Ref, posts: Sequence[Ref], limit: int) -> SaidBefore | None:
    """See :class:`moderation.proof.Witnesses`."""
    key = community_key(db, thread.community)
    wanted = {one.native for one in posts}
    found = _written(db, key, thread.native, wanted)
    if not found or not wanted <= {native for native, _, _ in found}:
        return None
    end = min(at for _, _, at in found) - _EARLIER_MS
    authors = {who for _, author, _ in found if (who := ref(thread.community, Kind.MEMBER, author)) is not None}
    asked = (FIRST, max(end << _SHIFT, FIRST), _MOST_ROWS, key, thread.native, end, end, limit)
    rows = db.execute(_PUBLIC, asked).fetchall()
    return SaidBefore(frozenset(authors), tuple(post_of(thread.community, row) for row in rows))


def _written(db: Connection, community: int, thread: str, posts: set[str]) -> list[tuple[Any, ...]]:
    """Of the thread's head (without an id) and of its posts, and of these ones wherever they are now: id, author, when;
    nothing where the head is not known.
    """
    heads, rows = [], []
    natives = encode(sorted(posts)).decode()
    for file in FILES:
        sql = f"SELECT '', author, created_ms FROM {file}.threads WHERE community = ? AND native = ?"  # noqa: S608
        heads += db.execute(sql, (community, thread)).fetchall()
        for which, about in (("thread = ?", thread), ("native IN (SELECT value FROM json_each(?))", natives)):
            sql = f"SELECT native, author, created_ms FROM {file}.posts WHERE community = ? AND {which}"  # noqa: S608
            rows += db.execute(sql, (community, about)).fetchall()
    return [*heads, *rows] if heads else []
