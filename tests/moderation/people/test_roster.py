"""The roster: dates, hours, absences, what groups propose, and who was staff when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from moderation.content import Group
from moderation.coverage.hours import Hours, Period
from moderation.coverage.staff import Term
from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.people import (
    Absence,
    CalendarImport,
    CalendarState,
    Person,
    StaffGroup,
    absent_until,
    hours_text,
    parse_hours,
    parse_terms,
    propose,
    staff_days,
    terms_text,
)
from tests.factory import HERE, at, ref

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
LEAD = str(ref(Kind.MEMBER, 1))


def who(number: int, community: str = HERE) -> Ref:
    return ref(Kind.MEMBER, number, community)


def person(number: int, **facts: object) -> Person:
    given: dict[str, object] = {"accounts": (who(number),), "confirmed_by": LEAD, **facts}
    return Person(f"p{number}", f"Person {number}", **given)  # type: ignore[arg-type]


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_last_day_is_a_day_on_the_staff() -> None:
    terms = parse_terms(["2025-01-01..2025-03-31", "2025-07-01.."])
    staff = staff_days([person(7, terms=terms)])
    member = str(who(7))
    answers = ["2024-12-31T23:59", "2025-01-01T00:00", "2025-03-31T23:59", "2025-04-01T00:00", "2026-06-10T12:00"]
    assert [staff.was_staff(member, day(text)) for text in answers] == [False, True, True, False, True]


def test_days_are_days_of_utc() -> None:
    staff = staff_days([person(7, terms=parse_terms(["..2025-03-31"]))])
    late_in_tokyo = datetime.fromisoformat("2025-04-01T08:59:00+09:00")
    assert staff.was_staff(str(who(7)), late_in_tokyo)
    assert not staff.was_staff(str(who(7)), late_in_tokyo + timedelta(minutes=1))


def test_nobody_is_staff_before_the_lead_has_said_so() -> None:
    staff = staff_days([person(7, confirmed_by="")])
    assert not staff.was_staff(str(who(7)), NOW)
    assert not staff.confirmed
    assert staff_days([person(7, confirmed_by=""), person(8)]).confirmed


def test_programs_and_people_without_an_account_answer_nothing() -> None:
    staff = staff_days([person(7, bot=True), person(8, accounts=())])
    assert not staff.was_staff(str(who(7)), NOW)
    assert staff.bots == frozenset({str(who(7))})
    assert dict(staff.terms) == {}


def test_one_person_has_accounts_in_several_communities() -> None:
    elsewhere = who(70, "jp.example.org")
    both = person(7, accounts=(who(7), elsewhere), terms=parse_terms(["2026-01-01.."]))
    staff = staff_days([both])
    assert staff.was_staff(str(elsewhere), NOW)
    assert staff.was_staff(str(who(7)), NOW)
    assert both.account("jp.example.org") == elsewhere
    assert both.account("nowhere.example.org") is None


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["2025-13-01.."], "term_odd"),
        (["2025-01-01"], "term_odd"),
        ([".."], "term_odd"),
        (["2025-02-01..2025-01-01"], "term_odd"),
        (["2025-01-01..2025-03-01", "2025-03-01.."], "terms_overlap"),
        (["always", "2025-03-01.."], "terms_overlap"),
    ],
)
def test_odd_dates_are_refused(texts: list[str], code: str) -> None:
    with pytest.raises(NotAllowedError, match=code):
        parse_terms(texts)


def test_dates_are_read_as_they_are_written() -> None:
    for texts in (["always"], ["2025-01-01..2025-03-31", "2025-07-01.."], ["..2025-03-31"]):
        assert terms_text(parse_terms(texts)) == ", ".join(texts)
    assert parse_terms(["2025-07-01..", "2025-01-01..2025-03-31"])[0] == Term(date(2025, 1, 1), date(2025, 3, 31))


def test_hours_have_several_periods_a_day() -> None:
    hours = parse_hours("Mon-Wed 09:00-12:00,13:00-17:30; Sat 22:00-06:00", "Europe/Berlin")
    assert hours.zone == "Europe/Berlin"
    assert hours.periods[:2] == (Period(0, 540, 720), Period(0, 780, 1050))
    assert hours.periods[-1] == Period(5, 1320, 1800)
    assert hours_text(hours) == "Mon-Wed 09:00-12:00,13:00-17:30; Sat 22:00-06:00"
    assert parse_hours("", "UTC") == Hours()
    assert hours_text(parse_hours("Sun-Mon 10:00-24:00", "UTC")) == "Mon,Sun 10:00-24:00"


@pytest.mark.parametrize(
    ("text", "zone", "code"),
    [
        ("Mon 9-17", "UTC", "hours_odd"),
        ("Moon 09:00-17:00", "UTC", "hours_odd"),
        ("Mon 09:00-09:00", "UTC", "hours_odd"),
        ("Mon 09:00-25:00", "UTC", "hours_odd"),
        ("Mon 09:00-12:00,11:00-13:00", "UTC", "hours_overlap"),
        ("Mon 00:00-04:00; Sun 22:00-05:00", "UTC", "hours_overlap"),
        ("Mon 09:00-12:00", "Europe/Nowhere", "zone_unknown"),
        ("Mon 09:00-12:00", "../etc/passwd", "zone_unknown"),
        ("Mon 09:00-12:00", "", "zone_unknown"),
    ],
)
def test_odd_hours_are_refused(text: str, zone: str, code: str) -> None:
    with pytest.raises(NotAllowedError, match=code):
        parse_hours(text, zone)


def test_absences_that_touch_are_one_and_their_end_is_not_in_them() -> None:
    away = [Absence(at(0), at(100)), Absence(at(100), at(200)), Absence(at(300), at(400))]
    assert absent_until(away, at(50)) == at(200)
    assert absent_until(away, at(200)) is None
    assert absent_until(away, at(-1)) is None
    assert absent_until([], at(0)) is None


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"imported_at": NOW - timedelta(days=1), "covers_until": NOW + timedelta(days=9)}, CalendarState.FRESH),
        ({"imported_at": NOW - timedelta(days=365), "covers_until": NOW + timedelta(days=9)}, CalendarState.OLD),
        ({"imported_at": NOW, "covers_until": NOW - timedelta(days=300)}, CalendarState.OVER),
        ({"imported_at": NOW, "trouble": "calendar_broken"}, CalendarState.BROKEN),
        ({}, CalendarState.BROKEN),
        ({"imported_at": NOW + timedelta(hours=2)}, CalendarState.AHEAD),
        ({"imported_at": NOW, "covers_until": None}, CalendarState.FRESH),
    ],
)
def test_a_calendar_says_how_far_it_can_be_trusted(facts: dict[str, object], state: CalendarState) -> None:
    told = CalendarImport("p7", "away.ics", **facts)  # type: ignore[arg-type]
    assert told.state(NOW) is state


def test_an_age_is_never_below_zero() -> None:
    told = CalendarImport("p7", "away.ics", imported_at=NOW + timedelta(hours=2))
    assert told.age(NOW) == timedelta()
    assert CalendarImport("p7", "away.ics").age(NOW) is None


def group(native: str, *members: int, name: str = "") -> Group:
    return Group(native, name or native.title(), len(members), members=tuple(map(who, members)))


def chosen(native: str, *members: int, name: str = "") -> StaffGroup:
    return StaffGroup(HERE, native, name or native.title(), tuple(map(who, members)), LEAD)


def test_groups_propose_who_is_new_and_who_left() -> None:
    groups = [group("staff", 7, 8), group("helpers", 8, 10), group("customers", 20)]
    found = propose(
        HERE, groups, [chosen("staff", 7), chosen("helpers", 8)], [person(7), person(9)], {who(8): "Tamsin"}, NOW
    )
    assert found.joined == ((who(10), "10", ("Helpers",)), (who(8), "Tamsin", ("Staff", "Helpers")))
    assert [one.name for one in found.left] == ["Person 9"]
    assert found.changed == ()


def test_who_has_left_by_the_roster_is_not_proposed_to_leave_again() -> None:
    gone = person(9, terms=parse_terms(["..2026-01-31"]))
    assert propose(HERE, [group("staff", 7)], [chosen("staff", 7)], [person(7), gone], {}, NOW).left == ()


def test_a_renamed_group_stays_the_same_group() -> None:
    """NodeBB names its groups by their name; what has most of the same members is the same."""
    groups = [group("crew", 7, 8, 10, name="The crew"), group("customers", 20, 21)]
    found = propose(HERE, groups, [chosen("staff", 7, 8)], [person(7), person(8)], {}, NOW)
    assert [(one.group.native, one.now and one.now.native) for one in found.changed] == [("staff", "crew")]
    assert [member for member, _, _ in found.joined] == [who(10)]
    assert found.left == ()


def test_a_group_with_an_id_of_its_own_only_changes_its_name() -> None:
    found = propose(HERE, [group("41", 7, name="Crew")], [chosen("41", 7, name="Staff")], [person(7)], {}, NOW)
    assert found.changed[0].now is not None
    assert (found.joined, found.left) == ((), ())


def test_a_group_that_vanished_sends_nobody_away() -> None:
    groups = [group("helpers", 8), group("customers", 20, 21)]
    staff = [chosen("staff", 7, 9), chosen("helpers", 8)]
    found = propose(HERE, groups, staff, [person(7), person(8), person(9)], {}, NOW)
    assert [(one.group.native, one.now) for one in found.changed] == [("staff", None)]
    assert found.left == ()
    assert propose(HERE, [], staff, [person(7)], {}, NOW).left == ()


def test_people_without_an_account_are_told() -> None:
    found = propose(HERE, [group("staff", 7)], [chosen("staff", 7)], [person(7), person(8, accounts=())], {}, NOW)
    assert [one.name for one in found.without_account] == ["Person 8"]


def test_a_group_whose_members_were_not_read_sends_nobody_away() -> None:
    large = Group("staff", "Staff", 900)
    staff = [chosen("staff", 7, 9), chosen("helpers", 8)]
    found = propose(HERE, [large, group("helpers", 8)], staff, [person(7), person(8), person(9)], {}, NOW)
    assert (found.left, found.changed) == ((), ())
