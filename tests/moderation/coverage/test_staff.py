"""Who was staff, by days of UTC, the last one included."""

from datetime import UTC, date, datetime, timedelta, timezone

from moderation.coverage.staff import StaffDays, Term
from moderation.ids import Kind, Ref

HERE = "community.example"
SARA, LEO = Ref(HERE, Kind.MEMBER, "1"), Ref(HERE, Kind.MEMBER, "2")
ELSEWHERE = Ref("other.example", Kind.MEMBER, "1")
DAYS = StaffDays(
    {str(SARA): (Term(date(2026, 1, 10), date(2026, 1, 20)), Term(date(2026, 2, 1))), str(ELSEWHERE): (Term(),)},
    frozenset({str(LEO)}),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_first_and_last_day_are_included_to_the_end() -> None:
    told = {
        "2026-01-09T23:59:59.999": False,
        "2026-01-10T00:00:00": True,
        "2026-01-20T23:59:59.999": True,
        "2026-01-21T00:00:00": False,
        "2026-02-01T00:00:00": True,
        "2030-01-01T00:00:00": True,
    }
    crew = DAYS.crew(HERE)
    for text, was in told.items():
        assert DAYS.was_staff(str(SARA), at(text)) is was
        assert crew.was("1", round(at(text).timestamp() * 1000)) is was


def test_days_are_those_of_utc_wherever_somebody_sits() -> None:
    tokyo = datetime(2026, 1, 21, 8, 0, tzinfo=timezone(timedelta(hours=9)))
    assert DAYS.was_staff(str(SARA), tokyo)


def test_a_crew_knows_its_own_community_alone() -> None:
    crew = DAYS.crew(HERE)
    assert (set(crew.spans), crew.bots) == ({"1"}, {"2"})
    assert not crew.was(None, 0)
    assert not crew.was("2", 0)


def test_another_staff_has_another_stamp() -> None:
    other = StaffDays({str(SARA): (Term(date(2026, 1, 10), date(2026, 1, 19)),)})
    staffs = [StaffDays(), DAYS, other, StaffDays(other.terms, frozenset({str(LEO)}))]
    assert len({days.crew(HERE).stamp for days in staffs}) == len(staffs)
    assert DAYS.crew(HERE).stamp == StaffDays(dict(DAYS.terms), DAYS.bots, confirmed=True).crew(HERE).stamp
    assert DAYS.crew(HERE).stamp != other.crew(HERE).stamp
    assert StaffDays.of_groups([SARA]).crew(HERE).was("1", 0)
