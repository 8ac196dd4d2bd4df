"""Posts that wait for approval (NodeBB 4.15.1, observed: API.md section 3)."""

from sync.sandbox.state import notices, posting, rights
from sync.sandbox.state.records import Held, Post
from sync.sandbox.state.refusal import Reason, Refused
from sync.sandbox.state.store import State


def visible(state: State, by: int) -> list[Held]:
    """Oldest first: all for those above, for anybody else only the own ones.

    A moderator of single forums gets an empty list, although accepting by id works for them: observed for every one.
    """
    above = rights.is_above(state, by)
    return [held for held in state.tables.held.values() if above or held.author == by]


def may_decide(state: State, by: int, held: Held, own_counts: bool) -> bool:
    """Moderators of the forum and above; the author may edit or take back an own post."""
    return rights.rules(state, by, held.forum) or (own_counts and held.author == by)


def accept(state: State, by: int, ident: str) -> Post:
    """Publish; refuses NO_POST when somebody was faster."""
    held = _waiting(state, ident)
    rights.demand(may_decide(state, by, held, own_counts=False))
    post = posting.accept(state, by, held)
    _gone(state, held)
    if held.author != by:
        notices.to_author(state, held.author, "post-queue-accepted", "", f"/post/{post.id}")
    return post


def reject(state: State, by: int, ident: str, message: str) -> None:
    """Throw away, with a word to the author."""
    held = _waiting(state, ident)
    rights.demand(may_decide(state, by, held, own_counts=True))
    _gone(state, held)
    state.effect(by, "reject", f"held:{held.id}", message=message)
    if held.author != by:
        kind = "post-queue-rejected-for-reason" if message else "post-queue-rejected"
        notices.to_author(state, held.author, kind, message, "/")


def edit(state: State, by: int, ident: str, text: str | None, title: str | None, forum: int | None) -> Held:
    """Change text, title or forum before it is decided."""
    held = _waiting(state, ident)
    rights.demand(may_decide(state, by, held, own_counts=True))
    if forum is not None:
        state.forum(forum)
        rights.demand(rights.rules(state, by, forum))
    held.text = held.text if text is None else text
    held.title = held.title if title is None else title
    held.forum = held.forum if forum is None else forum
    state.effect(by, "edit_held", f"held:{held.id}")
    return held


def tell(state: State, by: int, ident: str, message: str) -> None:
    """Send the author a word about the held post."""
    held = _waiting(state, ident)
    rights.demand(may_decide(state, by, held, own_counts=False))
    notices.to_author(state, held.author, "post-queue-notify", message, f"/post-queue/{held.id}")
    state.effect(by, "tell", f"held:{held.id}", message=message)


def _waiting(state: State, ident: str) -> Held:
    held = state.tables.held.get(ident)
    if held is None:
        raise Refused(Reason.NO_POST)
    return held


def _gone(state: State, held: Held) -> None:
    state.tables.held.pop(held.id, None)
    notices.waited(state, held)
