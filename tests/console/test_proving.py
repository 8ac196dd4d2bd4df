"""A proof from the command line's home: a probe account, a real engine process, the sample community."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import requests
from PySide6.QtWidgets import QApplication

from console import app
from console.cli.context import Context
from console.settings import change, load
from moderation.conversion import Place
from moderation.ids import Ref
from moderation.proof import Answer, Finding, Proof, Standing, Subject, Viewer, distinctive, fingerprint
from sync.team import open_team
from sync.team.store import SqlTeam
from sync.vault import Vault
from tests.console.conftest import COLLEAGUE, MODERATOR, Sample, connect, sample_server
from tests.support.program import Program, program
from views import MainWindow

KEY = "00112233445566778899aabbccddeeff"
MEMBER, AUTHOR = "pippa_thistlewood", "benno_crabtree"
TEXT = "My order QX-7718-4402 never came, ring +49 170 5551234 or write to zebra.quagga@example.org about it."


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    yield from sample_server()


@pytest.fixture(scope="module")
def marquee(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with program(tmp_path_factory.mktemp("proving") / "home") as ready:
        yield connect(ready, sample)


@pytest.fixture(scope="module")
def team(marquee: Program) -> Iterator[SqlTeam]:
    key = bytes.fromhex(marquee.environment["MARQUEE_STORE_KEY"])
    opened = open_team(Vault(marquee.home.root, key))
    yield opened
    opened.close()


def eventually(found: Callable[[], Proof | None], seconds: float = 60.0) -> Proof:
    ends = time.monotonic() + seconds
    while (proof := found()) is None:
        assert time.monotonic() < ends
        time.sleep(0.05)
    return proof


def hidden_post(sample: Sample) -> tuple[Ref, Ref]:
    """Thread and post of a customer; the post is hidden by the moderator."""
    thread = sample.community.open_thread_as(AUTHOR, 1, "Where is it", "Somebody answers this, we hope, in this forum.")
    post = sample.community.reply_as(AUTHOR, thread.id, TEXT)
    headers = {"Authorization": f"Bearer {sample.token()}"}
    assert requests.delete(f"{sample.url}/api/v3/posts/{post.id}/state", headers=headers, timeout=20).ok
    return Ref.parse(sample.id("thread", thread.id)), Ref.parse(sample.id("post", post.id))


def words_of(found: Finding) -> str:
    """A find without what may hold any digits by chance: its time, the hash of the body and the server's port."""
    return re.sub(r"127\.0\.0\.1[:-]\d+", "", repr(replace(found, at=datetime.min, digest="")))  # noqa: DTZ901


def test_a_member_is_added_to_look_as_and_staff_are_not(marquee: Program, sample: Sample) -> None:
    marquee.environment["MARQUEE_PROBE_TOKEN"] = sample.token(MEMBER)
    said = marquee("connect", sample.url, "--user", MEMBER, "--as", "probe")
    assert said.code == 0, said.err
    assert MEMBER in said.out
    refused = marquee(
        "connect", sample.url, "--user", COLLEAGUE, "--as", "bystander", MARQUEE_BYSTANDER_TOKEN=sample.token(COLLEAGUE)
    )
    assert refused.code == 6
    assert COLLEAGUE in refused.err
    assert [row["user"] for row in marquee("communities", "--json").json] == [MODERATOR]


def test_the_engine_proves_as_visitor_and_member_and_once_more_after_it_was_killed(
    marquee: Program, sample: Sample, team: SqlTeam
) -> None:
    marquee.environment["MARQUEE_PROBE_TOKEN"] = sample.token(MEMBER)
    thread, post = hidden_post(sample)
    now = datetime.now(UTC)
    subject = Subject(sample.name, thread, (post,), fingerprint([TEXT], KEY), words=distinctive([TEXT]))
    team.want_proof(Proof("p1", subject, "erasure", sample.id("member", 1), now, due_at=now))
    marquee("sync")

    def checked(times: int) -> Proof | None:
        proof = team.proof("p1")
        return proof if proof is not None and proof.checks >= times else None

    first = eventually(lambda: checked(1))
    assert first.standing is Standing.PASSED, [f for f in first.findings if f.answer is not Answer.HIDDEN][:5]
    assert {f.probe.viewer for f in first.findings if f.answer is Answer.HIDDEN} == {Viewer.ANONYMOUS, Viewer.MEMBER}
    assert first.due_at is not None
    assert not [found for _, found in team.evidence("p1") if "7718" in words_of(found)]
    marquee.kill_engine()
    sample.community.leak(f"/api/v3/posts/{post.native}/raw")
    assert team.want_check("p1", datetime.now(UTC))
    marquee("sync")
    again = eventually(lambda: checked(2))
    assert again.standing is Standing.VISIBLE
    incident = team.incidents(only_open=True)[0]
    assert incident.places == (
        f"raw /api/v3/posts/{post.native}/raw anonymous",
        f"raw /api/v3/posts/{post.native}/raw member",
    )


async def until(so: Callable[[], object], tell: Callable[[], object] = str, seconds: float = 60.0) -> None:
    """Let things happen until something is so; ``tell`` says how it stands where it does not come."""
    ends = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < ends, tell()
        await asyncio.sleep(0.02)


@pytest.fixture
def window(
    marquee: Program, sample: Sample, team: SqlTeam, qapp: QApplication
) -> Iterator[tuple[app.Program, MainWindow]]:
    """The window of this home, with the engine's own process behind it; what other tests found readable is over."""
    for one in team.incidents(only_open=True):
        team.end_proof(one.proof)
        team.close_incident(one.id, sample.id("member", 1), "Found by another test.", datetime.now(UTC))
    marquee.environment["MARQUEE_PROBE_TOKEN"] = sample.token(MEMBER)
    change(marquee.home.settings, lambda settings: replace(settings, undo_seconds=1.0, poll_seconds=1.0))
    context = Context(marquee.home, load(marquee.home.settings), "en", environment=marquee.environment)
    with app.opened(context, app.make_application(), app.credentials_for(context)) as program:
        opened = program.open()
        yield program, opened
        opened.close()


def test_the_window_shows_what_the_engine_proved_and_what_it_saw_later(
    window: tuple[app.Program, MainWindow], marquee: Program, sample: Sample
) -> None:
    program, opened = window
    limits = sample.community.state.settings
    limits.post_delay = limits.initial_delay = limits.newcomer_delay = 0
    made = sample.community.open_thread_as(AUTHOR, 1, "Where is my parcel", "It never came, and nobody answers.")
    post = sample.community.reply_as(AUTHOR, made.id, TEXT)
    thread = Ref.parse(sample.id("thread", made.id))
    marquee("sync")

    async def walk() -> None:
        opened.convert.open(thread, "Where is my parcel")
        await until(lambda: opened.convert.dialog is not None)
        here = opened.convert.dialog
        assert here is not None
        await until(lambda: here.planned is not None)
        here.choose({"place": Place.CHAT})
        await until(here.go.isEnabled, here.said.text)
        assert here.planned is not None
        assert [one.native for one in here.planned.conversion.leaves] == [str(post.id)]
        here.go.click()
        await until(lambda: here.case is not None and here.case.proof is not None and here.case.proof.checks)
        band = here.case_pane.band
        await until(lambda: band.colour == "customer" and band.head.text())
        assert here.case_pane.readings.rowCount() > 5, "one line a reading"
        assert not opened.band.isVisible(), opened.band.head
        sample.community.leak(f"/api/v3/posts/{post.id}/raw")
        here.check.click()
        await until(lambda: band.colour == "danger" and opened.band.readable)
        assert opened.band.isVisible()
        assert "can still be read" in band.head.text() + band.more.text()
        assert band.button.text() == "Check again", "the post is hidden already: there is no more to hide"
        here.reject()

    program.run_until(walk())
