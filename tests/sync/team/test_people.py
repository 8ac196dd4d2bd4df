"""The roster in the team store: people, calendars, groups, owners, requests, and how following changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from moderation.content import Level
from moderation.errors import ConflictError
from moderation.following.threads import FollowedThreads
from moderation.ids import Kind, Ref
from moderation.people import (
    Absence,
    CalendarImport,
    Consent,
    FollowRequest,
    People,
    Person,
    RequestKind,
    RequestState,
    StaffGroup,
    parse_hours,
    parse_terms,
)
from moderation.people.ports import FollowingChange
from sync.team import open_team
from sync.team.store import SqlTeam
from sync.vault import Vault
from tests.factory import HERE, at, ref

FORUM, OTHER = ref(Kind.FORUM, 1), ref(Kind.FORUM, 2)


def who(number: int, community: str = HERE) -> Ref:
    return ref(Kind.MEMBER, number, community)


@pytest.fixture
def team(home_folder: Path) -> Iterator[SqlTeam]:
    opened = open_team(Vault(home_folder, bytes(range(32))), lambda: at(1000))
    yield opened
    opened.close()


TAMSIN = Person(
    "p7",
    "Tamsin Vole",
    (who(7), who(70, "jp.example.org")),
    parse_terms(["2024-01-01..2024-06-30", "2025-01-01.."]),
    team="Routers",
    title="ルーター担当",
    languages=("en", "ja"),
    hours=parse_hours("Mon-Fri 09:00-12:00,13:00-17:00", "Europe/Berlin"),
    consent=Consent.NAME,
    confirmed_by=str(who(1)),
    confirmed_at=at(5),
)


def test_it_is_the_port(team: SqlTeam) -> None:
    port: People = team
    assert port.roster() == []


def test_a_person_is_kept_as_a_whole_and_replaced(team: SqlTeam) -> None:
    bot = Person("p8", "arlo", (who(8),), bot=True)
    team.keep_person(TAMSIN)
    team.keep_person(bot)
    assert team.roster() == [bot, TAMSIN]
    changed = replace(TAMSIN, accounts=(who(7),), consent=Consent.NEVER, terms=())
    version = team.version()
    team.keep_person(changed)
    assert team.roster() == [bot, changed]
    assert team.version() > version


def test_one_account_is_one_person_and_nothing_is_kept_of_the_other(team: SqlTeam) -> None:
    team.keep_person(TAMSIN)
    with pytest.raises(ConflictError, match="account_taken") as caught:
        team.keep_person(Person("p9", "Somebody", (who(9), who(7))))
    assert caught.value.facts["name"] == "Tamsin Vole"
    assert team.roster() == [TAMSIN]


def test_a_person_goes_with_everything(team: SqlTeam) -> None:
    team.keep_person(TAMSIN)
    team.replace_absences(CalendarImport("p7", "away.ics", at(1)), [Absence(at(10), at(20), "p7")])
    assert team.drop_person("p7")
    assert not team.drop_person("p7")
    assert (team.roster(), team.absences(), team.calendars()) == ([], [], [])
    team.keep_person(replace(TAMSIN, id="p10"))  # the account is free again


def test_an_import_replaces_what_that_calendar_said(team: SqlTeam) -> None:
    theirs = Absence(at(0), at(5), "p8")
    team.replace_absences(CalendarImport("p8", "theirs.ics", at(1)), [theirs])
    team.replace_absences(CalendarImport("p7", "away.ics", at(1)), [Absence(at(10), at(20), "p7")] * 2)
    told = CalendarImport("p7", "https://calendar.example.org/a.ics", at(9), at(40), 1, at(9))
    team.replace_absences(told, [Absence(at(30), at(40), "p7")])
    assert team.absences() == [Absence(at(30), at(40), "p7"), theirs]
    assert team.absences(since=at(5)) == [Absence(at(30), at(40), "p7")]
    broken = replace(told, tried_at=at(50), trouble="calendar_broken")
    team.note_calendar(broken)
    assert team.calendars()[0] == broken
    assert len(team.absences()) == 2  # nothing is lost
    assert team.drop_calendar("p7")
    assert team.absences() == [theirs]


def test_groups_and_settings(team: SqlTeam) -> None:
    group = StaffGroup(HERE, "staff", "Quillby team", (who(7), who(8)), str(who(1)), at(3))
    team.keep_staff_group(group)
    team.keep_staff_group(replace(group, name="The crew"))
    assert team.staff_groups(HERE) == [replace(group, name="The crew")]
    assert team.staff_groups("elsewhere.example.org") == []
    assert team.drop_staff_group(HERE, "staff")
    team.set_people_setting(HERE, "default_level", "normal")
    team.set_people_setting(HERE, "active_days", 21)
    team.set_people_setting(HERE, "default_level", None)
    assert team.people_settings(HERE) == {"active_days": 21}


def test_owners_are_named_in_order(team: SqlTeam) -> None:
    team.set_owners(FORUM, [who(8), who(7), who(8)], str(who(1)), at(1))
    team.set_owners(ref(Kind.FORUM, 1, HERE + ".jp"), [who(9, HERE + ".jp")], str(who(1)), at(1))
    assert team.owners(HERE) == {FORUM: (who(8), who(7))}
    team.set_owners(FORUM, [], str(who(1)), at(2))
    assert team.owners(HERE) == {}


def asked(number: int = 1, **facts: object) -> FollowRequest:
    given: dict[str, object] = {
        "forums": (FORUM, OTHER),
        "asked_by": who(1),
        "asked_by_name": "Ines",
        "asked_of": who(7),
        "asked_of_name": "Tamsin",
        "level": Level.WATCHING,
        "asked_at": at(number),
        "expires_at": at(number) + timedelta(days=7),
        **facts,
    }
    return FollowRequest(f"r{number}", RequestKind.TAKE_OVER, **given)  # type: ignore[arg-type]


def test_a_request_is_answered_once(team: SqlTeam) -> None:
    request = asked(instead_of=who(8), instead_of_name="Dagny", back_at=at(9000))
    team.ask(request)
    team.ask(replace(request, asked_by_name="again"))
    assert team.request("r1") == request
    before = {str(FORUM): "tracking"}
    answer = {"instead_of": RequestState.ASKED, "before": before, "plan": "plan-1"}
    assert team.answer_request("r1", RequestState.ACCEPTED, at(50), **answer)  # type: ignore[arg-type]
    assert not team.answer_request("r1", RequestState.DECLINED, at(60), instead_of=RequestState.ASKED)
    found = team.request("r1")
    assert found == replace(request, state=RequestState.ACCEPTED, answered_at=at(50), before=before, plan="plan-1")
    assert not found.goes_back(at(8999))
    assert found.goes_back(at(9000))
    team.ask(asked(2))
    assert [one.id for one in team.requests(HERE)] == ["r2", "r1"]
    assert team.request("r3") is None
    assert asked(1).standing(at(1) + timedelta(days=7)) is RequestState.EXPIRED


def test_only_changes_are_appended(team: SqlTeam) -> None:
    assert team.note_following(HERE, {who(7): {FORUM: "watching", OTHER: "tracking"}, who(8): {}}, at(1)) == 0
    assert team.following_history(HERE) == []  # read for the first time is no change
    assert team.note_following(HERE, {who(7): {FORUM: "watching", OTHER: "tracking"}}, at(2)) == 0
    assert team.note_following(HERE, {who(7): {FORUM: "muted"}}, at(3)) == 2
    assert team.note_following(HERE, {who(7): {FORUM: "muted"}}, at(4)) == 0
    assert team.note_following(HERE, {who(8): {FORUM: "watching"}}, at(2)) == 1  # who chose nothing before
    history = team.following_history(HERE, member=who(7))
    assert [(one.forum, one.before, one.level, one.at) for one in history[:2]] == [
        (OTHER, "tracking", "", at(3)),
        (FORUM, "watching", "muted", at(3)),
    ]
    assert team.following_history(HERE, forum=FORUM) == [
        FollowingChange(who(8), FORUM, "watching", "", at(2)),
        FollowingChange(who(7), FORUM, "muted", "watching", at(3)),
    ]


def test_whoever_is_erased_leaves_it(team: SqlTeam) -> None:
    team.keep_person(TAMSIN)
    team.keep_person(Person("p8", "Dagny", (who(8),)))
    team.replace_absences(CalendarImport("p8", "away.ics", at(1)), [Absence(at(10), at(20), "p8")])
    team.set_owners(FORUM, [who(7), who(8)], str(who(1)), at(1))
    team.note_following(HERE, {who(7): {FORUM: "watching"}, who(8): {OTHER: "muted"}}, at(1))
    team.ask(asked(1, instead_of=who(8)))
    assert team.forget_people([who(8), who(7)]) == 9
    assert team.roster() == [replace(TAMSIN, accounts=(who(70, "jp.example.org"),))]
    assert (team.absences(), team.owners(HERE), team.requests(HERE), team.following_history(HERE)) == ([], {}, [], [])
    assert team.forget_people([who(8)]) == 0


def test_lists_of_threads_are_kept_as_they_were_read_last(team: SqlTeam) -> None:
    threads = (ref(Kind.THREAD, 5), ref(Kind.THREAD, 3))
    told = FollowedThreads(who(7), at(10), threads, whole=False)
    assert team.keep_followed_threads(told)
    before = team.version()
    assert team.keep_followed_threads(replace(told, seen_at=at(20)))
    assert team.version() == before  # the same once more is no news
    assert not team.keep_followed_threads(FollowedThreads(who(7), at(30), why="right_missing"))
    assert team.keep_followed_threads(FollowedThreads(who(8), at(30), why="own_only"))
    assert team.followed_threads(HERE) == {
        who(7): replace(told, seen_at=at(20)), who(8): FollowedThreads(who(8), at(30), why="own_only"),
    }  # fmt: skip
    assert team.followed_threads("elsewhere.example.org") == {}
    assert team.forget_people([who(7)]) == 1
    assert list(team.followed_threads(HERE)) == [who(8)]
    team.drop_followed_threads([who(8), who(9)])
    assert team.followed_threads(HERE) == {}
