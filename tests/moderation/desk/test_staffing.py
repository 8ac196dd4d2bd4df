"""The roster at the desk: proposed by groups, confirmed by the lead, kept with dates."""

from datetime import date, timedelta

import pytest

from moderation.content import Group
from moderation.errors import ConflictError, NotAllowedError, UnknownIdError
from moderation.ids import Kind, Ref
from moderation.people import Absence, CalendarState, Consent, parse_terms, terms_text
from tests.fakes import factory
from tests.fakes.factory import ME, NAME
from tests.moderation.desk.conftest import Room


def who(number: int) -> Ref:
    return factory.ref(Kind.MEMBER, number)


@pytest.fixture
def team(room: Room) -> Room:
    """A group of three, and one of customers."""
    for number, name in ((6, "tamsin"), (7, "dagny"), (8, "arlo"), (20, "maren")):
        room.mirror.add(factory.member(number, name=name))
    room.mirror.group_rows[NAME] = [
        Group("customers", "Customers", 1, members=(who(20),)),
        Group("staff", "Quillby team", 3, members=(who(6), who(7), who(8))),
    ]
    return room


def names(room: Room) -> list[str]:
    return [person.name for person in room.desk.staffing.roster()]


def test_nobody_is_proposed_before_a_group_was_chosen(team: Room) -> None:
    assert not team.desk.staffing.proposals(NAME)
    assert team.desk.staffing.roster() == []


def test_a_group_is_confirmed_by_the_lead(team: Room) -> None:
    confirmed = team.desk.staffing.confirm_group(NAME, "quillby team")
    assert names(team) == ["arlo", "dagny", "tamsin"]
    assert {person.confirmed_by for person in confirmed} == {str(ME)}
    assert {person.confirmed_at for person in confirmed} == {team.clock.now()}
    assert [group.native for group in team.desk.staffing.chosen(NAME)] == ["staff"]
    assert not team.desk.staffing.proposals(NAME)
    assert team.desk.staffing.confirm_group(NAME, "staff") == []
    assert len(names(team)) == 3
    assert team.engine.wanted == []
    assert {entry.outcome for entry in team.team.audit()} == {"confirmed", "chosen"}


def test_who_joined_and_who_left_is_proposed_and_nothing_happens_by_itself(team: Room) -> None:
    team.desk.staffing.confirm_group(NAME, "staff")
    team.mirror.group_rows[NAME][1] = Group("staff", "Quillby team", 3, members=(who(6), who(7), who(20)))
    found = team.desk.staffing.proposals(NAME)
    assert [(member, name) for member, name, _ in found.joined] == [(who(20), "maren")]
    assert [person.name for person in found.left] == ["arlo"]
    assert "maren" not in names(team)
    team.desk.staffing.confirm([who(20)], parse_terms(["2026-03-01.."]))
    team.desk.staffing.left("arlo", date(2026, 2, 28))
    assert not team.desk.staffing.proposals(NAME)
    assert terms_text(team.desk.staffing.person("arlo").terms) == "..2026-02-28"


def test_a_renamed_group_is_chosen_again_and_nobody_is_lost(team: Room) -> None:
    team.desk.staffing.confirm_group(NAME, "staff")
    team.mirror.group_rows[NAME][1] = Group("crew", "The crew", 3, members=(who(6), who(7), who(8)))
    found = team.desk.staffing.proposals(NAME)
    assert [(one.group.name, one.now and one.now.name) for one in found.changed] == [("Quillby team", "The crew")]
    assert found.left == ()
    team.desk.staffing.choose_group(NAME, "crew")
    assert [group.native for group in team.desk.staffing.chosen(NAME)] == ["crew"]
    assert not team.desk.staffing.proposals(NAME)


def test_somebody_without_an_account_is_in_the_roster_all_the_same(team: Room) -> None:
    person = team.desk.staffing.add("  Fen   Arkwright ")
    assert (person.name, person.accounts, person.confirmed_by) == ("Fen Arkwright", (), str(ME))
    changed = team.desk.staffing.change(person.id, accounts=(who(99),))
    assert team.engine.wanted == [who(99)]  # nobody has read it yet
    changed = team.desk.staffing.change(person.id, accounts=(who(6),))
    assert changed.account(NAME) == who(6)
    with pytest.raises(ConflictError, match="account_taken"):
        team.desk.staffing.add("Somebody else", [who(6)])
    assert names(team) == ["Fen Arkwright"]


@pytest.mark.parametrize(
    ("native", "code"), [("999", "member_not_read"), ("7", "")], ids=["nobody has read it", "known"]
)
def test_only_members_that_were_read_are_confirmed(team: Room, native: str, code: str) -> None:
    if code:
        with pytest.raises(UnknownIdError, match=code):
            team.desk.staffing.confirm([who(6), factory.ref(Kind.MEMBER, native)])
        assert names(team) == []
    else:
        team.desk.staffing.confirm([factory.ref(Kind.MEMBER, native)])
        assert names(team) == ["dagny"]


def test_what_is_no_member_is_refused(team: Room) -> None:
    with pytest.raises(UnknownIdError, match="not_a_member"):
        team.desk.staffing.confirm([factory.ref(Kind.FORUM, 1)])
    with pytest.raises(UnknownIdError, match="community_unknown"):
        team.desk.staffing.confirm([Ref("elsewhere.example", Kind.MEMBER, "1")])
    with pytest.raises(UnknownIdError, match="group_unknown"):
        team.desk.staffing.choose_group(NAME, "nobody")
    with pytest.raises(UnknownIdError, match="group_unknown"):
        team.desk.staffing.drop_group(NAME, "staff")


def test_people_are_found_by_id_account_and_name(team: Room) -> None:
    person = team.desk.staffing.confirm([who(6)])[0]
    for which in (person.id, str(who(6)), "TAMSIN"):
        assert team.desk.staffing.person(which) == person
    team.desk.staffing.add("Tamsin")
    with pytest.raises(NotAllowedError, match="person_ambiguous"):
        team.desk.staffing.person("tamsin")
    with pytest.raises(UnknownIdError, match="person_unknown"):
        team.desk.staffing.person("fen")


def test_a_last_day_ends_what_was_open_and_drops_what_never_came(team: Room) -> None:
    person = team.desk.staffing.confirm([who(6)], parse_terms(["2024-01-01..2024-06-30", "2025-01-01.."]))[0]
    changed = team.desk.staffing.left(person.id, date(2025, 3, 31))
    assert terms_text(changed.terms) == "2024-01-01..2024-06-30, 2025-01-01..2025-03-31"
    changed = team.desk.staffing.left(person.id, date(2024, 12, 31))
    assert terms_text(changed.terms) == "2024-01-01..2024-06-30"
    with pytest.raises(NotAllowedError, match="left_before_begun"):
        team.desk.staffing.left(person.id, date(2020, 1, 1))


def test_facts_are_changed_and_told_in_the_log_without_their_content(team: Room) -> None:
    team.desk.staffing.confirm([who(6)])
    team.desk.staffing.change("tamsin", team="Routers", consent=Consent.NEVER, languages=("ja",))
    team.desk.staffing.change("tamsin", team="Routers")
    changes = [entry for entry in team.team.audit() if entry.outcome == "changed"]
    assert [entry.facts for entry in changes] == [{"fields": ["consent", "languages", "team"]}]
    assert team.desk.staffing.person("tamsin").consent is Consent.NEVER
    with pytest.raises(NotAllowedError, match="name_empty"):
        team.desk.staffing.change("tamsin", name="  ")


def test_a_calendar_says_who_is_away_and_a_broken_one_changes_nothing(team: Room) -> None:
    team.desk.staffing.confirm([who(6)])
    now = team.clock.now()
    away = [
        Absence(now - timedelta(days=1), now + timedelta(days=4)),
        Absence(now + timedelta(days=9), now + timedelta(days=10)),
    ]
    told = team.desk.staffing.keep_calendar("tamsin", "away.ics", away, covers_until=away[-1].end)
    person = team.desk.staffing.person("tamsin")
    assert team.desk.staffing.away() == {person.id: now + timedelta(days=4)}
    assert told.covers_until == now + timedelta(days=10)
    old = team.desk.staffing.keep_calendar("tamsin", "away.ics", away, made_at=now - timedelta(days=365))
    assert (old.state(now), old.age(now)) == (CalendarState.OLD, timedelta(days=365))
    ahead = team.desk.staffing.keep_calendar("tamsin", "away.ics", away, made_at=now + timedelta(days=1))
    assert (ahead.state(now), ahead.age(now)) == (CalendarState.FRESH, timedelta())
    failed = team.desk.staffing.calendar_failed("tamsin", "other.ics", "calendar_broken")
    assert (failed.state(now), failed.source, failed.imported_at) == (CalendarState.BROKEN, "away.ics", now)
    assert len(team.desk.staffing.absences(person)) == 2
    team.clock.advance(5 * 86400)
    assert team.desk.staffing.away() == {}
    assert team.desk.staffing.drop_calendar("tamsin")
    assert team.desk.staffing.absences(person) == []
