"""A member's page on the wire. Preferences are private: the account itself and staff read them."""

from sync.sandbox.discourse import access, levels, people
from sync.sandbox.discourse.wire import Json, iso, maybe_iso
from sync.sandbox.state import rights
from sync.sandbox.state.records import Member
from sync.sandbox.state.store import State


def may_edit(state: State, uid: int, member: Member) -> bool:
    """Whether the caller may edit the account: itself, and any staff."""
    return uid > 0 and (uid == member.id or access.is_staff(state, uid))


def profile(state: State, uid: int, member: Member) -> Json:
    """The page as the caller sees it."""
    own, staff = uid == member.id, access.is_staff(state, uid)
    shown = people.basic(state, member.id) | _facts(state, member) | _between(state, uid, member)
    shown |= _primary(state, member.id) | _permissions(state, uid, member)
    groups = people.groups_of(state, member.id)
    shown["groups"] = [people.basic_group(one, member.id) | _NO_MAIL for one in groups]
    shown["group_users"] = [
        {"group_id": g.id, "user_id": member.id, "notification_level": 3, "owner": member.id in g.owners}
        for g in groups
    ]
    if staff:
        shown |= people.penalties(member, state)
    if may_edit(state, uid, member):
        shown |= levels.lists(state, member.id) | _private(state, member)
    if own:
        shown |= {"user_auth_tokens": [], "second_factor_backup_enabled": False}
    return shown


def _facts(state: State, member: Member) -> Json:
    rank = people.rank(state, member.id)
    return {
        "last_posted_at": maybe_iso(member.last_post),
        "last_seen_at": maybe_iso(member.last_online),
        "created_at": iso(member.joined),
        "trust_level": rank["trust_level"],
        "moderator": rank["moderator"],
        "admin": rank["admin"],
        "title": people.title(state, member.id),
        "bio_excerpt": member.about or None,
        "badge_count": 0,
        "user_fields": {"1": None, "2": None},
        "custom_fields": {},
        "time_read": 0,
        "recent_time_read": 0,
        "staged": False,
        "pending_count": sum(held.author == member.id for held in state.tables.held.values()),
        "profile_view_count": 0,
        "post_count": member.posts,
        "topic_count": member.threads,
        "featured_topic": None,
        "timezone": "UTC",
        "invited_by": None,
    }


def _primary(state: State, uid: int) -> Json:
    flair = people.flair(state, uid)
    return {"primary_group_id": flair["flair_group_id"], **flair}


def _between(state: State, uid: int, member: Member) -> Json:
    others = uid > 0 and uid != member.id
    may = others and access.may_message(state, uid)
    return {
        "ignored": False,
        "muted": False,
        "can_ignore_user": others,
        "can_mute_user": others,
        "can_send_private_messages": access.may_message(state, uid),
        "can_send_private_message_to_user": may and not member.chat_closed,
    }


def _permissions(state: State, uid: int, member: Member) -> Json:
    edits, staff = may_edit(state, uid, member), access.is_staff(state, uid)
    return {
        "can_edit": edits,
        "can_edit_username": staff,
        "can_edit_email": staff,
        "can_edit_name": edits,
        "uploaded_avatar_id": None,
        "has_title_badges": False,
        "second_factor_enabled": False,
        "can_upload_profile_header": edits,
        "can_upload_user_card_background": edits,
        "can_be_deleted": staff and not rights.is_privileged(state, member.id) and member.posts < 5,
        "can_delete_all_posts": staff and not rights.is_privileged(state, member.id) and member.posts < 20,
    }


def _private(state: State, member: Member) -> Json:
    return {
        "locale": member.language or None,
        **{f"{name}_tags": [] for name in ("watched", "watching_first_post", "tracked", "muted")},
        "system_avatar_upload_id": None,
        "system_avatar_template": people.avatar(people.basic(state, member.id)["username"]),
        "muted_usernames": [],
        "ignored_usernames": [],
        "allowed_pm_usernames": [],
        "mailing_list_posts_per_day": 0,
        "can_change_bio": True,
        "can_change_location": True,
        "can_change_website": True,
        "can_change_tracking_preferences": True,
        "user_api_keys": None,
        "use_logo_small_as_avatar": False,
        "featured_user_badge_ids": [],
        "user_notification_schedule": _schedule(),
        "user_option": {"user_id": member.id, **_OPTIONS},
    }


def _schedule() -> Json:
    days = {f"day_{day}_{end}_time": at for day in range(7) for end, at in (("start", 480), ("end", 1020))}
    return {"enabled": False, **days}


_NO_MAIL: Json = {"incoming_email": None, "bio_raw": None}
_OPTIONS: Json = {
    "mailing_list_mode": False,
    "mailing_list_mode_frequency": 1,
    "email_digests": False,
    "email_level": 1,
    "email_messages_level": 0,
    "external_links_in_new_tab": False,
    "color_scheme_id": None,
    "dark_scheme_id": None,
    "dynamic_favicon": False,
    "enable_quoting": True,
    "enable_smart_lists": True,
    "enable_markdown_monospace_font": True,
    "digest_after_minutes": 10080,
    "automatically_unpin_topics": True,
    "auto_track_topics_after_msecs": 240000,
    "notification_level_when_replying": 2,
    "new_topic_duration_minutes": 2880,
    "email_previous_replies": 2,
    "email_in_reply_to": True,
    "like_notification_frequency": 1,
    "notify_on_linked_posts": True,
    "push_notification_level": "all",
    "enable_upcoming_change_available_notifications": True,
    "include_tl0_in_digests": False,
    "theme_ids": [],
    "theme_key_seq": 0,
    "allow_private_messages": True,
    "enable_allowed_pm_users": False,
    "homepage_id": None,
    "hide_profile_and_presence": False,
    "hide_profile": False,
    "hide_presence": False,
    "text_size": "normal",
    "text_size_seq": 0,
    "title_count_mode": "notifications",
    "timezone": None,
    "skip_new_user_tips": False,
    "topics_unread_when_closed": True,
    "interface_color_mode": 1,
    "automatically_translate": False,
    "understood_languages": [],
    "show_original_content": False,
    "send_shortcut": "enter",
}
