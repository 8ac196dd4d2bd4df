"""Writing new posts and threads: limits, delays, and what is held (NodeBB 4.15.1, observed: API.md section 6)."""

from bisect import insort

from sync.sandbox.state import items, notices, rights
from sync.sandbox.state.records import Held, Member, Post, Thread
from sync.sandbox.state.refusal import Reason, Refused
from sync.sandbox.state.store import State, slug_of

_MINUTE = 60_000


def reply(state: State, by: int, thread_id: int, text: str, reply_to: int = 0) -> Post | Held:
    """Post a reply, or hold it. There is no guard against repeats: the same text twice makes two posts."""
    thread = state.thread(thread_id)
    state.member(by)
    if is_held(state, by, thread.forum):
        return _hold(state, by, thread.forum, thread.id, "", text, reply_to)
    _check_may_reply(state, by, thread)
    if not rights.is_admin(state, by):
        check_ready(state, by, thread.forum, state.member(by).last_post)
        check_text(state, text)
    post = add_post(state, by, thread, text, state.clock.tick(), reply_to)
    state.effect(by, "reply", f"thread:{thread.id}", post=post.id)
    notices.new_reply(state, thread, post)
    return post


def open_thread(state: State, by: int, forum: int, title: str, text: str, tags: tuple[str, ...] = ()) -> Thread | Held:
    """Open a thread, or hold it."""
    state.member(by)
    if is_held(state, by, forum):
        return _hold(state, by, forum, 0, title, text, 0, tags)
    return _open_now(state, by, forum, title, text, tags)


def accept(state: State, by: int, held: Held) -> Post:
    """Publish a held post under its author and with its original time."""
    if held.thread:
        thread = state.thread(held.thread)
        post = add_post(state, held.author, thread, held.text, held.at, held.reply_to)
    else:
        state.forum(held.forum)
        thread = add_thread(state, held.author, held.forum, held.title, held.text, held.at, held.tags)
        post = state.post(thread.posts[0])
    thread.followers |= {held.author}
    state.effect(by, "accept", f"held:{held.id}", post=post.id, thread=thread.id)
    return post


def is_held(state: State, by: int, forum: int) -> bool:
    """Whether a post by this member waits for approval: newcomers without a post, and low reputation."""
    if not state.settings.hold_newcomers or by not in state.tables.members or rights.is_privileged(state, by):
        return False
    member = state.member(by)
    return forum in state.tables.forums and (member.reputation < 0 or member.posts <= 0)


def check_text(state: State, text: str) -> None:
    """Refuse what is too short or too long, counted without surrounding space."""
    length, settings = len(text.strip()), state.settings
    if length < settings.shortest_post:
        raise Refused(Reason.TOO_SHORT, settings.shortest_post)
    if length > settings.longest_post:
        raise Refused(Reason.TOO_LONG, settings.longest_post)


def check_title(state: State, title: str) -> None:
    """Refuse a title that is too long."""
    if len(title) > state.settings.longest_title:
        raise Refused(Reason.TITLE_TOO_LONG, state.settings.longest_title)


def kept_tags(state: State, tags: tuple[str, ...]) -> tuple[str, ...]:
    """Five at most; of these, what is shorter than 3 is dropped silently and what is longer than 15 is cut."""
    if len(tags) > state.settings.most_tags:
        raise Refused(Reason.TOO_MANY_TAGS, state.settings.most_tags)
    return tuple(dict.fromkeys(tag.strip().lower()[:15] for tag in tags if len(tag.strip()) >= 3))


def check_ready(state: State, by: int, forum: int, last: int) -> None:
    """Refuse the muted and those who wrote a moment ago; moderators of the forum are exempt."""
    if rights.rules(state, by, forum):
        return
    member, now, settings = state.member(by), state.clock.now(), state.settings
    _check_muted(member, now)
    if now - member.joined < settings.initial_delay * 1000:
        raise Refused(Reason.JUST_REGISTERED, settings.initial_delay)
    newcomer = settings.newcomer_reputation > member.reputation
    if newcomer and now - last < settings.newcomer_delay * 1000:
        raise Refused(Reason.NEWCOMER_TOO_SOON, settings.newcomer_delay, settings.newcomer_reputation)
    if now - last < settings.post_delay * 1000:
        raise Refused(Reason.TOO_SOON, settings.post_delay)


def add_post(state: State, by: int, thread: Thread, text: str, at: int, reply_to: int = 0) -> Post:
    """Store a post at its time, trimmed at the right, and keep all counts and lists true."""
    tables, author = state.tables, state.member(by)
    post = Post(state.number("post"), thread.id, by, at, text.rstrip(), reply_to)
    tables.posts[post.id] = post
    insort(thread.posts, post.id, key=lambda ident: (tables.posts[ident].at, ident))
    tables.recent_posts.add(at, post.id)
    tables.forums[thread.forum].posts += 1
    author.posts += 1
    author.last_post = max(author.last_post, at)
    author.last_online = state.clock.now()
    parent = tables.posts.get(reply_to)
    if parent is not None:
        parent.answers = (*parent.answers, post.id)
    touch(state, thread)
    return post


def drop_post(state: State, by: int, post: Post) -> None:
    """Drop the record, its counts and the links to it; resolves its item."""
    items.resolve_about(state, by, post)
    tables = state.tables
    tables.posts.pop(post.id, None)
    tables.recent_posts.discard(post.at, post.id)
    tables.forums[state.thread(post.thread).forum].posts -= 1
    author = tables.members.get(post.author)
    if author is not None:
        author.posts -= 1
    parent = tables.posts.get(post.reply_to)
    if parent is not None:
        parent.answers = tuple(a for a in parent.answers if a != post.id)


def add_thread(
    state: State, by: int, forum_id: int, title: str, text: str, at: int, tags: tuple[str, ...] = ()
) -> Thread:
    """Store a thread with its opening post."""
    forum, ident = state.forum(forum_id), state.number("thread")
    thread = Thread(ident, forum_id, by, title, f"{ident}/{slug_of(title) or 'topic'}", at, at, [], tags=tags)
    state.tables.threads[ident] = thread
    forum.created.add(at, ident)
    forum.recent.add(at, ident)
    state.tables.recent_threads.add(at, ident)
    state.member(by).threads += 1
    add_post(state, by, thread, text, at)
    return thread


def touch(state: State, thread: Thread) -> None:
    """Let the thread's time be that of its newest visible post (API.md section 8: edits and moves leave it alone)."""
    posts = state.tables.posts
    visible = [posts[ident].at for ident in thread.posts if not posts[ident].hidden]
    newest = max(visible, default=thread.at)
    forum = state.tables.forums[thread.forum]
    forum.recent.discard(thread.last_at, thread.id)
    state.tables.recent_threads.discard(thread.last_at, thread.id)
    thread.last_at = newest
    state.tables.recent_threads.add(newest, thread.id)
    if not thread.pinned:
        forum.recent.add(newest, thread.id)


def _open_now(state: State, by: int, forum: int, title: str, text: str, tags: tuple[str, ...]) -> Thread:
    title = title.strip() or text.strip().splitlines()[0][:100]
    if not rights.is_admin(state, by):
        check_title(state, title)
        check_text(state, text)
    tags = kept_tags(state, tags)
    state.forum(forum)
    rights.demand(rights.may(state, by, forum, "topics:create"))
    rights.demand(not tags or rights.may(state, by, forum, "topics:tag"))
    check_ready(state, by, forum, state.member(by).last_post)
    thread = add_thread(state, by, forum, title, text, state.clock.tick(), tags)
    thread.followers |= {by}
    state.effect(by, "thread", f"thread:{thread.id}", forum=forum, post=thread.posts[0])
    return thread


def _check_may_reply(state: State, by: int, thread: Thread) -> None:
    above = rights.rules(state, by, thread.forum)
    if thread.locked and not above:
        raise Refused(Reason.LOCKED)
    if thread.hidden and not above:
        raise Refused(Reason.HIDDEN_THREAD)
    rights.demand(rights.may(state, by, thread.forum, "topics:reply"))


def _check_muted(member: Member, now: int) -> None:
    until = member.muted_until
    if until == 0:
        raise Refused(Reason.MUTED_FOREVER)
    if until is not None and until > now:
        minutes = (until - now) / _MINUTE
        if minutes > 60:
            raise Refused(Reason.MUTED_HOURS, round(minutes / 60))
        raise Refused(Reason.MUTED_MINUTES, round(minutes))


def _hold(
    state: State, by: int, forum: int, thread: int, title: str, text: str, reply_to: int, tags: tuple[str, ...] = ()
) -> Held:
    check_text(state, text)
    check_title(state, title)
    right = "topics:reply" if thread else "topics:create"
    rights.demand(rights.may(state, by, forum, right))
    member = state.member(by)
    check_ready(state, by, forum, member.last_held)
    now = state.clock.tick()
    held = Held(f"{'reply' if thread else 'topic'}-{now}", by, forum, thread, now, title, text, reply_to, tags)
    state.tables.held[held.id] = held
    member.last_held = now
    state.effect(by, "hold", f"held:{held.id}", thread=thread, forum=forum)
    notices.waiting(state, held)
    return held
