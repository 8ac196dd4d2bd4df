"""Changing posts that exist: most of these answer with an empty body (API.md sections 3 and 4)."""

from sync.sandbox.discourse import access, deeds, show_posts
from sync.sandbox.discourse.access import is_whisper, post_of
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, empty, error, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import extras
from sync.sandbox.discourse.routes import route
from sync.sandbox.state import items
from sync.sandbox.state import posts as state_posts
from sync.sandbox.state.records import Post, Revision


@route("PUT", "/posts/#id", "posts/update", login=True)
def update(call: Call) -> Answer:
    """Replace the text; refused where the text that is replaced is not the one that was seen."""
    post, wanted = post_of(call), call.inner("post")
    if wanted.get("raw") is None:
        return error(call, 400, "missing_parameter", "", "post")
    if not _may_edit(call, post):
        raise FORBIDDEN
    seen = wanted.get("original_text")
    if seen is not None and str(seen).rstrip() != post.text:
        raise Problem(409, "post_conflict")
    raw = str(wanted["raw"])
    private = extras(call.state).is_private(post.thread)
    shortest = call.settings.shortest_message if private else call.settings.shortest_post
    if len(raw.strip()) < shortest:
        raise Problem(422, "too_short", "", shortest)
    change_text(call, post, raw)
    extras(call.state).edit_reasons[post.id] = str(wanted.get("edit_reason") or "")
    return ok({"post": show_posts.created(call.state, call.uid, post)})


@route("DELETE", "/posts/#id", "posts/destroy", login=True)
def destroy(call: Call) -> Answer:
    """Delete softly; a report about it is agreed with. The first post takes its topic along."""
    post = post_of(call)
    thread = call.state.thread(post.thread)
    if not (access.rules(call.state, call.uid, thread) or post.author == call.uid):
        raise FORBIDDEN
    if post.id in extras(call.state).kinds:
        extras(call.state).added[thread.id].remove(post)
        call.state.effect(call.uid, "hide", f"post:{post.id}")
        return empty()
    deeds.delete(call.state, call.uid, post)
    items.resolve_about(call.state, call.uid, post)
    return empty()


@route("PUT", "/posts/#id/recover", "posts/recover", login=True)
def recover(call: Call) -> Answer:
    """Undo a deletion."""
    deeds.recover(call.state, call.uid, _ruled(call))
    return empty()


@route("PUT", "/posts/#id/unhide", "posts/unhide", login=True)
def unhide(call: Call) -> Answer:
    """Show a hidden post again."""
    deeds.unveil(call.state, call.uid, _ruled(call))
    return empty()


@route("PUT", "/posts/#id/wiki", "posts/wiki", login=True)
@route("PUT", "/posts/#id/post_type", "posts/post_type", login=True)
@route("PUT", "/posts/#id/locked", "posts/locked", login=True)
def other(call: Call) -> Answer:
    """What staff do to posts and this sample does not remember."""
    _ruled(call)
    return empty()


@route("PUT", "/t/#id/recover", "topics/recover", login=True)
def recover_topic(call: Call) -> Answer:
    """Undo the deletion of a topic."""
    thread = access.thread_of(call)
    if not access.rules(call.state, call.uid, thread):
        raise FORBIDDEN
    deeds.recover(call.state, call.uid, call.state.post(thread.posts[0]))
    return empty()


@route("DELETE", "/t/#id", "topics/destroy", login=True)
def destroy_topic(call: Call) -> Answer:
    """Delete a topic with its first post."""
    thread = access.thread_of(call)
    if not access.rules(call.state, call.uid, thread):
        raise FORBIDDEN
    deeds.delete(call.state, call.uid, call.state.post(thread.posts[0]))
    return empty()


def _may_edit(call: Call, post: Post) -> bool:
    """Who moderates there; the author, also in a closed topic, but not in an archived one."""
    more, thread = extras(call.state), call.state.thread(post.thread)
    own = post.author == call.uid and thread.id not in more.archived
    return own or access.rules(call.state, call.uid, thread)


def change_text(call: Call, post: Post, raw: str) -> None:
    """Write a text with the old one kept as a revision."""
    state, own = call.state, call.uid == post.author
    if not is_whisper(state, post) and not (own and extras(state).is_private(post.thread)):
        state_posts.edit(state, call.uid, post, raw)
        return
    if not own and not access.is_staff(state, call.uid):
        raise FORBIDDEN
    now = state.clock.tick()
    post.revisions = (Revision(now, call.uid, post.text, None), *post.revisions)
    post.text, post.edited_at, post.edited_by = raw.rstrip(), now, call.uid
    state.effect(call.uid, "edit", f"post:{post.id}", changed=True)


def _ruled(call: Call) -> Post:
    """The post, for those who moderate where it stands."""
    post = post_of(call)
    if not access.rules(call.state, call.uid, call.state.thread(post.thread)):
        raise FORBIDDEN
    return post
