"""What Discourse sends beside its review queue, as far as this connector reads it. Unknown fields are ignored.

Releases differ: what is not needed may be absent, and lists hold :class:`msgspec.Raw`, so that one record that does not
fit can be set aside.
"""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Raw, Struct, field

Number = Annotated[int, Meta(ge=-(2**53), le=2**53)]
"""A whole number as JSON can carry it exactly."""


class ErrorP(Struct):
    """An error; its texts are in the caller's language. Plugins write ``error``."""

    errors: list[str] = field(default_factory=list)
    error: str = ""
    error_type: str = ""
    extras: dict[str, Any] | None = None


class UserP(Struct):
    """A member, as brief as a byline or as full as a profile."""

    id: Number
    username: str = ""
    name: str | None = None
    title: str | None = None
    created_at: datetime | None = None
    last_seen_at: datetime | None = None
    last_posted_at: datetime | None = None
    trust_level: Number | None = None
    admin: bool | None = None
    moderator: bool | None = None
    post_count: Number | None = None
    topic_count: Number | None = None
    flags_agreed: Number | None = None
    flags_received_count: Number | None = None
    silenced_count: Number | None = None
    suspended_count: Number | None = None
    suspended_at: datetime | None = None
    suspended_till: datetime | None = None
    silenced_at: datetime | None = None
    silenced_till: datetime | None = None
    suspended_by: "ByP | None" = None
    silenced_by: "ByP | None" = None
    suspend_reason: str | None = None
    silence_reason: str | None = None
    groups: Any = None
    muted_category_ids: list[Number] | None = None
    regular_category_ids: list[Number] | None = None
    tracked_category_ids: list[Number] | None = None
    watched_category_ids: list[Number] | None = None
    watched_first_post_category_ids: list[Number] | None = None


class ByP(Struct):
    """Who did it."""

    id: Number
    username: str = ""


class UserAnswerP(Struct):
    """``/u/:username.json``."""

    user: UserP


class CurrentP(Struct):
    """``/session/current.json``: who is signed in."""

    id: Number
    username: str
    name: str | None = None
    admin: bool = False
    moderator: bool = False
    can_review: bool = False
    groups: Any = None


class SessionP(Struct):
    """Its envelope; empty where nobody is signed in."""

    current_user: CurrentP | None = None


class CategoryP(Struct):
    """A category; a subcategory names its parent."""

    id: Number
    name: str = ""
    slug: str | None = None
    parent_category_id: Number | None = None
    position: Number | None = None
    read_restricted: bool | None = None
    description_text: str | None = None
    description: str | None = None
    topic_count: Number | None = None
    post_count: Number | None = None
    topic_url: str | None = None


class CategoryAnswerP(Struct):
    """``/c/:id/show.json``; ``topic_url`` leads to the topic about it."""

    category: CategoryP


class SiteP(Struct):
    """``/site.json``: all categories, flat, and what the site calls things."""

    categories: list[Raw] = field(default_factory=list)
    groups: list[Raw] = field(default_factory=list)
    post_action_types: list[Raw] = field(default_factory=list)
    can_create_tag: bool = False
    can_tag_pms: bool = False


class AboutP(Struct):
    """``/about.json``."""

    version: str = ""
    title: str = ""


class AboutAnswerP(Struct):
    """Its envelope."""

    about: AboutP


class BasicInfoP(Struct):
    """``/site/basic-info.json``, which is read without a key; every Discourse names its logo or colours there."""

    title: str
    login_required: bool | None = None
    locale: str = ""
    header_primary_color: str | None = None
    header_background_color: str | None = None
    logo_url: str | None = None
    apple_touch_icon_url: str | None = None
    mobile_logo_url: str | None = None


class TopicP(Struct):
    """A topic in a list."""

    id: Number
    created_at: datetime
    title: str = ""
    slug: str | None = None
    posts_count: Number = 0
    highest_post_number: Number = 0
    last_posted_at: datetime | None = None
    bumped_at: datetime | None = None
    archetype: str = "regular"
    category_id: Number | None = None
    pinned: bool = False
    pinned_globally: bool = False
    visible: bool = True
    closed: bool = False
    archived: bool = False
    views: Number = 0
    tags: Any = None
    posters: Any = None
    deleted_at: datetime | None = None


class TopicListP(Struct):
    """A page of topics; ``more_topics_url`` is absent on the last."""

    topics: list[Raw] = field(default_factory=list)
    more_topics_url: str | None = None


class TopicsAnswerP(Struct):
    """``/latest.json`` and lists like it."""

    topic_list: TopicListP
    users: list[Raw] = field(default_factory=list)


class PostP(Struct):
    """A post; ``raw`` only where it was asked for. ``post_type``: 1 regular, 2 moderator action, 3 small action,
    4 whisper. ``…_answer`` come from the plugin Solved and are absent without it.
    """

    id: Number
    created_at: datetime
    username: str = ""
    name: str | None = None
    user_id: Number | None = None
    cooked: str = ""
    raw: str | None = None
    post_number: Number = 0
    post_type: Number = 1
    posts_count: Number | None = None
    updated_at: datetime | None = None
    last_wiki_edit: datetime | None = None
    reply_to_post_number: Number | None = None
    topic_id: Number | None = None
    topic_slug: str | None = None
    topic_title: str | None = None
    category_id: Number | None = None
    version: Number = 1
    hidden: bool = False
    user_deleted: bool = False
    deleted_at: datetime | None = None
    deleted_by: Any = None
    action_code: str | None = None
    actions_summary: Any = None
    staff: bool | None = None
    accepted_answer: bool | None = None
    can_accept_answer: bool | None = None
    topic_accepted_answer: bool | None = None


class StreamP(Struct):
    """Posts of a topic: ids of all, and some of them."""

    posts: list[Raw] = field(default_factory=list)
    stream: list[Number] = field(default_factory=list)


class DetailsP(Struct):
    """What the account may do there, each only where it is true, and who may read a message."""

    created_by: UserP | None = None
    notification_level: Number = 1
    can_create_post: bool = False
    can_edit: bool = False
    can_delete: bool = False
    can_close_topic: bool = False
    can_archive_topic: bool = False
    can_pin_unpin_topic: bool = False
    can_split_merge_topic: bool = False
    can_convert_topic: bool = False
    can_invite_to: bool = False
    can_remove_allowed_users: bool = False
    allowed_users: list[Raw] = field(default_factory=list)
    allowed_groups: list[Raw] = field(default_factory=list)


class TopicPageP(TopicP):
    """``/t/:id.json``."""

    user_id: Number | None = None
    post_stream: StreamP = field(default_factory=StreamP)
    details: DetailsP = field(default_factory=DetailsP)
    slow_mode_seconds: Number | None = None
    slow_mode_enabled_until: datetime | None = None
    topic_timer: Any = None
    external_id: str | None = None


class TopicPostsP(Struct):
    """``/t/:id/posts.json``."""

    post_stream: StreamP = field(default_factory=StreamP)


class FeedP(Struct):
    """``/posts.json`` and ``/private-posts.json``."""

    latest_posts: list[Raw] = field(default_factory=list)
    private_posts: list[Raw] = field(default_factory=list)

    @property
    def rows(self) -> list[Raw]:
        """Whichever it is."""
        return self.latest_posts or self.private_posts


class PendingPostP(Struct):
    """A post that is held."""

    id: Number | None = None


class CreatedP(Struct):
    """What posting answers with ``nested_post``: a post, or (200 all the same) that it is held."""

    action: str = ""
    success: bool = False
    post: PostP | None = None
    pending_post: PendingPostP | None = None


class EditedP(Struct):
    """What editing a post answers."""

    post: Any = None


class GroupP(Struct):
    """A group."""

    id: Number
    name: str = ""
    full_name: str | None = None
    user_count: Number | None = None
    automatic: bool = False


class GroupsP(Struct):
    """``/groups.json``, thirty-six a page."""

    groups: list[Raw] = field(default_factory=list)


class GroupMembersP(Struct):
    """``/groups/:name/members.json``."""

    members: list[Raw] = field(default_factory=list)
    owners: list[Raw] = field(default_factory=list)
    meta: dict[str, Any] = field(default_factory=dict)


class BusEventP(Struct):
    """A message of the bus."""

    channel: str
    message_id: Number = 0
    data: Any = None


class DeviceP(Struct):
    """Where and with which code a device is let in. ``expires_in`` and ``interval`` in seconds."""

    device_code: str
    user_code: str
    verification_uri: str = ""
    verification_uri_with_request: str = ""
    expires_in: Number = 600
    interval: Number = 5


class DevicePollP(Struct):
    """How it stands with a device's code."""

    status: str
    payload: str = ""


class KeyP(Struct):
    """What the decrypted payload of a new key holds."""

    key: str
    nonce: str = ""
    api: Number = 0
    expires_at: datetime | None = None
