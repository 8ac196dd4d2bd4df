"""What counts as a NodeBB's own word, in the shapes seen on 4.15.1, and what does not."""

import json
from datetime import UTC, datetime
from typing import cast

import pytest

from moderation.ids import Kind, Ref
from moderation.proof import Look, Subject, Viewer, What, fingerprint
from sync.connector import Urgency
from sync.http.answer import Answer
from sync.nodebb.probes.answers import look
from sync.nodebb.probes.gathering import Gathering
from sync.nodebb.probes.places import Shape
from sync.nodebb.probes.viewers import NodebbDialect
from sync.nodebb.reading import Reader
from sync.parts.looking import Looker, Seen
from sync.parts.probing import Place, Question

NOW = datetime(2026, 3, 2, tzinfo=UTC)
DATA, PAGE = Place(What.LISTS, "/api/recent", keys=("topics",)), Place(What.THREAD, "/topic/1", Shape.PAGE)
FEED, FILE = Place(What.FEEDS, "/recent.rss", Shape.FEED), Place(What.ATTACHMENTS, "/a.png", Shape.FILE)
JSON, TEXT, HTML, XML = "application/json; charset=utf-8", "text/plain; charset=utf-8", "text/html", "application/xml"


def seen(place: Place, status: int, body: object, kind: str, hops: tuple[str, ...] = ()) -> Look:
    raw = json.dumps(body).encode() if kind == JSON else str(body).encode()
    return look(Seen("GET /x", status, raw, {"content-type": kind}, hops), place, NOW)


REFUSED = {
    "missing, write API": (DATA, 404, {"status": {"code": "not-found", "message": "Post does not exist"}}, JSON),
    "forbidden, write API": (DATA, 403, {"status": {"code": "forbidden"}, "response": {}}, JSON),
    "visitor": (DATA, 401, {"status": {"code": "not-authorised"}, "response": {}}, JSON),
    "member, page API": (DATA, 403, {"path": "/topic/1", "title": "[[global:403.title]]"}, JSON),
    "teaser": (DATA, 403, "[[error:no-privileges]]", JSON),
    "teaser of nothing": (DATA, 404, "not-found", JSON),
    "thumbnails": (DATA, 400, {"status": {"code": "bad-request", "message": "[[error:not-found]]"}}, JSON),
    "bare 404": (FEED, 404, "Not found", TEXT),
    "outbox": (FEED, 403, "Forbidden", TEXT),
    "page 403": (PAGE, 403, '<body class="page-topic page-status-403 user-guest">', HTML),
    "storage": (FILE, 403, "<Error><Code>AccessDenied</Code></Error>", XML),
}
UNCLEAR = {
    "a proxy's 404": (DATA, 404, "<h1>404</h1>", HTML),
    "a firewall's 403": (PAGE, 403, "<h1>Access denied</h1>", HTML),
    "an empty shell": (PAGE, 200, "<html><div id=app></div></html>", HTML),
    "other JSON": (DATA, 200, {"ok": True}, JSON),
    "HTML for data": (DATA, 200, "<html></html>", HTML),
    "a feed cut off": (FEED, 200, "<rss><channel><item>", XML),
    "a login page for a file": (FILE, 200, "<html>Sign in</html>", HTML),
    "a 400 in words": (DATA, 400, {"status": {"code": "bad-request", "message": "Something else"}}, JSON),
}
OWN = {
    "list": (DATA, 200, {"topics": []}, JSON),
    "page": (PAGE, 200, '<body><script id="ajaxify-data" type="application/json">{}</script>', HTML),
    "feed": (FEED, 200, '<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', XML),
    "file": (FILE, 200, "\x89PNG", "image/png"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_its_own_refusals(name: str) -> None:
    found = seen(*REFUSED[name])
    assert (found.refused, found.shaped) == (True, False)


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_is_neither(name: str) -> None:
    found = seen(*UNCLEAR[name])
    assert (found.refused, found.shaped, found.content) == (False, False, False)


@pytest.mark.parametrize("name", OWN)
def test_its_own_answers(name: str) -> None:
    found = seen(*OWN[name])
    assert (found.refused, found.shaped) == (False, True)
    assert found.content is (name == "file")


def test_being_led_to_the_login_page_is_a_refusal() -> None:
    assert seen(PAGE, 200, '<script id="ajaxify-data"></script>', HTML, ("/login?lang=ja",)).refused
    assert not seen(PAGE, 200, '<script id="ajaxify-data"></script>', HTML, ("/topic/1/login-trouble/1",)).refused


def test_where_a_redirect_leads_is_read_too() -> None:
    assert "/topic/1/my-number/1" in seen(PAGE, 200, "<p>", HTML, ("/topic/1/my-number/1",)).texts


class _Odd:
    """Answers everything with an object whose lists are something else."""

    def __init__(self, odd: object) -> None:
        names = ("posts", "tags", "pagination", "timestamps", "groups", "topics")
        self._body = dict.fromkeys(names, odd) | {"uid": 7, "userslug": "piet", "content": "A text of some words"}

    def raw(self, path: str, urgency: Urgency) -> Answer:
        body = json.dumps(self._body | {"response": self._body}).encode()
        return Answer(200, path, 1, body, "application/json")

    def get(self, path: str, accept: str = "") -> Seen:
        return Seen(f"GET {path}", 200, self.raw(path, Urgency.POLL).body, {"content-type": "application/json"})


@pytest.mark.parametrize("odd", [None, 5, "words", {}, [None, 5, "words", []]])
def test_lists_that_are_none_end_no_proof_in_an_error(odd: object) -> None:
    marks = fingerprint(["A text of some words"], "0f" * 16)
    thread = Ref("sample", Kind.THREAD, "7")
    reader = cast(Reader, _Odd(odd))
    gathered = Gathering(reader)(Subject("sample", thread, (thread.sibling(Kind.POST, 9),), marks, whole=True))
    assert gathered.places["pid"] == ("9",)
    looker = cast(Looker, _Odd(odd))
    question = Question(Viewer.ANONYMOUS, "0f" * 16, "7", frozenset())
    assert NodebbDialect().prepare(looker, question) == ((), "closed_to_viewer")
