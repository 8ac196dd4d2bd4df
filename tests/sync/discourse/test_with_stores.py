"""From the wire into the real stores, through the desk, and out again by the real outbox."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from moderation.actions import Action
from moderation.desk import Bench, Desk
from moderation.findings import Audience
from moderation.ids import Kind, Ref
from moderation.intents import Identities, IntentState, Plan
from moderation.items import ItemState
from moderation.ports import CommunityRow
from moderation.queries import QueueQuery
from moderation.records import Batch
from sync.discourse.connection import Discourse
from sync.discourse.rights import CAPABILITIES
from sync.journal import open_journal
from sync.mirror import MirrorKnown, MirrorReader, MirrorWriter
from sync.outbox import Outbox, Timing
from sync.vault import StoreFile
from tests.fakes import factory
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.desk import FakeEngine, FakeTeam
from tests.sync.discourse import made
from tests.sync.discourse.scripted import NAME, Said, Script
from tests.sync.discourse.test_perform import DONE, moved
from tests.sync.discourse.test_pull import HORIZON, community, ref

__all__ = ["community"]
S = IntentState


class Desktop:
    """The stores of one person, a connection, and everything between."""

    def __init__(self, home: Path, connection: Discourse) -> None:
        self.clock = FakeClock(datetime.now(UTC))
        vault = factory.vault(home)
        self.vault, self.connection = vault, connection
        self.writer, self.reader = MirrorWriter(vault), MirrorReader(vault)
        self.known = MirrorKnown(vault, NAME)
        self.journal = open_journal(vault, self.clock.now)
        self.team = FakeTeam()
        me, info = connection.identify(), factory.community().info
        self.writer.put_community(CommunityRow(NAME, "http://x", info, me, frozenset(map(str, CAPABILITIES))))
        self.outbox = Outbox(NAME, self.journal, self.team, self._connect, self._absorb, self.clock, Timing())

    def desk(self) -> Desk:
        """The desk that window and command line call."""
        bench = Bench(
            self.reader, self.journal, self.team, FakeEngine(), self.clock, FakeIds(self.clock), hold_seconds=0.0
        )
        return Desk(bench)

    def pull(self) -> None:
        """Everything into the mirror."""
        for batch in self.connection.catch_up(self.known, HORIZON):
            self.writer.apply(batch, NAME)

    def states(self, plan: Plan) -> list[IntentState]:
        """Of a plan's steps, as journalled."""
        found = self.journal.plan(plan.id)
        return [intent.state for intent in found.intents] if found is not None else []

    def close(self) -> None:
        """Let go of all files."""
        for each in (self.writer, self.reader, self.known):
            each.close()

    def _connect(self, identity: Identities) -> Discourse:
        return self.connection

    def _absorb(self, records: Any) -> None:
        if records:
            self.writer.apply(Batch(tuple(records), {}), NAME)


@pytest.fixture
def desktop(community: Script, tmp_path: Path) -> Iterator[Desktop]:
    """A desktop that has pulled the small community."""
    found = Desktop(tmp_path / "home", community.connect())
    found.pull()
    yield found
    found.close()


def test_items_are_in_the_queue_with_what_the_server_offers(desktop: Desktop) -> None:
    rows = desktop.reader.page(QueueQuery())
    assert {row.id for row in rows} == {"sample:review:812", "sample:review:820"}
    context = desktop.desk().triage.context("sample:review:812")
    assert context is not None
    allowed = {str(entry.action): entry.label for entry in context.permitted if entry.allowed}
    assert allowed["hide"] == "Hide post"
    assert allowed["x:delete_and_agree"] == "Delete post"
    assert {"lock", "move", "take"} <= allowed.keys()
    assert "purge" not in allowed
    assert context.thread is not None
    assert [post.body for post in context.posts] == ["Buy my beans", "Buy my beans"]


def test_messages_lie_in_the_private_file_alone(desktop: Desktop) -> None:
    thread = Ref(NAME, Kind.THREAD, "340")
    assert desktop.reader.thread(thread) is not None
    public, private = desktop.vault.connect(StoreFile.MIRROR), desktop.vault.connect(StoreFile.PRIVATE)
    sql = "SELECT count(*) FROM posts WHERE thread = '340'"
    counts = [public.execute(sql).fetchone()[0], private.execute(sql).fetchone()[0]]
    public.close()
    private.close()
    assert counts == [0, 1]


def test_a_reply_in_a_message_reaches_a_customer_and_not_the_staff_alone(desktop: Desktop) -> None:
    answering = desktop.desk().answering
    assert answering.open("sample:thread:340").audience is Audience.CUSTOMER
    assert answering.open("sample:thread:301").audience is Audience.PUBLIC
    findings = answering.check("Internal: he is a known case", "sample:thread:340", Audience.STAFF)
    assert findings[0].rule == "audience_differs"


def test_a_whisper_reaches_the_staff_alone(desktop: Desktop, community: Script) -> None:
    words = {"raw": "Warned him twice", "cooked": "<p>Warned him twice</p>", "created_at": made.LATER}
    first = made.post(9901, post_number=1, created_at="2026-03-01T10:00:00.000Z")
    posts = [first, made.post(), made.post(9903, post_number=3, post_type=4, **words)]
    community.on(r"/t/301\.json", made.topic_page(posts, posts_count=2))
    before = desktop.writer.totals(NAME)["posts"]
    for batch in desktop.connection.fetch([ref(Kind.THREAD, 301)], desktop.known):
        desktop.writer.apply(batch, NAME)
    context = desktop.desk().triage.context("sample:review:812")
    assert context is not None
    assert [(post.id.native, post.staff_only) for post in context.posts] == [
        ("9901", False), ("9902", False), ("9903", True),
    ]  # fmt: skip
    assert [post.id.native for post in desktop.reader.posts(ref(Kind.THREAD, 301))] == ["9901", "9902"]
    assert desktop.writer.totals(NAME)["posts"] == before
    connection = desktop.vault.connect(StoreFile.MIRROR)
    assert connection.execute("SELECT count(*) FROM posts WHERE body LIKE '%Warned%'").fetchone() == (0,)
    connection.close()


def test_pulling_again_changes_nothing(desktop: Desktop) -> None:
    desktop.reader.page(QueueQuery())
    before = desktop.reader.item(ref(Kind.REVIEW, 812))
    desktop.pull()
    for batch in desktop.connection.poll(desktop.known):
        desktop.writer.apply(batch, NAME)
    assert desktop.reader.item(ref(Kind.REVIEW, 812)) == before


def test_suspending_runs_the_administrations_call_first(desktop: Desktop, community: Script) -> None:
    user = {"id": 58, "username": "piet.oak"}
    community.on(r"/admin/users/58\.json", user)
    community.on(r"/review/812\.json", made.shown(made.flagged()))
    until = "2999-01-01T00:00:00.000Z"
    done = {**user, "suspended_at": made.LATER, "suspended_till": until, "suspended_by": {"id": made.ME}}

    community.on(r"/suspend\.json", {"suspension": {}}, "PUT")
    community.on(r"/perform/agree_and_suspend", DONE, "PUT")
    plan = desktop.desk().triage.decide("sample:review:812", "ban", reason="Spam", payload={"until": until})
    assert [str(intent.action) for intent in plan.intents] == ["ban", "x:agree_and_suspend"]
    original = community.handle

    def handle(heard: Any, sock: Any) -> None:
        original(heard, sock)
        if "/suspend.json" in heard.line:
            community.on(r"/admin/users/58\.json", done)
        if "/perform/" in heard.line:
            community.on(r"/review/812\.json", moved(made.ME))

    community.server.handle = handle
    desktop.outbox.run()
    assert desktop.states(plan) == [S.CONFIRMED, S.CONFIRMED]
    writes = [heard for heard in community.server.heard if heard.line.startswith("PUT")]
    assert [heard.line.split(" ")[1] for heard in writes] == [
        "/admin/users/58/suspend.json", "/review/812/perform/agree_and_suspend.json?version=3",
    ]  # fmt: skip
    body = json.loads(writes[0].body)
    assert body == {"suspend_until": until, "reason": "Spam"}
    item = desktop.reader.item(ref(Kind.REVIEW, 812))
    assert item is not None
    assert item.state is ItemState.RESOLVED


def test_a_colleague_who_was_first_stops_a_suspension_before_it_begins(desktop: Desktop, community: Script) -> None:
    community.on(r"/admin/users/58\.json", {"id": 58, "username": "piet.oak"})
    plan = desktop.desk().triage.decide("sample:review:812", "ban", reason="Spam")
    community.on(r"/review/812\.json", moved(made.COLLEAGUE, status=2))
    desktop.outbox.run()
    assert desktop.states(plan) == [S.CONFLICT, S.BLOCKED]
    intent = desktop.journal.intent(plan.intents[0].id)
    assert intent is not None
    assert intent.trouble is not None
    assert (intent.trouble["by_name"], intent.trouble["their_state"]) == ("tom_brine", "dismissed")
    assert not any(heard.line.startswith("PUT") for heard in community.server.heard)


def test_a_colleague_who_is_quicker_by_a_moment_is_a_conflict(desktop: Desktop, community: Script) -> None:
    community.on(r"/review/812\.json", made.shown(made.flagged()))
    plan = desktop.desk().triage.decide("sample:review:812", "resolve")
    original = community.handle

    def handle(heard: Any, sock: Any) -> None:
        if "/perform/" in heard.line:
            community.on(r"/review/812\.json", moved(made.COLLEAGUE))
            community.on(r"/perform/", Said(403, made.error("invalid_access")), "PUT")
        original(heard, sock)

    community.server.handle = handle
    desktop.outbox.run()
    assert desktop.states(plan) == [S.WAITING]
    desktop.clock.advance(30)
    desktop.outbox.run()
    assert desktop.states(plan) == [S.CONFLICT]
    intent = desktop.journal.intent(plan.intents[0].id)
    assert intent is not None
    assert intent.trouble is not None
    assert (intent.trouble["code"], intent.trouble["by_name"]) == ("same", "tom_brine")


def test_claiming_releasing_and_noting(desktop: Desktop, community: Script) -> None:
    community.on(r"/reviewable_claimed_topics", {"success": "OK"}, "POST")
    community.on(r"/reviewable_claimed_topics", {"success": "OK"}, "DELETE")
    triage = desktop.desk().triage
    claimed = made.flagged(claimed_by_id=9, version=3)
    claimed["claimed_bies"] = [{"id": 9, "user_id": made.ME}]
    free, taken = made.shown(made.flagged()), made.shown(claimed)
    original = community.handle

    def handle(heard: Any, sock: Any) -> None:
        original(heard, sock)
        if "reviewable_claimed_topics" in heard.line:
            community.on(r"/review/812\.json", taken if heard.line.startswith("POST") else free)

    community.server.handle = handle
    community.on(r"/review/812\.json", free)
    plan = triage.claim("sample:review:812")
    assert plan is not None
    desktop.outbox.run()
    assert desktop.states(plan) == [S.CONFIRMED]
    item = triage.item("sample:review:812")
    assert item is not None
    assert item.claimed_by == desktop.connection.identify().member
    assert plan.intents[0].action is Action.ASSIGN
    released = triage.release("sample:review:812")
    assert released is not None
    desktop.outbox.run()
    assert desktop.states(released) == [S.CONFIRMED]
    deleted = [heard.line for heard in community.server.heard if heard.line.startswith("DELETE")]
    assert deleted == ["DELETE /reviewable_claimed_topics/301.json HTTP/1.1"]
