"""What NodeBB 4.15 sends, as far as this connector reads it. Unknown fields are ignored.

Types are uneven between endpoints (an id may be a number or a string, a flag 0/1 or true): decoders are lax, and ids
are ``int | str``. Lists hold :class:`msgspec.Raw`, so that one record that does not fit can be set aside.
"""

from typing import Annotated, Any, Generic, TypeVar

from msgspec import Meta, Raw, Struct, field

Native = int | str
Count = Annotated[int, Meta(ge=-(2**53), le=2**53)]
"""A number that any store can hold."""
T = TypeVar("T")


class Envelope(Struct, Generic[T]):
    """What ``/api/v3`` wraps around every answer."""

    response: T


class Status(Struct):
    """The status of an envelope."""

    code: str = ""
    message: str = ""


class Refusal(Struct):
    """An error of ``/api/v3``."""

    status: Status = field(default_factory=Status)


class Paging(Struct):
    """Where in a list."""

    currentPage: int = 1  # noqa: N815
    pageCount: int = 1  # noqa: N815


class UserP(Struct):
    """A member, as brief as a byline or as full as a profile. Times in ms, 0 where unknown."""

    uid: Native = 0
    username: str | None = None
    userslug: str | None = None
    displayname: str | None = None
    fullname: str | None = None
    joindate: float | None = None
    lastonline: float | None = None
    postcount: Count | None = None
    topiccount: Count | None = None
    reputation: Count | None = None
    flags: Count | None = None
    banned: bool | None = None
    banned_until: float | None = None
    muted: bool | None = None
    mutedUntil: float | None = None  # noqa: N815
    lastposttime: float | None = None
    groupTitleArray: Any = None  # noqa: N815


class SelfP(UserP):
    """``/api/self``."""

    isAdmin: bool = False  # noqa: N815
    isGlobalModerator: bool = False  # noqa: N815
    isModerator: bool = False  # noqa: N815


class ConfigP(Struct):
    """``/api/config``; the fields without default tell that it is NodeBB."""

    relative_path: str
    minimumPostLength: int  # noqa: N815
    maximumPostLength: int  # noqa: N815
    buster: str = field(name="cache-buster")
    siteTitle: str = ""  # noqa: N815
    browserTitle: str = ""  # noqa: N815
    maximumTitleLength: int = 255  # noqa: N815
    maximumChatMessageLength: int = 1000  # noqa: N815
    maintenanceMode: bool = False  # noqa: N815
    postQueue: bool = False  # noqa: N815


class SoftwareP(Struct):
    """Name and version of the server."""

    name: str = ""
    version: str = ""


class NodeInfoP(Struct):
    """``/nodeinfo/2.0``."""

    software: SoftwareP


class FlagRowP(Struct):
    """A row of ``/api/flags``; ``datetime`` in ms is when the first report came."""

    flagId: int  # noqa: N815
    type: str
    targetId: Native  # noqa: N815
    datetime: float
    state: str = "open"
    targetUid: Native | None = None  # noqa: N815
    assignee: Native | None = None
    heat: Count = 0


class FlagListP(Struct):
    """``/api/flags``. ``filters`` are those that the server really applied."""

    flags: list[Raw]
    count: int
    filters: dict[str, Any]
    pagination: Paging = field(default_factory=Paging)


class FlagNoteP(Struct):
    """A note; its time (ms) is its id."""

    uid: Native
    datetime: float
    content: str | None = None
    user: UserP | None = None


class FlagReportP(Struct):
    """A report."""

    value: str | None = None
    timestamp: float = 0
    reporter: UserP | None = None


class FlagHistoryP(Struct):
    """An entry of a flag's history: ``fields`` for changes, ``meta`` for what befell the target's author."""

    datetime: float
    uid: Native | None = None
    fields: dict[str, Any] | None = None
    meta: list[dict[str, Any]] | None = None
    user: UserP | None = None


class AssigneeP(Struct):
    """Somebody who may be assigned."""

    uid: Native
    username: str | None = None


class FlagPageP(FlagRowP):
    """``/api/flags/:id``. ``target`` is a post, a member, or ``{}`` once purged."""

    target: Raw = field(default_factory=lambda: Raw(b"{}"))
    notes: list[FlagNoteP] = field(default_factory=list)
    reports: list[FlagReportP] = field(default_factory=list)
    history: list[FlagHistoryP] = field(default_factory=list)
    assignees: list[AssigneeP] = field(default_factory=list)


class FlagHistoryAnswerP(Struct):
    """What changing a flag answers."""

    history: list[FlagHistoryP] = field(default_factory=list)
    notes: list[FlagNoteP] = field(default_factory=list)


class PostP(Struct):
    """A post: rendered in pages, unrendered in ``/api/v3/posts/:pid``. Times in ms."""

    pid: Native
    tid: Native | None = None
    uid: Native | None = None
    content: str | None = None
    timestamp: float = 0
    edited: float | None = None
    editor: Any = None
    deleted: bool = False
    deleterUid: Native | None = None  # noqa: N815
    votes: Count | None = None
    toPid: Native | None = None  # noqa: N815
    index: Count | None = None
    user: UserP | None = None
    events: Raw = field(default_factory=lambda: Raw(b"[]"))


class PostTargetP(Struct):
    """The post of a flag; without ``pid`` it was purged."""

    pid: Native | None = None
    tid: Native | None = None
    uid: Native | None = None
    content: str | None = None
    deleted: bool = False
    edited: float | None = None
    user: UserP | None = None


class PlaceP(Struct):
    """Where a post stands."""

    cid: Native | None = None


class SummaryP(PostP):
    """``/api/v3/posts/:pid/summary``: rendered."""

    category: PlaceP | None = None


class TagP(Struct):
    """A tag of a topic."""

    value: str = ""


class TopicP(Struct):
    """A topic's head. Times in ms. To whom may not see it a deleted one shows a stand-in for its title, and its id as
    ``slug``.
    """

    tid: Native
    timestamp: float
    cid: Native | None = None
    uid: Native | None = None
    title: str = ""
    titleRaw: str | None = None  # noqa: N815
    slug: Native | None = None
    mainPid: Native | None = None  # noqa: N815
    lastposttime: float = 0
    postcount: Count = 0
    viewcount: Count = 0
    deleted: bool = False
    locked: bool = False
    pinned: bool = False
    scheduled: bool = False
    user: UserP | None = None
    author: UserP | None = None
    tags: list[TagP] = field(default_factory=list)


class TopicPageP(TopicP):
    """``/api/topic/:tid``."""

    posts: list[Raw] = field(default_factory=list)
    pagination: Paging = field(default_factory=Paging)
    privileges: dict[str, Any] = field(default_factory=dict)


class TopicListP(Struct):
    """``/api/recent`` and ``/api/category/:cid``."""

    topics: list[Raw]
    topicCount: int | None = None  # noqa: N815
    pagination: Paging = field(default_factory=Paging)


class EventP(Struct):
    """Something that happened to a topic. ``timestamp`` in ms."""

    id: Native
    type: str
    timestamp: float
    uid: Native | None = None
    fromCid: Native | None = None  # noqa: N815


class EventsP(Struct):
    """``/api/v3/topics/:tid/events``."""

    events: list[Raw] = field(default_factory=list)


class CategoryP(Struct):
    """A category."""

    cid: Native
    name: str = ""
    description: str | None = None
    parentCid: Native | None = None  # noqa: N815
    slug: str | None = None
    handle: str | None = None
    order: Count | None = None
    topic_count: Count | None = None
    post_count: Count | None = None
    disabled: bool = False
    link: str | None = None


class MaybeCategoryP(Struct):
    """``/api/v3/categories/:cid``: ``{}`` for one that is not there. ``disabled``: switched off."""

    cid: Native | None = None
    disabled: bool = False


class CategoriesP(Struct):
    """``/api/v3/categories``: flat, what the account may find."""

    categories: list[Raw]


class ModeratorsP(Struct):
    """``/api/categories/:cid/moderators``."""

    moderators: list[UserP] = field(default_factory=list)


class WatchP(Struct):
    """How the account follows a category; where nobody chose anything, by the site's default."""

    cid: Native
    isWatched: bool = False  # noqa: N815
    isTracked: bool = False  # noqa: N815
    isIgnored: bool = False  # noqa: N815


class WatchesP(Struct):
    """``/api/user/:slug/categories``; ``uid`` is whose they are."""

    uid: Native = 0
    categories: list[WatchP] = field(default_factory=list)
    pagination: Paging = field(default_factory=Paging)


class GroupMembersP(Struct):
    """``/api/v3/groups/:slug/members``, twenty a page."""

    users: list[UserP] = field(default_factory=list)


class HeldDataP(Struct):
    """What its author wrote. ``timestamp`` (ms) is kept when it is accepted."""

    timestamp: float = 0
    tid: Native | None = None
    cid: Native | None = None
    title: str | None = None
    content: str | None = None
    rawContent: str | None = None  # noqa: N815
    toPid: Native | None = None  # noqa: N815


class HeldTopicP(Struct):
    """The topic of a held reply."""

    cid: Native | None = None
    title: str | None = None


class HeldP(Struct):
    """A held post; its id ends in the time (ms) when it was held."""

    id: str
    type: str = "reply"
    uid: Native | None = None
    data: HeldDataP = field(default_factory=HeldDataP)
    topic: HeldTopicP | None = None
    category: HeldTopicP | None = None
    user: UserP | None = None
    canAccept: bool | None = None  # noqa: N815
    canEdit: bool | None = None  # noqa: N815


class QueueP(Struct):
    """``/api/post-queue``; ``privileges`` are the account's own, community-wide."""

    posts: list[Raw]
    pagination: Paging = field(default_factory=Paging)
    canAccept: bool = False  # noqa: N815
    privileges: dict[str, Any] = field(default_factory=dict)


class NotificationP(Struct):
    """A notification."""

    nid: str
    datetime: float
    type: str | None = None
    path: str | None = None
    pid: Native | None = None
    tid: Native | None = None


class NotificationsP(Struct):
    """``/api/notifications``."""

    notifications: list[Raw]


class ReplyP(Struct):
    """What a reply answers: a post, or (status 200 all the same) that it is held."""

    pid: Native | None = None
    tid: Native | None = None
    timestamp: float | None = None
    queued: bool = False
    id: Native | None = None


class AcceptedP(Struct):
    """What accepting a held post answers."""

    pid: Native | None = None
    tid: Native | None = None
    type: str | None = None


class AcceptedAnswerP(Struct):
    """Its envelope."""

    post: AcceptedP | None = None


class SanctionP(Struct):
    """A ban or mute in a member's history. ``timestamp`` and ``expire`` in ms."""

    timestamp: float = 0
    expire: float | None = None
    fromUid: Native | None = None  # noqa: N815
    reason: str | None = None
    type: str | None = None


class MemberHistoryP(Struct):
    """Bans and mutes of a member."""

    bans: list[SanctionP] = field(default_factory=list)
    mutes: list[SanctionP] = field(default_factory=list)


class MemberInfoP(UserP):
    """``/api/user/:slug/info``."""

    history: MemberHistoryP = field(default_factory=MemberHistoryP)


class UserPostsP(Struct):
    """``/api/user/:slug/posts``."""

    posts: list[Raw] = field(default_factory=list)


class IndexP(Struct):
    """``/api/v3/posts/:pid/index``."""

    index: Count = 0


class RoomP(Struct):
    """A chat room."""

    roomId: Native | None = None  # noqa: N815
    roomName: str | None = None  # noqa: N815
    timestamp: float = 0
    isOwner: bool = False  # noqa: N815
    users: list[Raw] = field(default_factory=list)


class MessageP(Struct):
    """A chat message; times in ms, ``content`` rendered."""

    mid: Native | None = None
    fromuid: Native | None = None
    fromUser: UserP | None = None  # noqa: N815
    content: str | None = None
    timestamp: float = 0
    edited: float | None = None
    index: Count | None = None
    system: bool = False
    deleted: bool = False


class MessagesP(Struct):
    """Messages of a room."""

    messages: list[Raw] = field(default_factory=list)


class ContentP(Struct):
    """Unrendered text."""

    content: str | None = None
