"""Triage: decisions are on the disk when the call returns, with the version that the person saw."""

import pytest

from moderation.actions import Action
from moderation.content import Identity
from moderation.desk.permissions import allowed_slugs
from moderation.errors import ConflictError, NotAllowedError, UnknownIdError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, IntentState, Plan, Receipt
from moderation.items import Change, HistoryEntry, ItemState
from moderation.plans import Sender, Wish, make_plan
from moderation.queries import QueueQuery
from tests.fakes import factory
from tests.fakes.factory import COLLEAGUE, ME, NAME, flag
from tests.moderation.desk.conftest import Room

S = IntentState
HELD, AUTHOR = factory.held_item().id, factory.CUSTOMER


def confirm(room: Room, plan: Plan) -> None:
    """As the engine would, step by step."""
    for number, intent in enumerate(plan.intents):
        now = room.journal.intent(intent.id)
        assert now is not None
        if now.state is S.HELD:
            room.journal.move(intent.id, S.HELD, S.WAITING)
        room.journal.move(intent.id, S.WAITING, S.SENDING, attempts=1)
        receipt = Receipt(f"server-{intent.id}-{number}", str(ME), room.clock.now())
        room.journal.move(intent.id, S.SENDING, S.CONFIRMED, receipt=receipt)


def stored(room: Room, plan: Plan) -> list[Intent]:
    found = room.journal.plan(plan.id)
    assert found is not None
    return list(found.intents)


def test_a_decision_is_journalled_with_what_the_person_saw(room: Room) -> None:
    plan = room.desk.triage.decide(flag(), "hide", reason="Spam", policy="P1", note="for us", message="for you")
    intents = stored(room, plan)
    assert [i.action for i in intents] == [Action.HIDE, Action.MESSAGE, Action.NOTE]
    assert [i.state for i in intents] == [S.HELD, S.BLOCKED, S.BLOCKED]
    assert intents[0].payload == {"reason": "Spam", "policy": "P1"}
    assert {(i.seen_version, i.account, i.item) for i in intents} == {("v0", str(ME), flag())}
    assert room.engine.woken == ["decided"]


def test_the_version_on_the_screen_wins_over_the_newest(room: Room) -> None:
    room.mirror.change(flag(), version="v9")
    assert stored(room, room.desk.triage.decide(flag(), "resolve", seen_version="v3"))[0].seen_version == "v3"
    assert stored(room, room.desk.triage.decide(flag(2), "resolve"))[0].seen_version == "v0"


def test_a_decision_leaves_the_open_queue_at_once_and_comes_back_when_undone(room: Room) -> None:
    triage = room.desk.triage
    assert triage.count(QueueQuery()) == 3
    plan = triage.decide(flag(), "resolve")
    assert triage.count(QueueQuery()) == 2
    triage.undo_plan(plan.id)
    assert triage.count(QueueQuery()) == 3
    (row,) = triage.find([str(flag())])
    assert (row.state, row.pending) == (ItemState.OPEN, None)


def test_the_mirror_is_never_written(room: Room) -> None:
    before = dict(room.mirror.items)
    room.desk.triage.decide(flag(), "resolve")
    assert room.mirror.items == before


@pytest.mark.parametrize(
    ("item", "action", "code"),
    [
        (flag(), "nonsense", "action_unknown"),
        (flag(), "approve", "action_not_for_kind"),
        (factory.held_item().id, "resolve", "action_not_for_kind"),
        (flag(), "edit", "payload_missing"),
        (flag(), "move", "payload_missing"),
        (factory.post().id, "lock", "action_not_for_kind"),
    ],
)
def test_what_makes_no_sense_is_refused_before_it_is_journalled(room: Room, item: Ref, action: str, code: str) -> None:
    with pytest.raises(NotAllowedError) as refused:
        room.desk.triage.decide(item, action)
    assert refused.value.code == code
    assert room.journal.unfinished() == []


@pytest.mark.parametrize(
    ("on", "action", "target"),
    [(HELD, "x:notify", HELD), (flag(), "x:message", AUTHOR), (AUTHOR, "x:message", AUTHOR)],
)
def test_an_author_can_be_told_something_without_a_decision(room: Room, on: Ref, action: str, target: Ref) -> None:
    (intent,) = stored(room, room.desk.triage.decide(on, action, message="Please add your version."))
    assert (str(intent.action), intent.target, intent.payload) == (action, target, {"text": "Please add your version."})
    for nothing in (None, "  "):
        with pytest.raises(NotAllowedError, match="payload_missing"):
            room.desk.triage.decide(on, action, message=nothing)


def test_who_is_told_something_must_be_there(room: Room) -> None:
    for on, action, code in ((flag(), "x:notify", "action_not_for_kind"), (AUTHOR, "x:notify", "action_not_for_kind")):
        with pytest.raises(NotAllowedError, match=code):
            room.desk.triage.decide(on, action, message="Hello.")
    room.mirror.change(flag(), author=None)
    with pytest.raises(NotAllowedError, match="nothing_to_act_on"):
        room.desk.triage.decide(flag(), "x:message", message="Hello.")
    room.mirror.change(HELD, state=ItemState.RESOLVED)
    with pytest.raises(NotAllowedError, match="already_decided"):
        room.desk.triage.decide(HELD, "x:notify", message="Hello.")
    assert room.journal.unfinished() == []


def test_an_unknown_item_is_refused(room: Room) -> None:
    for unknown in (flag(404), "not an id", f"{NAME}:flag:404"):
        with pytest.raises(UnknownIdError):
            room.desk.triage.decide(unknown, "resolve")


@pytest.mark.parametrize(
    ("fields", "action", "code"),
    [
        ({"state": ItemState.RESOLVED}, "resolve", "already_so"),
        ({"state": ItemState.OPEN}, "x:reopen", "already_so"),
        ({"state": ItemState.GONE}, "resolve", "item_gone"),
        ({"post": None, "detail": False}, "hide", "target_unknown"),
        ({"author": None, "detail": False}, "ban", "target_unknown"),
        ({"post": None, "actions": ("resolve",)}, "hide", "nothing_to_act_on"),
        ({"actions": ("resolve",)}, "hide", "right_missing"),
        ({"actions": ("resolve", "restore")}, "hide", "already_so"),
        ({"actions": ("resolve", "hide")}, "restore", "already_so"),
        ({"actions": ("resolve",)}, "restore", "right_missing"),
        ({"actions": ("resolve",)}, "purge", "right_missing"),
        ({"state": ItemState.IN_PROGRESS, "assignee": ME}, "take", "already_so"),
        ({"claimed_by": ME}, "take", "already_so"),
    ],
)
def test_state_right_and_target_are_asked_first(room: Room, fields: dict[str, object], action: str, code: str) -> None:
    room.mirror.change(flag(), **fields)
    with pytest.raises(NotAllowedError) as refused:
        room.desk.triage.decide(flag(), action)
    assert refused.value.code == code


def test_what_is_a_colleagues_may_be_taken_over(room: Room) -> None:
    for fields in ({"state": ItemState.IN_PROGRESS, "assignee": COLLEAGUE}, {"state": ItemState.OPEN, "assignee": ME}):
        room.mirror.change(flag(), **fields)
        assert "take" in allowed_slugs(room.mirror.items[flag()], factory.community())


def test_whom_decide_can_tell_something_is_among_the_actions(room: Room) -> None:
    for item, told in ((HELD, ["x:notify", "x:message"]), (flag(), ["x:message"])):
        slugs = allowed_slugs(room.mirror.items[item], factory.community())
        assert [slug for slug in slugs if slug in {"x:notify", "x:message"}] == told
        for slug in told:
            room.desk.triage.decide(item, slug, message="Please add your version.")
    room.mirror.change(HELD, state=ItemState.RESOLVED)
    room.mirror.change(flag(), author=None)
    for item in (HELD, flag()):
        assert not {"x:notify"} & set(allowed_slugs(room.mirror.items[item], factory.community()))
    assert "x:message" not in allowed_slugs(room.mirror.items[flag()], factory.community())


def test_a_moderator_of_single_forums_decides_only_there(room: Room) -> None:
    here = Identity(ME, "moderator", forums=frozenset({factory.ref(Kind.FORUM, 2)}))
    room.mirror.rows_of = [factory.community(identity=here)]
    with pytest.raises(NotAllowedError) as refused:
        room.desk.triage.decide(flag(), "resolve")
    assert refused.value.code == "not_your_forum"


def test_a_platform_that_cannot_says_so(room: Room) -> None:
    room.mirror.rows_of = [factory.community(capabilities=frozenset({"decide_reports"}))]
    with pytest.raises(NotAllowedError) as refused:
        room.desk.triage.decide(flag(), "hide")
    assert refused.value.code == "capability_missing"
    with pytest.raises(NotAllowedError):
        room.desk.triage.decide(flag(), "resolve", note="no notes here")
    assert room.journal.unfinished() == []


def test_undo_cancels_what_has_not_left_with_all_its_steps(room: Room) -> None:
    plan = room.desk.triage.decide(flag(), "hide", note="n")
    assert room.desk.triage.undo() is not None
    assert {i.state for i in stored(room, plan)} == {S.CANCELLED}
    assert room.desk.triage.undo() is None


def test_undo_goes_back_one_plan_at_a_time_newest_first(room: Room) -> None:
    first, second = room.desk.triage.decide(flag(), "resolve"), room.desk.triage.decide(flag(2), "resolve")
    room.desk.triage.undo()
    assert (stored(room, first)[0].state, stored(room, second)[0].state) == (S.HELD, S.CANCELLED)
    room.desk.triage.undo()
    assert stored(room, first)[0].state is S.CANCELLED


def test_undo_of_what_was_sent_is_a_new_compensating_intent(room: Room) -> None:
    plan = room.desk.triage.decide(flag(), "hide", hold_seconds=0)
    confirm(room, plan)
    room.mirror.change(flag(), state=ItemState.RESOLVED, version="v1")
    back = room.desk.triage.undo()
    assert back is not None
    (intent,) = stored(room, back)
    assert (intent.action, intent.undo_of, intent.seen_version) == (Action.RESTORE, plan.intents[0].id, "v1")
    assert stored(room, plan)[0].state is S.CONFIRMED


@pytest.mark.parametrize(("by", "steps"), [(ME, [Action.RESTORE, Action.REOPEN]), (COLLEAGUE, [Action.RESTORE])])
def test_undo_of_hiding_puts_the_report_back_too(room: Room, by: Ref, steps: list[Action]) -> None:
    """Hiding resolved it under one's own name; what a colleague resolved stays as it is."""
    plan = room.desk.triage.decide(flag(), "hide", hold_seconds=0)
    confirm(room, plan)
    entry = HistoryEntry("h1", room.clock.now(), by, None, {Change.STATE: "resolved"})
    room.mirror.change(flag(), state=ItemState.RESOLVED, version="v1", history=(entry,))
    back = room.desk.triage.undo()
    assert back is not None
    assert [intent.action for intent in stored(room, back)] == steps


def test_undo_never_makes_a_post_public_that_a_conversion_has_hidden(room: Room) -> None:
    """That is for the way back of the whole case, which asks about exactly that."""
    wishes = [Wish(Action.HIDE, factory.post().id, payload={"case": "2026-7", "what": "hide"})]
    plan = make_plan(wishes, Sender(NAME, ME), now=room.clock.now(), new_id=room.desk.bench.ids.new, hold_seconds=0)
    room.journal.add(plan)
    confirm(room, plan)
    with pytest.raises(NotAllowedError, match="undo_of_case"):
        room.desk.triage.undo()
    assert [one.id for one in room.journal.plans()] == [plan.id]
    held = make_plan(wishes, Sender(NAME, ME), now=room.clock.now(), new_id=room.desk.bench.ids.new, hold_seconds=5)
    room.journal.add(held)
    assert room.desk.triage.undo_plan(held.id).state is S.CANCELLED


def test_the_same_decision_is_not_compensated_twice(room: Room) -> None:
    plan = room.desk.triage.decide(flag(), "resolve", hold_seconds=0)
    confirm(room, plan)
    assert room.desk.triage.undo() is not None
    assert room.desk.triage.undo() is None


@pytest.mark.parametrize("action", ["purge", "unban", "unmute"])
def test_what_has_no_counterpart_is_refused(room: Room, action: str) -> None:
    """A lifted ban would come back without the end that it had."""
    plan = room.desk.triage.decide(flag(), action, hold_seconds=0)
    confirm(room, plan)
    with pytest.raises(NotAllowedError) as refused:
        room.desk.triage.undo_plan(plan.id)
    assert refused.value.code == "no_undo"


@pytest.mark.parametrize("state", [S.SENDING, S.IN_DOUBT])
def test_what_is_on_its_way_is_not_undone(room: Room, state: IntentState) -> None:
    plan = room.desk.triage.decide(flag(), "resolve", hold_seconds=0)
    room.journal.move(plan.intents[0].id, S.WAITING, S.SENDING)
    if state is S.IN_DOUBT:
        room.journal.move(plan.intents[0].id, S.SENDING, S.IN_DOUBT)
    with pytest.raises(NotAllowedError):
        room.desk.triage.undo_plan(plan.id)
    assert stored(room, plan)[0].state is state


def test_panic_takes_back_only_what_is_held_and_can_be_redone(room: Room) -> None:
    triage = room.desk.triage
    gone = triage.decide(flag(), "resolve", hold_seconds=0)
    held = triage.decide(flag(2), "hide", reason="Spam", note="n")
    reply, _ = room.desk.answering.reply(factory.thread_ref(), "A long enough answer")
    assert reply is not None
    taken = triage.all_back()
    assert {plan.id for plan in taken} == {held.id, reply.id}
    assert stored(room, gone)[0].state is S.WAITING
    assert {i.state for i in stored(room, held)} == {S.CANCELLED}

    room.clock.advance(60)
    redone = triage.redo_all()
    assert len(redone) == 2
    states = [[i.state for i in stored(room, plan)] for plan in redone]
    assert sorted(states, key=len) == [[S.HELD], [S.HELD, S.BLOCKED]]
    assert {i.held_at for plan in redone for i in plan.intents if i.state is S.HELD} == {room.clock.now()}
    texts = [i.payload.get("text") for plan in redone for i in plan.intents]
    assert "A long enough answer" in texts
    assert triage.redo_all() == []


def test_panic_with_nothing_held_takes_nothing_back(room: Room) -> None:
    assert room.desk.triage.all_back() == []


def test_a_second_panic_leaves_what_the_first_took_back_to_be_redone(room: Room) -> None:
    held = room.desk.triage.decide(flag(), "resolve")
    room.desk.triage.all_back()
    assert room.desk.triage.all_back() == []
    assert [plan.intents[0].target for plan in room.desk.triage.redo_all()] == [held.intents[0].target]
    assert room.desk.triage.redo_all() == []


@pytest.mark.parametrize("state", [S.WAITING, S.SENDING])
def test_panic_leaves_what_has_left_its_window_in_that_moment(room: Room, state: IntentState) -> None:
    """The others come back all the same, and nothing is said to be back that is not."""
    gone, kept = room.desk.triage.decide(flag(), "resolve"), room.desk.triage.decide(flag(2), "resolve")
    listed = room.journal.unfinished

    def late(community: str | None = None) -> list[Intent]:
        found = listed(community)
        if any(i.id == gone.intents[0].id and i.state is S.HELD for i in found):
            leave(room, gone, state)
        return found

    room.journal.unfinished = late  # type: ignore[method-assign]
    taken = {plan.id for plan in room.desk.triage.all_back()}
    assert kept.id in taken
    assert taken == {plan.id for plan in (gone, kept) if stored(room, plan)[0].state is S.CANCELLED}


def test_undo_that_loses_against_the_engine_does_not_say_that_it_won(room: Room) -> None:
    plan = room.desk.triage.decide(flag(), "resolve")
    read = room.journal.plan

    def late(plan_id: str) -> Plan | None:
        found = read(plan_id)
        if found is not None and found.state is S.HELD:
            leave(room, plan, S.SENDING)
        return found

    room.journal.plan = late  # type: ignore[method-assign]
    with pytest.raises(NotAllowedError, match="on_its_way"):
        room.desk.triage.undo_plan(plan.id)


def leave(room: Room, plan: Plan, state: IntentState) -> None:
    """The undo window ends, and perhaps the engine has begun to send."""
    room.journal.move(plan.intents[0].id, S.HELD, S.WAITING)
    if state is S.SENDING:
        room.journal.move(plan.intents[0].id, S.WAITING, S.SENDING, attempts=1)


def test_a_bulk_and_panic_are_one_change_of_the_journal_each(room: Room) -> None:
    """One by one, a thousand need longer than their undo windows last (measured: 20 s)."""
    room.mirror.add(*(factory.item(number) for number in range(3, 31)))
    before = room.journal.version()
    assert len(room.desk.bulk.decide([(flag(number), "v0") for number in range(1, 31)], "resolve").plans) == 30
    assert room.journal.version() == before + 1
    assert len(room.desk.triage.all_back()) == 30
    assert room.journal.version() == before + 2
    assert room.journal.unfinished() == []


def test_a_claim_is_first_come_first_served_and_assigns_on_the_server(room: Room) -> None:
    plan = room.desk.triage.claim(flag())
    assert plan is not None
    assert [(i.action, i.payload["member"], i.state) for i in stored(room, plan)] == [
        (Action.ASSIGN, str(ME), S.WAITING)
    ]
    room.team.held[str(flag(2))] = (str(COLLEAGUE), "colleague", room.clock.now())
    with pytest.raises(ConflictError) as taken:
        room.desk.triage.claim(flag(2))
    assert taken.value.code == "claimed_by_other"


def test_a_release_needs_something_to_release(room: Room) -> None:
    with pytest.raises(NotAllowedError):
        room.desk.triage.release(flag())
    room.mirror.change(flag(), assignee=ME)
    plan = room.desk.triage.release(flag())
    assert plan is not None
    assert stored(room, plan)[0].action is Action.RELEASE


def test_a_note_goes_to_the_server_or_to_the_team(room: Room) -> None:
    assert room.desk.triage.note(flag(), "server note") is not None
    assert room.desk.triage.note(factory.held_item().id, "team note") is None
    assert [note.text for note in room.team.notes(str(factory.held_item().id))] == ["team note"]
    with pytest.raises(NotAllowedError):
        room.desk.triage.note(flag(), " \n")


def test_the_context_gathers_what_is_known(room: Room) -> None:
    context = room.desk.triage.context(flag())
    assert context is not None
    assert context.thread is not None
    assert context.author is not None
    assert {post.id for post in context.posts} == {factory.post().id, factory.post(11).id}
    assert any(entry.action is Action.RESOLVE and entry.allowed for entry in context.permitted)
    assert room.desk.triage.context(flag(404)) is None
