"""Each call of this connector beside the pages that describe it: method, path, and the parameters of its query."""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest

from moderation.ids import Kind
from sync.connector import Heard, Urgency
from sync.discourse import endpoints
from sync.http import Session
from tests.conformance.memory import MemoryMirror
from tests.sync.discourse.face import HORIZON, World, small_face
from tests.sync.discourse.scripted import Script
from tests.sync.discourse.test_pull import ref

SCHEMAS = Path(__file__).parents[4] / "shared" / "discourse" / "schemas"


class Call(NamedTuple):
    """A call: the section of the API page that has it, and the parameters that a query may have."""

    method: str
    path: str
    section: int
    query: tuple[str, ...] = ()
    published: bool = False


_TOPIC_VERBS = (
    "status|timer|slow_mode|invite|invite-group|remove-allowed-user|remove-allowed-group|convert-topic/private"
)
REVIEW_QUERY = ("status", "priority", "sort_order", "offset", "username", "ids[]", "type", "topic_id")
CALLS = [
    Call("GET", "/session/current.json", 1),
    Call("HEAD", "/user-api-key/new", 1),
    Call("POST", "/user-api-key/device.json", 1),
    Call("POST", "/user-api-key/device/poll.json", 1),
    Call("POST", "/user-api-key/revoke.json", 1),
    Call("GET", "/review.json", 2, REVIEW_QUERY),
    Call("GET", "/review/count.json", 2),
    Call("GET", "/review/{}.json", 2),
    Call("PUT", "/review/{}.json", 2, ("version",)),
    Call("PUT", "/review/{}/perform/{}.json", 2, ("version",)),
    Call("POST", "/review/{}/notes.json", 2),
    Call("POST", "/reviewable_claimed_topics.json", 2),
    Call("DELETE", "/reviewable_claimed_topics/{}.json", 2),
    Call("PUT", "/admin/users/{}/suspend.json", 2, published=True),
    Call("PUT", "/admin/users/{}/silence.json", 2, published=True),
    Call("PUT", "/admin/users/{}/unsuspend.json", 2),
    Call("PUT", "/admin/users/{}/unsilence.json", 2),
    Call("GET", "/admin/users/{}.json", 2),
    Call("PUT", "/t/-/{}.json", 3, published=True),
    Call("PUT", f"/t/{{}}/(?:{_TOPIC_VERBS}).json", 3),
    Call("POST", f"/t/{{}}/(?:{_TOPIC_VERBS}).json", 3),
    Call("GET", "/topics/private-messages/{}.json", 3, ("page",), published=True),
    Call("GET", "/topics/private-messages-sent/{}.json", 3, ("page",)),
    Call("GET", "/topics/private-messages-group/{}/{}.json", 3, ("page",)),
    Call("PUT", "/posts/{}/(?:unhide|recover).json", 3),
    Call("DELETE", "/posts/{}.json", 3),
    Call("POST", "/posts.json", 4, published=True),
    Call("PUT", "/posts/{}.json", 4, published=True),
    Call("GET", "/posts/{}.json", 4, published=True),
    Call("GET", "/t/external_id/{}.json", 4, published=True),
    Call("GET", "/posts/{}/revisions/{}.json", 4),
    Call("PUT", "/posts/{}/revisions/{}/(?:hide|show|revert).json", 4),
    Call("GET", "/u/{}.json", 5, published=True),
    Call("GET", "/groups/{}/members.json", 5, ("limit", "offset", "order"), published=True),
    Call("GET", "/groups.json", 5, ("page",), published=True),
    Call("GET", "/c/{}/show.json", 5, published=True),
    Call("POST", "/category/{}/notifications.json", 5),
    Call("GET", "/latest.json", 6, ("order", "page"), published=True),
    Call("GET", "/c/{}/{}/l/latest.json", 6, ("page",)),
    Call("GET", "/t/{}.json", 6, ("include_raw",), published=True),
    Call("GET", "/t/[^/]+/{}.json", 6, ("include_raw",)),
    Call("GET", "/t/{}/posts.json", 6, ("post_ids[]", "include_raw"), published=True),
    Call("GET", "/posts.json", 6, ("before",), published=True),
    Call("GET", "/private-posts.json", 6, ("before",)),
    Call("POST", "/solution/accept.json", 6),
    Call("GET", "/filter.json", 6, ("q", "page")),
    Call("GET", "/site.json", 6, published=True),
    Call("GET", "/about.json", 7),
    Call("GET", "/site/basic-info.json", 7, published=True),
    Call("GET", "/srv/status", 7),
    Call("POST", "/message-bus/{}/poll", 8, ("dlp",)),
]
_LEADS = ("UPLOADS",)
ARGUMENTS = {"action": "agree_and_keep", "verb": "hide", "version": 3, "order": "created", "offset": 10, "number": 2,
             "topic": "301", "limit": 50, "page": 1, "posts": ["1"], "category": "7"}  # fmt: skip


def pattern(call: Call) -> re.Pattern[str]:
    return re.compile(call.path.replace(".", r"\.").replace("{}", "[^/]+").replace(r"[^/]\+", "[^/]+"))


def known(method: str | None, address: str) -> Call | None:
    """The call that an address is; ``method`` ``None``: any."""
    found = [
        call for call in CALLS if method in {None, call.method} and pattern(call).fullmatch(urlsplit(address).path)
    ]
    asked = {name for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True)}
    return next((call for call in found if asked <= set(call.query)), None)


def test_every_endpoint_is_a_call_that_is_described() -> None:
    made: dict[str, str] = {}
    for name, value in vars(endpoints).items():
        if name.isupper() and name not in _LEADS:
            made[name] = value
        elif inspect.isfunction(value) and value.__module__ == endpoints.__name__ and name != "query":
            wanted = inspect.signature(value).parameters
            given = {each: ARGUMENTS.get(each, "9") for each, one in wanted.items() if one.default is one.empty}
            made[name] = value(**given)
    made["latest_of"] = endpoints.latest_of("kettles/7", 1)
    made["topic_verb"] = endpoints.topic_verb("301", "status")
    made["post_verb"] = endpoints.post_verb("9", "recover")
    assert [(name, path) for name, path in made.items() if known(None, path) is None] == []


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="../shared/discourse/schemas is not here")
def test_what_is_published_is_called_as_it_is_published() -> None:
    told = [json.loads(path.read_text()) for path in sorted(SCHEMAS.glob("*.json"))]
    described = {(one["method"], re.sub(r"\{\w+\}", "{}", one["path"])) for one in told if "path" in one}
    ours = {(call.method, call.path) for call in CALLS if call.published}
    assert ours - described == set()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Method and address of every request that leaves."""
    found: list[tuple[str, str]] = []
    send = Session.send

    def noting(session: Session, method: str, url: str, **facts: Any) -> Any:
        parts = urlsplit(url)
        found.append((method, f"{parts.path}?{parts.query}"))
        return send(session, method, url, **facts)

    monkeypatch.setattr(Session, "send", noting)
    return found


@pytest.fixture
def world() -> Iterator[World]:
    """The sample community's Discourse face."""
    with small_face() as found:
        yield found


def test_nothing_else_leaves(world: World, heard: list[tuple[str, str]]) -> None:
    """A whole pull, a poll, things in full, and hints; what deeds send is looked at in ``test_requests``."""
    connection, mirror = world.connect(), MemoryMirror()
    connection.info()
    mirror.take(connection.catch_up(mirror, HORIZON))
    item, post, thread = world.reported_post()
    mirror.take(connection.poll(mirror))
    connection.ear().wait([thread])
    told = Heard(frozenset({item}), frozenset({thread}), frozenset({thread}), queue=True, feed=True, messages=True)
    mirror.take(connection.read_heard(told, mirror))
    author = ref(Kind.MEMBER, world.community.uid("benno_crabtree"))
    mirror.take(connection.fetch([item, thread, post, author], mirror, Urgency.PERSON))
    other = {(method, address) for method, address in heard if known(method, address) is None}
    assert other == set()
    assert len({known(*one) for one in heard}) > 15


def test_a_site_in_a_subfolder_is_listened_to_there(script: Script) -> None:
    script.on(r"^/help/session/current\.json$", {"current_user": {"id": 4, "username": "mara_vell", "moderator": True}})
    script.on(r"^/help/message-bus/\w+/poll$", [{"message_id": 1, "channel": "/latest", "data": {}}], "POST")
    assert script.connect(folder="/help").ear().wait([]) == Heard(feed=True)
