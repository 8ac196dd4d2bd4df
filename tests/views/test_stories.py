"""What a moderator does by keys, in the real window over real stores."""

from dataclasses import replace

from PySide6.QtCore import Qt

from moderation.actions import Action
from moderation.intents import IntentState
from tests.views.conftest import Opens
from tests.views.keys import ALT, CONTROL, SHIFT, press
from tests.views.sample import EN, ROWS, Records
from views.window_work import WindowWork

K = Qt.Key


def shown(window) -> str:
    """The item that a key acts on now."""
    facts = window.queue_work.facts()
    assert facts is not None
    return str(facts.ref)


def ids(window) -> list[str]:
    """Items of the list in order."""
    model = window.session.feed.model
    return [row.id for n in range(model.rowCount()) if (row := model.peek(n)) is not None]


def test_next_and_previous_show_items(opens: Opens) -> None:
    stage, window = opens()
    listed = ids(window)
    assert shown(window) == listed[0]
    press(stage, K.Key_J, K.Key_J)
    assert shown(window) == listed[2]
    press(stage, K.Key_K)
    assert shown(window) == listed[1]
    press(stage, K.Key_Down)
    assert shown(window) == listed[2]


def test_keep_decides_the_painted_item_and_shows_the_next(opens: Opens) -> None:
    stage, window = opens()
    first, second = ids(window)[:2]
    press(stage, K.Key_E)
    assert shown(window) == second
    (intent,) = stage.journal.unfinished()
    assert str(intent.item) == first
    assert intent.action is Action.DISMISS
    assert intent.state is IntentState.HELD
    assert intent.seen_version == "7"


def test_a_decided_row_stays_in_its_place_with_the_pie(opens: Opens) -> None:
    stage, window = opens()
    listed = ids(window)
    press(stage, K.Key_E)
    assert ids(window) == listed
    row = window.session.feed.model.peek(0)
    state = window.session.row_state(row)
    assert state.pie is not None
    assert state.faint
    assert window.session.feed.total == len(listed) - 1


def test_a_confirmed_row_leaves_with_the_next_move(opens: Opens) -> None:
    stage, window = opens()
    listed = ids(window)
    press(stage, K.Key_E)
    stage.confirm(stage.journal.unfinished()[0].id)
    item = Records(EN, ROWS).items[1]
    stage.news(EN, items=[_closed(item)])
    window.session.decisions.refresh(touch=True)
    press(stage)
    stage.settle(_app())
    assert ids(window) == listed, "it leaves only when the person moves"
    press(stage, K.Key_J)
    assert ids(window) == listed[1:]


def _closed(item):
    from dataclasses import replace

    from moderation.items import ItemState

    return replace(item, state=ItemState.DISMISSED, version="8")


def _app():
    from PySide6.QtWidgets import QApplication

    return QApplication.instance()


def test_undo_brings_the_item_back(opens: Opens) -> None:
    stage, window = opens()
    first = ids(window)[0]
    press(stage, K.Key_E, K.Key_Z)
    assert stage.journal.unfinished() == []
    row = next(row for n in range(3) if (row := window.session.feed.model.peek(n)) and row.id == first)
    assert row.pending is None
    assert not window.session.row_state(row).faint
    assert window.session.feed.total == len(ROWS)


def test_all_back_takes_back_what_is_held_and_redo_does_it_again(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_E, K.Key_V, K.Key_E)
    assert len(stage.journal.unfinished()) == 3
    press(stage, K.Key_Escape, modifiers=SHIFT)
    assert stage.journal.unfinished() == []
    said = window.bar.toolTip()
    assert said.startswith("3 decisions came back. Nothing of them was sent: kept “")
    assert "resolved “" in said
    press(stage, K.Key_Z, modifiers=SHIFT)
    assert len(stage.journal.unfinished()) == 3


def test_all_back_leaves_what_has_left(opens: Opens) -> None:
    stage, _ = opens()
    press(stage, K.Key_E, K.Key_E)
    gone = stage.journal.unfinished()[0].id
    stage.move(gone, "sending")
    press(stage, K.Key_Escape, modifiers=SHIFT)
    assert [intent.id for intent in stage.journal.unfinished()] == [gone]


def test_hide_asks_for_a_reason_and_tells_the_author(opens: Opens) -> None:
    stage, window = opens()
    first = shown(window)
    press(stage, K.Key_H, modifiers=SHIFT)
    assert window.reasons.isVisible()
    assert stage.journal.unfinished() == []
    press(stage, K.Key_4)
    steps = stage.journal.unfinished()
    assert [step.action for step in steps] == [Action.HIDE, Action.MESSAGE]
    assert str(steps[0].item) == first
    assert steps[0].payload["policy"] == "4.1"
    assert steps[1].state is IntentState.BLOCKED


def test_a_post_that_is_being_hidden_shows_the_pie_and_not_the_step_behind_it(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_H, modifiers=SHIFT)
    press(stage, K.Key_4)
    state = window.session.row_state(window.session.feed.model.peek(0))
    assert state.words == "hidden in 5 s"
    assert state.pie is not None
    stage.clock.advance(6)
    assert window.session.row_state(window.session.feed.model.peek(0)).words == "hidden, waits"


def test_enter_takes_the_reason_that_the_reports_name(opens: Opens) -> None:
    stage, _window = opens()
    press(stage, K.Key_J, K.Key_J)
    press(stage, K.Key_H, modifiers=SHIFT)
    press(stage, K.Key_Return)
    assert stage.journal.unfinished()[0].payload["policy"] == "2.1"


def test_escape_leaves_the_reasons_and_decides_nothing(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_H, modifiers=SHIFT)
    press(stage, K.Key_Escape)
    assert not window.reasons.isVisible()
    assert stage.journal.unfinished() == []
    press(stage, K.Key_J)
    assert shown(window) == ids(window)[1]


def test_no_key_reaches_the_window_while_reasons_are_open(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_H, modifiers=SHIFT)
    press(stage, K.Key_E, K.Key_A, K.Key_V)
    assert stage.journal.unfinished() == []
    assert window.reasons.isVisible()


def test_other_reason_asks_for_a_note(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_H, modifiers=SHIFT)
    press(stage, K.Key_9)
    assert window.reasons.isVisible()
    press(stage, "second warning")
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert [step.action for step in stage.journal.unfinished()] == [Action.HIDE, Action.NOTE]
    assert stage.journal.unfinished()[1].payload["text"] == "second warning"


def test_the_message_to_the_author_can_be_changed(opens: Opens) -> None:
    stage, _window = opens()
    press(stage, K.Key_H, modifiers=SHIFT)
    press(stage, K.Key_Tab)
    press(stage, "Dear author")
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.journal.unfinished()[1].payload["text"] == "Dear author"


def test_a_held_post_is_approved_and_rejected(opens: Opens) -> None:
    stage, window = opens()
    held = next(n for n, item in enumerate(ids(window)) if ":held:" in item)
    window.panel.table.go_to(held)
    stage.settle(_app())
    assert window.registry.actions["approve"].isVisible()
    assert not window.registry.actions["keep"].isVisible()
    press(stage, K.Key_R, modifiers=SHIFT)
    assert window.reasons.isVisible()
    press(stage, K.Key_Escape)
    press(stage, K.Key_A)
    assert stage.journal.unfinished()[0].action is Action.APPROVE


def test_a_key_that_is_not_possible_says_why(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_A)
    assert stage.journal.unfinished() == []
    window.registry.run("approve")
    assert window.pane.bar.line.warning


def test_claim_and_release(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_J)
    item = shown(window)
    press(stage, K.Key_C)
    assert stage.team.claims([item])[item][1] == "Ines Lanternby"
    assert window.queue_work.facts().mine
    press(stage, K.Key_C)
    assert stage.team.claims([item]) == {}


def test_question_mark_shows_the_keys(opens: Opens) -> None:
    stage, window = opens()
    press(stage, "?")
    assert window.popups.keys.isVisible()
    press(stage, K.Key_Escape)
    assert not window.popups.keys.isVisible()
    press(stage, K.Key_J)
    assert shown(window) == ids(window)[1]


def test_the_palette_runs_what_was_found(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_K, modifiers=CONTROL)
    assert window.popups.palette.isVisible()
    press(stage, "resol")
    press(stage, K.Key_Return)
    assert stage.journal.unfinished()[0].action is Action.RESOLVE


def test_the_palette_gives_another_key(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_K, modifiers=CONTROL)
    press(stage, "resol")
    press(stage, K.Key_Return, modifiers=ALT)
    press(stage, K.Key_V, modifiers=ALT)
    assert window.registry.key("resolve") == "Alt V"
    press(stage, K.Key_Escape)
    press(stage, K.Key_V, modifiers=ALT)
    assert stage.journal.unfinished()[0].action is Action.RESOLVE


def test_a_reply_is_posted_to_the_audience_that_was_shown(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    assert window.talk.composer.open
    assert not window.talk.composer.noting
    press(stage, "We have a new firmware for you.")
    press(stage, K.Key_Return, modifiers=CONTROL)
    (intent,) = stage.journal.unfinished()
    assert intent.action is Action.REPLY
    assert intent.payload["text"] == "We have a new firmware for you."
    assert not window.talk.composer.open


def test_a_draft_survives_the_window(opens: Opens, settled) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    press(stage, "Half an answ")
    press(stage, K.Key_Escape)
    settled(stage)
    assert [draft.text for draft in stage.journal.drafts()] == ["Half an answ"]
    press(stage, K.Key_R)
    assert window.talk.composer.editor.toPlainText() == "Half an answ"


def test_a_note_goes_to_staff(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_N)
    assert window.talk.composer.noting
    press(stage, "Called twice")
    press(stage, K.Key_Return, modifiers=CONTROL)
    (intent,) = stage.journal.unfinished()
    assert intent.action is Action.NOTE
    assert intent.payload["text"] == "Called twice"


def test_alt_s_turns_an_answer_into_a_note(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_R)
    press(stage, "Not for everybody")
    press(stage, K.Key_S, modifiers=ALT)
    assert window.talk.composer.noting
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.journal.unfinished()[0].action is Action.NOTE


def test_g_goes_to_screens(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_E)
    press(stage, K.Key_G, K.Key_O)
    assert window.lists.currentWidget() is window.outbox
    press(stage, K.Key_G, K.Key_Q)
    assert window.lists.currentWidget() is window.panel


def test_keys_of_the_item_are_dead_on_the_outbox(opens: Opens) -> None:
    stage, _window = opens()
    press(stage, K.Key_G, K.Key_O)
    press(stage, K.Key_E, K.Key_V)
    assert stage.journal.unfinished() == []


def test_decisions_are_announced(opens: Opens, monkeypatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(WindowWork, "announce", lambda self, text: said.append(text))
    stage, _ = opens()
    press(stage, K.Key_E)
    assert said == ["Kept: “Whoever wrote this guide should lose their job,”"]


def test_deciding_everything_empties_the_list(opens: Opens) -> None:
    stage, window = opens(ROWS[:2])
    press(stage, K.Key_E, K.Key_E)
    for intent in stage.journal.unfinished():
        stage.confirm(intent.id, intent.id)
    stage.news(EN, items=[_closed(item) for item in Records(EN, ROWS[:2]).items])
    window.session.decisions.refresh(touch=True)
    stage.settle(_app())
    assert window.session.feed.model.rowCount() == 0
    assert window.pane.empty.isVisible()
    assert "decide" in window.pane.empty.sentence


def test_an_author_of_whom_only_the_name_is_known_is_asked_for(opens: Opens, qtbot) -> None:
    stage, window = opens(())
    told = Records(EN, ROWS).all()
    told["members"] = [replace(member, joined_at=None) for member in told["members"]]
    stage.news(EN, **told)
    press(stage, K.Key_Home, K.Key_J, K.Key_K)
    author = stage.desk.triage.item(shown(window)).author
    qtbot.waitUntil(lambda: author in stage.engine.wanted)


def test_what_was_decided_before_this_window_is_named(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_E)
    window.session.decisions.titles.clear()
    window.session.decisions.refresh()
    press(stage)
    stage.settle(_app())
    assert [leaving.title for leaving in window.bar._leaving] == ["Whoever wrote this guide should lose their job,"]
