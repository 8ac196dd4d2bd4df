"""What other servers are told (NodeBB 4.15.1 with ActivityPub, observed): notes, topics, outboxes.

It is asked with ``Accept: application/activity+json`` at the addresses that show pages to people. A note that was asked
for is kept for a minute, and hiding its post does not take it out of there (observed).
"""

from sync.sandbox.nodebb import markup
from sync.sandbox.nodebb.answers import Answer, bare, plain, sent_to
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.feeds import newest_posts, shown
from sync.sandbox.nodebb.wire import Json, iso
from sync.sandbox.state import rights
from sync.sandbox.state.records import Post

_CONTEXT = "https://www.w3.org/ns/activitystreams"
_PUBLIC = f"{_CONTEXT}#Public"
_JSON = "application/activity+json; charset=utf-8"


def is_asked(call: Call) -> bool:
    """Whether another server is asking."""
    return "application/activity+json" in call.headers.get("accept", "")


def note(call: Call) -> Answer:
    """One post; a hidden one is a tombstone, unless a copy of before is kept."""
    post = call.state.tables.posts.get(call.id_of("pid"))
    if post is None:
        return plain(404, "Not Found")
    if not rights.may(call.state, call.uid, call.state.forum_of_post(post), "topics:read"):
        return sent_to(call, "/login")
    kept, now = call.community.service.notes, call.state.clock.now()
    at, told = kept.get(post.id, (0, {}))
    if now - at >= call.state.settings.notes_kept_ms:
        told = _note(call, post)
        kept[post.id] = (now, told)
    return _told(told)


def replies(call: Call) -> Answer:
    """Addresses of answers to a post."""
    post = call.state.tables.posts.get(call.id_of("pid"))
    if post is None or not rights.readable(call.state, call.uid, call.state.thread(post.thread)):
        return plain(404, "Not Found")
    return _told(_collection(f"{call.base_url}/post/{post.id}/replies", len(post.answers)))


def topic(call: Call) -> Answer:
    """A thread: its title and the addresses of its posts."""
    thread = call.state.tables.threads.get(call.id_of("tid"))
    if thread is None or not rights.readable(call.state, call.uid, thread):
        return plain(404, "Not Found")
    posts = [f"{call.base_url}/post/{ident}" for ident in thread.posts]
    told = _collection(f"{call.base_url}/topic/{thread.id}", len(posts))
    return _told(told | {"name": thread.title, "orderedItems": posts})


def outbox(call: Call) -> Answer:
    """The newest public posts of a member or of a category."""
    uid, cid = call.id_of("uid"), call.id_of("cid")
    if cid and not rights.may(call.state, call.uid, cid, "topics:read"):
        return plain(403, "Forbidden")
    found = newest_posts(call, 500)
    mine = [p for p in found if (p.author == uid if uid else call.state.forum_of_post(p) == cid)][:20]
    told = _collection(f"{call.base_url}{call.path}", len(mine))
    return _told(told | {"orderedItems": [{"type": "Create", "object": _note(call, post)} for post in mine]})


def _note(call: Call, post: Post) -> Json:
    address = f"{call.base_url}/post/{post.id}"
    if post.hidden and not shown(call, post):
        return {"@context": _CONTEXT, "id": address, "type": "Tombstone", "formerType": "Note"}
    return {
        "@context": [_CONTEXT],
        "id": address,
        "type": "Note",
        "to": [_PUBLIC],
        "name": call.state.thread(post.thread).title,
        "published": iso(post.at),
        "attributedTo": f"{call.base_url}/uid/{post.author}",
        "content": markup.render(post.text),
        "source": {"content": post.text, "mediaType": "text/markdown"},
    }


def _collection(address: str, count: int) -> Json:
    return {"@context": _CONTEXT, "id": address, "type": "OrderedCollection", "totalItems": count}


def _told(told: Json) -> Answer:
    answer = bare(told)
    answer.content_type = _JSON
    return answer
