"""One community inside the engine: sends what waits, reads what is new, and survives what goes wrong."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from moderation.errors import MarqueeError, PayloadError, SignInError, StoreError, TryLaterError, UnreachableError
from moderation.ids import Kind
from moderation.intents import IntentState
from sync.engine import pulling
from sync.engine.community import HORIZON, Community
from sync.outbox import Timing
from tests.fakes import factory
from tests.fakes.clock import START
from tests.fakes.engine import Household
from tests.fakes.factory import COLLEAGUE, flag
from tests.sync.engine.conftest import decide, state, until

S = IntentState


@pytest.fixture
def community(house: Household) -> Iterator[Community]:
    """Not started yet."""
    made = Community(
        house.rows[0],
        house.stores,
        house.told.extend,
        house.statuses.append,
        Timing(settle=0.5, first_pause=0.01),
        poll_every=0.05,
    )
    yield made
    house.connection.gate.set()
    made.stop()


def test_it_walks_then_polls_again_and_again(house: Household, community: Community) -> None:
    community.start()
    until(lambda: house.connection.polls >= 3)
    cursors = [cursor for batch in house.writer.batches for cursor in batch.cursors.items()]
    assert cursors[:3] == [("walk", "0"), ("walk", "1"), ("poll", "1")]
    assert house.connection.walks == 1
    assert house.states() == ["connected"]


def test_what_is_over_and_old_is_let_go_once_a_day(house: Household, community: Community) -> None:
    house.writer.old = 5000
    community.start()
    until(lambda: house.writer.old == 0 and house.connection.polls >= 4)
    horizon = house.clock.now() - HORIZON
    assert {abs((before - horizon).total_seconds()) < 60 for before in house.writer.pruned} == {True}
    assert len(house.writer.pruned) == 26
    polls = house.connection.polls
    until(lambda: house.connection.polls >= polls + 3)
    assert len(house.writer.pruned) == 26


def test_after_a_day_it_is_looked_at_again(
    house: Household, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "FORGET_EVERY", 0.1)
    community.start()
    until(lambda: len(house.writer.pruned) >= 3)


def test_it_sends_what_is_journalled_when_it_is_woken(house: Household, community: Community) -> None:
    community.start()
    until(lambda: house.connection.polls)
    intent = decide(house)
    community.wake()
    until(lambda: state(house, intent) is S.CONFIRMED)
    assert not community.busy()
    until(lambda: any(record.table == "intent" and record.everything for record in house.told))


def test_sending_does_not_wait_for_a_long_walk(house: Household, community: Community) -> None:
    house.connection.gate.clear()
    intent = decide(house)
    community.start()
    until(lambda: state(house, intent) is S.CONFIRMED)
    assert house.connection.polls == 0


def test_an_undo_window_ends_without_anybody_waking_it(house: Household, community: Community) -> None:
    community.start()
    intent = decide(house, hold=0.05)
    community.wake()
    until(lambda: state(house, intent) is S.CONFIRMED)


def test_what_a_person_wants_to_see_is_fetched(house: Household, community: Community) -> None:
    community.want([flag(1), flag(2), flag(1)])
    community.start()
    until(lambda: house.connection.fetched)
    assert house.connection.fetched == [flag(1), flag(2)]


def test_of_too_many_wishes_the_newest_win(house: Household, community: Community) -> None:
    community.want([flag(n) for n in range(100)])
    community.start()
    until(lambda: house.connection.fetched)
    assert house.connection.fetched[0] == flag(99)
    assert len(house.connection.fetched) == 40


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (UnreachableError("connection_refused"), "offline"),
        (TryLaterError("too_many_requests", seconds=0.01), "offline"),
        (PayloadError("payload_unfit", endpoint="/x", field="y"), "paused"),
        (SignInError("token_not_accepted"), "sign_in"),
    ],
)
def test_a_failure_is_told_once_and_so_is_the_recovery(
    house: Household, community: Community, error: MarqueeError, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.engine.pulling.LONGEST_PAUSE", 0.01)
    house.connection.failing.extend([error] * 4)
    community.start()
    until(lambda: house.connection.polls)
    assert house.states() == [shown, "connected"]
    troubles = [trouble for trouble in house.writer.standings if trouble]
    assert {trouble["code"] for trouble in troubles} == {error.code}
    assert house.writer.standings[-1] is None


def test_another_person_is_noticed_before_anything_is_read(house: Household, community: Community) -> None:
    house.server.identity = COLLEAGUE
    intent = decide(house)
    community.start()
    until(lambda: "sign_in" in house.states())
    assert (house.connection.polls, house.connection.sent, state(house, intent)) == (0, [], S.WAITING)


def test_a_bug_in_a_pull_stops_neither_thread(
    house: Household, community: Community, monkeypatch: pytest.MonkeyPatch, expected_logs: list[str]
) -> None:
    expected_logs.append("a loop of the engine broke")
    monkeypatch.setattr("sync.engine.community.AFTER_A_BUG", 0.01)
    house.connection.failing.append(KeyError("a bug"))
    community.start()
    until(lambda: house.connection.polls)
    intent = decide(house)
    community.wake()
    until(lambda: state(house, intent) is S.CONFIRMED)


def test_refresh_polls_at_once(house: Household) -> None:
    slow = Community(house.rows[0], house.stores, house.told.extend, house.statuses.append, poll_every=3600.0)
    slow.start()
    try:
        until(lambda: house.connection.polls == 1)
        slow.refresh()
        until(lambda: house.connection.polls == 2)
    finally:
        slow.stop()


def test_a_whole_sync_gives_the_numbers_of_the_command_line(house: Household, community: Community) -> None:
    steps: list[dict[str, object]] = []
    numbers = community.sync(steps.append)
    assert numbers["community"] == factory.NAME
    assert numbers["trouble"] is None
    assert {
        "requests",
        "bytes",
        "seconds",
        "items",
        "threads",
        "posts",
        "members",
        "budget_left",
        "complete_since",
    } <= set(numbers)
    assert len(steps) == house.connection.pages + 1


def test_a_sync_that_cannot_finish_says_why(house: Household, community: Community) -> None:
    house.connection.failing.append(UnreachableError("connection_refused", host="c"))
    numbers = community.sync(lambda step: None)
    assert numbers["trouble"] == {"code": "connection_refused", "seconds": 0.0, "host": "c", "kind": "UnreachableError"}


def test_a_store_that_is_full_keeps_what_waits(house: Household, community: Community) -> None:
    real, full = house.writer.apply, [True]

    def apply(batch: object, community_name: str) -> object:
        if full[0]:
            raise StoreError("disk_full", file="mirror")
        return real(batch, community_name)  # type: ignore[arg-type]

    house.writer.apply = apply  # type: ignore[method-assign, assignment]
    intent = decide(house)
    community.start()
    until(lambda: "paused" in house.states())
    assert state(house, intent) in {S.WAITING, S.IN_DOUBT, S.SENDING}
    full[0] = False
    until(lambda: state(house, intent) is S.CONFIRMED)
    assert len(house.server.of(intent)) == 1


def test_keys_that_changed_open_the_connection_anew(house: Household, community: Community) -> None:
    community.start()
    until(lambda: house.connection.polls)
    opened = len(house.opened)
    community.forget_connections()
    until(lambda: len(house.opened) > opened)
    assert not house.connection.closed  # a pull may still be under way on it
    community.stop()
    assert house.connection.closed


def test_what_a_sync_has_cost_is_not_lost_with_the_connection(house: Household, community: Community) -> None:
    community.sync(lambda _: None)
    for forget in (community.forget_connections, community.stop):
        before = house.connection.polls
        done = community.sync(lambda _, forget=forget: forget())  # type: ignore[misc]
        assert done["requests"] == house.connection.polls - before
    assert house.connection.polls > 1


def test_records_that_do_not_fit_are_counted_for_the_person_and_logged_once(
    house: Household, community: Community, expected_logs: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    expected_logs.append("a record was set aside")
    house.connection.problems = ("/api/flags [3].state", "/api/flags [7].heat")
    for _ in range(3):
        done = community.sync(lambda _: None)
        assert (done["set_aside"], done["set_aside_first"]) == (2, "/api/flags [3].state")
        assert done["trouble"] is None
    assert sum("set aside" in entry.message for entry in caplog.records) == 2
    house.connection.problems = ()
    assert community.sync(lambda _: None)["set_aside"] == 0


class TestServerRestored:
    """Known ids mean other things now."""

    @pytest.fixture(autouse=True)
    def _posts(self, house: Household, expected_logs: list[str]) -> None:
        expected_logs.append("was restored from a backup")
        self.posts = [(factory.ref(Kind.POST, n), START + timedelta(minutes=n)) for n in range(9, 0, -1)]
        house.writer.posts = list(self.posts)

    def test_the_same_server_is_asked_about_once(self, house: Household, community: Community) -> None:
        house.connection.server_posts = dict(self.posts)
        intent = decide(house)
        community.start()
        until(lambda: state(house, intent) is S.CONFIRMED)

    @pytest.mark.parametrize("what", ["other posts", "no posts"])
    def test_nothing_that_waits_goes_to_a_restored_one(self, house: Household, community: Community, what: str) -> None:
        """Though the pull thread reads the restored server all the while."""
        later = {ref: at + timedelta(days=1) for ref, at in self.posts if int(ref.native) > 4}
        there = dict(self.posts[5:]) | (later if what == "other posts" else {})
        house.connection.server_posts = there
        held, waiting = decide(house, hold=60.0), decide(house, flag(2))
        community.start()
        until(lambda: state(house, waiting) is S.APPROVAL)
        assert state(house, held) is S.APPROVAL
        assert {i.question for i in house.journal.unfinished()} == {"server_restored"}
        until(lambda: "paused" in house.states())
        assert house.connection.sent == []
        until(lambda: all(there.get(ref) == at for ref, at in house.writer.posts))
        until(lambda: house.writer.begun_anew == 1 and house.connection.walks >= 2)
        told = [community.sync(lambda _: None)["trouble"] for _ in range(2)]
        assert [trouble and trouble["code"] for trouble in told] == ["server_restored", None]
        fresh = decide(house, flag(3))
        community.wake()
        until(lambda: state(house, fresh) is S.CONFIRMED)

    def test_a_restore_is_noticed_after_an_outage_though_nothing_waits(
        self, house: Household, community: Community, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Else the mirror would keep decisions that the server has forgotten."""
        monkeypatch.setattr("sync.engine.pulling.LONGEST_PAUSE", 0.01)
        house.connection.server_posts = dict(self.posts)
        community.start()
        until(lambda: house.connection.polls >= 2)
        house.connection.server_posts = {ref: at + timedelta(days=1) for ref, at in self.posts}
        house.connection.failing.append(UnreachableError("connection_refused"))
        until(lambda: house.writer.begun_anew == 1 and house.connection.walks >= 2)
        polls = house.connection.polls
        until(lambda: house.connection.polls > polls)
        assert house.states()[-1] == "connected"

    def test_a_sync_says_so_and_the_next_one_begins_anew(self, house: Household, community: Community) -> None:
        house.connection.server_posts = {ref: at + timedelta(days=1) for ref, at in self.posts}
        house.connection.failing.append(UnreachableError("connection_refused"))
        assert community.sync(lambda _: None)["trouble"]["code"] == "connection_refused"
        house.connection.failing.clear()
        assert community.sync(lambda _: None)["trouble"]["code"] == "server_restored"
        assert community.sync(lambda _: None)["trouble"] is None
        assert house.writer.begun_anew == 1

    def test_a_restore_during_an_outage_is_noticed_afterwards(
        self, house: Household, community: Community, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sync.engine.pulling.LONGEST_PAUSE", 0.01)
        house.connection.server_posts = dict(self.posts)
        first = decide(house)
        community.start()
        until(lambda: state(house, first) is S.CONFIRMED)
        house.connection.failing.extend(UnreachableError("connection_refused") for _ in range(5_000))
        until(lambda: "offline" in house.states())
        house.connection.server_posts = {ref: at + timedelta(days=1) for ref, at in self.posts}
        waiting = decide(house, flag(2))
        del house.connection.failing[1:]  # away until it is decided, however slow this machine is
        community.wake()
        until(lambda: state(house, waiting) is S.APPROVAL)
        assert house.connection.sent == [first.id]
