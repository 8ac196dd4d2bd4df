"""Answering: to the audience that was meant, with every unsent word kept."""

import pytest

from moderation.errors import NotAllowedError, UnknownIdError
from moderation.findings import Audience, Severity
from moderation.ids import Kind
from moderation.intents import Identities, IntentState
from tests.fakes import factory
from tests.fakes.factory import OFFICIAL, thread_ref
from tests.moderation.desk.conftest import Room

TEXT = "Thank you, this is mended in 4.2."


def test_a_reply_is_journalled_once_with_its_thread(room: Room) -> None:
    plan, findings = room.desk.answering.reply(thread_ref(), TEXT, to_post=factory.post().id)
    assert plan is not None
    assert findings == []
    (intent,) = plan.intents
    assert (intent.target, intent.thread, intent.item) == (thread_ref(), thread_ref(), None)
    assert intent.payload == {"text": TEXT, "to_post": str(factory.post().id)}
    assert room.journal.intent(intent.id) is not None


def test_a_blocking_finding_journals_nothing_and_keeps_the_draft(room: Room) -> None:
    room.desk.answering.save_draft("reply:x", "Hi {name}", at="end")
    plan, findings = room.desk.answering.reply(thread_ref(), "Hello {name}, hello")
    assert plan is None
    assert [finding.rule for finding in findings] == ["placeholder"]
    assert room.journal.unfinished() == []
    assert [draft.text for draft in room.desk.answering.drafts()] == ["Hi {name}"]


def test_what_asks_waits_for_a_yes_to_exactly_that(room: Room) -> None:
    answering, thread = room.desk.answering, thread_ref()
    text = "Please write to help@quillby.example today."
    asks = [finding for finding in answering.check(text, thread) if finding.severity is Severity.ASK]
    assert asks
    plan, findings = answering.reply(thread, text, agreed=())
    assert (plan, findings) == (None, asks)
    plan, _ = answering.reply(thread, text.replace("help", "hello"), agreed=asks)
    assert plan is None, "a yes to other words"
    assert answering.reply(thread, text, agreed=asks)[0] is not None
    assert answering.reply(thread, text)[0] is not None, "where nobody can be asked"


def test_only_the_audience_that_was_meant(room: Room) -> None:
    assert room.desk.answering.open(thread_ref()).audience is Audience.PUBLIC
    plan, findings = room.desk.answering.reply(thread_ref(), TEXT, audience="staff")
    assert plan is None
    assert findings[0].rule == "audience_differs"
    room.mirror.forum_rows = [factory.forum(private=True)]
    plan, _ = room.desk.answering.reply(thread_ref(), TEXT, audience="staff")
    assert plan is not None


def test_what_is_for_fewer_than_the_public_names_the_forum_that_it_is_meant_for(room: Room) -> None:
    plan, _ = room.desk.answering.reply(thread_ref(), TEXT)
    assert plan is not None
    assert "only_in" not in plan.intents[0].payload
    room.mirror.forum_rows = [factory.forum(private=True)]
    plan, _ = room.desk.answering.reply(thread_ref(), TEXT)
    assert plan is not None
    assert plan.intents[0].payload["only_in"] == str(factory.forum().id)


def test_a_thread_that_moved_on_is_asked_about(room: Room) -> None:
    opened = room.desk.answering.open(thread_ref())
    room.mirror.add(factory.thread(post_count=4))
    found = room.desk.answering.check(TEXT, thread_ref(), seen=opened.seen)
    assert [finding.rule for finding in found] == ["thread_changed"]


def test_the_official_account_speaks_only_where_there_is_one(room: Room) -> None:
    with pytest.raises(NotAllowedError) as refused:
        room.desk.answering.reply(thread_ref(), TEXT, identity=Identities.OFFICIAL)
    assert refused.value.code == "no_official_account"
    official = factory.community().identity.__class__(OFFICIAL, "company")
    room.mirror.rows_of = [factory.community(official=official)]
    plan, _ = room.desk.answering.reply(thread_ref(), TEXT, identity=Identities.OFFICIAL)
    assert plan is not None
    assert plan.intents[0].account == str(OFFICIAL)


def test_no_thread_no_answer(room: Room) -> None:
    with pytest.raises(UnknownIdError):
        room.desk.answering.reply(thread_ref(404), TEXT)
    with pytest.raises(UnknownIdError):
        room.desk.answering.reply(factory.flag(), TEXT)
    room.mirror.add(factory.thread(2, locked=True, permitted=()))
    with pytest.raises(NotAllowedError):
        room.desk.answering.reply(factory.ref(Kind.THREAD, 2), TEXT)


def test_an_empty_draft_is_forgotten(room: Room) -> None:
    room.desk.answering.save_draft("reply:x", "half a")
    assert room.desk.answering.draft("reply:x") is not None
    room.desk.answering.save_draft("reply:x", "")
    assert room.desk.answering.drafts() == []


def test_the_undo_window_is_the_desks_or_ones_own(room: Room) -> None:
    held, _ = room.desk.answering.reply(thread_ref(), TEXT)
    now, _ = room.desk.answering.reply(thread_ref(), TEXT, hold_seconds=0)
    assert held is not None
    assert now is not None
    assert [plan.state for plan in (held, now)] == [IntentState.HELD, IntentState.WAITING]
