"""Moving posts into other topics or messages, and giving them to another author (API.md section 3)."""

from sync.sandbox.discourse import access, extras
from sync.sandbox.discourse.access import thread_of
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, error, ok, success
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import REGULAR, WHISPER, Kind, Readers
from sync.sandbox.discourse.identity import by_username
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.show_posts import slug
from sync.sandbox.discourse.stream import kind_of
from sync.sandbox.discourse.wire import number
from sync.sandbox.state import posting, posts, rights, threads
from sync.sandbox.state.records import Post, Thread


@route("POST", "/t/#id/move-posts", "topics/move_posts", login=True)
def move(call: Call) -> Answer:
    """Posts of a topic into a new topic or message, or into one that exists. The first post is copied and stays."""
    source, chosen = _ruled(call), _chosen(call)
    if call.get("title") is None and not call.whole("destination_topic_id"):
        return error(call, 400, "missing_parameter", "", "title")
    if not chosen or kind_of(call.state, chosen[0]).type != REGULAR or any(p.thread != source.id for p in chosen):
        raise Problem(422, "cannot_move")
    everything = set(source.posts) <= {post.id for post in chosen}
    target = _into(call, chosen) if call.whole("destination_topic_id") else _into_new(call, source, chosen)
    _leave_word(call, source, target, len(chosen))
    if everything and not source.locked:
        threads.set_locked(call.state, call.uid, source, True)
    return ok({"success": True, "url": f"/t/{slug(target)}/{target.id}"})


@route("POST", "/t/#id/merge-topic", "topics/merge_topic", login=True)
def merge(call: Call) -> Answer:
    """All posts of a topic into another one."""
    source = _ruled(call)
    target = _destination(call)
    for ident in source.posts[1:]:
        posts.move(call.state, call.uid, call.state.post(ident), target)
    _copy(call, call.state.post(source.posts[0]), target)
    _leave_word(call, source, target, 1)
    threads.set_locked(call.state, call.uid, source, True)
    return ok({"success": True, "url": f"/t/{slug(target)}/{target.id}"})


@route("POST", "/t/#id/change-owner", "topics/change_post_owners", login=True)
def change_owner(call: Call) -> Answer:
    """Another author for posts; administrators only."""
    thread_of(call)
    if not rights.is_admin(call.state, call.uid):
        raise FORBIDDEN
    member = by_username(call, call.text("username"))
    if member is None:
        raise Problem(404, "not_found", "not_found")
    posts.give(call.state, call.uid, [post.id for post in _chosen(call)], member.id)
    return success()


def _ruled(call: Call) -> Thread:
    thread = thread_of(call)
    if not access.rules(call.state, call.uid, thread):
        raise FORBIDDEN
    return thread


def _chosen(call: Call) -> list[Post]:
    idents = sorted(number(ident) for ident in call.several("post_ids"))
    found = [access.find_post(call.state, ident) for ident in idents]
    return [post for post in found if post is not None and post.id in call.state.tables.posts]


def _destination(call: Call) -> Thread:
    thread = call.state.tables.threads.get(call.whole("destination_topic_id"))
    if thread is None or not access.sees_thread(call.state, call.uid, thread):
        raise Problem(404, "not_found", "not_found")
    return thread


def _into(call: Call, chosen: list[Post]) -> Thread:
    """Into a topic that exists; into a message whoever is named as participant comes along."""
    target = _destination(call)
    for post in chosen:
        if call.state.thread(post.thread).posts[0] == post.id:
            _copy(call, post, target)
        else:
            posts.move(call.state, call.uid, post, target)
    readers = extras.extras(call.state).readers.get(target.id)
    named = [by_username(call, str(name)) for name in call.several("participants")] if readers else []
    if readers is not None:
        inside = (*readers.users, *(post.author for post in chosen), *(one.id for one in named if one is not None))
        readers.users = list(dict.fromkeys(inside))
    return target


def _into_new(call: Call, source: Thread, chosen: list[Post]) -> Thread:
    """The owner is the author of the first moved post. A new message lets in the authors and nobody else."""
    state, private = call.state, call.text("archetype") == "private_message"
    title = call.text("title").strip()
    forum = extras.private_forum(state) if private else call.whole("category_id") or source.forum
    if chosen[0].id == source.posts[0]:
        first, *rest = chosen
        target = posting.add_thread(state, first.author, forum, title, first.text, state.clock.tick())
        state.effect(call.uid, "copy_post", f"post:{first.id}", thread=target.id)
        for post in rest:
            posts.move(state, call.uid, post, target)
    else:
        target = threads.split(state, call.uid, chosen, forum, title)
    if private:
        inside = list(dict.fromkeys(post.author for post in chosen))
        extras.extras(state).readers[target.id] = Readers(inside)
        target.followers |= frozenset(inside)
    return target


def _copy(call: Call, post: Post, target: Thread) -> None:
    """The first post cannot leave its topic: its text appears a second time."""
    posting.add_post(call.state, post.author, target, post.text, call.state.clock.tick())
    call.state.effect(call.uid, "copy_post", f"post:{post.id}", thread=target.id)


def _leave_word(call: Call, source: Thread, target: Thread, count: int) -> None:
    """What remains is a whisper: the public sees a gap."""
    words = f"{count} → [{target.title}](/t/{slug(target)}/{target.id})"
    extras.add_post(call.state, source.id, call.uid, words, Kind(WHISPER, "split_topic"))
