"""What no server should answer, and what happens at the worst moment: nothing is lost, nothing is taken for gone."""

import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from moderation.actions import Action
from moderation.errors import MarqueeError, PayloadError, SignInError, TryLaterError, UnclearError
from moderation.ids import Kind
from moderation.intents import IntentState
from resources.messages import table
from sync.connector import Answer, Urgency
from sync.outbox import FlushStoppedError
from sync.sandbox import Fault, SampleCommunity, Size, serve
from tests.conformance.memory import MemoryMirror
from tests.sync.discourse import made
from tests.sync.discourse.face import World
from tests.sync.discourse.scripted import Said, Script
from tests.sync.discourse.test_errors import HTML, ITEM, read, reply
from tests.sync.discourse.test_perform import DONE, moved
from tests.sync.discourse.test_pull import community, ref
from tests.sync.discourse.test_with_stores import Desktop, desktop

__all__ = ["community", "desktop"]
TEXT = Said(200, raw=b"ok", kind="text/plain; charset=utf-8")
EMPTY = Said(200, raw=b"", kind="application/json; charset=utf-8")


@pytest.fixture(autouse=True)
def troubles_are_logged(expected_logs: list[str]) -> None:
    """These tests provoke failures."""
    expected_logs.append(r"^sync\.http\.pacing: ")


READS: list[tuple[Said, type[MarqueeError], str]] = [
    (TEXT, PayloadError, "answer_not_json"),
    (EMPTY, PayloadError, "payload_unfit"),
    (Said(204, raw=b""), PayloadError, "answer_not_json|payload_unfit"),
    (Said(200, raw=b"\xff\xfe\x00"), PayloadError, "payload_unfit"),
    (Said(200, []), PayloadError, "payload_unfit"),
    (Said(200, {"failed": "FAILED", "message": "Zu viele Suchen"}), PayloadError, "payload_unfit"),
    (Said(409, made.error()), PayloadError, "answer_not_json"),
    (Said(422, made.error()), PayloadError, "answer_not_json"),
    (Said(422, raw=b"no", kind="text/plain"), PayloadError, "answer_not_json"),
    (Said(301, raw=b"", headers={"Location": "/session/sso?return_path=x"}), SignInError, "token_not_accepted"),
    (Said(503, raw=b"busy", kind="text/plain"), TryLaterError, "server_unavailable"),
]


@pytest.mark.parametrize(("said", "kind", "code"), READS, ids=[f"{s.status}-{s.kind[:11]}" for s, _, _ in READS])
def test_a_body_that_is_none(script: Script, said: Said, kind: type[MarqueeError], code: str) -> None:
    script.on(r"/session/sso", HTML)
    script.on(r"/review/812", said)
    with pytest.raises(kind, match=code):
        read(script.connect())


@pytest.mark.parametrize("said", [
    Said(404, raw=b"<html>Not found</html>", kind="text/html"), Said(404, raw=b"no such page", kind="text/plain"),
    Said(410, raw=b"", kind="text/html"),
])  # fmt: skip
def test_a_page_that_is_missing_by_somebody_elses_word_erases_nothing(script: Script, said: Said) -> None:
    """A proxy, or another site under this address: what is here stays here."""
    script.on(r"", said)
    script.on(r"/session/current", made.session())
    for target in (ITEM, ref(Kind.THREAD, 301), ref(Kind.POST, 9902), ref(Kind.MEMBER, 58)):
        mirror = MemoryMirror()
        with suppress(PayloadError):
            mirror.take(script.connect().fetch([target], mirror))
            assert mirror.problems
        assert not mirror.gone


def test_a_subfolder_leads_to_its_own_login_page(script: Script) -> None:
    script.on(r"^/help/session/current\.json$", made.session())
    script.on(r"^/help/login$", HTML)
    script.on(r"^/help/review", Said(302, raw=b"", headers={"Location": f"{script.server.url}/help/login"}))
    with pytest.raises(SignInError, match="token_not_accepted"):
        read(script.connect(folder="/help"))


@pytest.mark.parametrize("said", [TEXT, EMPTY, Said(201, {"post": []})])
def test_a_write_that_is_answered_by_nonsense_is_looked_for(script: Script, said: Said) -> None:
    script.on(r"/posts\.json", said, "POST")
    with pytest.raises(UnclearError):
        reply(script)
    assert script.paths.count("POST /posts.json") == 1


def test_ten_thousand_posts_take_little_room(script: Script) -> None:
    """Five hundred chunks go through; at no time are many of them held."""
    stream = list(range(20_001, 30_001))
    first = [made.post(one, post_number=number) for number, one in enumerate(stream[:20], 1)]
    script.on(r"/t/301\.json", made.topic_page(first, stream))

    def chunk(heard: Any, sock: Any) -> None:
        path = heard.line.split(" ")[1]
        if not path.startswith("/t/301/posts.json"):
            return plain(heard, sock)
        ids = [int(one) for one in parse_qs(urlsplit(path).query)["post_ids[]"]]
        posts = [made.post(one, post_number=one - 20_000, cooked="<p>word</p>" * 300) for one in ids]
        return Said(document={"post_stream": {"posts": posts}, "id": 301}).send(sock, {})

    plain, script.server.handle = script.handle, chunk
    connection, cursors = script.connect(), MemoryMirror()
    tracemalloc.start()
    for _ in range(20):
        for batch in connection.fetch([ref(Kind.THREAD, 301)], cursors, Urgency.BACKGROUND):
            cursors.cursors |= batch.cursors  # the posts are let go of
            script.server.heard.clear()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert cursors.cursors["chunks.301"] is None
    assert most < 12_000_000  # of thirty million characters


@pytest.fixture(params=[-3, 3])
def elsewhen(request: pytest.FixtureRequest) -> Iterator[World]:
    """A server whose clock is days away from this machine's."""
    now = datetime.now(UTC) + timedelta(days=request.param)
    community = SampleCommunity.seeded(7, Size.small(), now)
    with serve(community, face="discourse") as server:
        world = World(community, server)
        yield world
        for connection in world.opened:
            connection.close()


def test_a_lost_answer_is_found_whatever_the_clocks_say(elsewhen: World) -> None:
    actor = elsewhen.actor()
    item, post, thread = elsewhen.reported_post()
    seen = actor.item(item, MemoryMirror())
    done = actor.act(Action.RESOLVE, item, seen, offer="agree_and_keep")
    assert done.evidence.answer is Answer.HAPPENED
    member = ref(Kind.MEMBER, elsewhen.community.uid("benno_crabtree"))
    for action, target, path, payload in (
        (Action.REPLY, thread, "/posts.json", {"text": "An answer of ours in a test"}),
        (Action.MESSAGE, member, "/posts.json", {"text": "A word in private", "title": "A word"}),
        (Action.EDIT, post, f"/posts/{post.native}.json", {"text": "Something that was edited in a test"}),
    ):
        intent, before = actor.before(actor.intent(action, target, **payload))
        elsewhen.community.fault(Fault("drop_after", path, "PUT" if action is Action.EDIT else "POST"))
        with pytest.raises(UnclearError):
            actor.connection.push(action).send(intent, before)
        assert actor.look(intent).answer is Answer.HAPPENED, action


def test_news_arrive_whatever_the_clocks_say(elsewhen: World) -> None:
    connection, mirror = elsewhen.pulled()
    mirror.take(connection.poll(mirror))
    item, _, thread = elsewhen.reported_post()
    mirror.take(connection.poll(mirror))
    assert item in mirror.items_by_ref
    assert thread in mirror.threads_by_ref


def test_a_key_that_is_revoked_between_two_decisions(desktop: Desktop, community: Script) -> None:
    """The first is done, the second keeps waiting; a new key sends it, once."""
    community.on(r"/review/812\.json", made.shown(made.flagged()))
    community.on(r"/review/820\.json", made.shown(made.queued()))
    triage = desktop.desk().triage
    first = triage.decide("sample:review:812", "resolve")
    second = triage.decide("sample:review:820", "approve")
    original, approved = community.handle, made.shown(made.queued(status=1, version=4))

    def handle(heard: Any, sock: Any) -> None:
        original(heard, sock)
        if "/review/812/perform" in heard.line:
            community.on(r"/review/812\.json", moved(made.ME))
            revoked(community)
        elif "/review/820/perform" in heard.line:
            community.on(r"/review/820\.json", approved)

    community.server.handle = handle
    community.on(r"/perform/", DONE, "PUT")
    with pytest.raises(FlushStoppedError) as stopped:
        desktop.outbox.run()
    assert stopped.value.error.code == "token_not_accepted"
    states = (desktop.states(first), desktop.states(second))
    assert set(states[1]) == {IntentState.WAITING}
    assert set(states[0]) <= {IntentState.IN_DOUBT, IntentState.CONFIRMED}
    for language in ("en", "ja"):
        assert table(language)[stopped.value.error.code]
    restored(community)
    desktop.connection = community.connect()
    desktop.clock.advance(60)
    desktop.outbox.retry_now()
    desktop.outbox.run()
    assert (desktop.states(first), desktop.states(second)) == ([IntentState.CONFIRMED], [IntentState.CONFIRMED])
    performed = [path for path in community.paths if path.startswith("PUT")]
    assert len(performed) == len(set(performed)) == 2


def revoked(script: Script) -> None:
    """No answer knows the key any more."""
    script.username = None
    script.on(r"/session/current", Said(404, made.error("not_found")))
    for method in ("GET", "PUT", "POST"):
        script.on(r"^/(?!session)", Said(403, made.error("invalid_access")), method)


def restored(script: Script) -> None:
    """A new key of the same account."""
    script.username = "mara_vell"
    del script.rules[:4]
