"""How much an hour brought, by forum, beside the same hour of the weeks before.

Posts are found by their row numbers, which follow time; items along the index of their buckets, without a look at the
rows.
"""

from moderation.alarms.unhappy import Unhappy
from moderation.alarms.volume import HOUR_MS, WEEK_MS, Volume
from sync.mirror.keys import FIRST
from sync.mirror.reading.content import community_key
from sync.vault import Connection

_REPORTS = """SELECT b.forum, (i.created_ms - ?) / ? AS week, count(*)
    FROM buckets b CROSS JOIN items i ON i.bucket = b.key
    WHERE b.community = ? AND b.kind IN ('flag', 'review') AND b.forum != ''
    AND i.created_ms >= ? AND i.created_ms < ? AND (i.created_ms - ?) % ? < ? GROUP BY b.forum, week"""
_POSTS = """SELECT forum, author, coalesce(nullif(body, ''), body_html) FROM posts
    WHERE key >= ? AND key < ? AND community = ? AND gone = 0 AND hidden = 0 AND staff = 0 AND forum IS NOT NULL"""
_SHIFT = 20


def volume(
    db: Connection, community: str, until_ms: int, weeks: int, unhappy: Unhappy, leave_out: frozenset[str]
) -> dict[str, list[Volume]]:
    """By forum: the hour before ``until``, then the same hour of each week before."""
    key = community_key(db, community)
    begin = until_ms - HOUR_MS - weeks * WEEK_MS
    asked = (begin, WEEK_MS, key, begin, until_ms, begin, WEEK_MS, HOUR_MS)
    reports = {(forum, weeks - week): count for forum, week, count in db.execute(_REPORTS, asked)}
    unhappy_posts: dict[tuple[str, int], int] = {}
    for back in range(weeks + 1):
        end = until_ms - back * WEEK_MS
        hour = (_key(end - HOUR_MS), _key(end), key)
        for forum, author, text in db.execute(_POSTS, hour):
            if author not in leave_out and text and unhappy(text):
                unhappy_posts[forum, back] = unhappy_posts.get((forum, back), 0) + 1
    forums = {forum for forum, _ in (*reports, *unhappy_posts)}
    return {
        forum: [Volume(reports.get((forum, back), 0), unhappy_posts.get((forum, back), 0)) for back in range(weeks + 1)]
        for forum in forums
    }


def _key(at_ms: int) -> int:
    return max(at_ms << _SHIFT, FIRST)
