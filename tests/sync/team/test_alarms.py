"""Alarms in the team store: raised by whoever is first, told by whoever takes it first, and forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from moderation.alarms.delivery import Telling, Told
from moderation.alarms.model import Alarm, AlarmKind
from moderation.errors import NotAllowedError
from moderation.goals import Goal
from moderation.goals.model import Target
from moderation.ids import Kind
from moderation.persons import LEAST_GROUP, PersonRules, Scope
from sync.team import open_team
from sync.team.store import SqlTeam
from sync.vault import Vault
from tests.factory import HERE, at, ref

FORUM, THREAD, ME = ref(Kind.FORUM, 1), ref(Kind.THREAD, 7), ref(Kind.MEMBER, 9)
ALARM = Alarm(f"overdue:{THREAD}", 1, AlarmKind.OVERDUE, THREAD, FORUM, {"late_s": 60.0}, at(0), at(0))
TELLING = Telling(ALARM.key, 1, "ops", due_at=at(10))


@pytest.fixture
def team(home_folder: Path) -> Iterator[SqlTeam]:
    opened = open_team(Vault(home_folder, bytes(range(32))), lambda: at(1000))
    yield opened
    opened.close()


def test_whoever_writes_first_has_raised_it(team: SqlTeam) -> None:
    assert team.raise_alarms([ALARM], [TELLING]) == [ALARM]
    assert team.raise_alarms([replace(ALARM, raised_at=at(5))], [replace(TELLING, channel="pager")]) == []
    assert team.alarms(HERE) == [ALARM]
    assert team.tellings(HERE) == [TELLING]


def test_the_newest_of_each_counts(team: SqlTeam) -> None:
    ended = replace(ALARM, ended_at=at(100))
    team.raise_alarms([ended, replace(ALARM, number=2, raised_at=at(200))], [])
    assert [alarm.id for alarm in team.alarms(HERE)] == [f"{ALARM.key}.2"]
    team.keep_course([replace(ALARM, number=2, ended_at=at(300))])
    assert team.alarms(HERE, active=True) == []
    assert team.alarms("elsewhere.example") == []


def test_the_course_leaves_owner_and_silence(team: SqlTeam) -> None:
    team.raise_alarms([ALARM], [])
    assert team.own_alarm(ALARM, str(ME), "Ines", at(1)) is None
    assert team.own_alarm(ALARM, "c:member:2", "Dagny", at(2)) == "Ines"
    team.silence_alarm(ALARM, "The vendor answers", str(ME), "Ines", at(3), at(9000))
    team.keep_course([replace(ALARM, facts={"late_s": 90.0}, seen_at=at(4))])
    (kept,) = team.alarms(HERE)
    assert (kept.owner_name, kept.reason, kept.silenced_until) == ("Ines", "The vendor answers", at(9000))
    assert kept.facts == {"late_s": 90.0}
    assert kept.silenced(at(10))
    assert not kept.silenced(at(9000))
    team.silence_alarm(ALARM, "", str(ME), "Ines", at(5), None)
    assert not team.alarms(HERE)[0].silenced(at(10))
    assert not team.release_alarm(ALARM, "c:member:2")
    assert team.release_alarm(ALARM, str(ME))


def test_a_telling_is_taken_once(team: SqlTeam) -> None:
    team.raise_alarms([ALARM], [TELLING])
    assert team.due_tellings("ops", at(9)) == []
    due = team.due_tellings("ops", at(10))
    assert team.take_tellings(due, "b1", at(10), at(130)) == due
    assert team.take_tellings(due, "b2", at(11), at(131)) == []
    team.end_tellings("b2", Told.FAILED, at(12))
    team.end_tellings("b1", Told.SENT, at(12))
    assert team.next_telling() is None
    (told,) = team.tellings()
    assert (told.state, told.tries, told.bundle) == (Told.SENT, 1, "b1")


def test_one_that_waits_again_is_due_again(team: SqlTeam) -> None:
    team.raise_alarms([ALARM], [TELLING])
    team.take_tellings(team.due_tellings("ops", at(10)), "b1", at(10), at(130))
    team.end_tellings("b1", Told.WAITING, at(12), "connection_refused", at(42))
    assert team.next_telling() == at(42)
    (again,) = team.due_tellings("ops", at(42))
    assert (again.tries, again.trouble) == (1, "connection_refused")


def test_one_that_was_cut_off_is_unclear_and_not_sent_again(team: SqlTeam) -> None:
    team.raise_alarms([ALARM], [TELLING])
    team.take_tellings(team.due_tellings("ops", at(10)), "b1", at(10), at(130))
    assert team.next_telling() == at(130)
    assert team.due_tellings("ops", at(129)) == []
    assert team.tellings()[0].state is Told.SENDING
    assert team.due_tellings("ops", at(130)) == []
    assert [(one.state, one.trouble) for one in team.tellings()] == [(Told.UNCLEAR, "alarm_cut_off")]


def test_what_need_not_be_told_is_not(team: SqlTeam) -> None:
    team.raise_alarms([ALARM], [TELLING])
    team.drop_tellings([TELLING], at(11))
    assert team.due_tellings("ops", at(20)) == []
    assert team.tellings()[0].state is Told.NOT_NEEDED


def test_what_was_erased_leaves_the_alarms(team: SqlTeam) -> None:
    other = replace(ALARM, key=f"uncovered:{FORUM}", kind=AlarmKind.UNCOVERED, subject=FORUM)
    team.raise_alarms([ALARM, other], [TELLING])
    team.own_alarm(other, str(ME), "Ines", at(1))
    team.silence_alarm(other, "On holiday", str(ME), "Ines", at(1), None)
    assert team.forget_alarms([THREAD, ME]) == 3
    (left,) = team.alarms(HERE)
    assert (left.kind, left.owner, left.owner_name, left.silenced_name) == (AlarmKind.UNCOVERED, "", "", "")
    assert team.tellings() == []


def test_what_ended_long_ago_goes(team: SqlTeam) -> None:
    team.raise_alarms([replace(ALARM, ended_at=at(0))], [TELLING])
    assert team.prune_alarms(at(0)) == 0
    assert team.prune_alarms(at(1)) == 1
    assert team.alarms(HERE) == []
    assert team.tellings() == []


# Figures of persons

SCOPE = Scope(at(-3600), (str(FORUM),))


def test_without_leave_there_is_no_permit_and_the_try_is_logged(team: SqlTeam) -> None:
    assert team.person_rules(HERE) == PersonRules(shown=False, least_group=LEAST_GROUP)
    with pytest.raises(NotAllowedError) as raised:
        team.permit_all(HERE, ME, "Ines", SCOPE, at(0))
    assert raised.value.code == "persons_off"
    (look,) = team.looks(HERE)
    assert (look.by, look.by_name, look.at, look.scope, look.outcome) == (str(ME), "Ines", at(0), SCOPE, "refused")


def test_with_leave_each_look_is_logged_before_it_is_allowed(team: SqlTeam) -> None:
    team.set_person_rules(HERE, PersonRules(shown=True, least_group=7))
    permit = team.permit_all(HERE, ME, "Ines", SCOPE, at(0))
    assert (permit.only, permit.least_group) == (None, 7)
    team.permit_all(HERE, ME, "Ines", SCOPE, at(1))
    assert [look.at for look in team.looks(HERE)] == [at(1), at(0)]
    assert team.person_rules("elsewhere.example") == PersonRules()


def test_ones_own_are_always_there_and_nobodys_business(team: SqlTeam) -> None:
    assert team.permit_own(HERE, ME).only == ME
    assert team.looks(HERE) == []


def test_the_log_of_looks_cannot_be_changed(team: SqlTeam) -> None:
    with pytest.raises(NotAllowedError):
        team.permit_all(HERE, ME, "Ines", SCOPE, at(0))
    connection = team._engine.raw_connection()
    for statement in ("DELETE FROM figure_look", "UPDATE figure_look SET by_name = 'Nobody'"):
        with pytest.raises(Exception, match="append-only"):
            connection.cursor().execute(statement)
    connection.close()


# Goals


def test_the_worksheet_is_kept_whole_and_in_order(team: SqlTeam) -> None:
    first = Goal("Support", "Nobody waits", "Fridays", "first_response_p90_s", Target(28800.0, True), (str(FORUM),))
    second = Goal("Product", "We hear of flaws", "Nobody reads", "open")
    team.keep_goals(HERE, [first, second], str(ME), at(0))
    assert team.goals(HERE) == [first, second]
    team.keep_goals(HERE, [second], str(ME), at(1))
    assert team.goals(HERE) == [second]
    assert team.goals("elsewhere.example") == []
    assert timedelta(seconds=first.target.value if first.target else 0) == timedelta(hours=8)
