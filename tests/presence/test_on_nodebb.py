"""A card on the sample community's NodeBB face, over real HTTP, with the real outbox and team store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from moderation.errors import ConflictError, NotAllowedError, UnknownIdError
from moderation.intents import IntentState
from moderation.people import Consent
from moderation.ports import Journal
from moderation.presence import CardState
from moderation.presence.steps import HISTORY
from sync.sandbox.state import posts, threads
from tests.conversion.stage import ADMIN, COMPANY, OUTSIDER
from tests.fakes.crashing import Crash, CrashingJournal
from tests.faults.ground import NAME
from tests.presence.card_stage import NAMED, CardStage

FORUMS = (
    "Announcements", "Billing", "Router help", "Firmware", "Fibre", "Mesh", "Contracts", "Hello", "日本語サポート",
)  # fmt: skip


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CardStage]:
    """One community for this file."""
    made = CardStage(tmp_path_factory.mktemp("cards"))
    yield made
    made.close()


@pytest.fixture
def stage(played: CardStage, request: pytest.FixtureRequest) -> CardStage:
    """A forum of its own for each test, with owners, moderated by the company account."""
    names = [one.name for one in request.session.items if one.path == request.node.path]
    played.use(FORUMS[sorted(set(names)).index(request.node.name) % len(FORUMS)])
    return played


def test_it_is_published_once_pinned_closed_and_readable_by_everybody(stage: CardStage) -> None:
    card = stage.published()
    (thread,) = stage.threads_since()
    assert (card.state, card.thread and card.thread.native) == (CardState.PUBLISHED, str(thread.id))
    assert (thread.author, thread.pinned, thread.locked) == (stage.community.uid(COMPANY), True, True)
    assert NAMED in stage.shown(f"/api/topic/{thread.id}", None)
    assert "presence-card" not in stage.shown(f"/api/topic/{thread.id}", None)
    assert stage.presence.publish(stage.billing)[0] is None
    assert stage.kept_true() == []
    assert [one.state for one in stage.presence.history(stage.billing)] == [
        CardState.PUBLISHED, CardState.PUBLISHING,
    ]  # fmt: skip


@pytest.mark.parametrize(("change", "after"), [(1, True), (2, False)])
def test_a_crash_at_any_point_leaves_one(stage: CardStage, change: int, after: bool) -> None:
    plan, _ = stage.presence.publish(stage.billing)
    assert plan is not None
    dying = CrashingJournal(stage.journal)
    dying.arm(change, after=after)
    with pytest.raises(Crash):
        stage.make_outbox(cast(Journal, dying)).run()
    stage.outbox = stage.make_outbox(stage.journal)
    stage.settle()
    (thread,) = stage.threads_since()
    assert (stage.card().state, thread.pinned, thread.locked) == (CardState.PUBLISHED, True, True)
    assert len([one for one in stage.community.effects() if one["target"] == f"thread:{thread.id}"]) == 3


def test_a_thread_that_somebody_hid_is_noticed_and_not_put_back(stage: CardStage) -> None:
    card = stage.published()
    (thread,) = stage.threads_since()
    assert card.thread is not None
    with stage.community.state.lock:
        threads.hide(stage.community.state, stage.community.uid(ADMIN), thread)
    stage.read_again(card.thread)
    assert (stage.card().state, stage.card().reason) == (CardState.TAKEN_DOWN, "gone_on_server")
    assert stage.kept_true() == []


def test_a_consent_withdrawn_takes_the_name_out_of_text_and_history(stage: CardStage) -> None:
    card = stage.published()
    (thread,) = stage.threads_since()
    stage.consent("p0", Consent.TEAM)
    (plan,) = stage.kept_true()
    assert [one.payload["what"] for one in plan.intents] == ["card_text", HISTORY]
    assert stage.card().state is CardState.PUBLISHED
    assert stage.card().thread == card.thread
    for who in (None, OUTSIDER):
        for path in (f"/api/topic/{thread.id}", f"/api/v3/posts/{thread.posts[0]}/diffs"):
            assert NAMED not in stage.shown(path, who)
    assert stage.post_of(thread).revisions == ()
    assert stage.kept_true() == []


def test_where_the_history_cannot_be_cleaned_the_card_goes(stage: CardStage) -> None:
    stage.published()
    (thread,) = stage.threads_since()
    stage.consent("p0", Consent.TEAM)
    (plan,) = stage.presence.keep_true(NAME)
    company, forum = stage.community.uid(COMPANY), stage.community.state.forum(thread.forum)
    while stage.plan(plan).intents[0].state is not IntentState.CONFIRMED:
        stage.outbox.run(lambda: stage.plan(plan).intents[0].state is not IntentState.CONFIRMED)
    with stage.community.state.lock:
        forum.grants["moderate"].discard(company)
    stage.settle()
    assert stage.card().state is CardState.EXPOSED
    with stage.community.state.lock:
        forum.grants["moderate"].add(company)
    stage.kept_true()
    assert (stage.card().state, stage.card().reason) == (CardState.TAKEN_DOWN, "history_shows_name")
    assert not stage.shown(f"/api/topic/{thread.id}", OUTSIDER)


def test_nobody_may_be_shown_any_more_and_it_is_gone(stage: CardStage) -> None:
    stage.published()
    (thread,) = stage.threads_since()
    for person in ("p0", "p1"):
        stage.consent(person, Consent.NEVER)
    stage.kept_true()
    assert (stage.card().state, stage.card().reason) == (CardState.TAKEN_DOWN, "nobody_may_be_shown")
    assert (thread.hidden, thread.pinned) == (True, False)
    assert not stage.shown(f"/api/topic/{thread.id}", OUTSIDER)
    assert NAMED not in stage.shown(f"/api/topic/teaser/{thread.id}", OUTSIDER)
    assert stage.card().states == {}
    assert stage.presence.publish(stage.billing)[1].blocked == ("nobody_may_be_shown",)
    stage.consent("p1", Consent.TEAM)
    assert stage.published().state is CardState.PUBLISHED
    assert [(one.hidden, one.pinned) for one in stage.threads_since()] == [(True, False), (False, True)]


def test_other_changes_wait_and_come(stage: CardStage) -> None:
    stage.published()
    (thread,) = stage.threads_since()
    stage.team.keep_person(replace(stage.team.roster()[1], languages=("ja",)))
    assert stage.kept_true() == []
    stage.clock.advance(6 * 3600)
    (plan,) = stage.kept_true()
    assert len(plan.intents) == 1
    assert "Japanese" in stage.post_of(thread).text
    assert stage.card().state is CardState.PUBLISHED
    assert stage.presence.history(stage.billing)[1].kinds == ("languages",)


def test_what_somebody_changed_by_hand_is_shown_and_not_overwritten(stage: CardStage) -> None:
    card = stage.published()
    (thread,) = stage.threads_since()
    assert card.post is not None
    stage.clock.advance(60)
    with stage.community.state.lock:
        posts.edit(stage.community.state, stage.community.uid(ADMIN), stage.post_of(thread), "Ask us anything!", None)
    stage.read_again(card.post)
    assert stage.card().state is CardState.CONFLICT
    assert stage.kept_true() == []
    assert stage.presence.preview(stage.billing).theirs == "Ask us anything!"
    with pytest.raises(ConflictError, match="card_edited_by_hand"):
        stage.presence.publish(stage.billing)
    assert stage.published(over=True).state is CardState.PUBLISHED
    assert NAMED in stage.post_of(thread).text
    assert len(stage.threads_since()) == 1


def test_an_edit_in_the_moment_of_writing_is_a_conflict(stage: CardStage) -> None:
    stage.published()
    (thread,) = stage.threads_since()
    stage.clock.advance(60)
    with stage.community.state.lock:
        posts.edit(stage.community.state, stage.community.uid(ADMIN), stage.post_of(thread), "Ask us anything!", None)
    stage.consent("p1", Consent.NAME)
    stage.clock.advance(7 * 3600)
    stage.kept_true()
    assert stage.card().state is CardState.CONFLICT
    assert stage.post_of(thread).text == "Ask us anything!"


def test_what_was_removed_on_the_server_is_not_put_back(stage: CardStage) -> None:
    card = stage.published()
    (thread,) = stage.threads_since()
    with stage.community.state.lock:
        threads.purge(stage.community.state, stage.community.uid(ADMIN), thread)
    stage.consent("p0", Consent.TEAM)
    stage.kept_true()
    assert (stage.card().state, stage.card().reason) == (CardState.TAKEN_DOWN, "gone_on_server")
    assert stage.kept_true() == []
    assert stage.published().number == card.number + 1


def test_a_card_that_this_home_does_not_know_is_not_doubled(stage: CardStage) -> None:
    card = stage.published()
    (thread,) = stage.threads_since()
    forgotten = replace(card, state=CardState.TAKEN_DOWN, thread=None, post=None, digest="", states={})
    assert stage.team.keep_card(forgotten, instead_of=card)
    again = stage.published()
    assert (again.state, again.thread) == (CardState.PUBLISHED, card.thread)
    assert stage.team.keep_card(replace(forgotten, number=9), instead_of=again)
    with stage.community.state.lock:
        post = stage.post_of(thread)
        posts.edit(stage.community.state, stage.community.uid(COMPANY), post, post.text + " Hello!", None)
    refused = stage.published()
    assert (refused.state, refused.reason) == (CardState.STOPPED, "card_there_already")
    assert len(stage.threads_since()) == 1


def test_a_forum_that_was_closed_meanwhile_gets_no_card(stage: CardStage) -> None:
    plan, _ = stage.presence.publish(stage.billing)
    assert plan is not None
    with stage.community.state.lock:
        forum = stage.community.state.forum(int(stage.billing.native))
        for right in ("read", "find", "topics:read"):
            forum.grants[right].discard("guests")
    stage.settle()
    assert (stage.card().state, stage.card().reason) == (CardState.STOPPED, "card_not_public")
    assert stage.threads_since() == []


def test_while_it_is_on_its_way_nothing_else_is_begun(stage: CardStage) -> None:
    stage.presence.publish(stage.billing)
    for act in (stage.presence.publish, stage.presence.take_down):
        with pytest.raises((NotAllowedError, UnknownIdError), match=r"card_(under_way|unknown)"):
            act(stage.billing)
    stage.settle()
    assert len(stage.threads_since()) == 1


def test_what_was_never_journalled_did_not_happen(stage: CardStage) -> None:
    card = stage.published()
    lost = replace(card, state=CardState.CHANGING, plan="nowhere", next_digest="x", next_states={"names": []})
    assert stage.team.keep_card(lost, instead_of=card)
    assert stage.card().state is CardState.CHANGING
    stage.clock.advance(timedelta(minutes=11).total_seconds())
    assert stage.card().state is CardState.PUBLISHED
    assert stage.card().digest == card.digest
