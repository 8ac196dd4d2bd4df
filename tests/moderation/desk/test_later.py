"""Later: out of the queue for oneself, until a time or until something happens to it."""

from datetime import timedelta

import pytest

from moderation.errors import NotAllowedError, UnknownIdError
from moderation.items import ItemState, Report
from moderation.queries import QueueQuery
from tests.fakes.factory import COLLEAGUE, flag
from tests.moderation.desk.conftest import Room

OPEN, LATER = QueueQuery(), QueueQuery(states=(ItemState.LATER,))
HOUR = timedelta(hours=1)


def listed(room: Room, query: QueueQuery = OPEN) -> list[str]:
    room.desk.triage.refresh_overlay()
    return [row.id for row in room.desk.triage.queue(query)]


def test_what_is_put_off_waits_in_a_list_of_its_own_and_comes_back_by_itself(room: Room) -> None:
    room.desk.later.put_off(flag(), room.clock.now() + HOUR)
    assert str(flag()) not in listed(room)
    assert listed(room, LATER) == [str(flag())]
    assert (room.desk.triage.count(QueueQuery()), room.desk.triage.count(LATER)) == (2, 1)
    room.clock.advance(3601)
    assert str(flag()) in listed(room)
    assert listed(room, LATER) == []


def test_it_can_be_taken_up_before(room: Room) -> None:
    room.desk.later.put_off(flag(), room.clock.now() + HOUR)
    assert room.desk.later.take_up(flag())
    assert not room.desk.later.take_up(flag())
    assert str(flag()) in listed(room)


def test_another_time_replaces_the_one_before(room: Room) -> None:
    for hours in (1, 3):
        room.desk.later.put_off(flag(), room.clock.now() + hours * HOUR)
    room.clock.advance(2 * 3600)
    assert [each.item for each in room.desk.later.waiting()] == [str(flag())]


@pytest.mark.parametrize("news", [{"report_count": 9}, {"state": ItemState.RESOLVED}, {"state": ItemState.GONE}])
def test_what_happens_to_it_meanwhile_ends_it(room: Room, news: dict[str, object]) -> None:
    """A further report is looked at again; what a colleague has decided waits for nobody."""
    room.desk.later.put_off(flag(), room.clock.now() + HOUR)
    room.mirror.change(flag(), **news)
    assert listed(room, LATER) == []
    assert (str(flag()) in listed(room)) == ("report_count" in news)


def test_a_decision_on_it_counts_for_more(room: Room) -> None:
    room.desk.later.put_off(flag(), room.clock.now() + HOUR)
    room.desk.triage.decide(flag(), "resolve")
    assert listed(room, LATER) == []
    assert str(flag()) in listed(room, QueueQuery(states=(ItemState.RESOLVED,)))


def test_it_is_nobody_elses_matter(room: Room) -> None:
    room.desk.later.put_off(flag(), room.clock.now() + HOUR)
    assert [each.member for each in room.team.later.values()] != [str(COLLEAGUE)]
    assert room.team.put_off_by([str(COLLEAGUE)]) == []
    assert room.journal.plans() == []


def test_what_cannot_be_put_off(room: Room) -> None:
    now = room.clock.now()
    with pytest.raises(UnknownIdError, match="item_unknown"):
        room.desk.later.put_off(flag(404), now + HOUR)
    with pytest.raises(NotAllowedError, match="later_past"):
        room.desk.later.put_off(flag(), now)
    threat = Report("He threatens to kill somebody", None, "reporter", now)
    room.mirror.change(flag(), reports=(threat,))
    with pytest.raises(NotAllowedError, match="later_urgent"):
        room.desk.later.put_off(flag(), now + HOUR)
    room.mirror.change(flag(2), state=ItemState.DISMISSED)
    with pytest.raises(NotAllowedError, match="already_decided"):
        room.desk.later.put_off(flag(2), now + HOUR)
    assert room.team.later == {}
