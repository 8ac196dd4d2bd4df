"""On both platforms: what many had said in public before raises no alarm, a leak of the text does, and so does a newer
copy of it.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from moderation.ids import Kind
from moderation.ports import CommunityRow
from moderation.proof import Proof, Subject, Verdict, fingerprint
from sync.discourse.probes.viewers import DiscourseDialect
from sync.engine.commonplaces import with_commonplaces
from sync.engine.stores import Stores
from sync.mirror import MirrorKnown, MirrorWriter
from sync.nodebb.probes.viewers import NodebbDialect
from tests.fakes import factory
from tests.fakes.clock import START
from tests.sync.discourse import face
from tests.sync.nodebb import world as nodebb

KEY = "5f2c81d09ab34e7766f01a2b3c4d5e6f"
CUSTOMER, OTHERS, ADMIN = "benno_crabtree", ("pippa_thistlewood", "newbie_thorne"), "osric_vale"
CANNED = "I have already tried to switch it off and on again, to reset it and to update it, and nothing has helped."
NEARLY = CANNED.replace("update", "charge")
SECRET = "The driver left the blue parcel with old Mr Whitcombe next to the mill on Harbour Row."
HIDDEN = f"{CANNED} {SECRET} QX-7718-4402"
NEWEST = {"nodebb": "/api/recent/posts", "discourse": "/posts.json"}


@dataclass
class Stage:
    """A thread that was public and is closed now; before and after it others wrote much the same."""

    world: Any
    stores: Stores
    platform: str
    forum: int
    proof: Proof
    """With what staff can read."""

    def apart(self, purpose: str = "conversion") -> Subject:
        """Without what is said everywhere."""
        return with_commonplaces(self.stores, replace(self.proof, purpose=purpose))

    def write(self, user: str, text: str) -> Any:
        """A new public thread."""
        return self.world.community.open_thread_as(user, self.forum, "A question about my device", text)

    def seen(self, subject: Subject) -> Verdict:
        """What a visitor finds."""
        prober = self.world.connect().prober({})
        try:
            return Verdict(tuple(prober.findings(subject)))
        finally:
            prober.close()


@pytest.fixture(scope="module", params=["nodebb", "discourse"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as patch, ExitStack() as closing:
        patch.setattr("sync.discourse.limits.VISITOR_RATE", 10_000.0)
        patch.setattr("sync.discourse.limits.KEY_RATE", 10_000.0)
        opened = nodebb.small_world() if request.param == "nodebb" else face.small_face()
        yield _made(closing.enter_context(opened), request.param, tmp_path_factory.mktemp("home"), closing)


def _made(world: Any, platform: str, home: Path, closing: ExitStack) -> Stage:
    community = world.community
    forum, closed = _forums(world, platform)
    for number in range(3):
        community.open_thread_as(OTHERS[number % 2], forum, "It does not start", f"Hello. {CANNED} What now?")
    community.state.clock.advance(7200)
    thread = community.open_thread_as(
        CUSTOMER, forum, "A parcel of mine", "Where is it, please? It was sent last week."
    )
    post = community.reply_as(CUSTOMER, thread.id, HIDDEN)
    stores = _mirrored(world, home, closing)
    community.open_thread_as(OTHERS[0], forum, "It does not start either", NEARLY)
    community.state.tables.threads[thread.id].forum = closed
    ref = nodebb.ref(Kind.POST, post.id)
    subject = Subject(nodebb.NAME, nodebb.ref(Kind.THREAD, thread.id), (ref,), fingerprint([], KEY))
    gathered = world.connect(ADMIN).prober({}).gather(subject)
    return Stage(world, stores, platform, forum, Proof("p1", gathered, "conversion", "me", START))


def _forums(world: Any, platform: str) -> tuple[int, int]:
    """One that everybody reads, and one for the staff."""
    if platform == "nodebb":
        forums = world.community.state.tables.forums.values()
        hidden = (f.id for f in forums if "guests" not in f.grants.get("read", set()) and not f.secret)
        return world.public_forum(), next(hidden)
    rows = world.raw("/site.json", ADMIN)["categories"]
    first = {bool(one["read_restricted"]): int(one["id"]) for one in reversed(rows)}
    return first[False], first[True]


def _mirrored(world: Any, home: Path, closing: ExitStack) -> Stores:
    """Everything as a connection reads it."""
    vault, connection = factory.vault(home), world.connect()
    writer, known = MirrorWriter(vault), MirrorKnown(vault, nodebb.NAME)
    closing.callback(writer.close)
    closing.callback(known.close)
    info, capabilities = factory.community().info, frozenset[str]()
    writer.put_community(CommunityRow(nodebb.NAME, world.server.url, info, connection.identify(), capabilities))
    for batch in connection.catch_up(known, nodebb.HORIZON):
        writer.apply(batch, nodebb.NAME)
    return cast(Stores, SimpleNamespace(known=lambda name: known, staff=None))


def newest_alone(stage: Stage, patch: pytest.MonkeyPatch) -> None:
    """Ask at one place, where everything that is new stands."""
    for dialect in (NodebbDialect, DiscourseDialect):
        newest = tuple(place for place in dialect.places if place.path == NEWEST[stage.platform])
        patch.setattr(dialect, "places", newest)


def test_what_many_said_before_raises_no_alarm_any_more(stage: Stage) -> None:
    with pytest.MonkeyPatch.context() as patch:
        newest_alone(stage, patch)
        assert stage.seen(stage.proof.subject).visible
    after = stage.seen(stage.apart())
    assert [found.probe.place for found in after.visible] == []
    assert after.passed


LEAKS = {
    "a newer copy": HIDDEN,
    "its own part": f"They say: {SECRET}",
    "reworded a little": HIDDEN.replace("blue parcel", "red box").replace(" QX-7718-4402", ""),
    "with much of what all say": f"{CANNED} {SECRET[:34]}",
    "quoted": f"> {CANNED} {SECRET}\n\nWas that yours?",
    "its number alone": "Somebody asked for QX 7718 4402 here, whose is that?",
}


@pytest.mark.parametrize("how", LEAKS)
def test_a_leak_is_still_seen(stage: Stage, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    newest_alone(stage, monkeypatch)
    subject, leaked = stage.apart(), stage.write(OTHERS[1], LEAKS[how])
    try:
        assert [found.probe.place for found in stage.seen(subject).visible] == [NEWEST[stage.platform]]
    finally:
        state = stage.world.community.state
        state.tables.threads[leaked.id].hidden = state.post(leaked.posts[0]).hidden = True


def test_it_is_left_out_where_a_text_was_spread_on_purpose(stage: Stage) -> None:
    assert not stage.apart("doxxing").marks.common
    assert stage.apart("erasure").marks.common
