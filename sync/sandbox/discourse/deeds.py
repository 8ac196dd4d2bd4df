"""What a decision does to posts and members; each change is one of the common state, so that every face shows it."""

from sync.sandbox.discourse.extras import extras
from sync.sandbox.state import items, members, posting, posts, rights, threads
from sync.sandbox.state.records import DISMISSED, Item, Post
from sync.sandbox.state.store import State


def delete(state: State, by: int, post: Post) -> None:
    """Delete a post softly; with the first one goes the topic. The report about it is not touched."""
    more = extras(state)
    if post.id in more.veiled:
        unveil(state, by, post)
    if post.hidden:
        return
    more.deleted_at[post.id] = state.clock.now()
    thread = state.thread(post.thread)
    posts.hide(state, by, post, settle=False)
    if thread.posts[0] == post.id and not thread.hidden:
        threads.hide(state, by, thread, settle=False)


def delete_answers(state: State, by: int, post: Post) -> None:
    """Delete the direct answers to a post."""
    for ident in post.answers:
        answer = state.tables.posts.get(ident)
        if answer is not None:
            delete(state, by, answer)


def recover(state: State, by: int, post: Post) -> None:
    """Undo `delete`."""
    thread = state.thread(post.thread)
    if post.hidden:
        posts.restore(state, by, post)
    if thread.posts[0] == post.id and thread.hidden:
        threads.restore(state, by, thread)
    extras(state).deleted_at.pop(post.id, None)


def veil(state: State, by: int, post: Post) -> None:
    """Hide the text from everybody but staff; the other face shows it as deleted."""
    if post.hidden:
        return
    post.hidden, post.hidden_by = True, by
    extras(state).veiled.add(post.id)
    posting.touch(state, state.thread(post.thread))
    state.effect(by, "hide", f"post:{post.id}")


def unveil(state: State, by: int, post: Post) -> None:
    """Undo `veil`."""
    if post.id not in extras(state).veiled:
        return
    extras(state).veiled.discard(post.id)
    post.hidden, post.hidden_by = False, 0
    posting.touch(state, state.thread(post.thread))
    state.effect(by, "restore", f"post:{post.id}")


def show_again(state: State, by: int, post: Post) -> None:
    """Undo whichever of the two it was."""
    unveil(state, by, post)
    if post.hidden:
        recover(state, by, post)


def unsilence(state: State, by: int, uid: int) -> None:
    """Whoever was wrongly reported may write again; moderators of categories cannot give that back."""
    member = state.tables.members.get(uid)
    if member is not None and member.muted_until is not None and rights.is_above(state, by):
        members.unmute(state, by, uid, "", by_moderators=True)


def settle(state: State, by: int, item: Item, new: str, ignored: bool = False) -> None:
    """Decide a report. To ignore it is a dismissal that says nothing about who was right."""
    items.change(state, by, item, new, None)
    if new == DISMISSED and ignored:
        extras(state).ignored[item.id] = item.entered


def delete_member(state: State, by: int, target: int) -> None:
    """Take away an account with all its posts; here it is shut out for good."""
    rights.demand(rights.is_above(state, by) and not rights.is_privileged(state, target))
    for post in [one for one in state.tables.posts.values() if one.author == target and not one.hidden]:
        delete(state, by, post)
    members.ban(state, by, target, 0, "deleted")
    state.effect(by, "delete_member", f"member:{target}")
