"""Polling the message bus: a form of channels with the last number seen in each (API.md section 8)."""

from sync.sandbox.discourse import access
from sync.sandbox.discourse.answers import Answer, plain
from sync.sandbox.discourse.bus import CLAIMED, COUNTS, LATEST, NEW, Sent
from sync.sandbox.discourse.call import Call
from sync.sandbox.discourse.identity import demand_login
from sync.sandbox.discourse.review_lists import waiting
from sync.sandbox.discourse.routes import route
from sync.sandbox.discourse.wire import Json, encode, number

ROUTE = "message_bus/poll"
_STATUS = "/__status"
_SEPARATOR = b"\r\n|\r\n"


@route("POST", "/message-bus/:client/poll", ROUTE, text=True, keyless=True)
def poll(call: Call) -> Answer:
    """What came in since; where nothing did the request is held open, unless `dlp=t` asks for an answer at once."""
    if call.settings.login_required:
        demand_login(call)
    busy = call.settings.bus_overload
    if busy:
        answer = plain(429, "Too many requests, please try again later")
        answer.headers["Retry-After"] = str(busy)
        return answer
    found = messages(call)
    if not found and call.query.get("dlp") != "t":
        call.patience = call.settings.bus_wait
    if call.headers.get("dont-chunk"):
        return Answer(200, encode(found))
    return Answer(200, encode(found) + _SEPARATOR, "text/plain; charset=utf-8")


def messages(call: Call) -> list[Json]:
    """Messages of the channels asked for, and the present number of those that are asked for from now on."""
    bus, found, status = call.site.bus, list[Json](), dict[str, int]()
    bus.follow(call.state)
    for channel, last in call.given.items():
        if not channel.startswith("/"):
            continue
        name, seen = _kept_as(channel), number(last, -1)
        now = bus.last.get(name, 0)
        # Whoever is ahead of the bus met a server that has restarted since.
        if seen == -1 or seen > now:
            status[channel] = now
        elif _allowed(call, channel):
            found += [_written(call, channel, one) for one in bus.since(name, seen) if _readable(call, one.data)]
    found.sort(key=lambda one: int(one["global_id"]))
    if status:
        found.append({"global_id": -1, "message_id": -1, "channel": _STATUS, "data": status})
    return found


def _kept_as(channel: str) -> str:
    """Counts are kept once for everybody and filled in for whoever asks."""
    return COUNTS if channel.startswith(f"{COUNTS}/") else channel


def _allowed(call: Call, channel: str) -> bool:
    """Own counts, claims for those who review, topics for those who may read them."""
    _, name, *rest = channel.split("/")
    ident = number(rest[0]) if rest else 0
    if f"/{name}" == COUNTS:
        return ident == call.uid and access.may_review(call.state, call.uid)
    if channel == CLAIMED:
        return access.may_review(call.state, call.uid)
    if name == "topic":
        thread = call.state.tables.threads.get(ident)
        return thread is not None and access.sees_thread(call.state, call.uid, thread)
    if name == "notification":
        return ident == call.uid
    return channel in (LATEST, NEW)


def _readable(call: Call, data: Json) -> bool:
    """News of lists only of topics that the reader may see."""
    if "message_type" not in data:
        return True
    thread = call.state.tables.threads.get(data["topic_id"])
    return thread is not None and access.sees_thread(call.state, call.uid, thread)


def _written(call: Call, channel: str, sent: Sent) -> Json:
    data = sent.data
    if _kept_as(channel) == COUNTS:
        count = waiting(call)
        data = {"reviewable_count": count, "unseen_reviewable_count": count, **data}
    return {"global_id": sent.world, "message_id": sent.id, "channel": channel, "data": data}
