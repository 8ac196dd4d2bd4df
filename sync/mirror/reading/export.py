"""What the mirror holds on one member, for the member to read."""

from typing import Any

from moderation.ids import Kind, Ref
from moderation.items import Item
from sync.mirror.codec import decode_plain, encode, mention, sure_moment
from sync.mirror.fact_rows import decode_facts
from sync.mirror.reading import content
from sync.vault import Connection


def export(db: Connection, member: Ref) -> dict[str, Any]:
    """``member``, ``threads`` and ``posts`` by the member, ``items`` about those, ``reports`` that the member made, and
    ``times`` of posts that are kept for figures, longer than the posts themselves.
    """
    key = content.community_key(db, member.community)
    found = {
        "member": content.member(db, member),
        "threads": [content.thread(db, ref) for ref in _written(db, "threads", Kind.THREAD, key, member)],
        "posts": [content.post(db, ref) for ref in _written(db, "posts", Kind.POST, key, member)],
        "items": [content.item(db, ref) for ref in _items(db, key, member)],
        "reports": _reports(db, key, member),
        "times": _times(db, key, member),
    }
    plain: dict[str, Any] = decode_plain(encode(found))
    return plain


def _written(db: Connection, table: str, kind: Kind, key: int, member: Ref) -> list[Ref]:
    natives: dict[str, None] = {}
    for file in content.FILES:
        sql = f"SELECT native FROM {file}.{table} WHERE community = ? AND author = ? AND gone = 0 ORDER BY key"  # noqa: S608
        natives |= {row[0]: None for row in db.execute(sql, (key, member.native))}
    return [Ref(member.community, kind, native) for native in natives]


def _items(db: Connection, key: int, member: Ref) -> list[Ref]:
    sql = "SELECT kind, native FROM items WHERE community = ? AND author = ? ORDER BY created_ms"
    rows = db.execute(sql, (key, member.native)).fetchall()
    return [Ref(member.community, Kind(kind), native) for kind, native in rows]


def _reports(db: Connection, key: int, member: Ref) -> list[dict[str, Any]]:
    """Reports by the member, each with the id of its item."""
    mark = mention(member)
    made = []
    for file in content.FILES:
        sql = f"""SELECT i.kind, i.native FROM {file}.item_full AS f JOIN main.items AS i ON i.key = f.key
            WHERE i.community = ? AND instr(f.data, CAST(? AS BLOB))"""  # noqa: S608
        for kind, native in db.execute(sql, (key, mark)).fetchall():
            item = content.item(db, Ref(member.community, Kind(kind), native))
            made += _by(item, member) if item is not None else []
    return made


def _times(db: Connection, key: int, member: Ref) -> list[dict[str, Any]]:
    sql = "SELECT native, data FROM thread_facts WHERE community = ? AND instr(data, CAST(? AS BLOB)) ORDER BY native"
    return [
        {"thread": thread, "post": post.id, "at": sure_moment(post.at_ms)}
        for thread, data in db.execute(sql, (key, f'"{member.native}"')).fetchall()
        for post in decode_facts(thread, data).posts
        if post.author == member.native
    ]


def _by(item: Item, member: Ref) -> list[dict[str, Any]]:
    return [{"item": str(item.id), "report": report} for report in item.reports if report.reporter == member]
