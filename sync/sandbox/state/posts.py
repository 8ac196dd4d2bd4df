"""Acting on a post that exists (NodeBB 4.15.1, observed: API.md sections 4 and 12)."""

from sync.sandbox.state import items, posting, rights, threads
from sync.sandbox.state.records import Post, Revision, Thread
from sync.sandbox.state.refusal import Reason, Refused
from sync.sandbox.state.store import State


def edit(state: State, by: int, post: Post, text: str, title: str | None = None) -> bool:
    """Replace the text, keeping the earlier one as a revision. Nobody compares versions. True if anything changed."""
    rights.demand(by > 0)
    posting.check_text(state, text)
    thread = state.thread(post.thread)
    _check_open(state, by, post)
    rights.demand(may_edit(state, by, post))
    renamed = bool(title) and post.id == thread.posts[0] and title != thread.title
    now, text = state.clock.tick(), text.rstrip()
    changed = text != post.text
    if changed or renamed:
        post.revisions = (Revision(now, by, post.text, thread.title if renamed else None), *post.revisions)
    post.text, post.edited_at, post.edited_by = text, now, by
    if renamed and title:
        posting.check_title(state, title)
        threads.rename(thread, title)
    state.effect(by, "edit", f"post:{post.id}", changed=changed)
    return changed


def may_edit(state: State, by: int, post: Post) -> bool:
    """Its author, and moderators."""
    forum = state.forum_of_post(post)
    own = by == post.author and rights.may(state, by, forum, "posts:edit")
    return own or rights.rules(state, by, forum)


def hide(state: State, by: int, post: Post, settle: bool = True) -> None:
    """Delete softly; resolves the item about it under the same name. A lone opening post takes its thread along.

    Without `settle` items are left to whoever decides them otherwise.
    """
    _demand_delete(state, by, post)
    if post.hidden:
        raise Refused(Reason.ALREADY_HIDDEN)
    thread = state.thread(post.thread)
    post.hidden, post.hidden_by = True, by
    state.effect(by, "hide", f"post:{post.id}")
    if settle:
        items.resolve_about(state, by, post)
    if _is_lone(thread, post):
        threads.hide(state, by, thread, settle)
    else:
        posting.touch(state, thread)


def restore(state: State, by: int, post: Post) -> None:
    """Undo `hide`; the item stays resolved."""
    _demand_delete(state, by, post)
    if not post.hidden:
        raise Refused(Reason.ALREADY_RESTORED)
    thread = state.thread(post.thread)
    post.hidden, post.hidden_by = False, 0
    state.effect(by, "restore", f"post:{post.id}")
    if _is_lone(thread, post) and thread.hidden:
        threads.restore(state, by, thread)
    else:
        posting.touch(state, thread)


def purge(state: State, by: int, post: Post) -> None:
    """Remove for good. The item about it stays, resolved, with nothing to look at."""
    thread = state.thread(post.thread)
    first = post.id == thread.posts[0]
    if first and len(thread.posts) > 1:
        raise Refused(Reason.PURGE_OPENING_POST)
    rights.demand(may_purge(state, by, post))
    posting.drop_post(state, by, post)
    thread.posts.remove(post.id)
    state.effect(by, "purge", f"post:{post.id}")
    if first:
        threads.forget(state, thread)
    else:
        posting.touch(state, thread)


def may_purge(state: State, by: int, post: Post) -> bool:
    """Moderators of the forum and administrators; the author may not."""
    forum = state.forum_of_post(post)
    return rights.is_admin(state, by) or (rights.moderates(state, by, forum) and rights.may(state, by, forum, "purge"))


def move(state: State, by: int, post: Post, to: Thread) -> None:
    """Move a reply into another thread; needs both."""
    source = state.thread(post.thread)
    rights.demand(rights.rules(state, by, to.forum) and rights.rules(state, by, source.forum))
    if post.id == source.posts[0]:
        raise Refused(Reason.OPENING_POST)
    if source.id == to.id:
        raise Refused(Reason.SAME_THREAD)
    source.posts.remove(post.id)
    state.tables.forums[source.forum].posts -= 1
    state.tables.forums[to.forum].posts += 1
    post.thread = to.id
    to.posts.append(post.id)
    to.posts[1:] = sorted(to.posts[1:], key=lambda ident: (state.tables.posts[ident].at, ident))
    posting.touch(state, source)
    posting.touch(state, to)
    state.effect(by, "move_post", f"post:{post.id}", thread=to.id)


def give(state: State, by: int, idents: list[int], to: int) -> None:
    """Change the author of posts; global moderators and administrators."""
    rights.demand(rights.is_above(state, by))
    new = state.member(to)
    for post in [state.post(ident) for ident in idents]:
        state.member(post.author).posts -= 1
        new.posts += 1
        post.author = to
        thread = state.thread(post.thread)
        if thread.posts[0] == post.id:
            thread.author = to
        state.effect(by, "give", f"post:{post.id}", member=to)


def text_at(post: Post, since: int) -> str:
    """The text as it stood at `since`: later edits are taken back."""
    text = post.text
    for revision in post.revisions:
        if revision.at > since:
            text = revision.text
    return text


def drop_revision(state: State, by: int, post: Post, at: int) -> None:
    """Delete a revision; only moderators, and not the newest one."""
    rights.demand(rights.rules(state, by, state.forum_of_post(post)))
    revisions = post.revisions
    if at == post.at and revisions:
        kept = revisions[:-1]
    elif at in {r.at for r in revisions[1:]}:
        kept = tuple(r for r in revisions if r.at != at)
    else:
        raise Refused(Reason.INVALID)
    post.revisions = kept
    state.effect(by, "drop_revision", f"post:{post.id}", at=at)


def _demand_delete(state: State, by: int, post: Post) -> None:
    thread = state.thread(post.thread)
    if thread.locked and not rights.rules(state, by, thread.forum):
        raise Refused(Reason.LOCKED)
    own = by == post.author and rights.may(state, by, thread.forum, "posts:delete")
    own = own and post.hidden_by in (0, by)
    rights.demand(own or rights.rules(state, by, thread.forum))


def _check_open(state: State, by: int, post: Post) -> None:
    """In a locked thread, or once somebody else has hidden the post, only moderators edit."""
    thread = state.thread(post.thread)
    if rights.rules(state, by, thread.forum):
        return
    if thread.locked:
        raise Refused(Reason.LOCKED)
    if post.hidden and post.hidden_by != by:
        raise Refused(Reason.HIDDEN_TARGET)


def _is_lone(thread: Thread, post: Post) -> bool:
    return thread.posts == [post.id]
