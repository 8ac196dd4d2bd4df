"""A topic on the wire: in a list, and as a page with the first posts of its stream."""

from sync.sandbox.discourse import access, assigning, markup, people, stream, topic_levels
from sync.sandbox.discourse.extras import REGULAR, extras
from sync.sandbox.discourse.show_posts import post, slug
from sync.sandbox.discourse.wire import Json, iso, maybe_iso
from sync.sandbox.state import rights
from sync.sandbox.state.records import Post, Thread
from sync.sandbox.state.store import State

CHUNK = 20


def head(state: State, thread: Thread, posts: list[Post]) -> Json:
    """What every form of a topic has; `posts` is its whole stream."""
    more, ordinary = extras(state), stream.regular(state, posts)
    return {
        "id": thread.id,
        "title": thread.title,
        "fancy_title": thread.title,
        "slug": slug(thread),
        "posts_count": len(ordinary),
        "reply_count": sum(one.reply_to > 0 for one in ordinary),
        "highest_post_number": len(posts),
        "image_url": None,
        "created_at": iso(thread.at),
        "last_posted_at": iso(thread.last_at),
        "bumped": True,
        "bumped_at": iso(thread.last_at),
        "archetype": "private_message" if more.is_private(thread.id) else "regular",
        "unseen": False,
        "pinned": thread.pinned,
        "unpinned": None,
        "visible": thread.id not in more.unlisted,
        "closed": thread.locked,
        "archived": thread.id in more.archived,
        "bookmarked": None,
        "liked": None,
    }


def row(state: State, uid: int, thread: Thread) -> Json:
    """A topic in a list."""
    posts = stream.everything(state, thread)
    private = extras(state).is_private(thread.id)
    ordinary = stream.regular(state, posts)
    last = people.basic(state, ordinary[-1].author if ordinary else thread.author)
    shown = head(state, thread, posts) | {
        "last_read_post_number": len(posts),
        "unread_posts": 0,
        "notification_level": topic_levels.level(state, uid, thread),
        "views": thread.views,
        "like_count": sum(one.up for one in ordinary),
        "has_summary": False,
        "last_poster_username": last["username"],
        "category_id": None if private else thread.forum,
        "op_like_count": ordinary[0].up if ordinary else 0,
        "pinned_globally": thread.id in extras(state).pinned_globally,
        "featured_link": None,
        "tags": tags(state, thread.tags),
        "posters": _posters(state, thread, ordinary),
        "excerpt": markup.excerpt(ordinary[0].text) if ordinary else "",
        "bookmarked": False,
        "liked": False,
    }
    if private:
        shown["participant_groups"] = [state.tables.groups[n].slug for n in extras(state).readers[thread.id].groups]
    return shown


def brief(state: State, thread: Thread) -> Json:
    """A topic beside something else."""
    return head(state, thread, stream.everything(state, thread))


def page(state: State, uid: int, thread: Thread, raw: bool = False, near: int = 1) -> Json:
    """The topic with all ids of its stream and a chunk of posts around number `near`."""
    posts = stream.visible(state, uid, thread)
    places = stream.numbers(state, thread)
    start = _start(posts, places, near)
    chunk = [post(state, uid, one, places, raw) for one in posts[start : start + CHUNK]]
    shown: Json = {"post_stream": {"posts": chunk, "stream": [one.id for one in posts]}}
    shown |= {"timeline_lookup": [[1, 2]], "suggested_topics": [], "tags_descriptions": {}}
    shown |= head(state, thread, stream.everything(state, thread)) | _facts(state, uid, thread, posts)
    shown |= assigning.shown(state, thread.id)
    return shown | {"current_post_number": near, "details": details(state, uid, thread, posts)}


def tags(state: State, names: tuple[str, ...]) -> list[Json]:
    """Tags as the release of 2026 writes them; an id is made from the name."""
    return [{"id": 1 + sum(name.encode()) % 9973, "name": name, "slug": name} for name in names]


def details(state: State, uid: int, thread: Thread, posts: list[Post]) -> Json:
    """What the caller may do, each only where it is true, and who takes part."""
    ordinary = stream.regular(state, posts)
    last = ordinary[-1].author if ordinary else thread.author
    shown: Json = {name: True for name, allowed in _permissions(state, uid, thread).items() if allowed}
    level = topic_levels.level(state, uid, thread)
    shown |= {"notification_level": level, "participants": _participants(state, ordinary)}
    shown |= {"created_by": people.basic(state, thread.author), "last_poster": people.basic(state, last)}
    if uid:
        shown["can_remove_self_id"] = uid
    readers = extras(state).readers.get(thread.id)
    if readers is not None:
        here = {one.source: one for one in people.groups(state)}
        shown["allowed_users"] = [people.basic(state, ident) for ident in readers.users]
        shown["allowed_groups"] = [people.basic_group(here[name]) for name in readers.groups if name in here]
    return shown


def _permissions(state: State, uid: int, thread: Thread) -> dict[str, bool]:
    above, private = access.rules(state, uid, thread), extras(state).is_private(thread.id)
    archived = thread.id in extras(state).archived
    may_post = private or rights.may(state, uid, thread.forum, "topics:reply")
    own = uid > 0 and uid == thread.author
    return {
        "can_edit": above or own,
        "can_move_posts": above,
        "can_delete": above and not thread.hidden,
        "can_recover": above and thread.hidden,
        "can_remove_allowed_users": above or (private and own),
        "can_create_post": uid > 0 and may_post and (above or not (thread.locked or archived)),
        "can_reply_as_new_topic": uid > 0,
        "can_invite_to": above or (private and uid > 0),
        "can_flag_topic": uid > 0,
        "can_convert_topic": access.may_convert(state, uid, thread),
        "can_review_topic": above,
        "can_close_topic": above,
        "can_archive_topic": above,
        "can_split_merge_topic": above,
        "can_edit_staff_notes": above,
        "can_toggle_topic_visibility": above,
        "can_pin_unpin_topic": above,
        "can_moderate_category": above,
    }


def _facts(state: State, uid: int, thread: Thread, posts: list[Post]) -> Json:
    more, ordinary = extras(state), stream.regular(state, posts)
    seconds, until = more.slow.get(thread.id, (0, 0))
    return {
        "tags": tags(state, thread.tags),
        "views": thread.views,
        "like_count": sum(one.up for one in ordinary),
        "has_summary": False,
        "category_id": None if more.is_private(thread.id) else thread.forum,
        "word_count": sum(len(one.text.split()) for one in ordinary),
        "deleted_at": iso(thread.last_at) if thread.hidden else None,
        "deleted_by": people.basic(state, thread.hidden_by) if thread.hidden else None,
        "user_id": thread.author,
        "featured_link": None,
        "pinned_globally": thread.id in more.pinned_globally,
        "pinned_at": iso(thread.at) if thread.pinned else None,
        "pinned_until": maybe_iso(thread.pin_until),
        "slow_mode_seconds": seconds,
        "slow_mode_enabled_until": maybe_iso(until),
        "draft": None,
        "draft_key": f"topic_{thread.id}",
        "draft_sequence": 0,
        "has_deleted": any(access.is_deleted(state, one) for one in posts),
        "actions_summary": [{"id": 4, "count": 0, "hidden": False, "can_act": uid > 0}],
        "chunk_size": CHUNK,
        "bookmarked": False,
        "bookmarks": [],
        "topic_timer": more.timers.get(thread.id),
        "participant_count": len({one.author for one in ordinary}),
        "show_read_indicator": False,
        "thumbnails": None,
        "external_id": next((name for name, ident in more.external.items() if ident == thread.id), None),
    }


def _start(posts: list[Post], places: dict[int, int], near: int) -> int:
    """Where the chunk begins: with the post itself at the head of it."""
    if near <= 1:
        return 0
    at = next((place for place, one in enumerate(posts) if places[one.id] >= near), len(posts) - 1)
    return max(0, min(at, len(posts) - CHUNK))


def _posters(state: State, thread: Thread, ordinary: list[Post]) -> list[Json]:
    """The author, frequent posters and the latest, five at most."""
    latest = ordinary[-1].author if ordinary else thread.author
    chosen = list(dict.fromkeys((thread.author, *(one.author for one in ordinary))))[:4]
    shown = []
    for uid in dict.fromkeys((*chosen, latest)):
        first = "Original Poster" if uid == thread.author else "Frequent Poster"
        words = "Most Recent Poster" if uid == latest and uid != thread.author else first
        team = people.flair(state, uid)["flair_group_id"]
        extra = "latest" if uid == latest else ""
        shown.append({"extras": extra, "description": words, "user_id": uid, "primary_group_id": team})
    return shown


def _participants(state: State, ordinary: list[Post]) -> list[Json]:
    counts: dict[int, int] = {}
    for one in ordinary:
        counts[one.author] = counts.get(one.author, 0) + 1
    most = sorted(counts, key=lambda uid: -counts[uid])[:24]
    return [
        people.basic(state, uid) | {"post_count": counts[uid]} | people.flair(state, uid) | _short_rank(state, uid)
        for uid in most
    ]


def _short_rank(state: State, uid: int) -> Json:
    return {key: value for key, value in people.rank(state, uid).items() if key != "staff"}


__all__ = ["CHUNK", "REGULAR", "brief", "details", "head", "page", "row", "tags"]
