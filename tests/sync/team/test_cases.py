"""Cases in the team store: one opening a key, steps as they end, and what any colleague reads back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moderation.cases import Case, Cases, CaseState, CaseStep
from moderation.conversation import CaseNote, CaseNotes, NoteKind
from moderation.intents import IntentState
from sync.team import open_team
from sync.team.store import SqlTeam
from sync.vault import Vault
from tests.factory import at, new_id, ref

THREAD = ref("thread", 156)


@pytest.fixture
def team(home_folder: Path) -> Iterator[SqlTeam]:
    opened = open_team(Vault(home_folder, bytes(range(32))), lambda: at(1000))
    yield opened
    opened.close()


def case(key: str = "case-156", by: str = "ada") -> Case:
    return Case(
        key, THREAD.community, str(THREAD), "Invoice", str(ref("member", 7)), "Maren", "continue", "category",
        str(ref("member", 1)), by, at(10),
    )  # fmt: skip


def step(number: int, state: IntentState = IntentState.CONFIRMED, **facts: object) -> CaseStep:
    given = {
        "intent": new_id(number),
        "case": "case-156",
        "community": THREAD.community,
        "action": "hide",
        "target": str(ref("post", 5)),
        "state": state,
        "receipt": "post:5@hidden.1",
        "at": at(20 + number),
        "facts": {"what": "hide"},
    }
    return CaseStep(**given | facts)  # type: ignore[arg-type]


def test_it_is_the_port(team: SqlTeam) -> None:
    assert isinstance(team, Cases)
    assert team.cases() == []


def test_a_key_is_opened_once(team: SqlTeam) -> None:
    assert team.open_case(case()) == case()
    assert team.open_case(case(by="someone else")) == case()
    assert team.cases(thread=str(THREAD)) == [case()]
    assert team.cases(community="another.example") == []


def test_steps_are_kept_as_they_ended(team: SqlTeam) -> None:
    team.open_case(case())
    refused, done, second = (
        step(1, IntentState.REFUSED, receipt=""),
        step(1),
        step(2, made="forum", receipt="forum:9@p"),
    )
    for one in (refused, done, second, done):
        team.note_step(one)
    found = team.cases()[0]
    assert found.steps == (done, second)
    assert found.made("forum") == ref("forum", 9)
    assert found.made("thread") is None


def test_a_case_stands_otherwise(team: SqlTeam) -> None:
    team.open_case(case())
    assert team.case_state(THREAD.community, "case-156") is CaseState.OPEN
    assert team.case_state(THREAD.community, "case-157") is None
    team.set_case_state(THREAD.community, "case-156", CaseState.UNDONE)
    assert team.case_state(THREAD.community, "case-156") is CaseState.UNDONE
    assert team.cases() == [replace(case(), state=CaseState.UNDONE)]


def test_a_case_that_ended_meanwhile_is_not_set_back(team: SqlTeam) -> None:
    team.open_case(case())
    first = team.set_case_state(THREAD.community, "case-156", CaseState.UNDOING, instead_of=CaseState.OPEN)
    assert first
    team.set_case_state(THREAD.community, "case-156", CaseState.UNDONE)
    again = team.set_case_state(THREAD.community, "case-156", CaseState.UNDOING, instead_of=CaseState.UNDOING)
    assert not again
    assert team.case_state(THREAD.community, "case-156") is CaseState.UNDONE


def test_what_was_erased_is_erased_in_cases(team: SqlTeam) -> None:
    team.open_case(case())
    assert team.forget_in_cases([ref("member", 7), THREAD, ref("post", 1)]) == 2
    assert team.forget_in_cases([ref("member", 7)]) == 0
    found = team.cases()[0]
    assert (found.customer_name, found.title) == ("", "")


def test_what_only_stood_was_not_done_by_the_case() -> None:
    assert step(1).acted
    assert not step(1, receipt="post:5@stood.x").acted
    assert not step(1, IntentState.REFUSED, receipt="").acted


def note(number: int, text: str = "Prefers mail.", kind: NoteKind = NoteKind.NOTE, key: str = "case-156") -> CaseNote:
    return CaseNote(new_id(number), THREAD.community, key, str(ref("member", 1)), "ada", at(30 + number), text, kind)


def test_notes_are_kept_in_the_order_of_time_and_once(team: SqlTeam) -> None:
    assert isinstance(team, CaseNotes)
    later, sooner = note(2, "It was answered.", NoteKind.CLOSED), note(1)
    for one in (later, sooner, sooner, note(3, key="case-157")):
        team.add_case_note(one)
    assert team.case_notes(THREAD.community, "case-156") == [sooner, later]
    assert team.case_notes("another.example", "case-156") == []


def test_notes_on_a_member_who_was_erased_go_too(team: SqlTeam) -> None:
    team.open_case(case())
    team.open_case(replace(case("case-157"), customer=str(ref("member", 8))))
    for one in (note(1), note(2), note(3, key="case-157")):
        team.add_case_note(one)
    assert team.forget_in_cases([ref("member", 7)]) == 3, "a name and two notes"
    assert team.case_notes(THREAD.community, "case-156") == []
    assert len(team.case_notes(THREAD.community, "case-157")) == 1
