"""Following at the desk: the matrix, the own level as an intent, and what colleagues ask of each other."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from moderation.actions import Action
from moderation.content import CommunityInfo, Level, Unreadable
from moderation.coverage.ports import Promised
from moderation.coverage.rules import CoverageRules, ForumRules
from moderation.desk import Desk
from moderation.desk.bench import Bench
from moderation.desk.following import FollowingDesk
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.following.grid import Answerer
from moderation.following.matrix import Gap, Shown
from moderation.following.threads import FollowedThreads
from moderation.ids import Kind, Ref
from moderation.intents import Identities, IntentState, Plan
from moderation.people import Absence, CalendarImport, FollowRequest, Person, RequestState, parse_hours, parse_terms
from moderation.persons import PersonRules
from tests.fakes import factory
from tests.fakes.factory import COLLEAGUE, ME, NAME
from tests.moderation.desk.conftest import Room

DAGNY = factory.ref(Kind.MEMBER, 7)
ONE, TWO, THREE = (factory.ref(Kind.FORUM, number) for number in (1, 2, 3))


@pytest.fixture
def team(room: Room) -> Room:
    """Me, a colleague and Dagny; three forums, the third below the second; everything was read."""
    room.mirror.forum_rows = [
        factory.forum(1, name="Billing"),
        factory.forum(2, name="Routers"),
        factory.forum(3, name="Mesh", parent=TWO),
    ]
    for number, account in enumerate((ME, COLLEAGUE, DAGNY), 5):
        room.mirror.add(factory.member(account.native, name=f"member-{number}"))
        room.mirror.followed[account] = room.clock.now()
        room.team.keep_person(Person(f"p{number}", f"Person {number}", (account,), confirmed_by=str(ME)))
    row = room.mirror.rows_of[0]
    room.mirror.rows_of = [replace(row, complete_since=room.clock.now() - timedelta(days=90))]
    return room


def platform(room: Room, **extra: str) -> None:
    row = room.mirror.rows_of[0]
    info = CommunityInfo(NAME, "nodebb", "4.15.1", row.url, "Forum", extra=extra)
    room.mirror.rows_of = [replace(row, info=info)]


def follows(room: Room, who: Ref, forum: Ref, level: Level, days: float | None = 1) -> None:
    room.mirror.levels[forum, who] = level
    if days is not None:
        room.mirror.present[forum, who] = room.clock.now() - timedelta(days=days)


def away(room: Room, person: str, days: float) -> None:
    now = room.clock.now()
    room.team.replace_absences(
        CalendarImport(person, "away.ics", now), [Absence(now, now + timedelta(days=days), person)]
    )


def gaps(room: Room) -> list[Gap]:
    return [row.gap for row in room.desk.following.see(NAME).matrix.rows]


def colleague(room: Room, who: Ref = COLLEAGUE) -> Desk:
    """The colleague's own desk over the same team's store."""
    mirror = type(room.mirror)()
    mirror.__dict__.update(room.mirror.__dict__)
    row = room.mirror.rows_of[0]
    mirror.rows_of = [replace(row, identity=replace(row.identity, member=who, name="colleague"))]
    return Desk(Bench(mirror, room.journal, room.team, room.engine, room.clock, room.desk.bench.ids))


# The matrix


def test_the_matrix_says_who_covers_what(team: Room) -> None:
    follows(team, COLLEAGUE, ONE, Level.WATCHING)
    follows(team, DAGNY, TWO, Level.WATCHING)
    away(team, "p7", 5)
    seen = team.desk.following.see(NAME)
    assert [row.gap for row in seen.matrix.rows] == [Gap.ONE_ONLY, Gap.ONLY_ABSENT, Gap.NOBODY]
    assert [seen.covered(at) for at in range(3)] == [True, False, False]
    assert [(column.name, column.absent_until) for column in seen.matrix.columns] == [
        ("Person 5", None), ("Person 6", None), ("Person 7", team.clock.now() + timedelta(days=5)),
    ]  # fmt: skip
    assert [load.follows for load in seen.loads] == [0, 1, 1]


def test_before_the_lead_has_confirmed_anybody_nothing_is_called_covered(team: Room) -> None:
    team.team.people.clear()
    follows(team, COLLEAGUE, ONE, Level.WATCHING)
    seen = team.desk.following.see(NAME)
    assert not seen.confirmed
    assert [column.name for column in seen.matrix.columns] == ["member-5", "member-6", "member-7"]
    assert seen.matrix.shown(0, 1) is Shown.WATCHING
    assert [seen.covered(at) for at in range(3)] == [None, None, None]


def test_without_a_known_default_tracking_is_no_choice(team: Room) -> None:
    follows(team, COLLEAGUE, ONE, Level.TRACKING)
    assert gaps(team)[0] is Gap.NOBODY
    platform(team, default_level="normal")
    assert gaps(team)[0] is Gap.ONE_ONLY
    team.desk.following.set_rules(NAME, default_level=Level.TRACKING)
    assert gaps(team)[0] is Gap.NOBODY
    assert team.desk.following.see(NAME).matrix.shown(0, 1) is Shown.NO_CHOICE


def test_how_long_somebody_is_there_after_a_post_is_a_setting(team: Room) -> None:
    follows(team, COLLEAGUE, ONE, Level.WATCHING, days=20)
    assert gaps(team)[0] is Gap.NOT_SEEN
    team.desk.following.set_rules(NAME, active_days=21)
    assert gaps(team)[0] is Gap.ONE_ONLY
    with pytest.raises(NotAllowedError, match="days_odd"):
        team.desk.following.set_rules(NAME, active_days=0)


def test_whose_right_is_missing_is_said_person_by_person(team: Room) -> None:
    del team.mirror.followed[DAGNY], team.mirror.followed[COLLEAGUE]
    team.mirror.refused = [Unreadable(DAGNY, "right_missing", team.clock.now())]
    follows(team, ME, ONE, Level.WATCHING)
    seen = team.desk.following.see(NAME)
    assert [(column.name, column.why) for column in seen.matrix.unread()] == [
        ("Person 6", "not_read"), ("Person 7", "right_missing"),
    ]  # fmt: skip
    assert seen.covered(0) is True


def test_an_account_that_may_not_read_others_says_so_of_all_of_them(team: Room) -> None:
    row = team.mirror.rows_of[0]
    team.mirror.rows_of = [replace(row, identity=replace(row.identity, roles=frozenset({"member"})))]
    team.mirror.followed = {ME: team.clock.now()}
    team.mirror.present[ONE, COLLEAGUE] = team.clock.now()
    seen = team.desk.following.see(NAME)
    assert not seen.sees_others
    assert {column.why for column in seen.matrix.unread()} == {"right_missing"}
    assert seen.covered(0) is None


def test_people_without_an_account_and_those_who_left(team: Room) -> None:
    team.team.keep_person(Person("p8", "Person 8", (), confirmed_by=str(ME)))
    team.team.keep_person(replace(team.team.people["p7"], terms=parse_terms(["..2026-02-01"])))
    seen = team.desk.following.see(NAME)
    assert [(column.name, column.why) for column in seen.matrix.columns] == [
        ("Person 5", ""), ("Person 6", ""), ("Person 8", "no_account"),
    ]  # fmt: skip


def test_a_muted_colleague_covers_nothing_until_the_end_of_it(team: Room) -> None:
    follows(team, COLLEAGUE, ONE, Level.WATCHING)
    muted = replace(team.mirror.members[COLLEAGUE], muted=True, muted_until=team.clock.now() + timedelta(hours=1))
    team.mirror.members[COLLEAGUE] = muted
    assert gaps(team)[0] is Gap.ONLY_ABSENT
    team.clock.advance(3601)
    assert gaps(team)[0] is Gap.ONE_ONLY


def test_a_forum_that_was_deleted_is_in_no_row_and_named_when_asked_for(team: Room) -> None:
    team.desk.following.set_owners(TWO, [COLLEAGUE])
    team.mirror.forum_rows = [one for one in team.mirror.forum_rows if one.id != TWO]
    assert [row.forum.id for row in team.desk.following.see(NAME).matrix.rows] == [ONE, THREE]
    with pytest.raises(UnknownIdError, match="id_unknown"):
        team.desk.following.see(NAME, [TWO])
    with pytest.raises(UnknownIdError, match="id_unknown"):
        team.desk.following.set_level([TWO], Level.WATCHING)


def test_owners_are_people_of_the_roster(team: Room) -> None:
    with pytest.raises(UnknownIdError, match="not_in_roster"):
        team.desk.following.set_owners(ONE, [factory.CUSTOMER])
    team.desk.following.set_owners(ONE, [COLLEAGUE])
    team.mirror.present[ONE, COLLEAGUE] = team.clock.now()
    assert gaps(team)[0] is Gap.ONE_ONLY
    assert [entry.action for entry in team.team.audit()] == ["forum_owners"]


# The own level


def only(plans: list[Plan]) -> dict[str, object]:
    assert [len(plan.intents) for plan in plans] == [1] * len(plans)
    return {plan.intents[0].target.native: plan.intents[0].payload for plan in plans}


def test_the_own_level_is_an_intent_under_the_own_identity(team: Room) -> None:
    follows(team, ME, ONE, Level.TRACKING)
    plans = team.desk.following.set_level([ONE], Level.WATCHING)
    intent = plans[0].intents[0]
    assert (intent.action, intent.target, intent.account, intent.identity) == (
        Action.FOLLOW, ONE, str(ME), Identities.ME,
    )  # fmt: skip
    assert intent.payload == {"level": "watching", "ensure": True, "from": "tracking"}
    assert intent.state is IntentState.HELD
    assert team.journal.intent(intent.id) == intent
    assert "following" in team.engine.woken


def test_what_lies_below_another_forum_goes_after_it(team: Room) -> None:
    plans = team.desk.following.set_level([THREE, TWO, ONE, TWO], Level.MUTED, hold_seconds=0)
    order = [plan.intents[0].target for plan in plans]
    assert order.index(TWO) < order.index(THREE)
    assert len(order) == 3
    assert sorted(only(plans)) == ["1", "2", "3"]


def test_what_goes_along_is_told_where_the_platform_does_that(team: Room) -> None:
    assert team.desk.following.goes_along(TWO) == []
    platform(team, follow_descends="yes")
    assert [one.id for one in team.desk.following.goes_along(TWO)] == [THREE]


# Requests


def ask(room: Room, *forums: Ref) -> FollowRequest:
    return room.desk.asking.ask(forums or (ONE,), COLLEAGUE)


def test_a_colleague_accepts_with_one_click_and_follows_under_the_own_name(team: Room) -> None:
    request = ask(team, ONE, TWO)
    theirs = colleague(team)
    assert [one.id for one in theirs.asking.to_me(NAME)] == [request.id]
    plans = theirs.asking.accept(request.id, hold_seconds=0)
    assert {plan.intents[0].account for plan in plans} == {str(COLLEAGUE)}
    assert {plan.intents[0].target for plan in plans} == {ONE, TWO}
    assert theirs.asking.to_me(NAME) == []
    assert team.desk.asking.of_me(NAME)[0].state is RequestState.ACCEPTED
    with pytest.raises(NotAllowedError, match="request_over"):
        theirs.asking.accept(request.id)
    assert len(team.journal.plans()) == 2


def test_nobody_answers_for_a_colleague(team: Room) -> None:
    request = ask(team)
    for answer in (team.desk.asking.accept, team.desk.asking.decline):
        with pytest.raises(NotAllowedError, match="request_not_mine"):
            answer(request.id)
    with pytest.raises(NotAllowedError, match="request_not_mine"):
        colleague(team).asking.withdraw(request.id)
    assert team.journal.plans() == []


def test_a_question_is_declined_withdrawn_or_runs_out(team: Room) -> None:
    theirs = colleague(team)
    declined, withdrawn, late = ask(team, ONE), ask(team, TWO), ask(team, THREE)
    theirs.asking.decline(declined.id)
    team.desk.asking.withdraw(withdrawn.id)
    team.clock.advance(8 * 86400)
    assert theirs.asking.to_me(NAME) == []
    for request in (declined, withdrawn, late):
        with pytest.raises(NotAllowedError, match="request_over"):
            theirs.asking.accept(request.id)
    assert team.journal.plans() == []
    with pytest.raises(UnknownIdError, match="request_unknown"):
        theirs.asking.accept("nothing")


def test_the_same_question_is_asked_once(team: Room) -> None:
    assert ask(team).id == ask(team).id
    assert len(team.desk.asking.every(NAME)) == 1
    colleague(team).asking.decline(team.desk.asking.every(NAME)[0].id)
    assert ask(team).state is RequestState.ASKED
    assert len(team.desk.asking.every(NAME)) == 2


def test_whom_to_ask_is_checked(team: Room) -> None:
    follows(team, COLLEAGUE, ONE, Level.WATCHING)
    with pytest.raises(NotAllowedError, match="follows_already"):
        ask(team, ONE)
    assert ask(team, ONE, TWO).forums == (TWO,)
    with pytest.raises(NotAllowedError, match="asked_oneself"):
        team.desk.asking.ask([ONE], ME)
    with pytest.raises(UnknownIdError, match="not_in_roster"):
        team.desk.asking.ask([ONE], factory.CUSTOMER)
    with pytest.raises(UnknownIdError, match="id_unknown"):
        team.desk.asking.ask([factory.ref(Kind.FORUM, 99)], DAGNY)
    away(team, "p7", 3)
    with pytest.raises(NotAllowedError, match="colleague_absent") as caught:
        team.desk.asking.ask([ONE], DAGNY)
    assert caught.value.facts["until"] == (team.clock.now() + timedelta(days=3)).date().isoformat()


def test_a_crash_between_yes_and_the_journal_loses_nothing(team: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    request = ask(team)
    theirs = colleague(team)
    monkeypatch.setattr(theirs.following, "journal", lambda plans: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        theirs.asking.accept(request.id)
    assert team.journal.plans() == []
    again = colleague(team)
    assert [one.id for one in again.asking.every(NAME) if one.state is RequestState.ACCEPTED] == [request.id]
    assert len(again.asking.accept(request.id)) == 1


def taken_over(room: Room, back_at: datetime | None = None) -> FollowRequest:
    """Dagny goes away; the colleague takes over what she watches."""
    follows(room, DAGNY, ONE, Level.WATCHING)
    follows(room, DAGNY, TWO, Level.WATCHING)
    follows(room, COLLEAGUE, ONE, Level.MUTED)
    away(room, "p7", 5)
    request = room.desk.asking.hand_over(DAGNY, COLLEAGUE, back_at)
    colleague(room).asking.accept(request.id, hold_seconds=0)
    for forum in request.forums:
        follows(room, COLLEAGUE, forum, Level.WATCHING)
    return room.desk.asking.every(NAME)[0]


def test_a_hand_over_takes_all_that_is_watched_and_goes_back_as_it_was(team: Room) -> None:
    request = taken_over(team)
    assert request.forums == (ONE, TWO)
    assert request.before == {str(ONE): "muted", str(TWO): ""}
    assert request.back_at == team.clock.now() + timedelta(days=5)
    theirs = colleague(team)
    assert theirs.asking.to_me(NAME) == []
    team.clock.advance(5 * 86400)
    assert [one.id for one in theirs.asking.to_me(NAME)] == [request.id]
    plans = theirs.asking.give_back(request.id, hold_seconds=0)
    assert only(plans) == {
        "1": {"level": "muted", "ensure": True, "from": "watching"},
        "2": {"level": "normal", "ensure": True, "from": "watching"},
    }
    assert theirs.asking.every(NAME)[0].state is RequestState.RETURNED
    with pytest.raises(NotAllowedError, match="request_over"):
        theirs.asking.give_back(request.id)


def test_what_the_colleague_has_changed_since_stays(team: Room) -> None:
    request = taken_over(team)
    follows(team, COLLEAGUE, ONE, Level.TRACKING)
    assert sorted(only(colleague(team).asking.give_back(request.id))) == ["2"]


def test_who_is_back_early_says_so(team: Room) -> None:
    request = taken_over(team, team.clock.now() + timedelta(days=30))
    theirs = colleague(team)
    assert not theirs.asking.is_due(request)
    colleague(team, DAGNY).asking.back(request.id)
    assert [one.id for one in theirs.asking.to_me(NAME)] == [request.id]
    with pytest.raises(NotAllowedError, match="request_not_mine"):
        colleague(team, factory.CUSTOMER).asking.back(request.id)


def test_what_goes_along_below_goes_back_too(team: Room) -> None:
    platform(team, follow_descends="yes")
    follows(team, COLLEAGUE, THREE, Level.TRACKING)
    request = taken_over(team)
    assert request.before == {str(ONE): "muted", str(TWO): "", str(THREE): "tracking"}
    follows(team, COLLEAGUE, THREE, Level.WATCHING)
    plans = colleague(team).asking.give_back(request.id)
    assert [plan.intents[0].target for plan in plans][-1] == THREE
    assert only(plans)["3"] == {"level": "tracking", "ensure": True, "from": "watching"}


def test_what_is_not_known_is_not_handed_over(team: Room) -> None:
    with pytest.raises(NotAllowedError, match="follows_nothing"):
        team.desk.asking.hand_over(DAGNY, COLLEAGUE)
    del team.mirror.followed[DAGNY]
    with pytest.raises(NotAllowedError, match="following_unknown"):
        team.desk.asking.hand_over(DAGNY, COLLEAGUE)
    with pytest.raises(NotAllowedError, match="asked_oneself"):
        team.desk.asking.hand_over(DAGNY, DAGNY)
    request, theirs = ask(team), colleague(team)
    theirs.asking.accept(request.id)
    with pytest.raises(NotAllowedError, match="nothing_taken_over"):
        theirs.asking.give_back(request.id)


def test_promised_hours_and_forums_without_answers_are_the_teams_word(team: Room) -> None:
    office = parse_hours("Mon-Fri 09:00-17:00", "UTC")
    rules = CoverageRules(forums={str(ONE): ForumRules(hours=office), str(TWO): ForumRules(answers=False)})
    desk = FollowingDesk(team.desk.bench, Promised(rules))
    follows(team, COLLEAGUE, ONE, Level.WATCHING)
    assert desk.promised(desk.see(NAME)) == [None, None, None]  # nobody has said when they work
    mornings = parse_hours("Mon-Fri 09:00-13:00", "UTC")
    team.team.keep_person(replace(team.team.people["p6"], hours=mornings))
    found = desk.promised(desk.see(NAME))[0]
    assert found is not None
    assert (found.promised_s, found.open_s) == (40 * 3600, 20 * 3600)
    assert desk.expected(desk.see(NAME)) == [True, False, True]


def test_how_often_colleagues_answered_is_told_with_leave_alone_and_the_look_is_logged(team: Room) -> None:
    now = team.clock.now()
    team.mirror.answering[ONE] = [Answerer(DAGNY, None, 9, now), Answerer(COLLEAGUE, None, 7, now),
                                  Answerer(ME, None, 4, now)]  # fmt: skip
    desk = team.desk.following
    seen = desk.see(NAME)
    assert [(one.member, one.answers) for one in desk.suggestions(seen, ONE)] == [
        (ME, 4), (COLLEAGUE, None), (DAGNY, None),
    ]  # fmt: skip
    assert team.team.looks(NAME) == []
    team.team.set_person_rules(NAME, PersonRules(shown=True, least_group=3))
    for _ in range(2):
        assert [(one.member, one.answers) for one in desk.suggestions(seen, ONE)] == [
            (DAGNY, 9), (COLLEAGUE, 7), (ME, 4),
        ]  # fmt: skip
    (look,) = team.team.looks(NAME)
    assert (look.by, look.scope.forums, look.outcome) == (str(ME), (str(ONE),), "allowed")
    team.clock.advance(901)
    desk.suggestions(seen, ONE)
    assert len(team.team.looks(NAME)) == 2
    team.team.set_person_rules(NAME, PersonRules(shown=False))
    assert [one.answers for one in desk.suggestions(seen, ONE)] == [4, None, None]


# Threads


def test_who_follows_which_thread_as_far_as_it_is_known(team: Room) -> None:
    heads = [factory.thread(number, forum=ONE, title=f"Thread {number}") for number in (1, 2)]
    team.mirror.add(*heads)
    first, second, unknown = heads[0].id, heads[1].id, factory.ref(Kind.THREAD, 77)
    now = team.clock.now()
    team.team.keep_followed_threads(FollowedThreads(ME, now, (first, second)))
    team.team.keep_followed_threads(FollowedThreads(DAGNY, now, (second, unknown), whole=False))
    team.team.keep_person(Person("p8", "Person 8", (), confirmed_by=str(ME)))
    seen = team.desk.following.threads.see(NAME)
    assert [(one.name, one.threads, one.as_of, one.whole, one.why) for one in seen.people] == [
        ("Person 5", (first, second), now, True, ""), ("Person 6", (), None, True, "not_read"),
        ("Person 7", (second, unknown), now, False, ""), ("Person 8", (), None, True, "no_account"),
    ]  # fmt: skip
    by = {thread: [one.name for one in people] for thread, people in seen.followers().items()}
    assert by == {second: ["Person 5", "Person 7"], first: ["Person 5"], unknown: ["Person 7"]}
    assert list(seen.followers(ONE)) == [second, first]
    assert seen.followers(TWO) == {}
    assert set(seen.known) == {first, second}


def test_the_own_follow_of_a_thread_is_an_intent(team: Room) -> None:
    head = factory.thread(1, forum=ONE, title="Thread 1")
    team.mirror.add(head)
    plan = team.desk.following.threads.set_level(head.id, Level.MUTED, hold_seconds=0)
    (intent,) = team.journal.plans()[0].intents
    assert (intent.action, intent.target, intent.payload["level"]) == (Action.FOLLOW, head.id, "muted")
    assert (plan.title, team.engine.woken[-1]) == ("Thread 1", "following")
    with pytest.raises(UnknownIdError, match="id_unknown"):
        team.desk.following.threads.set_level(factory.ref(Kind.THREAD, 77), Level.WATCHING)
    with pytest.raises(NotAllowedError, match="level_not_here"):
        team.desk.following.threads.set_level(head.id, Level.WATCHING_FIRST)
