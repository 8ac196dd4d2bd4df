"""Going private by keys: the plan, its choices, what runs, what comes back, the proof and its remedy."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

import moderation.conversion
from moderation.cases import CaseState
from moderation.content import Post
from moderation.conversion import Place, Remark, Shape, Wanted
from moderation.desk.privately import Around
from moderation.ids import Kind, Ref
from moderation.intents import IntentState
from moderation.proof import Answer, Finding, Probe, Proof, Viewer, What
from resources.messages import known
from tests.conversion.stage import WORDING
from tests.views.conftest import Opens
from tests.views.keys import ALT, CONTROL, press
from tests.views.private_sample import (
    SECRET,
    THREAD,
    app,
    checked,
    confirm_all,
    connected,
    course,
    refresh,
    team_forum,
    window_of,
)
from tests.views.sample import EN, ROWS, Records, Row
from tests.views.stage import Stage
from views import MainWindow
from views.convert.choices import first_word
from views.convert.dialog import ConvertDialog, Mode
from views.convert.proving import readings
from views.convert.words import ConvertWords
from views.theme import Scheme
from views.words import Words

K = Qt.Key
ONE = ROWS[:1]


def begun(
    opens: Opens, rows: tuple[Row, ...] = ONE, *, admin: bool = True, **look: object
) -> tuple[Stage, ConvertDialog]:
    """The dialogue on the thread with a phone number, opened by its key."""
    stage, window = opens(rows, connected=connected(admin=admin), **look)
    team_forum(stage)
    press(stage, K.Key_P)
    return stage, dialog(window)


def dialog(window: MainWindow) -> ConvertDialog:
    found = window.convert.dialog
    assert found is not None
    return found


def titles(here: ConvertDialog) -> list[str]:
    return [line.title for line in here.choices.steps.lines]


def test_the_plan_says_everything_before_anything_leaves(opens: Opens) -> None:
    stage, here = begun(opens)
    assert titles(here) == ["Hide", "Private place", "People in", "Text", "Pointer", "Proof"]
    readers = here.plan_pane.readers
    rows = [[readers.item(row, column).text() for column in range(6)] for row in range(readers.rowCount())]
    assert rows[0] == [
        "\N{MINUS SIGN}",
        "Anyone on the web",
        "reads all",
        "reads all but 1 post",
        "nothing",
        "loses 1 post",
    ]
    assert rows[3][0] == "+"
    assert "Maren Oakhollow" in here.plan_pane.pointer.text.text()
    assert "5 steps" in here.said.text()
    assert here.plan_pane.hides.text() == "One post is hidden: post 3."
    assert stage.journal.unfinished() == []
    press(stage, K.Key_D, modifiers=ALT)
    assert "Nothing was sent" in here.said.text()
    assert here.choices.steps.lines[-2].detail == "as Quillby Support"
    assert stage.journal.unfinished() == []
    press(stage, K.Key_Escape)
    assert window_of(stage).convert.dialog is None
    assert stage.team.cases() == []


def test_escape_takes_back_what_has_not_left(opens: Opens) -> None:
    stage, here = begun(opens)
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert here.mode is Mode.CASE
    assert [intent.state for intent in course(stage).intents][:2] == [IntentState.HELD, IntentState.BLOCKED]
    assert "Esc takes it back" in here.said.text()
    press(stage, K.Key_Escape)
    assert here.mode is Mode.PLAN
    assert here.said.text() == "Taken back: nothing had left."
    assert stage.team.cases()[0].state is CaseState.UNDONE
    assert {intent.state for plan in stage.journal.plans() for intent in plan.intents} == {IntentState.CANCELLED}
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.team.cases()[0].key.endswith("-2"), "a further try is a case of its own"


def test_what_has_left_meanwhile_is_stopped_and_nothing_else_is_sent(opens: Opens) -> None:
    stage, here = begun(opens)
    press(stage, K.Key_Return, modifiers=CONTROL)
    stage.confirm(course(stage).intents[0].id)
    press(stage, K.Key_Escape)
    assert "had left already" in here.said.text()
    assert len(stage.journal.plans()) == 1, "no way back was begun"
    assert [intent.state for intent in course(stage).intents[1:]] == [IntentState.CANCELLED] * 4
    assert here.go.isVisible()
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert len(stage.journal.plans()) == 2, "it goes on with what was left"


def test_closing_does_not_stop_it_and_the_key_shows_it_again(opens: Opens) -> None:
    stage, _ = begun(opens)
    press(stage, K.Key_Return, modifiers=CONTROL)
    press(stage, K.Key_C, modifiers=ALT)
    assert window_of(stage).convert.dialog is None
    assert course(stage).intents[0].state is IntentState.HELD
    confirm_all(stage)
    window_of(stage).activateWindow()  # as a desktop does once the dialogue is gone
    press(stage, K.Key_G, K.Key_P, K.Key_P)
    again = dialog(window_of(stage))
    assert again.mode is Mode.CASE
    assert {line.state for line in again.choices.steps.lines[:-1]} == {IntentState.CONFIRMED}
    assert "stays open until" in again.said.text()


def test_a_clean_proof_replaces_the_readers(opens: Opens) -> None:
    stage, here = begun(opens)
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert here.case_pane.readers.isVisible()
    confirm_all(stage)
    checked(stage, Answer.HIDDEN)
    pane = here.case_pane
    assert not pane.readers.isVisible()
    assert [pane.readings.item(row, 0).text() for row in range(3)] == ["as a visitor", "as a visitor", "as a member"]
    assert "4 places were asked" in pane.band.head.text()
    assert pane.band.colour == "customer"
    assert not pane.band.button.isVisible()
    assert pane.band.more.text().count(":") == 3, "at once, after ten minutes, after a day"
    assert not pane.again.isVisible()


def test_a_leak_has_one_key(opens: Opens) -> None:
    stage, here = begun(opens)
    press(stage, K.Key_Return, modifiers=CONTROL)
    confirm_all(stage)
    before = len(stage.journal.plans())
    checked(stage, Answer.VISIBLE)
    band = here.case_pane.band
    assert band.isVisible()
    assert band.colour == "danger"
    assert band.button.text() == "Hide post 3 and check again"
    assert band.button.primary
    assert "0••••• ••• ••8" in here.case_pane.evidence.text()
    press(stage, K.Key_Return, modifiers=CONTROL)
    newest = stage.journal.plans()[0].intents[0]
    assert len(stage.journal.plans()) == before + 1
    assert (str(newest.action), newest.target) == ("hide", SECRET)


def test_the_way_back_is_shown_before_it_is_taken(opens: Opens) -> None:
    stage, here = begun(opens)
    press(stage, K.Key_Return, modifiers=CONTROL)
    confirm_all(stage)
    for intent in course(stage).intents:
        stage.desk.bench.team.note_step(_step(stage, intent.id))
    press(stage, K.Key_U, modifiers=ALT)
    assert here.mode is Mode.BACK
    assert "Show again" in titles(here)
    assert not here.go.primary, "what makes public again is never the filled one"
    assert here.cancel.hasFocus()
    assert len(stage.journal.plans()) == 1
    press(stage, K.Key_Escape)
    assert here.mode is Mode.CASE
    press(stage, K.Key_U, modifiers=ALT)
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert len(stage.journal.plans()) == 2
    assert stage.team.cases()[0].state is CaseState.UNDOING
    confirm_all(stage)
    stage.team.set_case_state(EN, stage.team.cases()[0].key, CaseState.UNDONE)
    refresh(stage)
    window_of(stage).session.decisions.changed.emit()
    stage.settle(app())
    assert here.mode is Mode.OVER
    assert {line.state for line in here.choices.steps.lines} == {IntentState.CONFIRMED}
    assert here.case_pane.band.isHidden(), "the text may be read again"


def test_a_thread_that_is_closed_for_a_way_back_that_stopped_can_be_kept_private(opens: Opens) -> None:
    stage, window = opens(ONE, connected=connected())
    wanted, around = Wanted(Shape.TAKE, Place.CATEGORY, (SECRET,)), Around(under=team_forum(stage))
    assert stage.desk.privately.convert(THREAD, wanted, WORDING, around)[0] is not None
    confirm_all(stage)
    for intent in course(stage).intents:
        stage.desk.bench.team.note_step(_step(stage, intent.id))
    stage.desk.privately.undo(THREAD)
    lock, move = course(stage).intents[:2]
    stage.confirm(lock.id, "event:9")
    stage.journal.move(move.id, IntentState.BLOCKED, IntentState.WAITING)
    stage.journal.move(move.id, IntentState.WAITING, IntentState.REFUSED, trouble={"code": "private_words_there"})
    refresh(stage)
    press(stage, K.Key_P)
    here = dialog(window)
    assert here.go.text() == "Keep it private"
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert [intent.payload["what"] for intent in stage.journal.plans()[0].intents] == ["unlock"]
    assert stage.team.cases()[0].state is CaseState.OPEN


def _step(stage: Stage, intent: str) -> object:
    from moderation.cases import step_of

    found = stage.journal.intent(intent)
    assert found is not None
    return step_of(found, stage.team.cases()[0].key, stage.clock.now())


def test_a_missing_right_is_named_at_its_step_and_nothing_can_be_confirmed(opens: Opens) -> None:
    stage, here = begun(opens, admin=False)
    missing = [line.title for line in here.choices.steps.lines if line.missing]
    assert missing == ["Private place", "People in"]
    assert titles(here)[0] == "Hide"
    assert "an administrator's rights, for “Private place”, “People in”" in here.said.text()
    assert "administrators" in here.said.text()
    assert not here.go.isEnabled()
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.journal.unfinished() == []
    press(stage, K.Key_Tab)
    assert here.choices.place.isVisible()
    here.choices.place.setFocus()
    press(stage, K.Key_Down)
    assert str(here.planned and here.planned.conversion.place) == "chat", "a place that this account may make"
    assert here.go.isEnabled()


def test_taking_the_thread_asks_for_its_first_word(opens: Opens) -> None:
    stage, here = begun(opens)
    press(stage, K.Key_Down)
    assert here.taking
    assert titles(here)[0] == "Hide"
    assert "Move" in titles(here)
    assert not here.go.primary
    assert not here.go.isEnabled()
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.journal.unfinished() == []
    here.choices.word.setFocus()
    press(stage, "invoice")
    assert here.go.isEnabled()
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert [str(intent.action) for intent in course(stage).intents].count("move") == 1


def test_the_pointer_is_edited_by_a_key_and_checked_as_one_types(opens: Opens) -> None:
    stage, here = begun(opens)
    press(stage, K.Key_E, modifiers=ALT)
    frame = here.plan_pane.pointer
    assert frame.editor.hasFocus()
    frame.editor.selectAll()
    press(stage, "We call you at 01632 960 118 tonight")
    assert "It tells what is private." in frame._said
    assert not here.go.isEnabled()
    frame.editor.selectAll()
    press(stage, "We look into it with you, Maren.")
    press(stage, K.Key_Escape)
    assert not frame.editing, "Escape left the editing, not the dialogue"
    assert here.isVisible()
    assert frame.text.text() == "We look into it with you, Maren."
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert course(stage).intents[-1].payload["text"] == "We look into it with you, Maren."


def test_what_was_written_outlives_other_colours_and_another_language(opens: Opens) -> None:
    stage, here = begun(opens)
    press(stage, K.Key_E, modifiers=ALT)
    here.plan_pane.pointer.editor.selectAll()
    press(stage, "We look into it with you.")
    window = window_of(stage)
    window.prefer(window.session.preferences.but(scheme=Scheme.DARK, language="ja"))
    stage.settle(app())
    assert here.plan_pane.pointer.text.text() == "We look into it with you."
    assert here.go.text() == "個別対応で続ける"
    assert window.convert.dialog is here
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert course(stage).intents[-1].payload["text"] == "We look into it with you."
    window.prefer(window.session.preferences.but(scheme=Scheme.LIGHT, language="en"))
    stage.settle(app())
    assert titles(here)[0] == "Hide"
    assert "Esc takes it back" in here.said.text()


def test_which_posts_are_hidden_is_chosen(opens: Opens) -> None:
    stage, here = begun(opens)
    press(stage, K.Key_H, modifiers=ALT)
    posts = here.plan_pane.posts
    assert posts.hasFocus()
    assert posts.count() == 6
    assert posts.chosen() == (SECRET,)
    press(stage, K.Key_Down, K.Key_Space)
    assert len(posts.chosen()) == 2
    assert here.plan_pane.hides.text().startswith("2 posts are hidden")
    press(stage, K.Key_Down, K.Key_Space)
    assert here.planned is not None
    assert len(here.planned.conversion.leaves) == 1
    press(stage, K.Key_Escape)
    assert here.isVisible()


def test_what_changed_since_it_was_painted_is_shown_and_not_sent(opens: Opens) -> None:
    stage, here = begun(opens)
    seen = here.planned
    late = Post(
        Ref(EN, Kind.POST, "9009"), THREAD, Ref(EN, Kind.FORUM, "1"), Ref(EN, Kind.MEMBER, "300"), "Jory",
        stage.clock.now(), body="call 01632 960 118", body_html="<p>call 01632 960 118</p>", position=7,
    )  # fmt: skip
    stage.news(EN, posts=[replace(late, id=Ref(EN, Kind.POST, "9008"), body="So it is.", body_html="<p>So it is.</p>")])
    stage.rest(app())
    assert here.planned != seen
    assert here.said.text() == "Somebody has written here meanwhile. This is the plan as it is now."
    assert here.go.isEnabled(), "it came by itself"
    stage.apply(EN, posts=[late])
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert here.mode is Mode.PLAN
    assert "not as it was shown" in here.said.text()
    assert stage.journal.unfinished() == []
    assert here.planned is not None
    assert late.id in here.planned.conversion.leaves
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert late.id in {intent.target for intent in course(stage).intents}


def test_posts_as_typed_are_asked_for_first(opens: Opens) -> None:
    stage, window = opens((), connected=connected())
    records = Records(EN, ONE).all()
    typed = [post for post in records["posts"] if isinstance(post, Post)]
    rendered = [replace(post, body=None) for post in typed]
    stage.news(EN, **records | {"posts": rendered})
    team_forum(stage)
    window.session.read_communities()
    stage.settle(app())
    window.convert.open(THREAD, "Invoice still shows my old address")
    stage.settle(app())
    here = dialog(window)
    assert {post.id for post in typed} <= set(stage.engine.wanted)
    assert titles(here)[0] == "Hide", "the plan stands there at once"
    assert not here.go.isEnabled()
    assert "as they were typed" in here.said.text()
    stage.news(EN, posts=typed)
    stage.settle(app())
    assert here.go.isEnabled()
    assert "Your accounts may do" in here.said.text()


def test_an_error_stands_in_its_place(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    from moderation.errors import ConflictError

    stage, here = begun(opens)

    def taken(*_: object, **__: object) -> None:
        raise ConflictError("case_exists", case="case-500", by="Rolf Quarrier")

    monkeypatch.setattr(stage.desk.privately, "convert", taken)
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert here.isVisible()
    assert "Rolf Quarrier" in here.said.text()
    assert stage.journal.unfinished() == []


@pytest.mark.parametrize(
    "look", [{"language": "ja", "size": (1024, 640)}, {"scheme": Scheme.CONTRAST, "size": (1280, 800)}]
)
def test_every_look_has_words_names_and_room(opens: Opens, look: dict[str, object]) -> None:
    stage, here = begun(opens, **look)
    said = _texts(here)
    assert not [text for text in said if "‹" in text]
    window = window_of(stage)
    assert here.width() == min(1080, window.width() - 40)
    assert here.height() == min(688, window.height() - 40)
    for part in (
        here.choices.steps,
        here.plan_pane.readers,
        here.plan_pane.posts,
        here.choices.place,
        here.plan_pane.pointer,
    ):
        assert part.accessibleName()
    press(stage, K.Key_Return, modifiers=CONTROL)
    confirm_all(stage)
    checked(stage, Answer.VISIBLE)
    assert not [text for text in _texts(here) if "‹" in text]


def _texts(here: ConvertDialog) -> list[str]:
    from PySide6.QtWidgets import QAbstractButton, QLabel

    lines = [f"{line.title} {line.detail}" for line in here.choices.steps.lines]
    labels = [label.text() for label in here.findChildren(QLabel)]
    return lines + labels + [button.text() for button in here.findChildren(QAbstractButton)]


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Invoice still wrong", "Invoice"),
        ("【格安】解除コード販売中", "格安"),
        ("ルーターが", "ルーター"),
        ("“Why?” he said", "Why"),
        ("???", "???"),
    ],
)
def test_the_first_word_of_a_title(title: str, word: str) -> None:
    assert first_word(title) == word


def test_every_finding_is_in_exactly_one_reading() -> None:
    from datetime import UTC, datetime

    at = datetime(2026, 11, 22, 10, 44, tzinfo=UTC)
    findings = tuple(
        Finding(Probe(what, "/", viewer), Answer.HIDDEN, "absent", at) for what in What for viewer in Viewer
    )
    proof = Proof("p", None, "conversion", "m", at, findings=findings)  # type: ignore[arg-type]
    lines = readings(proof, Words())
    told = [line.result for line in lines]
    counted = [int(text.split(" at ")[1].split()[0]) if " at " in text else 1 for text in told]
    assert sum(counted) == len(findings)
    assert len(lines) == 5 * len(Viewer)


def test_every_code_of_a_plan_has_words_in_the_window() -> None:
    folder = Path(moderation.conversion.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    whats = set(re.findall(r"keys\.\w+\(\s*\"(\w+)\"", source)) | {"copy_more", "show"}
    remarks = set(re.findall(r"Remark\(\"(\w+)\"", source)) - {"place_not_offered", "post_not_here", "pointer_blocked"}
    assert {"hide", "place", "move", "pointer"} <= whats
    assert {"search_engines", "public_again"} <= remarks
    for language in ("en", "ja"):
        said = ConvertWords(Words(language), {})
        assert not [what for what in whats if "‹" in said.step(what)]
        assert not [code for code in remarks if "‹" in said.remark(Remark(code)) and "‹" in said.stop(Remark(code))]
        for right in ("moderator", "administrator", "message", "reply"):
            assert said.right(right)
    assert not [place for place in Place if not known(f"convert_place_{place}")]
