"""Writing posts: replies, whispers, topics, messages; what is held is a success without a post (API.md section 4)."""

import json
import re
from typing import Any

from sync.sandbox.discourse import access, people, private, show_posts, texts
from sync.sandbox.discourse.answers import FORBIDDEN, Answer, Problem, error, ok
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.extras import WHISPER, Kind, add_post, extras
from sync.sandbox.discourse.queue_state import queued
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.stream import everything, numbers
from sync.sandbox.discourse.wire import Json, encode, iso, number
from sync.sandbox.state import items, posting, rights
from sync.sandbox.state.records import Held, Post, Thread

_EXTERNAL = re.compile(r"[A-Za-z0-9_-]{1,50}")
_FLAGS = {2: "", 3: "Off topic", 4: "Inappropriate", 6: "", 7: "Something else", 8: "Spam", 10: "Illegal"}
_MINUTE = 60_000


class Unfit(Exception):  # noqa: N818 - reads as what happened
    """The validations refuse; the answer has no `success` at all."""

    def __init__(self, name: str, *values: object) -> None:
        super().__init__(name, *values)
        self.name = name
        self.values = values


@route("POST", "/posts", "posts/create", login=True)
def create(call: Call) -> Answer:
    """A reply, a topic or a message. A key of the site remembers the identical request for two minutes."""
    if not call.by_admin_key:
        return _created(call)
    key = (call.uid, json.dumps(call.given, sort_keys=True))
    at, known = call.site.answered.get(key, (0, None))
    now = call.state.clock.now()
    if known is not None and now - at < call.settings.remembered * 1000:
        return Answer(known.status, known.body)
    answer = _created(call)
    call.site.answered[key] = (now, answer)
    return answer


@route("POST", "/post_actions", "post_actions/create", login=True)
def flag(call: Call) -> Answer:
    """Raise a flag on a post."""
    call.params["id"] = call.text("id")
    post, kind = access.post_of(call), call.whole("post_action_type_id")
    reason = call.text("message") or _FLAGS.get(kind, "")
    if not reason:
        raise Problem(400, "invalid_parameters", "invalid_parameters", "post_action_type_id")
    items.report(call.state, call.uid, "post", post.id, reason)
    return ok(show_posts.alone(call.state, call.uid, post))


def _created(call: Call) -> Answer:
    if call.get("raw") is None:
        return error(call, 400, "missing_parameter", "", "raw")
    try:
        made = _make(call)
    except Unfit as unfit:
        sentence = texts.text(unfit.name, call.language, *unfit.values)
        return Answer(422, encode({"action": "create_post", "errors": [sentence]}))
    if isinstance(made, Held):
        return ok(_enqueued(call, made))
    shown = show_posts.created(call.state, call.uid, made)
    nested = call.yes("nested_post")
    return ok({"action": "create_post", "post": shown, "success": True} if nested else shown)


def _make(call: Call) -> Post | Held:
    if call.text("topic_id"):
        return _reply(call)
    external = _external_id(call)
    if call.text("archetype") == "private_message":
        thread = _message(call)
    else:
        opened = _topic(call)
        if isinstance(opened, Held):
            return opened
        thread = opened
    if external:
        extras(call.state).external[external] = thread.id
    return call.state.post(thread.posts[0])


def _reply(call: Call) -> Post | Held:
    state, uid, raw = call.state, call.uid, call.text("raw")
    thread = state.tables.threads.get(call.whole("topic_id"))
    if thread is None or not access.sees_thread(state, uid, thread):
        raise Unfit("topic_missing")
    whisper = call.yes("whisper")
    if whisper and not access.may_whisper(state, uid):
        raise Problem(403, "no_whisper", "invalid_access")
    is_private = extras(state).is_private(thread.id)
    _check_text(call, raw, call.settings.shortest_message if is_private else call.settings.shortest_post)
    _check_similar(call, raw)
    answered = _answered(call, thread)
    _check_open(call, thread)
    if whisper:
        post = add_post(state, thread.id, uid, raw, Kind(WHISPER), answered)
        state.effect(uid, "whisper", f"thread:{thread.id}", post=post.id)
        return post
    if not is_private:
        return posting.reply(state, uid, thread.id, raw, answered)
    post = posting.add_post(state, uid, thread, raw, state.clock.tick(), answered)
    state.effect(uid, "reply", f"thread:{thread.id}", post=post.id)
    return post


def _topic(call: Call) -> Thread | Held:
    title, raw = call.text("title").strip(), call.text("raw")
    _check_title(call, title, call.settings.shortest_title)
    _check_text(call, raw, call.settings.shortest_post)
    _check_similar(call, raw)
    forum = call.state.tables.forums.get(call.whole("category"))
    if forum is None or not access.sees_forum(call.state, call.uid, forum):
        raise Unfit("category_blank")
    tags = tuple(str(tag) for tag in call.several("tags"))
    return posting.open_thread(call.state, call.uid, forum.id, title, raw, tags)


def _message(call: Call) -> Thread:
    title, raw = call.text("title").strip(), call.text("raw")
    if not access.may_message(call.state, call.uid):
        raise FORBIDDEN
    _check_title(call, title, call.settings.shortest_message_title)
    _check_text(call, raw, call.settings.shortest_message)
    readers = private.recipients(call, [str(one).strip() for one in call.several("target_recipients")])
    if readers is None:
        raise Unfit("no_recipients")
    return private.begin(call.state, call.uid, title, raw, readers)


def _external_id(call: Call) -> str:
    """An id of the caller's own, which only a key of the site may give; taken ones are refused."""
    given = call.text("external_id") if call.by_admin_key else ""
    if not given:
        return ""
    if not _EXTERNAL.fullmatch(given):
        raise Unfit("external_id_format")
    if extras(call.state).external.get(given) in call.state.tables.threads:
        raise Unfit("external_id_taken")
    return given


def _check_title(call: Call, title: str, shortest: int) -> None:
    if not title:
        raise Unfit("title_blank")
    if call.by_admin_key and call.yes("skip_validations"):
        return
    if len(title) < shortest:
        raise Unfit("title_too_short", shortest)
    if len(title) > call.settings.longest_title:
        raise Unfit("title_too_long", call.settings.longest_title)


def _check_text(call: Call, raw: str, shortest: int) -> None:
    """Lengths apply to staff as well."""
    if not raw.strip():
        raise Unfit("blank")
    if call.by_admin_key and call.yes("skip_validations"):
        return
    if len(raw.strip()) < shortest:
        raise Unfit("too_short", shortest)
    if len(raw) > call.settings.longest_post:
        raise Unfit("too_long", call.settings.longest_post)


def _check_similar(call: Call, raw: str) -> None:
    """The same words within some minutes are refused; staff are not asked."""
    state = call.state
    if rights.is_above(state, call.uid):
        return
    since = state.clock.now() - call.settings.unique_minutes * _MINUTE
    lately = (state.tables.posts[i] for i in state.tables.recent_posts.newest_since(since))
    if any(one.author == call.uid and one.text.strip() == raw.strip() for one in lately):
        raise Unfit("too_similar")


def _check_open(call: Call, thread: Thread) -> None:
    """A closed or archived topic takes posts of staff alone; slow mode keeps the others waiting."""
    state, more = call.state, extras(call.state)
    if access.rules(state, call.uid, thread):
        return
    if thread.locked or thread.id in more.archived:
        raise Unfit("closed")
    seconds, until = more.slow.get(thread.id, (0, 0))
    now = state.clock.now()
    own = [one.at for one in everything(state, thread) if one.author == call.uid]
    if seconds and own and (not until or until > now) and now - own[-1] < seconds * 1000:
        raise Problem(429, "rate_limit", "rate_limit", max(1, min(seconds, seconds - (now - own[-1]) // 1000)))


def _answered(call: Call, thread: Thread) -> int:
    """The post that a number of the topic names; 0 for none."""
    wanted = number(call.get("reply_to_post_number"))
    return next((ident for ident, place in numbers(call.state, thread).items() if place == wanted), 0)


def _enqueued(call: Call, held: Held) -> Json:
    queued(call.state, call.settings.plugin_item)
    more = extras(call.state)
    waiting = sum(one.author == held.author for one in call.state.tables.held.values())
    author = people.basic(call.state, held.author)
    thread = call.state.tables.threads.get(held.thread)
    pending: dict[str, Any] = {
        "id": more.queued_ids[held.id],
        "avatar_template": author["avatar_template"],
        "category_id": held.forum,
        "created_at": iso(held.at),
        "created_by_id": held.author,
        "name": author["name"],
        "raw_text": held.text,
        "title": held.title or None,
        "topic_id": held.thread or None,
        "topic_url": f"/t/{show_posts.slug(thread)}/{thread.id}" if thread else None,
        "username": author["username"],
    }
    return {"action": "enqueued", "success": True, "pending_count": waiting, "pending_post": pending}
