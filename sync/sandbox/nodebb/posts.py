"""Posts on the write API (NodeBB 4.15.1, observed: API.md sections 4 and 12)."""

from sync.sandbox.nodebb import markup, show_posts
from sync.sandbox.nodebb.answers import Answer, error, language, ok
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.texts import text
from sync.sandbox.nodebb.wire import Json, number
from sync.sandbox.state import posts, rights
from sync.sandbox.state.records import Post
from sync.sandbox.state.refusal import Reason, Refused


@route("GET", "/api/v3/posts/:pid")
def get(call: Call) -> Answer:
    """One post with its unrendered text."""
    post = _readable(call)
    return ok(show_posts.raw(call.state, post, call.uid)) if post else _gone(call)


@route("GET", "/api/v3/posts/:pid/raw")
def raw(call: Call) -> Answer:
    """The text alone. Of a hidden post only moderators get it, not even the author."""
    post = _readable(call)
    if post is None or (post.hidden and not rights.rules(call.state, call.uid, call.state.forum_of_post(post))):
        return _gone(call)
    return ok({"content": post.text})


@route("GET", "/api/v3/posts/:pid/summary")
def summary(call: Call) -> Answer:
    """One post with topic and category."""
    post = _readable(call)
    return ok(show_posts.summary(call.state, post, call.uid, call.base_url)) if post else _gone(call)


@route("GET", "/api/v3/posts/:pid/index")
def index(call: Call) -> Answer:
    """Its place in the topic, from 0."""
    post = _readable(call)
    return ok({"index": call.state.thread(post.thread).posts.index(post.id)}) if post else _gone(call)


@route("GET", "/api/v3/posts/:pid/replies")
def replies(call: Call) -> Answer:
    """Direct answers to the post."""
    post = _readable(call)
    if post is None:
        return _gone(call)
    known = call.state.tables.posts
    answers = [known[ident] for ident in post.answers if ident in known]
    shown = [show_posts.with_parent(call.state, answer, call.uid) for answer in answers]
    return ok(
        {"replies": [show_posts.hide_text(call.state, s, a, call.uid) for s, a in zip(shown, answers, strict=True)]}
    )


@route("GET", "/api/v3/posts/:pid/diffs")
def revisions(call: Call) -> Answer:
    """The times of earlier versions; any member may look, guests may not."""
    return ok(_revisions(call, _with_history(call)))


@route("GET", "/api/v3/posts/:pid/diffs/:since")
def revision(call: Call) -> Answer:
    """The post as it stood then: what was edited away is readable here."""
    post, since = _with_history(call), call.id_of("since")
    if not since:
        raise Refused(Reason.INVALID)
    shown = show_posts.summary(call.state, post, call.uid, call.base_url)
    return ok(shown | {"content": markup.render(posts.text_at(post, since))})


@route("DELETE", "/api/v3/posts/:pid/diffs/:timestamp", login=True)
def drop_revision(call: Call) -> Answer:
    """A moderator deletes an earlier version."""
    post = call.post()
    posts.drop_revision(call.state, call.uid, post, call.id_of("timestamp"))
    return ok(_revisions(call, post))


@route("PUT", "/api/v3/posts/:pid", login=True)
def edit(call: Call) -> Answer:
    """Replace the text, and the title with an opening post; a stale edit overwrites."""
    call.required("content")
    post = call.state.post(call.id_of("pid"))
    thread, before = call.state.thread(post.thread), post.text
    title, sent = thread.title, str(call.fields.get("content") or "")
    if not sent:
        raise Refused(Reason.INVALID)
    posts.edit(call.state, call.uid, post, sent, str(call.fields.get("title") or "") or None)
    renamed = thread.title != title
    return ok(show_posts.edited(call.state, post, call.uid, call.base_url, before, sent, renamed))


@route("DELETE", "/api/v3/posts/:pid/state", login=True)
def delete(call: Call) -> Answer:
    """Hide."""
    posts.hide(call.state, call.uid, call.post())
    return ok()


@route("PUT", "/api/v3/posts/:pid/state", login=True)
def restore(call: Call) -> Answer:
    """Show again."""
    posts.restore(call.state, call.uid, call.post())
    return ok()


@route("DELETE", "/api/v3/posts/:pid", login=True)
def purge(call: Call) -> Answer:
    """Remove for good."""
    posts.purge(call.state, call.uid, call.post())
    return ok()


@route("PUT", "/api/v3/posts/:pid/move", login=True)
def move(call: Call) -> Answer:
    """Move into another topic."""
    post = call.post()
    call.required("tid")
    target = call.state.tables.threads.get(number(call.fields["tid"]))
    if target is None:
        raise Refused(Reason.NOT_ALLOWED)
    posts.move(call.state, call.uid, post, target)
    return ok()


@route("PUT", "/api/v3/posts/:pid/owner", login=True)
def give(call: Call) -> Answer:
    """Change the author of one post."""
    post = call.post()
    call.required("uid")
    posts.give(call.state, call.uid, [post.id], number(call.fields["uid"]))
    return ok()


@route("POST", "/api/v3/posts/owner", login=True)
def give_many(call: Call) -> Answer:
    """Change the author of several posts."""
    call.required("pids", "uid")
    idents = call.fields["pids"]
    if not isinstance(idents, list):
        raise Refused(Reason.INVALID)
    posts.give(call.state, call.uid, [number(ident) for ident in idents], number(call.fields["uid"]))
    return ok()


@route("PUT", "/api/v3/posts/:pid/vote", login=True)
def vote(call: Call) -> Answer:
    """Vote up or down; votes are counted, not remembered by member."""
    post = call.post()
    call.required("delta")
    rights.demand(rights.may(call.state, call.uid, call.state.forum_of_post(post), "posts:upvote"))
    if number(call.fields["delta"]) > 0:
        post.up += 1
    else:
        post.down += 1
    call.state.effect(call.uid, "vote", f"post:{post.id}")
    return ok()


def _readable(call: Call) -> Post | None:
    post = call.state.tables.posts.get(call.id_of("pid"))
    if post is None or not rights.readable(call.state, call.uid, call.state.thread(post.thread)):
        return None
    return post


def _with_history(call: Call) -> Post:
    """The post, where its earlier versions may be read: by members, by its author even while it is hidden."""
    post, state = call.post(), call.state
    own = call.uid > 0 and call.uid == post.author
    forum = state.forum_of_post(post)
    rights.demand(own or rights.may(state, call.uid, forum, "posts:history"))
    rights.demand(rights.readable(state, call.uid, state.thread(post.thread)))
    rights.demand(own or not post.hidden or rights.may(state, call.uid, forum, "posts:view_deleted"))
    return post


def _revisions(call: Call, post: Post) -> Json:
    state = call.state
    # An editor's id is text, the author's a number.
    authors: list[tuple[int, int, str | int]] = [(r.at, r.by, str(r.by)) for r in post.revisions]
    authors.append((post.at, post.author, post.author))
    rules = rights.rules(state, call.uid, state.forum_of_post(post))
    return {
        "uid": call.uid,
        "pid": str(post.id),
        "timestamps": [str(at) for at, _, _ in authors],
        "revisions": [
            {"timestamp": str(at), "username": state.member(by).name, "uid": shown} for at, by, shown in authors
        ],
        "deletable": rules,
        "editable": rules or call.uid == post.author,
    }


def _gone(call: Call) -> Answer:
    return error(404, text("no-post", language(call)))
