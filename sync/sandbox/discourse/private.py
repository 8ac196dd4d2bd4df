"""Personal messages: beginning one, making one of a topic and the way back, and who is in it (API.md section 3)."""

from sync.sandbox.discourse import access, people, stream
from sync.sandbox.discourse.access import thread_of
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, empty, ok, success
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import SMALL_ACTION, Kind, Readers, add_post, extras, private_forum
from sync.sandbox.discourse.identity import by_username
from sync.sandbox.discourse.message_lists import file_away
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.show_posts import slug
from sync.sandbox.state import posting
from sync.sandbox.state.records import Thread
from sync.sandbox.state.store import State


def begin(state: State, by: int, title: str, text: str, readers: Readers) -> Thread:
    """A message from `by` to members and groups."""
    thread = posting.add_thread(state, by, private_forum(state), title, text, state.clock.tick())
    readers.users = list(dict.fromkeys((by, *readers.users)))
    extras(state).readers[thread.id] = readers
    thread.followers |= frozenset(readers.users)
    state.effect(by, "message", f"thread:{thread.id}", to=list(readers.users), groups=list(readers.groups))
    return thread


def recipients(call: Call, names: list[str]) -> Readers | None:
    """Members and groups of these names, None for nobody; an automatic group is looked for among members."""
    readers = Readers()
    for name in names:
        group = people.group(call.state, name)
        member = by_username(call, name)
        if group is not None and not group.automatic:
            readers.groups.append(group.source)
        elif member is not None:
            readers.users.append(member.id)
        elif "@" not in name:
            return None
    return readers if readers.users or readers.groups else None


@route("PUT", "/t/#id/convert-topic/:to", "topics/convert_topic", login=True)
def convert(call: Call) -> Answer:
    """Make a topic a message, or the way back. Every author is let in, or above a limit only the caller."""
    thread, to = thread_of(call), call.params["to"]
    if to not in ("private", "public"):
        raise Problem(400, "invalid_parameters", "invalid_parameters", "type")
    if not access.may_convert(call.state, call.uid, thread):
        raise FORBIDDEN
    is_private = extras(call.state).is_private(thread.id)
    if to == "private" and not is_private:
        _hide_away(call, thread)
    elif to == "public" and is_private:
        _publish(call, thread)
    return ok({"success": True, "url": f"/t/{slug(thread)}/{thread.id}"})


@route("POST", "/t/#id/invite", "topics/invite", login=True)
def invite(call: Call) -> Answer:
    """Let a member into a message; whoever is in already is an error."""
    thread, readers = _message(call)
    if call.text("email") and not call.text("user"):
        return success()
    member = by_username(call, call.text("user") or call.text("username"))
    if member is None:
        raise Problem(422, "no_user")
    if member.id in readers.users:
        raise Problem(422, "already_invited")
    readers.users.append(member.id)
    thread.followers |= {member.id}
    _tell(call, thread, "invited_user", member.name)
    call.state.effect(call.uid, "invite", f"thread:{thread.id}", member=member.id)
    return ok({"user": people.basic(call.state, member.id)})


@route("POST", "/t/#id/invite-group", "topics/invite_group", login=True)
def invite_group(call: Call) -> Answer:
    """Let a group into a message."""
    thread, readers = _message(call)
    group = people.group(call.state, call.text("group"))
    if group is None or group.automatic:
        raise Problem(404, "not_found", "not_found")
    if group.source in readers.groups:
        raise Problem(422, "group_already_invited")
    readers.groups.append(group.source)
    _tell(call, thread, "invited_group", group.name)
    call.state.effect(call.uid, "invite_group", f"thread:{thread.id}", group=group.source)
    return ok({"group": people.basic_group(group, call.uid)})


@route("PUT", "/t/#id/remove-allowed-user", "topics/remove_allowed_user", login=True)
def remove_user(call: Call) -> Answer:
    """Put a member out; anybody may go by themselves."""
    thread, readers = _message(call)
    member = by_username(call, call.text("username"))
    if member is None or member.id not in readers.users:
        raise Problem(422, "no_user")
    if member.id != call.uid and not _may_remove(call, thread):
        raise FORBIDDEN
    readers.users.remove(member.id)
    _tell(call, thread, "user_left" if member.id == call.uid else "removed_user", member.name)
    call.state.effect(call.uid, "uninvite", f"thread:{thread.id}", member=member.id)
    return success()


@route("PUT", "/t/#id/remove-allowed-group", "topics/remove_allowed_group", login=True)
def remove_group(call: Call) -> Answer:
    """Put a group out."""
    thread, readers = _message(call)
    group = people.group(call.state, call.text("name") or call.text("group"))
    if not _may_remove(call, thread):
        raise FORBIDDEN
    if group is None or group.source not in readers.groups:
        raise Problem(422, "no_user")
    readers.groups.remove(group.source)
    _tell(call, thread, "removed_group", group.name)
    call.state.effect(call.uid, "uninvite_group", f"thread:{thread.id}", group=group.source)
    return success()


@route("PUT", "/t/#id/archive-message", "topics/archive_message", login=True)
def archive(call: Call) -> Answer:
    """Done with a message: nothing comes back."""
    thread, _ = _message(call)
    file_away(call.state, call.uid, thread, away=True)
    return empty()


@route("PUT", "/t/#id/move-to-inbox", "topics/move_to_inbox", login=True)
def move_to_inbox(call: Call) -> Answer:
    """Not done after all: nothing comes back."""
    thread, _ = _message(call)
    file_away(call.state, call.uid, thread, away=False)
    return empty()


def enter(state: State, thread: Thread, forum: int) -> None:
    """Move a topic into or out of the place of messages, with all counts and lists."""
    source, target = state.forum(thread.forum), state.forum(forum)
    source.recent.discard(thread.last_at, thread.id)
    source.created.discard(thread.at, thread.id)
    source.pinned[:] = [ident for ident in source.pinned if ident != thread.id]
    thread.pinned, thread.pin_until = False, 0
    target.recent.add(thread.last_at, thread.id)
    target.created.add(thread.at, thread.id)
    source.posts -= len(thread.posts)
    target.posts += len(thread.posts)
    thread.forum = forum


def _hide_away(call: Call, thread: Thread) -> None:
    state = call.state
    ordinary = stream.regular(state, stream.everything(state, thread))
    inside = list(dict.fromkeys((*(one.author for one in ordinary), call.uid)))
    if len(inside) > call.settings.most_recipients:
        inside = [call.uid]  # not even whoever asked
    enter(state, thread, private_forum(state))
    extras(state).readers[thread.id] = Readers(inside)
    thread.followers |= frozenset(inside)
    _tell(call, thread, "private_topic")
    state.effect(call.uid, "convert", f"thread:{thread.id}", to="private", readers=inside)


def _publish(call: Call, thread: Thread) -> None:
    state = call.state
    forum = state.tables.forums.get(call.whole("category_id"))
    if forum is None:
        forum = min(state.tables.forums.values(), key=lambda one: one.order)
    if not access.sees_forum(state, call.uid, forum):
        raise FORBIDDEN
    extras(state).readers.pop(thread.id)
    enter(state, thread, forum.id)
    _tell(call, thread, "public_topic")
    state.effect(call.uid, "convert", f"thread:{thread.id}", to="public", forum=forum.id)


def _message(call: Call) -> tuple[Thread, Readers]:
    """The message that the path names, and who is in it; a topic is none."""
    thread = thread_of(call)
    readers = extras(call.state).readers.get(thread.id)
    if readers is None:
        raise Problem(422, "not_a_pm")
    return thread, readers


def _may_remove(call: Call, thread: Thread) -> bool:
    return access.is_staff(call.state, call.uid) or call.uid == thread.author


def _tell(call: Call, thread: Thread, code: str, who: str = "") -> None:
    add_post(call.state, thread.id, call.uid, "", Kind(SMALL_ACTION, code, who))
