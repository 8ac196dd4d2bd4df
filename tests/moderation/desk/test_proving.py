"""Asking for a proof at the desk, reading it, and what to do about a text that is seen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from moderation.desk.proving import Gone
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.ids import Kind
from moderation.intents import IntentState
from moderation.proof import Answer, Finding, Incident, Probe, Proof, Standing, Viewer, What
from moderation.proof.words import joined
from sync.team import open_team
from sync.vault import Vault
from tests.fakes import factory
from tests.fakes.clock import START
from tests.fakes.factory import ME, NAME, flag
from tests.moderation.desk.conftest import Room

TEXT = "Please ring me at 0170 5551234, the parcel for Lindenstrasse never arrived here."


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A desk over a real team store, with a public forum."""
    made = Room(tmp_path)
    team = open_team(Vault(tmp_path / "team", bytes(32)))
    made.desk.bench.team = team
    made.mirror.forum_rows = [replace(factory.forum(), private=False)]
    made.mirror.add(replace(factory.post(), body=TEXT, body_html=f"<p>{TEXT}</p>", forum=factory.forum().id))
    yield made
    made.journal.close()
    team.close()


def seen(room: Room, proof: Proof) -> Incident:
    """As the engine leaves it after a check that found the text."""
    now = room.clock.now()
    found = Finding(Probe(What.RAW, "/raw", Viewer.ANONYMOUS), Answer.VISIBLE, "found", now)
    checked = replace(proof, standing=Standing.VISIBLE, checks=1, first_at=now, checked_at=now, findings=(found,))
    team = room.desk.bench.team
    team.keep_check(checked, [found])  # type: ignore[attr-defined]
    incident = Incident("i1", proof.id, NAME, proof.subject.thread, proof.subject.posts, now, ("raw /raw anonymous",))
    team.open_incident(incident)  # type: ignore[attr-defined]
    return incident


def test_a_proof_of_a_post_knows_its_text_without_keeping_it(room: Room) -> None:
    post = factory.post().id
    proof = room.desk.proving.prove(post, purpose="doxxing")
    assert (proof.subject.posts, proof.subject.whole, proof.asked_by) == ((post,), False, str(ME))
    assert proof.subject.marks.find(joined([f"<b>Quoted:</b> {TEXT}"])) is not None
    assert proof.subject.marks.find(joined(["call +49 170-555-1234"])) is not None
    assert proof.subject.marks.find(joined(["Somebody wrote something else altogether here today."])) is None
    assert room.engine.woken
    kept = room.desk.proving.proof(proof.id)
    assert kept == proof
    assert "5551234" not in repr(kept)
    assert room.desk.proving.proofs(factory.thread().id) == [proof]


def test_a_proof_of_a_thread_means_all_of_it(room: Room) -> None:
    proof = room.desk.proving.prove(factory.thread().id, Gone(titled=True), purpose="conversion", case="case-1")
    assert proof.subject.whole
    assert set(proof.subject.posts) == {factory.post().id, factory.post(11).id}
    assert proof.subject.marks.find(joined([factory.thread().title])) is not None
    assert room.desk.proving.proofs(case="case-1") == [proof]


def test_words_for_a_search_come_only_from_what_was_public(room: Room) -> None:
    public = room.desk.proving.prove(factory.post().id)
    assert public.subject.words
    assert all(word in TEXT for word in public.subject.words)
    room.mirror.forum_rows = [replace(factory.forum(), private=True)]
    assert room.desk.proving.prove(factory.post().id).subject.words == ()
    room.mirror.forum_rows = [replace(factory.forum(), private=None)]
    assert room.desk.proving.prove(factory.post().id).subject.words == ()


def test_of_a_reworded_post_what_it_says_now_may_stay(room: Room) -> None:
    old = "My customer number is KD-778-4410 and my name is on the parcel."
    proof = room.desk.proving.prove(factory.post().id, Gone(redacted=True, texts=(old,), pieces=("KD-778-4410",)))
    assert proof.subject.marks.find(joined([TEXT])) is None
    assert proof.subject.marks.find(joined([old])) is not None


def test_what_is_neither_post_nor_thread_cannot_be_proven_gone(room: Room) -> None:
    for thing, code in ((flag(), "not_a_post"), (ME.sibling(Kind.POST, 999), "post_unknown")):
        with pytest.raises(UnknownIdError) as caught:
            room.desk.proving.prove(thing)
        assert caught.value.code == code


def test_the_alarm_names_what_can_be_read_and_what_is_late(room: Room) -> None:
    proving = room.desk.proving
    proof = proving.prove(factory.post().id)
    assert proving.alarm().incidents == proving.alarm().overdue == ()
    incident = seen(room, proof)
    assert proving.alarm().readable == (incident,)
    room.clock.advance(300)
    assert proving.open_for(incident, room.clock.now()) == 300
    proving.again(proof.id)
    room.clock.advance(600)
    assert [late.id for late in proving.alarm(NAME).overdue] == [proof.id]
    room.desk.bench.team.note_incident(proof.id, (), room.clock.now())  # type: ignore[attr-defined]
    assert proving.alarm().readable == ()
    assert len(proving.alarm().incidents) == 1
    assert proving.open_for(proving.alarm().incidents[0], room.clock.now() + timedelta(days=1)) == 900


def test_what_may_be_read_again_alarms_nobody_and_its_incident_still_wants_a_reason(room: Room) -> None:
    proving = room.desk.proving
    proof = proving.prove(factory.post().id)
    incident = seen(room, proof)
    room.desk.bench.team.end_proof(proof.id)  # type: ignore[attr-defined]
    assert (proving.alarm().incidents, proving.alarm().readable) == ((incident,), ())
    assert not proving.close(incident.id, "Its case was taken back.").open


def test_the_remedy_hides_the_posts_at_once_and_has_it_checked_again(room: Room) -> None:
    proof = room.desk.proving.prove(factory.post().id)
    incident = seen(room, proof)
    plans = room.desk.proving.remedy(incident.id)
    assert [(str(i.action), i.target, i.hold_seconds) for plan in plans for i in plan.intents] == [
        ("hide", factory.post().id, 0.0)
    ]
    assert plans[0].intents[0].state is not IntentState.CANCELLED
    assert room.desk.proving.proof(proof.id).due_at == START
    room.mirror.add(replace(factory.post(), hidden=True))
    assert room.desk.proving.remedy(incident.id) == []


def test_an_incident_closes_with_a_reason_when_the_text_is_gone_or_taken_upon_oneself(room: Room) -> None:
    proving = room.desk.proving
    incident = seen(room, proving.prove(factory.post().id))
    for reason, code in (("  ", "reason_missing"), ("It is gone.", "still_visible")):
        with pytest.raises(NotAllowedError) as caught:
            proving.close(incident.id, reason)
        assert caught.value.code == code
    closed = proving.close(incident.id, "Only the public greeting was seen.", accepted=True)
    assert (closed.open, closed.closed_by, closed.reason) == (False, str(ME), "Only the public greeting was seen.")
    assert proving.alarm().incidents == ()
    assert proving.incidents() == [closed]


def test_unknown_ones_say_so(room: Room) -> None:
    proving = room.desk.proving
    for ask, code in (
        (lambda: proving.proof("x"), "proof_unknown"),
        (lambda: proving.again("x"), "proof_unknown"),
        (lambda: proving.remedy("x"), "incident_unknown"),
        (lambda: proving.close("x", "why"), "incident_unknown"),
    ):
        with pytest.raises(UnknownIdError) as caught:
            ask()
        assert caught.value.code == code
