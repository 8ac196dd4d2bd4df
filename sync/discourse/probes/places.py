"""Where a Discourse can show a text (routes of 2025-26, read in its sources; not tried on a server of ours)."""

from enum import StrEnum

from moderation.proof import What
from sync.parts.probing import MEMBERS, Place


class Shape(StrEnum):
    """What a place answers when it answers as itself."""

    JSON = "json"
    PAGE = "page"
    TEXT = "text"
    FEED = "feed"
    FILE = "file"
    SITEMAP = "sitemap"


_W, _S = What, Shape
_STREAM = ("post_stream",)

PLACES: tuple[Place, ...] = (
    Place(_W.THREAD, "/t/{tid}.json", keys=_STREAM, controlled=True),
    Place(_W.THREAD, "/t/{tid}/posts.json?post_ids[]={pid}", keys=_STREAM),
    Place(_W.THREAD, "/t/{tid}", _S.PAGE, controlled=True, must_show=True),
    Place(_W.POSTS, "/posts/{pid}.json", keys=("id",), controlled=True),
    Place(_W.POSTS, "/posts/{pid}/cooked.json", keys=("cooked",), controlled=True),
    Place(_W.RAW, "/posts/{pid}/raw", _S.TEXT, controlled=True),
    Place(_W.RAW, "/raw/{tid}", _S.TEXT, controlled=True),
    Place(_W.REVISIONS, "/posts/{pid}/revisions/latest.json", keys=("body_changes",), controlled=True),
    Place(_W.REVISIONS, "/posts/{revision}", keys=("body_changes",)),
    Place(_W.ATTACHMENTS, "{file}", _S.FILE),
    Place(_W.TEASER, "/categories.json", keys=("category_list",)),
    Place(_W.SLUG, "/t/-/{tid}.json", keys=("id",), controlled=True),
    Place(_W.PREVIEWS, "/notifications.json", keys=("notifications",), viewers=MEMBERS),
    Place(_W.PREVIEWS, "/t/{tid}/wordpress.json?best=20", keys=("posts",), controlled=True),
    Place(_W.QUOTES, "/posts/{pid}/replies.json", controlled=True),
    Place(_W.QUOTES, "/posts/{pid}/reply-history.json", controlled=True),
    Place(_W.QUOTES, "/posts/{elsewhere}.json", keys=("id",)),
    Place(_W.LISTS, "/latest.json", keys=("topic_list",)),
    Place(_W.LISTS, "/top.json", keys=("topic_list",)),
    Place(_W.LISTS, "/c/{cid}/l/latest.json", keys=("topic_list",)),
    Place(_W.LISTS, "/posts.json", keys=("latest_posts",)),
    Place(_W.LISTS, "/tag/{tag}.json", keys=("topic_list",)),
    Place(_W.LISTS, "/groups/{group}/posts.json"),
    Place(_W.LISTS, "/user_actions.json?username={user}&filter=4,5", keys=("user_actions",)),
    Place(_W.LISTS, "/topics/created-by/{user}.json", keys=("topic_list",)),
    Place(_W.LISTS, "/u/{user}/summary.json", keys=("user_summary",)),
    Place(_W.FEEDS, "/t/{tid}.rss", _S.FEED, controlled=True),
    Place(_W.FEEDS, "/latest.rss", _S.FEED),
    Place(_W.FEEDS, "/top.rss", _S.FEED),
    Place(_W.FEEDS, "/posts.rss", _S.FEED),
    Place(_W.FEEDS, "/c/{cid}.rss", _S.FEED),
    Place(_W.FEEDS, "/tag/{tag}.rss", _S.FEED),
    Place(_W.FEEDS, "/u/{user}/activity.rss", _S.FEED),
    Place(_W.SITEMAP, "/sitemap_{chapter}.xml", _S.SITEMAP),
    Place(_W.SEARCH, "/search.json?q={word}", only=("posts", "topics"), controlled=True, must_show=True),
)
