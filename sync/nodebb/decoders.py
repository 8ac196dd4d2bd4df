"""One decoder for each kind of answer, made once. All are lax: NodeBB writes numbers as text here and there."""

from typing import Any

from msgspec import Raw
from msgspec.json import Decoder

from sync.nodebb.following_payloads import FollowStateP, WatchedTopicsP
from sync.nodebb.payloads import (
    AcceptedAnswerP,
    CategoriesP,
    CategoryP,
    ConfigP,
    ContentP,
    Envelope,
    EventP,
    EventsP,
    FlagHistoryAnswerP,
    FlagListP,
    FlagPageP,
    FlagRowP,
    GroupMembersP,
    HeldP,
    IndexP,
    MaybeCategoryP,
    MemberInfoP,
    MessageP,
    MessagesP,
    ModeratorsP,
    NodeInfoP,
    NotificationP,
    NotificationsP,
    PostP,
    PostTargetP,
    QueueP,
    Refusal,
    ReplyP,
    RoomP,
    SelfP,
    SummaryP,
    TopicListP,
    TopicP,
    TopicPageP,
    UserP,
    UserPostsP,
    WatchesP,
)
from sync.nodebb.place_payloads import DiffsP, OpenedP, RightsP, RoomsP, RoomUsersP


def _lax(kind: Any) -> Decoder[Any]:
    return Decoder(kind, strict=False)


ACCEPTED: Decoder[Envelope[AcceptedAnswerP]] = _lax(Envelope[AcceptedAnswerP])
CATEGORIES: Decoder[Envelope[CategoriesP]] = _lax(Envelope[CategoriesP])
CATEGORY: Decoder[CategoryP] = _lax(CategoryP)
CATEGORY_ANSWER: Decoder[Envelope[MaybeCategoryP]] = _lax(Envelope[MaybeCategoryP])
CATEGORY_MADE: Decoder[Envelope[CategoryP]] = _lax(Envelope[CategoryP])
CONFIG: Decoder[ConfigP] = _lax(ConfigP)
CONTENT: Decoder[Envelope[ContentP]] = _lax(Envelope[ContentP])
DIFFS: Decoder[Envelope[DiffsP]] = _lax(Envelope[DiffsP])
EVENT: Decoder[EventP] = _lax(EventP)
EVENT_LIST: Decoder[list[Raw]] = _lax(list[Raw])
EVENTS: Decoder[Envelope[EventsP]] = _lax(Envelope[EventsP])
FLAG_HISTORY: Decoder[Envelope[FlagHistoryAnswerP]] = _lax(Envelope[FlagHistoryAnswerP])
FLAG_LIST: Decoder[FlagListP] = _lax(FlagListP)
FLAG_PAGE: Decoder[FlagPageP] = _lax(FlagPageP)
FLAG_ROW: Decoder[FlagRowP] = _lax(FlagRowP)
FOLLOW_STATE: Decoder[FollowStateP] = _lax(FollowStateP)
GROUP_MEMBERS: Decoder[Envelope[GroupMembersP]] = _lax(Envelope[GroupMembersP])
HELD: Decoder[HeldP] = _lax(HeldP)
INDEX: Decoder[Envelope[IndexP]] = _lax(Envelope[IndexP])
MEMBER_INFO: Decoder[MemberInfoP] = _lax(MemberInfoP)
MESSAGE: Decoder[MessageP] = _lax(MessageP)
MESSAGE_ANSWER: Decoder[Envelope[MessageP]] = _lax(Envelope[MessageP])
MESSAGES: Decoder[Envelope[MessagesP]] = _lax(Envelope[MessagesP])
MODERATORS: Decoder[ModeratorsP] = _lax(ModeratorsP)
NODEINFO: Decoder[NodeInfoP] = _lax(NodeInfoP)
NOTIFICATION: Decoder[NotificationP] = _lax(NotificationP)
NOTIFICATIONS: Decoder[NotificationsP] = _lax(NotificationsP)
NOTHING: Decoder[Envelope[Any]] = _lax(Envelope[Any])
OPENED: Decoder[Envelope[OpenedP]] = _lax(Envelope[OpenedP])
POST: Decoder[PostP] = _lax(PostP)
POST_ANSWER: Decoder[Envelope[PostP]] = _lax(Envelope[PostP])
POST_TARGET: Decoder[PostTargetP] = _lax(PostTargetP)
QUEUE: Decoder[QueueP] = _lax(QueueP)
REFUSAL: Decoder[Refusal] = _lax(Refusal)
REPLY: Decoder[Envelope[ReplyP]] = _lax(Envelope[ReplyP])
RIGHTS: Decoder[Envelope[RightsP]] = _lax(Envelope[RightsP])
ROOM: Decoder[Envelope[RoomP]] = _lax(Envelope[RoomP])
ROOMS: Decoder[Envelope[RoomsP]] = _lax(Envelope[RoomsP])
ROOM_USERS: Decoder[Envelope[RoomUsersP]] = _lax(Envelope[RoomUsersP])
SELF: Decoder[SelfP | None] = _lax(SelfP | None)
SUMMARY: Decoder[Envelope[SummaryP]] = _lax(Envelope[SummaryP])
TOPIC: Decoder[TopicP] = _lax(TopicP)
TOPIC_ANSWER: Decoder[Envelope[TopicP]] = _lax(Envelope[TopicP])
TOPIC_LIST: Decoder[TopicListP] = _lax(TopicListP)
TOPIC_PAGE: Decoder[TopicPageP] = _lax(TopicPageP)
USER: Decoder[UserP] = _lax(UserP)
USER_ANSWER: Decoder[Envelope[UserP]] = _lax(Envelope[UserP])
USER_POSTS: Decoder[UserPostsP] = _lax(UserPostsP)
WATCHED_TOPICS: Decoder[WatchedTopicsP] = _lax(WatchedTopicsP)
WATCHES: Decoder[WatchesP] = _lax(WatchesP)
