"""Proofs in the team store: what is known now, what was seen at each check, one checker at a time, incidents."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from moderation.proof import (
    Answer,
    Finding,
    Incident,
    Probe,
    Proof,
    Proofs,
    Standing,
    Subject,
    Viewer,
    What,
    fingerprint,
    merged,
)
from sync.team import open_team
from sync.team.store import SqlTeam
from sync.vault import Vault
from tests.factory import at, ref

KEY = "00112233445566778899aabbccddeeff"
THREAD, POST = ref("thread", 7), ref("post", 71)
SUBJECT = Subject(
    THREAD.community,
    THREAD,
    (POST,),
    fingerprint(["The order number is QX-7718-4402, as I said."], KEY),
    whole=True,
    words=("order", "number"),
    places={"file": ("/assets/uploads/files/1-a.png",), "uid": ("4",)},
)
PROOF = Proof("p1", SUBJECT, "erasure", str(ref("member", 9)), at(1), due_at=at(1))


@pytest.fixture
def team(home_folder: Path) -> Iterator[SqlTeam]:
    opened = open_team(Vault(home_folder, bytes(range(32))))
    yield opened
    opened.close()


def finding(what: What, answer: Answer, when: datetime, place: str = "/x", snippet: str = "") -> Finding:
    probe = Probe(what, place, Viewer.ANONYMOUS)
    return Finding(probe, answer, "found", when, f"GET {place}", 200, "ab" * 32, snippet)


def test_it_is_the_port(team: SqlTeam) -> None:
    assert isinstance(team, Proofs)


def test_a_proof_comes_back_as_it_was_and_the_same_once(team: SqlTeam) -> None:
    team.want_proof(PROOF)
    team.want_proof(replace(PROOF, purpose="doxxing"))
    assert team.proof("p1") == PROOF
    assert team.proofs(thread=THREAD) == [PROOF]
    assert team.proofs(about="case-7") == []
    assert team.proof("p2") is None


def test_the_text_itself_is_not_kept(team: SqlTeam, home_folder: Path) -> None:
    team.want_proof(PROOF)
    row = repr(team.proof("p1"))
    assert "7718" not in row
    assert "QX" not in row


def test_due_ones_come_longest_due_first_and_one_takes_each(team: SqlTeam) -> None:
    team.want_proof(PROOF)
    team.want_proof(replace(PROOF, id="p0", due_at=at(5)))
    team.want_proof(replace(PROOF, id="p2", due_at=at(50)))
    team.want_proof(replace(PROOF, id="p3", due_at=None))
    assert [proof.id for proof in team.due_proofs(THREAD.community, at(10))] == ["p1", "p0"]
    assert team.next_proof_due(THREAD.community) == at(1)
    assert team.next_proof_due("elsewhere") is None
    assert team.take_proof("p1", at(10), at(20))
    assert not team.take_proof("p1", at(11), at(30))
    assert team.take_proof("p1", at(21), at(40)), "who took it has not been heard of since"
    assert not team.take_proof("p2", at(10), at(20))
    team.give_back_proof("p1")
    assert team.take_proof("p1", at(22), at(40))


def test_each_check_leaves_what_was_new_in_it(team: SqlTeam) -> None:
    team.want_proof(PROOF)
    first = (
        finding(What.RAW, Answer.VISIBLE, at(2), snippet="M• o••••"),
        finding(What.LISTS, Answer.HIDDEN, at(2)),
    )
    checked = replace(PROOF, standing=Standing.VISIBLE, checks=1, first_at=at(2), checked_at=at(2), findings=first)
    team.take_proof("p1", at(2), at(9))
    team.keep_check(checked, first)
    assert team.proof("p1") == checked
    second = (finding(What.RAW, Answer.HIDDEN, at(9)), finding(What.LISTS, Answer.HIDDEN, at(9)))
    again = replace(checked, standing=Standing.PASSED, checks=2, checked_at=at(9), findings=merged(first, second))
    team.keep_check(again, second)
    assert [(number, f.probe.what, f.answer) for number, f in team.evidence("p1")] == [
        (1, What.LISTS, Answer.HIDDEN),
        (1, What.RAW, Answer.VISIBLE),
        (2, What.RAW, Answer.HIDDEN),
    ]
    assert team.evidence("p1")[1][1] == first[0]
    assert team.take_proof("p1", at(20), at(30)), "given back with the check"
    assert team.want_check("p1", at(40))
    assert team.next_proof_due(THREAD.community) == at(40)
    assert not team.want_check("p9", at(40))


def test_an_incident_is_open_once_and_its_clock_stops_when_the_text_is_gone(team: SqlTeam) -> None:
    incident = Incident("i1", "p1", THREAD.community, THREAD, (POST,), at(2), ("raw /x anonymous",))
    assert team.open_incident(incident)
    assert not team.open_incident(replace(incident, id="i2"))
    assert team.incidents(only_open=True) == [incident]
    assert not team.note_incident("p1", incident.places, None)
    assert team.note_incident("p1", (), at(9))
    assert not team.note_incident("p1", (), at(10))
    assert team.incidents()[0].gone_at == at(9)
    assert team.incidents()[0].places == incident.places
    assert team.note_incident("p1", ("feeds /y anonymous",), None), "it is back"
    assert team.incidents()[0].gone_at is None
    assert team.close_incident("i1", "m9", "a bystander's own number", at(20))
    assert not team.close_incident("i1", "m8", "again", at(21))
    assert team.incidents(only_open=True) == []
    assert team.incidents()[0].reason == "a bystander's own number"
    assert not team.note_incident("p1", (), at(30))
    assert team.open_incident(replace(incident, id="i3", opened_at=at(40)))


def test_words_are_forgotten_with_what_they_are_of(team: SqlTeam) -> None:
    team.want_proof(PROOF)
    version = team.version()
    assert team.forget_in_proofs([ref("post", 99)]) == 0
    assert team.forget_in_proofs([POST]) == 1
    found = team.proof("p1")
    assert found is not None
    assert found.subject == replace(SUBJECT, words=())
    assert team.version() >= version


def test_an_overdue_check_says_so() -> None:
    assert PROOF.overdue(at(1) + timedelta(minutes=3))
    assert not PROOF.overdue(at(1) + timedelta(minutes=1))
