"""Plans, intents, receipts and drafts: what is written is read back, and states change one arrow at a time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from moderation.actions import Action
from moderation.errors import ConflictError, OurBugError, UnknownIdError
from moderation.ids import Kind
from moderation.intents import Identities, IntentState, Receipt
from moderation.ports import Draft, Journal
from sync.journal import open_journal
from sync.journal.store import SqlJournal
from sync.vault import Vault
from tests import factory

S = IntentState
LATER = factory.at(1000)


def confirm(journal: SqlJournal, intent: str, server_id: str) -> None:
    journal.move(intent, S.WAITING, S.SENDING)
    journal.move(intent, S.SENDING, S.CONFIRMED, receipt=factory.receipt(server_id))


def test_it_is_the_port(journal: SqlJournal) -> None:
    port: Journal = journal
    assert port.plans() == []


def test_a_plan_is_read_back_as_it_was_written(journal: SqlJournal, vault: Vault) -> None:
    plan = factory.plan(
        1,
        steps=2,
        identity=Identities.OFFICIAL,
        action=Action.REPLY,
        thread=factory.ref(Kind.THREAD, 3),
        payload={"text": "ご連絡ありがとうございます 🙂", "to_post": "5"},
        hold_seconds=5.0,
        held_at=factory.at(3),
        baseline={"newest": 12, "by": ["a", None]},
        next_try=factory.at(4.5),
        trouble={"code": "unreachable", "seconds": 2.5},
        undo_of=factory.new_id(9),
    )
    journal.add(plan)
    assert journal.plan(plan.id) == plan
    again = open_journal(vault)
    assert again.plan(plan.id) == plan
    assert again.intent(plan.intents[1].id) == plan.intents[1]
    again.close()


def test_what_is_not_there(journal: SqlJournal) -> None:
    assert journal.plan("none") is None
    assert journal.intent("none") is None
    assert journal.draft("reply:none") is None
    assert not journal.receipt_taken("r1")
    for call in (
        lambda: journal.move("none", S.WAITING, S.SENDING),
        lambda: journal.update("none", looks=1),
        lambda: journal.close_plan("none"),
    ):
        with pytest.raises(UnknownIdError):
            call()


def test_the_same_plan_twice_is_a_bug(journal: SqlJournal) -> None:
    journal.add(factory.plan(1))
    with pytest.raises(OurBugError):
        journal.add(factory.plan(1))
    assert len(journal.plans()) == 1


def test_a_plan_is_written_whole_or_not_at_all(journal: SqlJournal) -> None:
    plan = factory.plan(1, steps=2)
    twins = replace(plan, intents=(plan.intents[0], replace(plan.intents[1], id=plan.intents[0].id)))
    with pytest.raises(Exception, match="UNIQUE"):
        journal.add(twins)
    assert journal.plan(plan.id) is None
    assert journal.unfinished() == []


def test_a_state_is_changed_only_from_the_expected_one(journal: SqlJournal) -> None:
    plan = factory.plan(1)
    journal.add(plan)
    intent = plan.intents[0].id
    moved = journal.move(intent, S.WAITING, S.SENDING, attempts=1, baseline={"a": 1}, sent_at=factory.at(7))
    assert moved == replace(
        plan.intents[0], state=S.SENDING, attempts=1, baseline={"a": 1}, sent_at=factory.at(7), changed_at=LATER
    )
    assert journal.move(intent, S.WAITING, S.SENDING) is None
    assert journal.move(intent, S.WAITING, S.CANCELLED) is None
    assert journal.intent(intent) == moved


@pytest.mark.parametrize(
    ("before", "to", "facts"),
    [
        (S.WAITING, S.CONFIRMED, {"receipt": factory.receipt()}),
        (S.HELD, S.SENDING, {}),
        (S.CONFIRMED, S.WAITING, {}),
        (S.CANCELLED, S.WAITING, {}),
        (S.SENDING, S.CONFIRMED, {}),
        (S.SENDING, S.REFUSED, {"receipt": factory.receipt()}),
        (S.WAITING, S.SENDING, {"state": S.HELD}),
        (S.WAITING, S.SENDING, {"plan": "another"}),
        (S.WAITING, S.SENDING, {"colour": "red"}),
    ],
)
def test_steps_that_cannot_be(journal: SqlJournal, before: IntentState, to: IntentState, facts: dict[str, Any]) -> None:
    plan = factory.plan(1, state=before)
    journal.add(plan)
    version = journal.version()
    with pytest.raises(OurBugError):
        journal.move(plan.intents[0].id, before, to, **facts)
    assert journal.plan(plan.id) == plan
    assert journal.version() == version


def test_confirming_writes_the_receipt_and_lets_the_next_step_wait(journal: SqlJournal) -> None:
    plan = factory.plan(1, steps=3)
    journal.add(plan)
    confirm(journal, plan.intents[0].id, "r1")
    read = journal.plan(plan.id)
    assert read is not None
    assert [intent.state for intent in read.intents] == [S.CONFIRMED, S.WAITING, S.BLOCKED]
    assert read.intents[0].receipt == factory.receipt("r1")
    assert journal.receipt_taken("r1")
    assert [intent.id for intent in journal.receipts(factory.ref(Kind.FLAG, 1))] == [plan.intents[0].id]


def test_ids_that_the_server_gives_again_can_be_receipts_again(journal: SqlJournal) -> None:
    first, second = factory.plan(1), factory.plan(2)
    elsewhere = factory.plan(3, on=factory.ref(Kind.FLAG, 1, "other.example.org"))
    for plan in (first, second, elsewhere):
        journal.add(plan)
    confirm(journal, first.intents[0].id, "post:7")
    confirm(journal, elsewhere.intents[0].id, "post:7")
    here, version = first.intents[0].community, journal.version()
    for _ in range(2):
        journal.retire_receipts(here)
    assert journal.version() > version
    assert not journal.receipt_taken("post:7", here)
    assert journal.receipt_taken("post:7", "other.example.org")
    confirm(journal, second.intents[0].id, "post:7")
    kept = journal.intent(first.intents[0].id)
    assert kept is not None
    assert kept.receipt is not None
    assert kept.receipt.server_id.startswith("post:7~before.")
    assert kept.receipt.server_id.count("~") == 1


def test_a_server_id_is_the_receipt_of_one_intent(journal: SqlJournal) -> None:
    first, second = factory.plan(1), factory.plan(2, steps=2)
    elsewhere = factory.plan(3, on=factory.ref(Kind.FLAG, 1, "other.example.org"))
    for plan in (first, second, elsewhere):
        journal.add(plan)
    confirm(journal, first.intents[0].id, "r1")
    with pytest.raises(ConflictError) as caught:
        confirm(journal, second.intents[0].id, "r1")
    assert (caught.value.code, caught.value.facts["holder"]) == ("receipt_taken", first.intents[0].id)
    read = journal.plan(second.id)
    assert read is not None
    assert [intent.state for intent in read.intents] == [S.SENDING, S.BLOCKED]
    confirm(journal, elsewhere.intents[0].id, "r1")


def test_a_refused_step_leaves_the_rest_blocked_until_the_plan_is_closed(journal: SqlJournal) -> None:
    plan = factory.plan(1, steps=3)
    journal.add(plan)
    journal.move(plan.intents[0].id, S.WAITING, S.SENDING)
    journal.move(plan.intents[0].id, S.SENDING, S.REFUSED, trouble={"code": "refused"})
    assert [i.state for i in journal.attention()] == [S.BLOCKED, S.BLOCKED, S.REFUSED]
    closed = journal.close_plan(plan.id)
    assert [intent.state for intent in closed] == [S.REFUSED, S.CANCELLED, S.CANCELLED]
    assert journal.attention() == []
    assert journal.unfinished() == []


def test_a_conflict_that_overwrote_keeps_its_receipt(journal: SqlJournal) -> None:
    plan = factory.plan(1, steps=2)
    journal.add(plan)
    journal.move(plan.intents[0].id, S.WAITING, S.SENDING)
    journal.move(plan.intents[0].id, S.SENDING, S.CONFLICT, receipt=factory.receipt("r1"))
    read = journal.plan(plan.id)
    assert read is not None
    assert [(intent.state, intent.receipt) for intent in read.intents] == [
        (S.CONFLICT, factory.receipt("r1")),
        (S.BLOCKED, None),
    ]
    assert journal.receipt_taken("r1")


def test_closing_leaves_what_is_being_sent(journal: SqlJournal) -> None:
    plan = factory.plan(1, steps=2)
    journal.add(plan)
    journal.move(plan.intents[0].id, S.WAITING, S.SENDING)
    assert [intent.state for intent in journal.close_plan(plan.id)] == [S.SENDING, S.CANCELLED]
    journal.move(plan.intents[0].id, S.SENDING, S.CONFLICT)
    assert [intent.state for intent in journal.attention()] == [S.CONFLICT]


def test_facts_that_are_not_the_state(journal: SqlJournal) -> None:
    plan = factory.plan(1)
    journal.add(plan)
    intent = plan.intents[0].id
    updated = journal.update(intent, looks=2, question="absent", next_try=factory.at(90), trouble=None)
    assert (updated.looks, updated.question, updated.next_try) == (2, "absent", factory.at(90))
    assert updated.state is S.WAITING
    for wrong in ({"state": S.HELD}, {"receipt": factory.receipt()}, {"id": "x"}):
        with pytest.raises(OurBugError):
            journal.update(intent, **wrong)


def test_lists_and_their_order(journal: SqlJournal) -> None:
    elsewhere = factory.ref(Kind.FLAG, 5, "other.example.org")
    for plan in (factory.plan(2, steps=2), factory.plan(1), factory.plan(3, on=elsewhere)):
        journal.add(plan)
    ids = [factory.new_id(n) for n in (100, 200, 201, 300)]
    assert [intent.id for intent in journal.unfinished()] == ids
    assert [intent.id for intent in journal.unfinished("other.example.org")] == ids[3:]
    assert [intent.id for intent in journal.attention()] == ids[::-1]
    assert [plan.id for plan in journal.plans()] == [factory.new_id(n) for n in (3, 2, 1)]
    assert [plan.id for plan in journal.plans(since=factory.at(2))] == [factory.new_id(n) for n in (3, 2)]
    assert [plan.id for plan in journal.plans(limit=1)] == [factory.new_id(3)]
    assert len(journal.plans()[1].intents) == 2


def test_the_version_grows_with_every_change_and_only_then(journal: SqlJournal, vault: Vault) -> None:
    other = open_journal(vault)
    seen = [other.version()]
    plan = factory.plan(1)
    changes = (
        lambda: journal.add(plan),
        lambda: journal.move(plan.intents[0].id, S.WAITING, S.SENDING),
        lambda: journal.update(plan.intents[0].id, looks=1),
        lambda: journal.save_draft(Draft("note:x", "text", factory.at())),
        lambda: journal.close_plan(plan.id),
    )
    for change in changes:
        change()
        seen.append(other.version())
    assert seen == sorted(set(seen))
    journal.move(plan.intents[0].id, S.WAITING, S.SENDING)
    assert other.version() == seen[-1]
    other.close()


def test_drafts(journal: SqlJournal) -> None:
    item, thread = factory.ref(Kind.FLAG, 1), factory.ref(Kind.THREAD, 2)
    first = Draft(f"note:{item}", "まだ送らない", factory.at(1), {"audience": "staff"})
    second = Draft(f"reply:{thread}", "half a sen", factory.at(2), {"post": str(factory.ref(Kind.POST, 8))})
    journal.save_draft(first)
    journal.save_draft(second)
    assert journal.draft(first.place) == first
    assert journal.drafts() == [second, first]
    longer = replace(second, text="half a sentence", changed_at=factory.at(3))
    journal.save_draft(longer)
    assert journal.drafts() == [longer, first]
    journal.save_draft(replace(first, text=""))
    assert journal.drafts() == [longer]


def test_drafts_about_what_was_erased_go(journal: SqlJournal) -> None:
    post, thread = factory.ref(Kind.POST, 8), factory.ref(Kind.THREAD, 2)
    journal.save_draft(Draft(f"reply:{thread}", "quotes it", factory.at(), {"post": str(post)}))
    journal.save_draft(Draft(f"note:{post}", "about it", factory.at()))
    journal.save_draft(Draft(f"reply:{factory.ref(Kind.THREAD, 22)}", "another thread", factory.at()))
    assert journal.drop_drafts_about([post]) == 2
    assert journal.drop_drafts_about([factory.ref(Kind.THREAD, 2)]) == 0
    assert [draft.text for draft in journal.drafts()] == ["another thread"]


def test_old_finished_plans_go_and_nothing_that_is_needed(journal: SqlJournal) -> None:
    done, conflict, cancelled = (factory.plan(number) for number in range(1, 4))
    for plan in (done, conflict, cancelled):
        journal.add(plan)
    confirm(journal, done.intents[0].id, "r1")
    journal.move(conflict.intents[0].id, S.WAITING, S.CONFLICT)
    journal.move(cancelled.intents[0].id, S.WAITING, S.CANCELLED)
    assert journal.prune(LATER) == 0
    assert journal.prune(LATER + timedelta(seconds=1)) == 2
    assert {plan.id for plan in journal.plans()} == {conflict.id}
    assert not journal.receipt_taken("r1")
    journal.close_plan(conflict.id)
    assert journal.prune(LATER + timedelta(seconds=1)) == 1


@pytest.mark.parametrize("state", [S.HELD, S.APPROVAL, S.BLOCKED, S.WAITING, S.SENDING, S.IN_DOUBT])
def test_what_is_unfinished_stays_with_all_that_a_look_for_it_may_meet(journal: SqlJournal, state: IntentState) -> None:
    before, open_one, after = factory.plan(1), factory.plan(2, state=state), factory.plan(3)
    journal.add(before, open_one, after)
    for number, plan in enumerate((before, after)):
        confirm(journal, plan.intents[0].id, f"r{number}")
    journal.update(before.intents[0].id, changed_at=factory.at(1))
    assert journal.prune(LATER + timedelta(days=365)) == 1
    assert {plan.id for plan in journal.plans()} == {open_one.id, after.id}
    assert journal.receipt_taken("r1")


def test_a_part_is_deleted_at_a_time_from_the_oldest(journal: SqlJournal) -> None:
    journal.add(*(factory.plan(number, state=S.CANCELLED) for number in range(1, 6)))
    assert [journal.prune(LATER + timedelta(days=1), limit=2) for _ in range(2)] == [2, 2]
    assert [plan.id for plan in journal.plans()] == [factory.new_id(5)]


def test_times_keep_their_microseconds(journal: SqlJournal) -> None:
    moment = factory.at(0.123456)
    plan = factory.plan(1)
    journal.add(plan)
    journal.move(plan.intents[0].id, S.WAITING, S.SENDING)
    done = journal.move(plan.intents[0].id, S.SENDING, S.CONFIRMED, receipt=Receipt("r", "m", moment))
    assert done is not None
    assert done.receipt == Receipt("r", "m", moment)


def test_what_the_database_refuses_tells_no_word_of_a_text(journal: SqlJournal) -> None:
    """A bug is logged with its error: what somebody wrote must not stand there."""
    first = factory.intent(1, payload={"text": "Dear Ms. Quillfeather"})
    twice = replace(factory.plan(1), intents=(first, replace(first, id=factory.new_id(2))))
    with pytest.raises(IntegrityError) as refused:
        journal.add(twice)
    assert "Quillfeather" not in str(refused.value)
    assert journal.plans() == []


def test_half_characters_that_somebody_pasted_are_kept_as_what_stands_for_them(journal: SqlJournal) -> None:
    journal.save_draft(
        Draft("reply:here", "cut \ud83d here, whole \ud83d\ude42 there", factory.at(1), {"to": "\udcff"})
    )
    journal.add(factory.plan(1, payload={"text": "cut \ud83d 🙂"}))
    draft = journal.draft("reply:here")
    assert draft is not None
    assert (draft.text, draft.facts) == ("cut \ufffd here, whole 🙂 there", {"to": "\ufffd"})
    assert [one.intents[0].payload["text"] for one in journal.plans()] == ["cut \ufffd 🙂"]
