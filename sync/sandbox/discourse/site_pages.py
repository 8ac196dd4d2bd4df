"""What the site says of itself, who is signed in, and small pages."""

from sync.sandbox.discourse import access, people
from sync.sandbox.discourse.answers import Answer, ok, page, plain
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.categories import category, visible
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import Json
from sync.sandbox.state import rights
from sync.sandbox.state.records import ADMINS, GLOBAL_MODERATORS

NOTIFICATIONS = {
    "mentioned": 1, "replied": 2, "quoted": 3, "edited": 4, "liked": 5, "private_message": 6,
    "invited_to_private_message": 7, "invitee_accepted": 8, "posted": 9, "moved_post": 10, "linked": 11,
    "granted_badge": 12, "invited_to_topic": 13, "custom": 14, "group_mentioned": 15, "group_message_summary": 16,
    "watching_first_post": 17, "topic_reminder": 18, "liked_consolidated": 19, "post_approved": 20,
    "code_review_commit_approved": 21, "membership_request_accepted": 22, "membership_request_consolidated": 23,
    "bookmark_reminder": 24, "reaction": 25, "votes_released": 26, "event_reminder": 27, "event_invitation": 28,
    "chat_mention": 29, "chat_message": 30, "chat_invitation": 31, "chat_group_mention": 32, "assigned": 34,
    "watching_category_or_tag": 36, "linked_consolidated": 39,
}  # fmt: skip
FLAGS = (
    (3, "off_topic", "It's Off-Topic", False),
    (4, "inappropriate", "It's Inappropriate", False),
    (8, "spam", "It's Spam", False),
    (6, "notify_user", "Send @%{username} a message", True),
    (7, "notify_moderators", "Something Else", True),
    (10, "illegal", "It's Illegal", True),
)


@route("GET", "/srv/status", "forums/status", text=True, keyless=True)
def status(call: Call) -> Answer:
    """Whether the server is well."""
    return plain(200, "ok")


@route("GET", "/", "list/latest", text=True)
def front(call: Call) -> Answer:
    """The page that people open."""
    return page(call.state.settings.title, '<div id="main-outlet"></div>')


@route("GET", "/login", "static/show", text=True, keyless=True)
def login(call: Call) -> Answer:
    """The page where people sign in."""
    return page("Log in", '<form id="login-form"></form>')


@route("GET", "/site/basic-info", "site/basic_info")
def basic_info(call: Call) -> Answer:
    """What anybody may know; the version is no part of it."""
    return ok(
        {
            "logo_url": "/images/logo.png",
            "logo_small_url": "/images/logo-small.png",
            "apple_touch_icon_url": "/images/touch.png",
            "favicon_url": "/images/favicon.ico",
            "title": call.state.settings.title,
            "description": "",
            "header_primary_color": "333333",
            "header_background_color": "ffffff",
            "login_required": call.settings.login_required,
            "locale": "en",
            "include_in_discourse_discover": False,
            "mobile_logo_url": "",
        }
    )


@route("GET", "/about", "about/index")
def about(call: Call) -> Answer:
    """Version, people in charge, and counts."""
    tables = call.state.tables
    counts = {"topics_count": len(tables.threads), "posts_count": len(tables.posts), "users_count": len(tables.members)}
    shown: Json = {
        "stats": counts,
        "description": "",
        "title": call.state.settings.title,
        "locale": "en",
        "version": call.settings.version,
        "https": False,
        "can_see_about_stats": True,
    }
    for role, name in (("admins", ADMINS), ("moderators", GLOBAL_MODERATORS)):
        shown[role] = [people.basic(call.state, uid) for uid in tables.groups[name].members]
    return ok({"about": shown})


@route("GET", "/session/current", "session/current")
def current(call: Call) -> Answer:
    """Who is signed in; nobody is an empty 404."""
    if not call.uid:
        return Answer(404, b"")
    state, uid = call.state, call.uid
    rank = people.rank(state, uid)
    groups = [people.basic_group(one, uid) for one in people.groups_of(state, uid)]
    shown = people.basic(state, uid) | {key: rank[key] for key in ("admin", "moderator", "staff", "trust_level")}
    shown |= {
        "can_review": access.may_review(state, uid),
        "reviewable_count": 0,
        "unseen_reviewable_count": 0,
        "whisperer": access.may_whisper(state, uid),
        "can_send_private_messages": access.may_message(state, uid),
        "locale": call.language,
        "groups": [{key: one[key] for key in ("id", "name", "has_messages")} for one in groups],
        "timezone": "UTC",
    }
    return ok({"current_user": shown})


@route("GET", "/site", "site/site")
def site(call: Call) -> Answer:
    """Categories, groups, and the numbers of everything."""
    uid, state = call.uid, call.state
    shown: Json = {
        "default_archetype": "regular",
        "notification_types": NOTIFICATIONS,
        "post_types": {"regular": 1, "moderator_action": 2, "small_action": 3, "whisper": 4},
        "trust_levels": {"newuser": 0, "basic": 1, "member": 2, "regular": 3, "leader": 4},
        "groups": [_group(people.basic_group(one)) for one in people.groups(state)],
        "filters": ["latest", "unread", "new", "top"],
        "periods": ["all", "yearly", "quarterly", "monthly", "weekly", "daily"],
        "post_action_types": [_flag(*LIKE, is_flag=False), *(_flag(*one) for one in FLAGS)],
        "topic_flag_types": [_flag(*one) for one in FLAGS if one[0] != 6],
        "archetypes": [{"id": name, "name": words, "options": []} for name, words in _ARCHETYPES],
        "categories": [category(state, uid, forum) for forum in visible(call)],
        **_REST,
        "can_tag_pms": call.settings.tag_messages and rights.is_above(state, uid),
    }
    if rights.is_above(state, uid):
        shown["whispers_allowed_groups_names"] = ["admins", "moderators", people.team_name()]
    return ok(shown)


LIKE = (2, "like", "Like", False)
_ARCHETYPES = (("regular", "Regular Topic"), ("private_message", "Personal message"), ("banner", "Banner Topic"))
_REST: Json = {
    "homepage_choices": ["latest", "categories"],
    "top_menu_items": ["latest", "categories", "top"],
    "anonymous_top_menu_items": ["latest", "categories", "top"],
    "uncategorized_category_id": 0,
    "user_field_max_length": 2048,
    "can_create_tag": True,
    "can_tag_topics": True,
    "can_tag_pms": False,
    "tags_filter_regexp": "[\\/\\?#\\[\\]@!\\$&'\\(\\)\\*\\+,;=\\.%\\\\`^\\s|\\{\\}\"<>]+",
    "top_tags": [],
    "email_configured": False,
    "topic_featured_link_allowed_category_ids": [],
    "user_themes": [],
    "user_color_schemes": [],
    "default_light_color_scheme": None,
    "default_dark_color_scheme": None,
    "censored_regexp": [],
    "custom_emoji_translation": {},
    "watched_words_replace": None,
    "watched_words_link": None,
    "user_fields": [],
    "auth_providers": [],
    "full_name_required_for_signup": False,
    "full_name_visible_in_signup": True,
    "admin_config_login_routes": [],
    "access_control": {"mandatory_acl": {}, "banned_acl": {}},
}


def _group(one: Json) -> Json:
    keys = ("id", "name", "full_name", "display_name", "flair_url", "flair_bg_color", "flair_color", "automatic")
    return {key: one[key] for key in keys}


def _flag(ident: int, key: str, name: str, message: bool, is_flag: bool = True) -> Json:
    return {
        "id": ident,
        "name_key": key,
        "name": name,
        "description": name,
        "short_description": name,
        "is_flag": is_flag,
        "require_message": message,
        "enabled": True,
        "applies_to": ["Post", "Topic"],
        "is_used": True,
        "position": ident,
        "auto_action_type": ident in (3, 4, 8),
        "system": True,
    }
