"""Earlier versions of a post, each as the difference to the one before; the first of them is number 2."""

import html
from difflib import SequenceMatcher

from sync.sandbox.discourse import markup, people
from sync.sandbox.discourse.access import post_of
from sync.sandbox.discourse.answers import Answer, Problem, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.show_users import may_edit
from sync.sandbox.discourse.wire import Json, iso
from sync.sandbox.state import rights
from sync.sandbox.state.records import Post, Revision


@route("GET", "/posts/#id/revisions/latest", "posts/latest_revision", login=True)
def latest(call: Call) -> Answer:
    """The newest edit of a post."""
    post = post_of(call)
    return ok(_revision(call, post, 1 + len(post.revisions)))


@route("GET", "/posts/#id/revisions/#number", "posts/revisions", login=True)
def one(call: Call) -> Answer:
    """One edit of a post."""
    return ok(_revision(call, post_of(call), call.id_of("number")))


def _revision(call: Call, post: Post, number: int) -> Json:
    last = 1 + len(post.revisions)
    if not 2 <= number <= last:
        raise Problem(404, "not_found", "not_found")
    made: Revision = post.revisions[last - number]
    new = post.text if number == last else post.revisions[last - number - 1].text
    who = people.basic(call.state, made.by)
    author = call.state.tables.members.get(post.author)
    own = author is not None and may_edit(call.state, call.uid, author)
    return {
        "created_at": iso(made.at),
        "post_id": post.id,
        "previous_hidden": False,
        "current_hidden": False,
        "first_revision": 2,
        "previous_revision": number - 1 if number > 2 else None,
        "current_revision": number,
        "next_revision": number + 1 if number < last else None,
        "last_revision": last,
        "current_version": number,
        "version_count": last,
        "username": who["username"],
        "display_username": who["username"],
        "acting_user_name": who["name"],
        "avatar_template": who["avatar_template"],
        "edit_reason": None,
        "body_changes": _changes(made.text, new),
        "title_changes": _title(call, post, made),
        "user_changes": None,
        "wiki": False,
        "can_edit": own or rights.rules(call.state, call.uid, call.state.forum_of_post(post)),
    }


def _changes(old: str, new: str) -> Json:
    """The difference three ways; texts of members, so everything is escaped."""
    sides = f"<div>{markup.render(old)}</div><div>{markup.render(new)}</div>"
    table = f"<table><tr><td>{html.escape(old)}</td><td>{html.escape(new)}</td></tr></table>"
    inline = f'<div class="inline-diff"><p>{_marked(old.split(" "), new.split(" "))}</p></div>'
    return {"inline": inline, "side_by_side": sides, "side_by_side_markdown": table}


def _marked(old: list[str], new: list[str]) -> str:
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = html.escape(" ".join(old[a:b])), html.escape(" ".join(new[c:d]))
        if kind == "equal":
            found.append(come)
            continue
        found += [f"<del>{gone}</del>"] if gone else []
        found += [f"<ins>{come}</ins>"] if come else []
    return " ".join(found)


def _title(call: Call, post: Post, made: Revision) -> Json | None:
    if made.title is None:
        return None
    new = html.escape(call.state.thread(post.thread).title)
    return {"inline": f"<div><del>{html.escape(made.title)}</del><ins>{new}</ins></div>"}
