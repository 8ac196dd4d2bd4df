"""Figures by person and by team: one's own alone, never of few, never ranked."""

import re
from datetime import date
from pathlib import Path

import pytest

from moderation.coverage.facts import PostBit, ThreadFacts
from moderation.coverage.staff import StaffDays, Term
from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.persons import Permit, by_person, by_team
from tests.moderation.coverage.held_out import HERE, Made, member

NAMES = ("amy", "bo", "cas", "dee", "eli", "fay")
CREW = StaffDays(
    {member(name): (Term(),) for name in NAMES} | {member("gus"): (Term(None, date(2026, 3, 3)),)}, confirmed=True
).crew(HERE)


def threads() -> list[ThreadFacts]:
    """Amy is first twice, after an hour and after three; everybody answers somewhere."""
    made = [
        Made("one", "03-02 09:00").says("amy", "03-02 10:00").says("bo", "03-02 11:00").says("carl", "03-02 12:00"),
        Made("two", "03-03 09:00").says("dora", "03-03 09:05").says("amy", "03-03 12:00").says("cas", "03-03 13:00"),
        Made("three", "03-04 09:00").says("dee", "03-04 09:30").says("eli", "03-04 10:30").says("gus", "03-04 11:00"),
        Made("away", "03-05 09:00").says("amy", "03-05 10:00", PostBit.AWAY).says("amy", "03-05 10:00", PostBit.NOTE),
        Made("own", "03-05 09:00", by="amy").says("amy", "03-05 10:00"),
    ]
    return [one.facts for one in made]


def everybody(least: int) -> Permit:
    return Permit(HERE, None, least)


def test_answers_first_answers_and_how_soon() -> None:
    found = {one.who: one for one in by_person(everybody(5), threads(), CREW)}
    assert list(found) == ["amy", "bo", "cas", "dee", "eli"]  # Gus had left, Fay wrote nothing
    assert (found["amy"].answers, found["amy"].first_answers, found["amy"].first_response_median_s) == (2, 2, 7200.0)
    assert (found["bo"].answers, found["bo"].first_answers, found["bo"].first_response_median_s) == (1, 0, None)


def test_fewer_persons_than_a_group_are_not_shown() -> None:
    with pytest.raises(NotAllowedError) as raised:
        by_person(everybody(6), threads(), CREW)
    assert raised.value.facts == {"count": 5, "least": 6}
    with pytest.raises(NotAllowedError):
        by_person(everybody(2), threads()[3:], CREW)


def test_a_permit_for_oneself_gives_nobody_else() -> None:
    (own,) = by_person(Permit(HERE, Ref(HERE, Kind.MEMBER, "bo")), threads(), CREW)
    assert (own.who, own.answers) == ("bo", 1)
    (none,) = by_person(Permit(HERE, Ref(HERE, Kind.MEMBER, "fay")), threads(), CREW)
    assert (none.answers, none.first_response_median_s) == (0, None)


def test_a_pointer_answers_nothing() -> None:
    (own,) = by_person(Permit(HERE, Ref(HERE, Kind.MEMBER, "bo")), threads(), CREW, {"one-2"})
    assert own.answers == 0


def test_only_the_team_store_gives_permits() -> None:
    """The one place that makes one writes the log first; whoever adds another place sees this."""
    root = Path(__file__).parents[3]
    rooms = ("console", "moderation", "sync", "views")
    made = {str(path.relative_to(root)) for room in rooms for path in (root / room).rglob("*.py")
            if re.search(r"\bPermit\(", path.read_text(encoding="utf-8"))}  # fmt: skip
    assert made == {"sync/team/looks.py"}


def test_small_teams_are_told_together() -> None:
    teams = {"amy": "Routers", "bo": "Routers", "cas": "Routers", "dee": "Phones", "eli": "Phones"}
    assert [(one.who, one.people) for one in by_team(threads(), CREW, teams, 2)] == [("Phones", 2), ("Routers", 3)]
    # Phones would be too few alone: they take Routers along, or the rest could be worked out from the whole.
    (together,) = by_team(threads(), CREW, teams, 3)
    assert (together.who, together.people, together.answers) == ("", 5, 6)
    assert by_team(threads(), CREW, teams, 6) == []


def test_who_is_in_no_team_is_with_the_others() -> None:
    teams = {"amy": "Routers", "bo": "Routers"}
    assert [(one.who, one.people) for one in by_team(threads(), CREW, teams, 2)] == [("Routers", 2), ("", 3)]
