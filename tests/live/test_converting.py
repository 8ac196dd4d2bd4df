"""Conversions there and back: each step by the connector, looked at as guest, customer and bystander by plain HTTP."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from moderation.cases import CaseState
from moderation.conversion import Place, Shape, Wanted
from moderation.desk import Bench, Desk
from moderation.desk.privately import Around
from moderation.ids import Kind, Ref
from moderation.intents import Identities, IntentState, Plan
from moderation.ports import CommunityRow
from moderation.records import Batch
from sync.connector import Account
from sync.journal import open_journal
from sync.mirror import MirrorKnown, MirrorReader, MirrorWriter
from sync.nodebb import open_connection
from sync.outbox import FlushStoppedError, Outbox
from sync.team import open_team
from sync.vault import Vault
from tests.conversion.stage import WORDING, moves
from tests.fakes.clock import FakeIds
from tests.fakes.desk import FakeEngine
from tests.live.conftest import COMMUNITY
from tests.live.place import Place as Server
from tests.live.place import Raw, word

WAYS = [(Place.CATEGORY, Shape.CONTINUE), (Place.CHAT, Shape.CONTINUE), (Place.CATEGORY, Shape.TAKE)]
LONGEST = 400.0
pytestmark = pytest.mark.timeout(900)
Json = dict[str, Any]


class Now:
    """The real clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class Office:
    """An administrator with the company account, at a desk over stores of their own."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        vault = Vault(folder, b"k" * 32)
        self.writer, self.reader = MirrorWriter(vault), MirrorReader(vault)
        self.known = MirrorKnown(vault, COMMUNITY)
        self.journal, self.team = open_journal(vault), open_team(vault)
        roles = {Identities.ME: "ADMIN", Identities.OFFICIAL: "COMPANY"}
        self.connections = {
            kind: open_connection(server.url, COMMUNITY, Account(kind, server.tokens[role]))
            for kind, role in roles.items()
        }
        mine, official = (self.connections[kind].identify() for kind in (Identities.ME, Identities.OFFICIAL))
        able = frozenset(str(one) for one in self.connections[Identities.ME].capabilities)
        info = self.connections[Identities.ME].info()
        self.writer.put_community(CommunityRow(COMMUNITY, server.url, info, mine, able, official))
        clock = Now()
        bench = Bench(
            self.reader,
            self.journal,
            self.team,
            FakeEngine(),
            clock,
            FakeIds(clock),
            hold_seconds=0.0,  # type: ignore[arg-type]
        )
        self.desk = Desk(bench)
        self.outbox = Outbox(
            COMMUNITY, self.journal, self.team, self.connections.__getitem__,
            lambda records: self.writer.apply(Batch(tuple(records), {}), COMMUNITY) and None, clock,
        )  # fmt: skip

    def read(self, *refs: Ref) -> None:
        """Into the mirror."""
        mine = self.connections[Identities.ME]
        for batch in (*mine.fetch(refs, self.known), *mine.poll(self.known)):
            self.writer.apply(batch, COMMUNITY)

    def settle(self, plan: Plan) -> Plan:
        """Until it has ended; waits out the server's post delays."""
        ends = time.monotonic() + LONGEST
        while any(moves(intent) for intent in self.journal.unfinished()) and time.monotonic() < ends:
            try:
                wait = self.outbox.run()
            except FlushStoppedError:
                wait = 1.0
            time.sleep(min(wait or 0.05, 2.0))
        found = self.journal.plan(plan.id)
        assert found is not None
        return found

    def close(self) -> None:
        for one in (*self.connections.values(), self.known, self.writer, self.reader, self.journal, self.team):
            one.close()


@pytest.fixture
def office(place: Server, need: Callable[..., None], tmp_path: Path) -> Iterator[Office]:
    need("ADMIN", "COMPANY", "CUSTOMER", "SECOND_CUSTOMER")
    made = Office(place, tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def under(place: Server) -> Iterator[Ref]:
    """A private category of the test's own; what was made below it goes with it."""
    admin = place.raw("ADMIN")
    made = admin.call("POST", "/api/v3/categories", {"name": f"Marquee live {word()}"})["cid"]
    closing = ("guests", "registered-users", "verified-users", "unverified-users", "spiders", "fediverse")
    for group in closing:
        for right in ("groups:find", "groups:read", "groups:topics:read"):
            Raw(place.url, place.tokens["ADMIN"]).try_call(
                "DELETE", f"/api/v3/categories/{made}/privileges/{right}", {"member": group}
            )
    yield Ref(COMMUNITY, Kind.FORUM, str(made))
    below = [c for c in admin.get("/api/v3/categories")["response"]["categories"] if str(c["parentCid"]) == str(made)]
    for cid in (*(one["cid"] for one in below), made):
        admin.call("DELETE", f"/api/v3/categories/{cid}")


@pytest.fixture
def forum(place: Server) -> int:
    """A public forum in which a customer may ask."""
    guest, customer = Raw(place.url, None), place.raw("CUSTOMER")
    for category in guest.get("/api/v3/categories")["response"]["categories"]:
        cid = int(category["cid"])
        if cid > 0 and customer.get(f"/api/category/{cid}")["privileges"].get("topics:create"):
            return cid
    pytest.skip("no public forum where a customer may ask")


def read_by(place: Server, role: str | None, secret: str, paths: list[str]) -> set[str]:
    """At which of these addresses somebody reads the secret."""
    raw = Raw(place.url, place.tokens[role] if role else None)
    return {path for path in paths if secret in raw.text(path)}


def ask(place: Server, forum: int, text: str) -> tuple[int, int]:
    """A customer opens a topic; gives it and its opening post."""
    asked = place.raw("CUSTOMER").call(
        "POST", "/api/v3/topics", {"cid": forum, "title": f"A question {word()}", "content": text}
    )
    if asked.get("queued"):
        asked = place.raw().call("POST", f"/api/v3/posts/queue/{asked['id']}")["post"] | {"mainPid": None}
    tid = int(asked["tid"])
    return tid, int(asked.get("mainPid") or place.raw().get(f"/api/topic/{tid}")["posts"][0]["pid"])


def turned_down(place: Server, method: str, path: str, text: str) -> tuple[int, str]:
    """What the customer is told who writes this."""
    headers = {"Authorization": f"Bearer {place.tokens['CUSTOMER']}"}
    url = f"{place.url}{path}?lang=en-GB"
    answer = requests.request(method, url, json={"content": text}, headers=headers, timeout=60)
    return answer.status_code, "" if answer.ok else str(answer.json()["status"]["message"])


@pytest.mark.parametrize(("where", "shape"), WAYS)
def test_there_and_back(place: Server, office: Office, under: Ref, forum: int, where: Place, shape: Shape) -> None:
    secret = f"QB-{int(word(), 16) % 100000:05d}-77"
    tid, main = ask(place, forum, f"My order {secret}")
    place.raw("SECOND_CUSTOMER").call("POST", f"/api/v3/topics/{tid}", {"content": "The same happened to me"})
    thread, post = Ref(COMMUNITY, Kind.THREAD, str(tid)), Ref(COMMUNITY, Kind.POST, str(main))
    paths = [
        f"/api/topic/{tid}", f"/api/v3/posts/{main}", f"/api/v3/posts/{main}/raw", f"/api/v3/posts/{main}/summary",
        f"/api/topic/teaser/{tid}", "/api/recent", "/api/recent/posts",
    ]  # fmt: skip
    before = {role: read_by(place, role, secret, paths) for role in (None, "CUSTOMER", "SECOND_CUSTOMER")}
    assert all(before.values())
    office.read(thread, post)
    plan, conversion = office.desk.privately.convert(
        thread, Wanted(shape, where, (post,)), WORDING, Around(under=under)
    )
    assert plan is not None, (conversion.missing, conversion.blocked)
    done = office.settle(plan)
    assert [(i.payload["what"], i.state, i.trouble) for i in done.intents if i.state is not IntentState.CONFIRMED] == []
    case = office.team.cases()[0]
    private = case.made("thread") or thread
    inside = f"/api/v3/chats/{private.native[5:]}/messages" if where is Place.CHAT else f"/api/topic/{private.native}"
    everywhere = [*paths, inside, f"/api/tags/{case.key}"]
    assert read_by(place, None, secret, everywhere) == set()
    assert read_by(place, "SECOND_CUSTOMER", secret, everywhere) == set()
    assert inside in read_by(place, "CUSTOMER", secret, everywhere)
    back, undo = office.desk.privately.undo(thread)
    assert back is not None, undo.missing
    assert office.settle(back).state is IntentState.CONFIRMED
    assert {role: read_by(place, role, secret, paths) for role in before} == before
    if where is Place.CHAT:
        assert inside not in read_by(place, "CUSTOMER", secret, [inside])
    assert office.team.cases()[0].state is CaseState.UNDONE
    place.raw("ADMIN").call("DELETE", f"/api/v3/topics/{tid}")
    if shape is Shape.TAKE and (pointer := case.made("pointer")) is not None:
        place.raw("ADMIN").call("DELETE", f"/api/v3/topics/{pointer.native}")


def test_words_that_were_said_in_private_keep_it_from_coming_back(
    place: Server, office: Office, under: Ref, forum: int
) -> None:
    said, changed = f"said-in-private-{word()}", f"changed-in-private-{word()}"
    tid, main = ask(place, forum, "My invoice is wrong, please have a look at it")
    other = place.raw("SECOND_CUSTOMER").call("POST", f"/api/v3/topics/{tid}", {"content": "The same happened to me"})
    thread, post = Ref(COMMUNITY, Kind.THREAD, str(tid)), Ref(COMMUNITY, Kind.POST, str(main))
    office.read(thread, post)
    plan, conversion = office.desk.privately.convert(
        thread, Wanted(Shape.TAKE, Place.CATEGORY), WORDING, Around(under=under)
    )
    assert plan is not None, (conversion.missing, conversion.blocked)
    assert office.settle(plan).state is IntentState.CONFIRMED
    answer = place.raw("CUSTOMER").call("POST", f"/api/v3/topics/{tid}", {"content": f"Between us: {said}, thank you"})
    place.raw("ADMIN").call("PUT", f"/api/v3/posts/{other['pid']}", {"content": f"The same happened, {changed}, to me"})
    paths = [
        f"/api/topic/{tid}", f"/api/v3/posts/{answer['pid']}", f"/api/v3/posts/{other['pid']}", "/api/recent/posts",
        f"/api/v3/posts/{other['pid']}/diffs", f"/api/topic/teaser/{tid}", f"/api/v3/posts/{answer['pid']}/raw",
    ]  # fmt: skip
    back, undo = office.desk.privately.undo(thread)
    assert back is not None, undo.missing
    refused = next(i for i in office.settle(back).intents if i.state is not IntentState.CONFIRMED)
    assert (refused.payload["what"], (refused.trouble or {}).get("code")) == ("move_back", "private_words_there")
    for method, path in (("POST", f"/api/v3/topics/{tid}"), ("PUT", f"/api/v3/posts/{main}")):
        told = turned_down(place, method, path, "What is written while it comes back, has nowhere to go")
        assert told == (400, "Topic locked"), "also while nobody knows whether a request to move it arrives"
    again, undo = office.desk.privately.undo(thread)
    assert again is not None
    assert {one.code: one.count for one in undo.remarks}["words_hidden"] == 2
    assert office.settle(again).state is IntentState.CONFIRMED
    assert not place.raw().get(f"/api/topic/{tid}")["locked"]
    place.raw("CUSTOMER").call("PUT", f"/api/v3/posts/{main}", {"content": "My invoice is wrong, please have a look"})
    for words in (said, changed):
        assert read_by(place, None, words, paths) == set()
    assert read_by(place, "SECOND_CUSTOMER", said, paths) == set(), (
        "what was changed in their own post its author reads"
    )
    assert "My invoice is wrong" in Raw(place.url, None).text(f"/api/topic/{tid}")
    place.raw("ADMIN").call("DELETE", f"/api/v3/topics/{tid}")
    pointer = office.team.cases()[0].made("pointer")
    if pointer is not None:
        place.raw("ADMIN").call("DELETE", f"/api/v3/topics/{pointer.native}")
