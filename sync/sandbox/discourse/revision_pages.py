"""Earlier versions of a post, each as the difference to the one before; the first of them is number 2.

Staff hide single ones, which then only staff see, show them again, and go back to what stood before one.
"""

import html
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from sync.sandbox.discourse import access, markup, people, show_posts
from sync.sandbox.discourse.access import post_of
from sync.sandbox.discourse.answers import Answer, Problem, empty, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.post_changes import change_text
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.show_users import may_edit
from sync.sandbox.discourse.wire import Json, iso
from sync.sandbox.state import rights
from sync.sandbox.state.records import Post, Revision
from sync.sandbox.state.store import State

_NAME = "discourse revisions"
_FIRST = 2


@dataclass(slots=True)
class Hidden:
    """Numbers of hidden revisions by post; they belong to a backup."""

    numbers: dict[int, set[int]] = field(default_factory=dict)


@route("GET", "/posts/#id/revisions/latest", "posts/latest_revision", login=True)
def latest(call: Call) -> Answer:
    """The newest edit of a post that the caller may see."""
    post = post_of(call)
    seen = [number for number in range(_FIRST, _last(post) + 1) if _sees(call, post, number)]
    return ok(_revision(call, post, seen[-1] if seen else 0))


@route("GET", "/posts/#id/revisions/#number", "posts/revisions", login=True)
def one(call: Call) -> Answer:
    """One edit of a post."""
    return ok(_revision(call, post_of(call), call.id_of("number")))


@route("PUT", "/posts/#id/revisions/#number/hide", "posts/hide_revision", login=True)
def hide(call: Call) -> Answer:
    """Hide an edit from everybody but staff: nothing comes back."""
    return _mark(call, hidden=True)


@route("PUT", "/posts/#id/revisions/#number/show", "posts/show_revision", login=True)
def show(call: Call) -> Answer:
    """Show a hidden edit again: nothing comes back."""
    return _mark(call, hidden=False)


@route("PUT", "/posts/#id/revisions/#number/revert", "posts/revert", login=True)
def revert(call: Call) -> Answer:
    """Write what stood before an edit once more, as an edit of its own."""
    access.demand_staff(call)
    post, number = _known(call)
    before = post.revisions[_last(post) - number].text
    if before == post.text:
        raise Problem(422, "revert_version_same")
    change_text(call, post, before)
    return ok(show_posts.created(call.state, call.uid, post))


def hidden_of(state: State, post: Post) -> set[int]:
    """Numbers of the hidden edits of a post."""
    found = state.tables.faces.get(_NAME)
    if not isinstance(found, Hidden):
        found = state.tables.faces[_NAME] = Hidden()
    return found.numbers.setdefault(post.id, set())


def _mark(call: Call, *, hidden: bool) -> Answer:
    access.demand_staff(call)
    post, number = _known(call)
    marked = hidden_of(call.state, post)
    marked.add(number) if hidden else marked.discard(number)
    call.state.effect(call.uid, "hide_revision" if hidden else "show_revision", f"post:{post.id}", number=number)
    return empty()


def _known(call: Call) -> tuple[Post, int]:
    post, number = post_of(call), call.id_of("number")
    if not _FIRST <= number <= _last(post):
        raise Problem(404, "not_found", "not_found")
    return post, number


def _last(post: Post) -> int:
    return 1 + len(post.revisions)


def _sees(call: Call, post: Post, number: int) -> bool:
    return number not in hidden_of(call.state, post) or access.is_staff(call.state, call.uid)


def _revision(call: Call, post: Post, number: int) -> Json:
    last = _last(post)
    if not _FIRST <= number <= last or not _sees(call, post, number):
        raise Problem(404, "not_found", "not_found")
    made: Revision = post.revisions[last - number]
    new = post.text if number == last else post.revisions[last - number - 1].text
    who = people.basic(call.state, made.by)
    author = call.state.tables.members.get(post.author)
    own = author is not None and may_edit(call.state, call.uid, author)
    hidden = hidden_of(call.state, post)
    return {
        "created_at": iso(made.at),
        "post_id": post.id,
        "previous_hidden": number - 1 in hidden,
        "current_hidden": number in hidden,
        "first_revision": _FIRST,
        "previous_revision": number - 1 if number > _FIRST else None,
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
