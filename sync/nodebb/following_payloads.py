"""What NodeBB 4.15 sends about who follows a topic."""

from msgspec import Raw, Struct, field

from sync.nodebb.payloads import Native, Paging, TopicP


class WatchedTopicsP(Struct):
    """``/api/user/:slug/watched``; ``uid`` is whose they are."""

    uid: Native = 0
    topics: list[Raw] = field(default_factory=list)
    pagination: Paging = field(default_factory=Paging)


class FollowStateP(TopicP):
    """``/api/topic/:tid``, as far as it says how the account itself follows it."""

    isFollowing: bool = False  # noqa: N815
    isIgnoring: bool = False  # noqa: N815
