"""A post on the wire."""

from sync.sandbox.discourse import markup, people, solved, stream
from sync.sandbox.discourse.access import is_deleted, rules
from sync.sandbox.discourse.extras import SMALL_ACTION, extras
from sync.sandbox.discourse.wire import Json, iso, maybe_iso
from sync.sandbox.state import posts as state_posts
from sync.sandbox.state import rights
from sync.sandbox.state.records import Post, Thread
from sync.sandbox.state.store import State

Place = tuple[dict[int, int], int]
_FLAGS = (2, 3, 4, 6, 7, 8)


def post(state: State, uid: int, one: Post, places: dict[int, int] | None = None, raw: bool = False) -> Json:
    """A post for the caller; `places` are the numbers of its topic where they are known already."""
    thread = state.thread(one.thread)
    numbers = places if places is not None else stream.numbers(state, thread)
    kind = stream.kind_of(state, one)
    shown = _text(state, uid, one, thread) | _place(one, thread, numbers) | _author(state, one.author)
    shown |= _rights(state, uid, one, thread) | _review(state, uid, one)
    shown |= {"id": one.id, "post_type": kind.type, "user_id": one.author, "yours": one.author == uid}
    if extras(state).solved:
        shown |= solved.shown(state, uid, one, thread)
    if kind.type == SMALL_ACTION:
        shown |= {"action_code": kind.code} | ({"action_code_who": kind.who} if kind.who else {})
    if raw:
        shown["raw"] = one.text
    return shown


def created(state: State, uid: int, one: Post, place: Place | None = None) -> Json:
    """The answer to a post that was just written."""
    thread = state.thread(one.thread)
    numbers, count = place or place_of(state, thread)
    url = f"/t/{slug(thread)}/{thread.id}/{numbers[one.id]}"
    more = {"posts_count": count, "post_url": url, "draft_sequence": 1, "badges_granted": []}
    return post(state, uid, one, numbers, raw=True) | more


def alone(state: State, uid: int, one: Post, place: Place | None = None) -> Json:
    """`/posts/:id`: with what was typed."""
    shown = created(state, uid, one, place)
    return {key: value for key, value in shown.items() if key != "draft_sequence"}


def feed(state: State, uid: int, posts: list[Post]) -> list[Json]:
    """Posts of the feed; each topic is counted through once."""
    places = {ident: place_of(state, state.thread(ident)) for ident in {one.thread for one in posts}}
    return [in_feed(state, uid, one, places[one.thread]) for one in posts]


def place_of(state: State, thread: Thread) -> Place:
    """The numbers of a topic's posts, and how many ordinary ones it has."""
    posts = stream.everything(state, thread)
    return {post.id: place for place, post in enumerate(posts, 1)}, len(stream.regular(state, posts))


def in_feed(state: State, uid: int, one: Post, place: Place | None = None) -> Json:
    """A post of the feed, with its topic's title and category."""
    thread = state.thread(one.thread)
    private = extras(state).is_private(thread.id)
    return alone(state, uid, one, place) | {
        "topic_title": thread.title,
        "topic_html_title": thread.title,
        "category_id": None if private else thread.forum,
        "excerpt": markup.excerpt(one.text),
        "truncated": False,
    }


def slug(thread: Thread) -> str:
    """The topic's name in addresses."""
    return thread.slug.partition("/")[2] or "topic"


def _text(state: State, uid: int, one: Post, thread: Thread) -> Json:
    veiled = one.id in extras(state).veiled
    readable = not veiled or one.author == uid or rules(state, uid, thread)
    deleted = is_deleted(state, one)
    when = extras(state).deleted_at.get(one.id, one.edited_at or one.at)
    cooked = markup.render(one.text) if readable else "<p>This post was hidden by the community.</p>"
    return {
        "created_at": iso(one.at),
        "updated_at": iso(max(one.at, one.edited_at)),
        "cooked": cooked,
        "version": 1 + len(one.revisions),
        "hidden": veiled,
        "deleted_at": maybe_iso(when) if deleted else None,
        "user_deleted": deleted and one.hidden_by == one.author,
        **({"deleted_by": people.basic(state, one.hidden_by)} if deleted and rules(state, uid, thread) else {}),
        "edit_reason": extras(state).edit_reasons.get(one.id) or None,
    }


def _place(one: Post, thread: Thread, numbers: dict[int, int]) -> Json:
    return {
        "post_number": numbers.get(one.id, 0),
        "reply_to_post_number": numbers.get(one.reply_to),
        "topic_id": thread.id,
        "topic_slug": slug(thread),
        "reply_count": len(one.answers),
        "quote_count": 0,
        "incoming_link_count": 0,
        "reads": 4,
        "readers_count": 3,
        "score": 0.8,
    }


def _author(state: State, uid: int) -> Json:
    who = people.basic(state, uid)
    shown = {key: who[key] for key in ("username", "name", "avatar_template")}
    shown |= {"display_username": who["name"] or who["username"], "user_title": people.title(state, uid)}
    return shown | people.flair(state, uid) | people.rank(state, uid)


def _rights(state: State, uid: int, one: Post, thread: Thread) -> Json:
    above, own = rules(state, uid, thread), uid == one.author
    deleted = is_deleted(state, one)
    return {
        "can_edit": above or (own and state_posts.may_edit(state, uid, one)),
        "can_delete": (above or own) and not deleted,
        "can_recover": above and deleted,
        "can_see_hidden_post": above,
        "can_wiki": above,
        "bookmarked": False,
        "actions_summary": [{"id": flag, "can_act": not own} for flag in (_FLAGS[:1] if own else _FLAGS)]
        if uid
        else [],
        "can_view_edit_history": True,
        "wiki": False,
        "link_counts": [],
        "read": True,
    }


def _review(state: State, uid: int, one: Post) -> Json:
    item = state.tables.items.get(one.item)
    if item is None or not rights.sees_item(state, uid, item):
        return {"reviewable_id": None, "reviewable_score_count": 0, "reviewable_score_pending_count": 0}
    pending = len(item.reports) if item.state in ("open", "in_progress") else 0
    return {
        "reviewable_id": item.id,
        "reviewable_score_count": len(item.reports),
        "reviewable_score_pending_count": pending,
    }
