"""The post queue (NodeBB 4.15.1, observed: API.md section 3)."""

from sync.sandbox.nodebb import markup, show_forums, show_members
from sync.sandbox.nodebb.answers import Answer, language, not_found, ok
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.page import page
from sync.sandbox.nodebb.paging import page_count, pagination
from sync.sandbox.nodebb.rank import privileges
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import Json, iso, number
from sync.sandbox.state import held as waiting
from sync.sandbox.state import rights
from sync.sandbox.state.records import Held
from sync.sandbox.state.refusal import Reason, Refused

_PER_PAGE = 20


@route("GET", "/api/post-queue")
@route("GET", "/api/post-queue/:id")
def queue(call: Call) -> Answer:
    """What waits, 20 a page. Moderators of single forums see nothing, ordinary members their own."""
    if not call.logged_in:
        return not_found(call)
    state, ident = call.state, call.params.get("id")
    cids = [number(cid) for cid in _listed(call.query.get("cid"))]
    shown = [
        held
        for held in waiting.visible(state, call.uid)
        if (not ident or held.id == ident) and (not cids or held.forum in cids)
    ]
    selected_cids, selected = show_forums.selected(state, cids, call.uid)
    start = (call.page() - 1) * _PER_PAGE
    data = {
        "title": "[[pages:post-queue]]",
        "posts": [_row(call, held) for held in shown[start : start + _PER_PAGE]],
        "isAdmin": rights.is_admin(state, call.uid),
        "canAccept": rights.is_above(state, call.uid),
        "selectedCids": selected_cids,
        "selectedCategory": selected,
        "allCategoriesUrl": f"post-queue?lang={language(call)}",
        "pagination": pagination(call.page(), page_count(len(shown), _PER_PAGE)),
        "enabled": int(state.settings.hold_newcomers),
        "singlePost": bool(ident),
        "privileges": privileges(state, call.uid),
        "customReasons": [],
    }
    return page(call, "post-queue", data, "[[pages:post-queue]]")


@route("POST", "/api/v3/posts/queue/:id")
def accept(call: Call) -> Answer:
    """Publish. Handled already is 400 `Post does not exist`."""
    post = waiting.accept(call.state, call.uid, call.params["id"])
    kind = call.params["id"].split("-", 1)[0]
    return ok({"post": {"type": kind, "pid": post.id, "tid": post.thread}})


@route("DELETE", "/api/v3/posts/queue/:id")
def reject(call: Call) -> Answer:
    """Throw away. Without a body and without `message` in the query an internal error comes out, handled or not."""
    message = call.asked("message") or str(call.read("message") or "")
    waiting.reject(call.state, call.uid, call.params["id"], message)
    return ok()


@route("PUT", "/api/v3/posts/queue/:id")
def edit(call: Call) -> Answer:
    """Change text, title or forum before the decision."""
    fields = call.fields
    if not any(fields.get(name) for name in ("content", "title", "cid", "tags")):
        raise Refused(Reason.INVALID)
    forum = number(fields["cid"]) if fields.get("cid") is not None else None
    waiting.edit(call.state, call.uid, call.params["id"], _text(fields, "content"), _text(fields, "title"), forum)
    sent = {"id": call.params["id"], **fields}
    if fields.get("content"):
        sent["content"] = markup.render(str(fields["content"]))
    return ok({"postData": sent})


@route("POST", "/api/v3/posts/queue/:id/notify")
def notify(call: Call) -> Answer:
    """Tell the author."""
    call.required("message")
    waiting.tell(call.state, call.uid, call.params["id"], str(call.fields["message"]))
    return ok()


def _row(call: Call, held: Held) -> Json:
    state = call.state
    own, above = held.author == call.uid, rights.is_above(state, call.uid)
    return {
        "id": held.id,
        "type": "reply" if held.thread else "topic",
        "uid": str(held.author),
        "user": show_members.held_author(state, held.author),
        "data": _data(held),
        "topic": _topic(call, held),
        "category": show_forums.full(state, state.forum(held.forum)),
        "canAccept": not own and above,
        "canEdit": own or above,
    }


def _data(held: Held) -> Json:
    data: Json = {"content": markup.render(held.text), "uid": held.author, "timestamp": held.at, "fromQueue": False}
    data |= {"timestampISO": iso(held.at), "rawContent": held.text, "title": held.title}
    if held.thread:
        return data | {"tid": str(held.thread)} | ({"toPid": held.reply_to} if held.reply_to else {})
    return data | {"cid": held.forum, "tags": list(held.tags)}


def _topic(call: Call, held: Held) -> Json:
    if not held.thread:
        return {"cid": held.forum}
    thread = call.state.thread(held.thread)
    times = {"lastposttime": thread.last_at, "lastposttimeISO": iso(thread.last_at)}
    return {"title": thread.title, "cid": thread.forum, **times}


def _text(fields: Json, name: str) -> str | None:
    return None if fields.get(name) is None else str(fields[name])


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def waiting_answer(call: Call, held: Held) -> Answer:
    """What a held reply (200) or a held topic (202) is answered with: no `pid` in either."""
    kind = "reply" if held.thread else "topic"
    payload = {"id": held.id, "type": kind, "queued": True, "message": "[[success:post-queued]]"}
    return ok(payload, 200 if held.thread else 202)
