"""Why the community says no. A face turns a reason into its platform's status and words."""

from enum import StrEnum


class Reason(StrEnum):
    """All refusals, in the community's own words."""

    NOT_ALLOWED = "not_allowed"
    NO_THREAD = "no_thread"
    NO_POST = "no_post"
    NO_ITEM = "no_item"
    NOT_REPORTED = "not_reported"
    NO_MEMBER = "no_member"
    NO_FORUM = "no_forum"
    NO_HOLDER = "no_holder"
    NO_GROUP = "no_group"
    NO_ROOM = "no_room"
    INVALID = "invalid"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TITLE_TOO_LONG = "title_too_long"
    TOO_MANY_TAGS = "too_many_tags"
    TOO_SOON = "too_soon"
    NEWCOMER_TOO_SOON = "newcomer_too_soon"
    JUST_REGISTERED = "just_registered"
    LOCKED = "locked"
    HIDDEN_THREAD = "hidden_thread"
    MUTED_MINUTES = "muted_minutes"
    MUTED_HOURS = "muted_hours"
    MUTED_FOREVER = "muted_forever"
    ALREADY_HIDDEN = "already_hidden"
    ALREADY_RESTORED = "already_restored"
    THREAD_ALREADY_HIDDEN = "thread_already_hidden"
    THREAD_ALREADY_RESTORED = "thread_already_restored"
    POST_REPORTED_BEFORE = "post_reported_before"
    MEMBER_REPORTED_BEFORE = "member_reported_before"
    OWN_ACCOUNT = "own_account"
    PRIVILEGED_TARGET = "privileged_target"
    HIDDEN_TARGET = "hidden_target"
    REPORTER_BANNED = "reporter_banned"
    TOO_MANY_REPORTS = "too_many_reports"
    OPENING_POST = "opening_post"
    PURGE_OPENING_POST = "purge_opening_post"
    SAME_THREAD = "same_thread"
    SAME_FORUM = "same_forum"
    THREAD_TOO_LARGE = "thread_too_large"
    ADMIN_BAN = "admin_ban"
    ADMIN_MUTE = "admin_mute"
    MESSAGE_TOO_LONG = "message_too_long"
    EMPTY_MESSAGE = "empty_message"
    CHAT_CLOSED = "chat_closed"
    NOBODY_CHOSEN = "nobody_chosen"


class Refused(Exception):  # noqa: N818 - reads as what happened
    """The community refused; `values` fill the placeholders of the platform's sentence."""

    def __init__(self, reason: Reason, *values: object) -> None:
        super().__init__(reason, *values)
        self.reason = reason
        self.values = values


class Absent(Refused):
    """What the address names is not there, or not for this member: a face says "not found"."""
