"""Uploaded files and thumbnails of threads (NodeBB 4.15.1, observed).

A file is public at its address, whatever becomes of its post, until the last thing that uses it is purged.
"""

import re

from sync.sandbox.nodebb.answers import Answer, error, not_found, ok, plain
from sync.sandbox.nodebb.call import Call
from sync.sandbox.nodebb.routes import route
from sync.sandbox.nodebb.wire import Json
from sync.sandbox.pictures import picture
from sync.sandbox.state import rights
from sync.sandbox.state.records import Thread

_NAME = re.compile(r'filename="([^"]+)"')
_PLACE = "/assets/uploads/files/"


@route("GET", "/assets/uploads/files/:folder/:name")
def sample_picture(call: Call) -> Answer:
    """A picture of the invented content."""
    return _file(call.params["name"])


@route("GET", "/assets/uploads/files/:name")
def uploaded(call: Call) -> Answer:
    """A file that somebody uploaded, as long as a post or a thumbnail uses it."""
    address = f"{_PLACE}{call.params['name']}"
    used = any(address in post.text for post in call.state.tables.posts.values())
    used = used or any(address in thread.thumbs for thread in call.state.tables.threads.values())
    kept = used or rights.is_admin(call.state, call.uid)
    return _file(call.params["name"]) if kept and address in call.state.tables.files else not_found(call)


@route("GET", "/api/v3/topics/:tid/thumbs")
def thumbs(call: Call) -> Answer:
    """Thumbnails of a thread that the caller may read."""
    thread = call.state.tables.threads.get(call.id_of("tid"))
    if thread is None or not rights.readable(call.state, call.uid, thread):
        return error(400, "[[error:not-found]]")
    return ok(_thumbs(thread))


@route("POST", "/api/v3/topics/:tid/thumbs", login=True)
def add_thumb(call: Call) -> Answer:
    """Upload a picture as a thumbnail."""
    thread = call.thread()
    rights.demand(call.uid == thread.author or rights.rules(call.state, call.uid, thread.forum))
    found = _NAME.search(str(call.body))
    name = found[1] if found else "picture.png"
    address = f"{_PLACE}{call.state.clock.now()}-{call.state.number('file')}-{name}"
    call.state.tables.files[address] = name
    thread.thumbs = (*thread.thumbs, address)
    call.state.effect(call.uid, "thumb", f"thread:{thread.id}")
    return ok({"images": [{"url": address, "name": name}]})


def _thumbs(thread: Thread) -> list[Json]:
    path = "/assets/uploads"
    names = ((url, url.rsplit("-", 1)[-1]) for url in thread.thumbs)
    return [{"id": str(thread.id), "name": name, "path": url.removeprefix(path), "url": url} for url, name in names]


def _file(name: str) -> Answer:
    answer = plain(200, "", "image/png")
    answer.body = picture(name)
    return answer
