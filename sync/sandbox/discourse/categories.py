"""Categories: the list, one of them, and the caller's level on each."""

from sync.sandbox.discourse import access, extras, levels
from sync.sandbox.discourse.answers import Answer, not_found, ok, success
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import Json
from sync.sandbox.state import rights
from sync.sandbox.state.records import Forum
from sync.sandbox.state.refusal import Absent, Reason
from sync.sandbox.state.store import State


def category(state: State, uid: int, forum: Forum) -> Json:
    """A category on the wire; a subcategory names its parent, the others do not have the key."""
    children = [one for one in state.tables.forums.values() if one.parent == forum.id]
    shown: Json = {
        "id": forum.id,
        "name": forum.name,
        "color": forum.colour.lstrip("#"),
        "text_color": "FFFFFF",
        "style_type": "square",
        "emoji": None,
        "icon": None,
        "slug": forum.handle,
        "topic_count": len(forum.created),
        "post_count": forum.posts,
        "position": forum.order,
        "description": forum.description or None,
        "description_text": forum.description or None,
        "description_excerpt": forum.description or None,
        "topic_url": _about(state, forum),
        "read_restricted": not rights.may(state, 0, forum.id, "topics:read"),
        "permission": 1 if rights.may(state, uid, forum.id, "topics:create") else 3,
        "notification_level": levels.level(state, uid, forum.id),
        "can_edit": rights.is_admin(state, uid),
        "has_children": bool(children),
        "subcategory_count": len(children) or None,
        **_FIXED,
    }
    if forum.parent:
        shown["parent_category_id"] = forum.parent
    return shown


def _about(state: State, forum: Forum) -> str:
    """Where the topic about the category is, if there is one."""
    topic = extras.extras(state).about.get(forum.id)
    return f"/t/about-{forum.handle}" + (f"/{topic}" if topic else "")


_FIXED: Json = {
    "topic_template": None,
    "topic_title_placeholder": None,
    "sort_order": None,
    "sort_ascending": None,
    "show_subcategory_list": False,
    "num_featured_topics": 3,
    "default_view": None,
    "subcategory_list_style": "rows_with_featured_topics",
    "default_top_period": "all",
    "default_list_filter": "all",
    "minimum_required_tags": 0,
    "navigate_to_first_post_after_read": False,
    "allow_global_tags": False,
    "required_tag_groups": [],
    "read_only_banner": None,
    "uploaded_logo": None,
    "uploaded_logo_dark": None,
    "uploaded_background": None,
    "uploaded_background_dark": None,
}


_ALONE: Json = {
    "all_topics_wiki": False,
    "allow_badges": True,
    "allow_unlimited_owner_edits_on_first_post": False,
    "auto_close_based_on_last_post": False,
    "auto_close_hours": None,
    "available_groups": [],
    "custom_fields": {},
    "default_slow_mode_seconds": None,
    "email_in": None,
    "email_in_allow_strangers": False,
    "group_permissions": [{"permission_type": 1, "group_name": "everyone", "group_id": 0}],
    "mailinglist_mirror": False,
    "reply_posting_review_group_ids": [],
    "search_priority": 0,
    "topic_featured_link_allowed": True,
    "topic_posting_review_group_ids": [],
}


def visible(call: Call) -> list[Forum]:
    """The categories that the caller may see, in their order."""
    forums = [one for one in call.state.tables.forums.values() if access.sees_forum(call.state, call.uid, one)]
    return sorted(forums, key=lambda one: (one.order, one.id))


def forum_of(call: Call) -> Forum:
    """The category that the path names, if the caller may see it."""
    forum = call.state.tables.forums.get(call.id_of("id"))
    if forum is None or not access.sees_forum(call.state, call.uid, forum):
        raise Absent(Reason.NO_FORUM)
    return forum


@route("GET", "/categories", "categories/index")
def index(call: Call) -> Answer:
    """Categories at the top; subcategories by id, or in full where they were asked for."""
    shown = visible(call)
    rows = [_listed(call, one, shown) for one in shown if not one.parent]
    may = call.uid > 0
    listed = {"can_create_category": rights.is_admin(call.state, call.uid), "can_create_topic": may, "categories": rows}
    return ok({"category_list": listed})


def _listed(call: Call, forum: Forum, shown: list[Forum]) -> Json:
    row = category(call.state, call.uid, forum)
    children = [one for one in shown if one.parent == forum.id]
    for key in ("allow_global_tags", "required_tag_groups", "read_only_banner"):
        row.pop(key)
    count = len(forum.created)
    row |= {f"topics_{span}": count for span in ("day", "week", "month", "year", "all_time")}
    row |= {"is_uncategorized": False, "subcategory_ids": [one.id for one in children]}
    if call.yes("include_subcategories"):
        row["subcategory_list"] = [category(call.state, call.uid, one) for one in children]
    return row


@route("GET", "/c/#id/show", "categories/show")
def show(call: Call) -> Answer:
    """One category, with what only its own page tells."""
    return ok({"category": category(call.state, call.uid, forum_of(call)) | _ALONE})


@route("POST", "/category/#id/notifications", "categories/set_notifications", login=True)
def set_level(call: Call) -> Answer:
    """The caller's own level on this category alone."""
    level = call.whole("notification_level", -1)
    if level not in levels.BY_LIST.values():
        return not_found(call)
    levels.choose(call.state, call.uid, call.uid, forum_of(call).id, level)
    return success()


def is_private_forum(state: State, forum: int) -> bool:
    """Whether the forum is the place of messages."""
    return forum == extras.extras(state).private_forum
