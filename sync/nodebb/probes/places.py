"""Where a NodeBB can show a text (4.15.1; each place was seen showing one, or is served from the same data).

No address carries a slug or a title: a server that echoes the request must not be taken for one that shows the text.
"""

from enum import StrEnum

from moderation.proof import What
from sync.parts.probing import MEMBERS, Place


class Shape(StrEnum):
    """What a place answers when it answers as itself."""

    JSON = "json"
    PAGE = "page"
    FEED = "feed"
    NOTE = "note"
    FILE = "file"
    SITEMAP = "sitemap"


_W, _S = What, Shape
_RESPONSE = ("response",)

PLACES: tuple[Place, ...] = (
    Place(_W.THREAD, "/api/topic/{tid}", keys=("posts",), controlled=True),
    Place(_W.THREAD, "/api/post/{pid}", keys=("posts",), controlled=True),
    Place(_W.THREAD, "/topic/{tid}", _S.PAGE, controlled=True, must_show=True),
    Place(_W.THREAD, "/post/{pid}", _S.PAGE, controlled=True, must_show=True),
    Place(_W.POSTS, "/api/v3/posts/{pid}", keys=_RESPONSE, controlled=True),
    Place(_W.RAW, "/api/v3/posts/{pid}/raw", keys=_RESPONSE, controlled=True),
    Place(_W.REVISIONS, "/api/v3/posts/{pid}/diffs", keys=_RESPONSE, controlled=True),
    Place(_W.REVISIONS, "/api/v3/posts/{revision}", keys=_RESPONSE),
    Place(_W.ATTACHMENTS, "{file}", _S.FILE),
    Place(_W.THUMBNAILS, "{thumb}", _S.FILE),
    Place(_W.TEASER, "/api/topic/teaser/{tid}", keys=("pid",), controlled=True),
    Place(_W.TEASER, "/api/categories", keys=("categories",)),
    Place(_W.SLUG, "/api/v3/topics/{tid}", keys=_RESPONSE, controlled=True),
    Place(_W.PREVIEWS, "/api/v3/posts/{pid}/summary", keys=_RESPONSE, controlled=True),
    Place(_W.PREVIEWS, "/api/notifications", keys=("notifications",), viewers=MEMBERS),
    Place(_W.QUOTES, "/api/v3/posts/{pid}/replies", keys=_RESPONSE, controlled=True),
    Place(_W.QUOTES, "/api/v3/posts/{elsewhere}", keys=_RESPONSE),
    Place(_W.LISTS, "/api/recent", keys=("topics",)),
    Place(_W.LISTS, "/api/recent/posts"),
    Place(_W.LISTS, "/api/popular", keys=("topics",)),
    Place(_W.LISTS, "/api/top", keys=("topics",)),
    Place(_W.LISTS, "/api/unread", keys=("topics",), viewers=MEMBERS),
    Place(_W.LISTS, "/api/world?local=1", keys=("posts",)),
    Place(_W.LISTS, "/api/category/{cid}", keys=("topics",)),
    Place(_W.LISTS, "/api/v3/categories/{cid}/topics", keys=_RESPONSE),
    Place(_W.LISTS, "/api/tags/{tag}", keys=("topics",)),
    Place(_W.LISTS, "/api/groups/{group}", keys=("posts",)),
    Place(_W.LISTS, "/api/user/{user}", keys=("uid",)),
    Place(_W.LISTS, "/api/user/{user}/posts", keys=("posts",)),
    Place(_W.LISTS, "/api/user/{user}/topics", keys=("topics",)),
    Place(_W.LISTS, "/api/user/{user}/best", keys=("posts",)),
    Place(_W.LISTS, "/api/user/{user}/controversial", keys=("posts",)),
    Place(_W.FEEDS, "/topic/{tid}.rss", _S.FEED, controlled=True),
    Place(_W.FEEDS, "/category/{cid}.rss", _S.FEED),
    Place(_W.FEEDS, "/category/{cid}/recentposts.rss", _S.FEED),
    Place(_W.FEEDS, "/recentposts.rss", _S.FEED),
    Place(_W.FEEDS, "/recent.rss", _S.FEED),
    Place(_W.FEEDS, "/topics.rss", _S.FEED),
    Place(_W.FEEDS, "/popular.rss", _S.FEED),
    Place(_W.FEEDS, "/top.rss", _S.FEED),
    Place(_W.FEEDS, "/user/{user}/topics.rss", _S.FEED),
    Place(_W.FEEDS, "/tags/{tag}.rss", _S.FEED),
    Place(_W.FEDERATION, "/post/{pid}", _S.NOTE),
    Place(_W.FEDERATION, "/post/{pid}/replies", _S.NOTE),
    Place(_W.FEDERATION, "/topic/{tid}", _S.NOTE),
    Place(_W.FEDERATION, "/uid/{uid}/outbox", _S.NOTE),
    Place(_W.FEDERATION, "/category/{cid}/outbox", _S.NOTE),
    Place(_W.SITEMAP, "/sitemap/topics.{chapter}.xml", _S.SITEMAP),
    Place(
        _W.SEARCH,
        "/api/search?in=titlesposts&matchWords=all&sortBy=timestamp&sortDirection=desc&term={word}",
        keys=("posts",),
        only=("posts",),
        controlled=True,
        must_show=True,
    ),
)
