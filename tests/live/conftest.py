"""Fixtures of the live suite. It runs against the sample community always, and against a real NodeBB 4 when
``MARQUEE_LIVE_URL``, ``MARQUEE_LIVE_TOKEN`` and ``MARQUEE_LIVE_USER`` name one.

More tokens let it check more: ``MARQUEE_LIVE_CUSTOMER_TOKEN`` and ``_SECOND_CUSTOMER_TOKEN`` (ordinary members, who
write and report), ``_SECOND_GMOD_TOKEN`` (a colleague), ``_CMOD_TOKEN`` (moderator of some forums), ``_NEWBIE_TOKEN``
(an account whose posts are held), ``_COMPANY_TOKEN`` with ``_COMPANY_USER``, ``_MASTER_TOKEN``, ``_ADMIN_TOKEN``.
What it makes it takes away again. With the server's usual post delays it takes some minutes.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from moderation.intents import Identities
from sync.connector import Account
from sync.nodebb import open_connection, recognise
from sync.nodebb.connection import NodeBB
from tests.conformance.acting import Actor
from tests.conformance.memory import MemoryMirror
from tests.live.place import Place, missing, real_place, sample_place, word

COMMUNITY = "live"
HORIZON = datetime.now(UTC) - timedelta(days=3650)


@pytest.fixture(scope="session", params=["sample", pytest.param("real", marks=pytest.mark.live)])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """The server under test."""
    if request.param == "sample":
        with sample_place() as found:
            yield found
        return
    if lacking := missing():
        pytest.skip(f"no real NodeBB named: {', '.join(lacking)} not set")
    found_real = real_place()
    if not recognise(found_real.url):
        pytest.skip("the server that is named is no nodebb; tests/conformance reads it")
    yield found_real


@pytest.fixture(scope="session")
def need(place: Place) -> Callable[..., None]:
    """Skip what needs a token that was not given."""

    def check(*roles: str) -> None:
        lacking = [role for role in roles if role not in place.tokens]
        if lacking:
            pytest.skip(f"needs MARQUEE_LIVE_{lacking[0]}_TOKEN")

    return check


@pytest.fixture
def connect(place: Place) -> Iterator[Callable[..., NodeBB]]:
    """Open connections; they are closed afterwards."""
    opened: list[NodeBB] = []

    def open_as(role: str = "ME", *, acts_as: str | None = None, identity: Identities = Identities.ME) -> NodeBB:
        account = Account(identity, place.tokens[role], acts_as)
        opened.append(open_connection(place.url, COMMUNITY, account))
        return opened[-1]

    yield open_as
    for connection in opened:
        connection.close()


@pytest.fixture
def actor(connect: Callable[..., NodeBB]) -> Actor:
    """Decides as the moderator."""
    return Actor(connect())


@pytest.fixture(scope="session")
def pulled(place: Place) -> Iterator[tuple[NodeBB, MemoryMirror]]:
    """The whole community, pulled once."""
    connection = open_connection(place.url, COMMUNITY, Account(Identities.ME, place.tokens["ME"]))
    mirror = MemoryMirror()
    mirror.take(connection.catch_up(mirror, HORIZON))
    yield connection, mirror
    connection.close()


@pytest.fixture(scope="session")
def ground(place: Place) -> Iterator[dict[str, Any]]:
    """A thread of our own in the first public forum where the moderator may write; purged at the end."""
    raw = place.raw()
    public = {c["cid"] for c in _categories(place)}
    for category in raw.get("/api/v3/categories")["response"]["categories"]:
        cid = category["cid"]
        if cid in public and cid > 0 and raw.get(f"/api/category/{cid}")["privileges"].get("topics:create"):
            made = raw.call(
                "POST", "/api/v3/topics",
                {"cid": cid, "title": f"Marquee live check {word()}", "content": "A thread of the live check."},
            )  # fmt: skip
            yield {"tid": made["tid"], "cid": cid, "main": made["mainPid"]}
            raw.call("DELETE", f"/api/v3/topics/{made['tid']}")
            return
    pytest.skip("no public forum where this moderator may open a thread")


def _categories(place: Place) -> list[dict[str, Any]]:
    from tests.live.place import Raw

    found: list[dict[str, Any]] = Raw(place.url, None).get("/api/v3/categories")["response"]["categories"]
    return found


@pytest.fixture(scope="session")
def report_one(place: Place, ground: dict[str, Any], need: Callable[..., None]) -> Callable[[], dict[str, Any]]:
    """Let a customer write in our thread (accepted at once if it is held) and somebody report it."""

    def make() -> dict[str, Any]:
        need("CUSTOMER")
        answer = place.raw("CUSTOMER").call(
            "POST", f"/api/v3/topics/{ground['tid']}", {"content": f"A customer's words {word()}"}
        )
        if answer.get("queued"):
            answer = place.raw().call("POST", f"/api/v3/posts/queue/{answer['id']}")["post"]
        pid = int(answer["pid"])
        role = next((r for r in ("SECOND_GMOD", "SECOND_CUSTOMER") if r in place.tokens), "ME")
        place.raw(role).call("POST", "/api/v3/flags", {"type": "post", "id": pid, "reason": "Spam, says a test"})
        listed = place.raw().get("/api/flags?state=open&perPage=500")["flags"]
        found = next(row for row in listed if row["type"] == "post" and int(row["targetId"]) == pid)
        return {"id": found["flagId"], "pid": pid}

    return make


@pytest.fixture(scope="session")
def shared_flag(report_one: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """One reported post for all tests that leave it where it is."""
    return report_one()


@pytest.fixture
def flag(place: Place, shared_flag: dict[str, Any]) -> dict[str, Any]:
    """The shared report, open and nobody's."""
    place.raw().call("PUT", f"/api/v3/flags/{shared_flag['id']}", {"state": "open", "assignee": ""})
    return shared_flag


@pytest.fixture
def fresh_flag(report_one: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A reported post of its own, for what cannot be taken back."""
    return report_one()
