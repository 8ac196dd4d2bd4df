"""What the team keeps of tickets, what a person is asked, and how it is kept in step."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from moderation.case_tickets import CaseTicket, Question, asked_about, of_this_case, question_after
from moderation.cases import Case, CaseState
from moderation.changes import ChangeRecord
from moderation.errors import UnreachableError
from moderation.tickets import Side, Ticket, TicketState, TicketSystem
from sync.engine.ticket_watch import TicketWatch
from sync.team import open_team
from tests.fakes import factory
from tests.fakes.clock import FakeClock
from tests.tickets.conftest import Office
from tests.tickets.flow import SYSTEM, OneOffice
from tests.tickets.zendesk_face import Face

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEPT = CaseTicket("forum.example", "case-7", SYSTEM, "7", "https://office.example/7", TicketState.OPEN, "1")
CASE = Case(
    "case-7", "forum.example", "forum.example:thread:7", "Invoice", "forum.example:member:5", "Maren", "continue",
    "ticket", "forum.example:member:1", "Ines", NOW,
)  # fmt: skip
_S, _C, _Q = TicketState, CaseState, Question


@pytest.mark.parametrize(
    ("before", "asked", "now", "case", "question"),
    [
        (_S.OPEN, "", _S.SOLVED, _C.OPEN, _Q.CLOSED_ELSEWHERE),
        (_S.OPEN, "", _S.PENDING, _C.OPEN, ""),
        (_S.SOLVED, _Q.CLOSED_ELSEWHERE, _S.CLOSED, _C.OPEN, _Q.CLOSED_ELSEWHERE),
        (_S.SOLVED, "", _S.SOLVED, _C.OPEN, ""),
        (_S.SOLVED, _Q.CLOSED_ELSEWHERE, _S.OPEN, _C.OPEN, ""),
        (_S.SOLVED, "", _S.OPEN, _C.CLOSED, _Q.REOPENED_ELSEWHERE),
        (_S.OPEN, "", _S.OPEN, _C.CLOSED, ""),
        (_S.OPEN, "", _S.SOLVED, _C.CLOSED, ""),
        (_S.OPEN, "", _S.SOLVED, _C.UNDOING, ""),
    ],
)
def test_what_a_person_is_asked(
    before: TicketState, asked: str, now: TicketState, case: CaseState, question: str
) -> None:
    kept = replace(KEPT, state=before, question=asked)
    assert question_after(kept, Ticket("7", "", "", now, "2"), case) == question


def test_an_answer_given_by_the_case_is_no_question_any_more() -> None:
    kept = replace(KEPT, question=_Q.CLOSED_ELSEWHERE)
    assert asked_about(kept, CASE) == _Q.CLOSED_ELSEWHERE
    assert asked_about(kept, replace(CASE, state=_C.CLOSED)) == ""


def test_tickets_of_another_case_are_not_taken() -> None:
    mine, other, bare = (
        Ticket(str(number), "", subject, _S.OPEN, "")
        for number, subject in enumerate(("[case-7.forum.example] A", "[case-7-2.forum.example] A", "Renamed"))
    )
    found = of_this_case((mine, other, bare), "case-7.forum.example", frozenset())
    assert found == (mine, bare)
    assert of_this_case((mine, bare), "case-7.forum.example", frozenset({bare.id})) == (mine,)


def test_who_confirmed_what_stays_when_the_ticket_is_read_again(tmp_path: Path) -> None:
    team = open_team(factory.vault(tmp_path), lambda: NOW)
    assert team.case_ticket("forum.example", "case-7") is None
    team.keep_ticket(KEPT)
    team.note_address_confirmed("forum.example", "case-7", "forum.example:post:9", "forum.example:member:1", NOW)
    again = replace(
        KEPT, state=_S.SOLVED, question=_Q.CLOSED_ELSEWHERE, last_by=Side.CUSTOMER, last_at=NOW, others=("8",)
    )
    team.keep_ticket(again)
    kept = team.case_ticket("forum.example", "case-7")
    assert kept == replace(
        again, confirmed_in="forum.example:post:9", confirmed_by="forum.example:member:1", confirmed_at=NOW
    )
    assert kept is not None
    assert kept.shown().waits_for is None
    team.answer_ticket_question("forum.example", "case-7")
    assert [one.question for one in team.case_tickets("forum.example")] == [""]
    assert team.case_tickets("other.example") == []
    team.close()


def test_changes_are_asked_for_and_a_system_that_is_away_is_asked_less(
    tmp_path: Path, zendesk: Face, zendesk_office: Office
) -> None:
    clock = FakeClock(zendesk.now)
    team = open_team(factory.vault(tmp_path), clock.now)
    office = OneOffice(lambda: zendesk_office.system)
    told: list[ChangeRecord] = []
    watch = TicketWatch("forum.example", office, team, clock, told.extend)
    assert watch.look() == []
    zendesk.tickets[7] = {
        "id": 7, "subject": "[case-7.forum.example] A", "status": "new", "external_id": "case-7.forum.example",
        "requester_id": 11, "submitter_id": 11, "assignee_id": None, "updated_at": zendesk.stamp(), "group_id": 5,
    }  # fmt: skip
    zendesk.write(7, 11, "Text")
    team.open_case(CASE)
    team.keep_ticket(KEPT)
    watch.look()
    assert team.case_tickets("forum.example")[0].state is _S.NEW
    heard = len(zendesk.heard)
    watch.look()
    assert len(zendesk.heard) == heard, "asked again before its time"
    zendesk.number()
    zendesk.tickets[7].update(status="solved", updated_at=zendesk.stamp())
    clock.advance(61.0)
    watch.look()
    lines = [one.line.split(" ")[1] for one in zendesk.heard[heard:]]
    assert any("incremental" in line for line in lines)
    assert (team.case_tickets("forum.example")[0].state, len(told)) == (_S.SOLVED, 2)
    office.open_it = _away
    pauses = []
    for _ in range(4):
        waited = 0.0
        while not watch.look():
            clock.advance(30.0)
            waited += 30.0
        pauses.append(waited)
    assert pauses == sorted(pauses)
    assert pauses[-1] >= 4 * pauses[1]
    assert timedelta(seconds=pauses[-1]) < timedelta(minutes=15)
    team.close()


def _away() -> TicketSystem:
    raise UnreachableError("connection_refused", host="office.example")
