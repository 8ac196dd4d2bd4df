"""Posts as NodeBB 4.15.1 describes them (recordings). The same field differs in type from place to place: `toPid` is
text in a topic and a number in an answer to a reply, `deleted` is 0 or 1 here and a boolean there.
"""

from sync.sandbox.nodebb import markup, show_forums, show_members, show_threads
from sync.sandbox.nodebb.wire import Json, iso
from sync.sandbox.state import rights
from sync.sandbox.state.records import Post, Thread
from sync.sandbox.state.store import State

HIDDEN = "[[topic:post-is-deleted]]"


def raw(state: State, post: Post, viewer: int) -> Json:
    """`GET /api/v3/posts/:pid`: unrendered text."""
    shown = {
        "pid": post.id,
        "uid": post.author,
        "tid": post.thread,
        "content": post.text,
        "timestamp": post.at,
        **({"toPid": str(post.reply_to)} if post.reply_to else {}),
        **({"editor": str(post.edited_by)} if post.edited_at else {}),
        "edited": post.edited_at,
        "deleted": int(post.hidden),
        "upvotes": post.up,
        "downvotes": post.down,
        "deleterUid": post.hidden_by,
        "replies": len(post.answers),
        "bookmarks": 0,
        "announces": 0,
        "flagId": post.item,
        "votes": post.up - post.down,
        "timestampISO": iso(post.at),
        "editedISO": iso(post.edited_at),
        "attachments": [],
        "uploads": _uploads(post),
        "upvoted": False,
        "downvoted": False,
    }
    if post.hidden and not rights.sees_hidden_post(state, viewer, post):
        shown |= {"content": HIDDEN, "txContent": True}
    return shown


def rendered(state: State, post: Post) -> Json:
    """A post with rendered text and its author, as the target of a flag."""
    editor = show_members.brief(state, post.edited_by) if post.edited_at else None
    return {
        "pid": post.id,
        "uid": post.author,
        "tid": post.thread,
        "content": markup.render(post.text),
        "timestamp": post.at,
        "flagId": post.item,
        **({"toPid": str(post.reply_to)} if post.reply_to else {}),
        "deleted": int(post.hidden),
        "upvotes": post.up,
        "downvotes": post.down,
        "deleterUid": post.hidden_by,
        "edited": post.edited_at,
        "replies": _replies(state, post),
        "bookmarks": 0,
        "announces": 0,
        "votes": post.up - post.down,
        "timestampISO": iso(post.at),
        "editedISO": iso(post.edited_at),
        "attachments": [],
        "uploads": _uploads(post),
        "user": show_members.post_author(state, post.author),
        "editor": editor,
        "bookmarked": False,
        "upvoted": False,
        "downvoted": False,
        "selfPost": False,
    }


def in_topic(state: State, post: Post, thread: Thread, viewer: int, index: int) -> Json:
    """A post on the topic's page; `index` is the place on the page as sorted, not in the thread."""
    rules = rights.rules(state, viewer, thread.forum)
    own = viewer > 0 and viewer == post.author
    first = post.id == thread.posts[0]
    shown = rendered(state, post) | {
        "index": index,
        "selfPost": own,
        "events": [],
        "topicOwnerPost": post.author == thread.author,
        "display_edit_tools": rules or (own and not thread.locked),
        "display_delete_tools": rules or (own and not thread.locked),
        "display_moderator_tools": rules,
        "display_move_tools": rules and not first,
        "display_post_menu": viewer > 0,
    }
    return hide_text(state, shown | _with_parent(state, post, viewer), post, viewer)


def with_parent(state: State, post: Post, viewer: int) -> Json:
    """A rendered post with the one it answers."""
    return rendered(state, post) | _with_parent(state, post, viewer)


def summary(state: State, post: Post, viewer: int, base_url: str) -> Json:
    """A post on its own with topic and category: recent posts, searches, edits."""
    thread = state.tables.threads[post.thread]
    shown = {
        "pid": post.id,
        "tid": post.thread,
        "toPid": post.reply_to or None,
        "url": f"{base_url}/post/{post.id}",
        "content": markup.render(post.text),
        "sourceContent": None,
        "uid": post.author,
        "timestamp": post.at,
        "deleted": post.hidden,
        "upvotes": post.up,
        "downvotes": post.down,
        "replies": len(post.answers),
        "votes": post.up - post.down,
        "timestampISO": iso(post.at),
        "user": show_members.with_status(state, post.author),
        "topic": show_threads.of_post(state, thread),
        "category": show_forums.of_post(state.tables.forums[thread.forum]),
        "isMainPost": thread.posts[0] == post.id,
    }
    return hide_text(state, shown, post, viewer)


def just_posted(state: State, post: Post, viewer: int, base_url: str) -> Json:
    """The answer to a reply or to a new topic's opening post."""
    shown = summary(state, post, viewer, base_url) | {
        "attachments": [],
        "user": show_members.post_author(state, post.author),
        "index": len(state.thread(post.thread).posts) - 1,
        "bookmarked": False,
        "display_edit_tools": True,
        "display_delete_tools": True,
        "display_moderator_tools": True,
        "display_move_tools": True,
        "selfPost": False,
    }
    return shown | _with_parent(state, post, viewer)


def edited(state: State, post: Post, viewer: int, base_url: str, before: str, sent: str, renamed: bool) -> Json:
    """The answer to an edit."""
    shown = summary(state, post, viewer, base_url)
    main = shown["isMainPost"]
    shown["topic"] |= {"isMainPost": main, "renamed": renamed, "tagsupdated": False}
    return shown | {
        "edited": post.edited_at,
        "editedISO": iso(post.edited_at),
        "deleterUid": post.hidden_by,
        "bookmarks": 0,
        "announces": 0,
        "flagId": post.item,
        "attachments": [],
        "uploads": _uploads(post),
        "editor": post.edited_by,
        "cid": shown["topic"]["cid"],
        "changed": before != post.text,
        "oldContent": before,
        "newContent": sent,
    }


def hide_text(state: State, shown: Json, post: Post, viewer: int) -> Json:
    """Put the placeholder in where the viewer may not read a hidden post."""
    if post.hidden and not rights.sees_hidden_post(state, viewer, post):
        shown["content"] = HIDDEN
    return shown


def _with_parent(state: State, post: Post, viewer: int) -> Json:
    parent = state.tables.posts.get(post.reply_to)
    return {"parent": _parent(state, parent, viewer)} if parent else {}


def _parent(state: State, post: Post, viewer: int) -> Json:
    shown = {
        "uid": post.author,
        "pid": post.id,
        "content": markup.render(post.text),
        "user": show_members.brief(state, post.author),
        "timestamp": post.at,
        "timestampISO": iso(post.at),
    }
    return hide_text(state, shown, post, viewer)


def _replies(state: State, post: Post) -> Json:
    answers = [state.tables.posts[i] for i in post.answers if i in state.tables.posts]
    authors = list(dict.fromkeys(answer.author for answer in answers))
    text = f"[[topic:replies-to-this-post, {len(answers)}]]" if len(answers) > 1 else "[[topic:one-reply-to-this-post]]"
    shown = {
        "hasMore": len(authors) > 6,
        "hasSingleImmediateReply": False,
        "users": [show_members.brief(state, author) for author in authors[:6]],
        "text": text,
        "count": len(answers),
    }
    return shown | ({"timestampISO": iso(answers[0].at)} if answers else {})


def _uploads(post: Post) -> list[Json]:
    return [{"name": name.rsplit("/", 1)[-1], "path": name} for name in post.uploads]
