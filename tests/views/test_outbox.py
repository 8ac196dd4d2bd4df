"""The outbox: three groups, both sides of a conflict, and what a person may say."""

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from moderation.findings import Audience
from moderation.intents import IntentState
from tests.views.conftest import Opens
from tests.views.keys import press
from tests.views.sample import EN, Records
from tests.views.test_composer import _rows

K = Qt.Key
CONFLICT = {
    "code": "conflict",
    "by": "quillby.example:member:3",
    "by_name": "Dagny \u202ePell",
    "at": "2026-11-22T10:39:56+00:00",
    "their_state": "resolved",
}


def rest(stage) -> None:
    stage.settle(QApplication.instance())


def shown(window) -> str:
    """State of the intent at hand."""
    entry = window.outbox_work.entry()
    return "" if entry is None else str(entry.intent.state)


def on_outbox(stage, window, *states: str, **facts: object) -> str:
    """Decide one item, move its intent there, and open the outbox; gives the intent."""
    press(stage, K.Key_E)
    intent = stage.journal.unfinished()[0].id
    stage.move(intent, *states, **facts)
    window.session.decisions.refresh(touch=True)
    rest(stage)
    press(stage, K.Key_G, K.Key_O)
    return intent


def test_a_conflict_shows_both_sides_and_is_closed_by_key(opens: Opens) -> None:
    stage, window = opens()
    intent = on_outbox(stage, window, "sending", "conflict", trouble=CONFLICT)
    sheet = window.outbox_pane.sheet
    assert shown(window) == "conflict"
    assert window.outbox_pane.header.title == "Conflict: a colleague was first"
    said = window.outbox_pane.sheet._said
    entry = window.outbox_work.entry()
    assert ("Item", "kept") in said.wanted(entry)
    assert ("Item", "resolved") in said.community_has(entry)
    assert said.their_name(entry) == "Dagny Pell"
    assert [choice.act for choice in sheet.choices] == ["close", "open"]
    press(stage, K.Key_E)
    assert stage.journal.attention() == []
    assert stage.journal.intent(intent).state is IntentState.CONFLICT


def test_a_conflict_stays_in_the_queue_until_it_is_closed(opens: Opens) -> None:
    stage, window = opens()
    on_outbox(stage, window, "sending", "conflict", trouble=CONFLICT)
    press(stage, K.Key_G, K.Key_Q)
    row = window.session.feed.model.peek(0)
    assert window.session.row_state(row).icon == "arrows-split-2"
    assert not window.session.row_state(row).faint


def test_in_doubt_may_be_sent_again_only_when_proven_absent(opens: Opens) -> None:
    stage, window = opens()
    intent = on_outbox(stage, window, "sending", "in_doubt")
    assert [choice.act for choice in window.outbox_pane.sheet.choices] == ["cancel", "open"]
    press(stage, K.Key_S)
    assert stage.journal.intent(intent).state is IntentState.IN_DOUBT
    stage.journal.update(intent, question="absent")
    window.session.decisions.refresh(touch=True)
    rest(stage)
    press(stage, K.Key_S)
    assert stage.journal.intent(intent).state is IntentState.WAITING


def test_a_person_may_close_what_is_in_doubt(opens: Opens) -> None:
    stage, window = opens()
    intent = on_outbox(stage, window, "sending", "in_doubt")
    press(stage, K.Key_X)
    assert stage.journal.intent(intent).state is IntentState.CANCELLED


def test_what_waits_can_be_taken_back(opens: Opens) -> None:
    stage, window = opens()
    intent = on_outbox(stage, window)
    assert shown(window) == "waiting"
    press(stage, K.Key_X)
    assert stage.journal.intent(intent).state is IntentState.CANCELLED


def test_a_refusal_is_said_in_words(opens: Opens) -> None:
    stage, window = opens()
    on_outbox(stage, window, "sending", "refused", trouble={"code": "right_missing", "action": "dismiss", "item": "x"})
    sentence = window.outbox_pane.sheet._said.sentence(window.outbox_work.entry())
    assert sentence
    assert "‹" not in sentence


@pytest.mark.parametrize("code", ["claimed_by_other", "version_differs", "same", "gone", "look_again"])
def test_every_conflict_is_said_in_words(opens: Opens, code: str) -> None:
    stage, window = opens()
    facts = {"code": code, "item": "x", "holder": "y"}
    on_outbox(stage, window, "sending", "conflict", trouble=facts)
    assert not window.outbox_pane.sheet._said.sentence(window.outbox_work.entry()).startswith("‹conflict_")


@pytest.mark.parametrize(("private", "audience"), [(False, Audience.PUBLIC), (True, Audience.STAFF)])
def test_an_answer_says_who_reads_it(opens: Opens, private: bool, audience: Audience) -> None:
    stage, window = opens()
    stage.news(EN, forums=[replace(forum, private=private) for forum in Records(EN, _rows()).forums])
    rest(stage)
    press(stage, K.Key_R)
    press(stage, "An answer that will be read by somebody")
    rest(stage)
    press(stage, K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    rest(stage)
    press(stage, K.Key_Escape)
    press(stage, K.Key_G, K.Key_O)
    rest(stage)
    entry, band = window.outbox_work.entry(), window.outbox_pane.band
    assert (entry.intent.action, entry.audience, band.audience) == ("x:reply", audience, audience)
    assert band.isVisible()
    assert band.accessibleName().startswith({"public": "Public", "staff": "Closed forum"}[audience])


def test_what_is_no_answer_has_no_band(opens: Opens) -> None:
    stage, window = opens()
    on_outbox(stage, window)
    assert not window.outbox_pane.band.isVisible()


def test_done_is_listed_with_its_proof(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_E)
    intent = stage.journal.unfinished()[0].id
    stage.confirm(intent)
    press(stage, K.Key_G, K.Key_O)
    assert shown(window) == "confirmed"
    assert window.outbox_pane.sheet.choices[0].act == "open"


def test_the_item_is_opened_in_the_queue(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_J)
    on_outbox(stage, window, "sending", "conflict", trouble=CONFLICT)
    item = window.outbox_work.entry().intent.item
    press(stage, K.Key_O)
    assert window.lists.currentWidget() is window.panel
    assert str(window.queue_work.facts().ref) == str(item)


def test_the_status_bar_counts_what_needs_a_person(opens: Opens) -> None:
    stage, window = opens()
    on_outbox(stage, window, "sending", "conflict", trouble=CONFLICT)
    assert window.session.decisions.state.conflicts == 1
    entries = {entry.id: entry for entry in window.sidebar.places.entries.entries}
    assert entries["outbox"].count == "1"


def test_every_state_has_words(opens: Opens) -> None:
    from resources.messages import table

    for state in IntentState:
        assert f"state_{state}" in table("en")
        assert f"about_{state}" in table("en") or state is IntentState.CONFLICT


def test_both_sides_of_a_conflict_name_the_same_fields(opens: Opens) -> None:
    stage, window = opens()
    on_outbox(stage, window, "sending", "conflict", trouble=CONFLICT)
    said, entry = window.outbox_pane.sheet._said, window.outbox_work.entry()
    assert [label for label, _ in said.wanted(entry)] == [label for label, _ in said.community_has(entry)]
    assert said.history(entry)[-1][1] == "Looked before sending: Dagny Pell had changed it. Nothing was sent"


@pytest.mark.parametrize("question", ["absent", "unclear", "restored", "server_restored"])
def test_whatever_is_asked_in_doubt_is_asked_in_words_and_can_be_sent_again(opens: Opens, question: str) -> None:
    stage, window = opens()
    intent = on_outbox(stage, window, "sending", "in_doubt", question=question)
    said, entry = window.outbox_pane.sheet._said, window.outbox_work.entry()
    assert "asked_" not in said.sentence(entry)
    assert said.detail(entry) != "no answer after sending, looking"
    press(stage, K.Key_S)
    assert stage.journal.intent(intent).state is IntentState.WAITING


def test_rows_are_words_for_people_who_cannot_see_them(opens: Opens) -> None:
    stage, window = opens()
    on_outbox(stage, window, "sending", "conflict", trouble=CONFLICT)
    rows = window.outbox.table.rows
    told = [rows.data(rows.index(n, 0), Qt.ItemDataRole.AccessibleTextRole) for n in range(rows.rowCount())]
    assert told[0] == "Needs a person 1"
    assert told[1].startswith("Keep “Whoever wrote this guide should lose their job,”, Conflict, Dagny Pell was f")


def test_what_is_due_and_has_not_left_waits(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_E, K.Key_G, K.Key_O)
    state = window.outbox.table.itemDelegate()._state
    assert state(window.outbox_work.entry()) == "Leaves in 5 s"
    stage.clock.advance(20)
    assert state(window.outbox_work.entry()) == "Waits"


def test_what_changed_on_the_server_stands_in_words(opens: Opens) -> None:
    stage, window = opens()
    changed = {"now_edited": "2026-11-12T10:00:00+00:00", "now_text": "edited", "now_forum": "nodebb:1"}
    on_outbox(stage, window, "sending", "conflict", trouble={"code": "look_again", **changed})
    said, entry = window.outbox_pane.sheet._said, window.outbox_work.entry()
    at = datetime.fromisoformat(changed["now_edited"])
    news = said.community_has(entry)[-3:]
    assert news == [("Edited at", said.words.seconds(at)), ("Forum", "nodebb:1"), ("Text", "edited meanwhile")]
