"""Proofs in the window: wanted by a key, shown with their evidence; the red band, its remedy, and the end of it."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from moderation.changes import ChangeRecord, Table
from moderation.proof import Answer, Finding, Incident, Probe, Proof, Standing, Viewer, What, next_due
from tests.views.conftest import Opens
from tests.views.keys import ALT, CONTROL, SHIFT, press
from tests.views.sample import EN
from tests.views.stage import Stage
from views import MainWindow
from views.theme import Scheme

K = Qt.Key


def app() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def checked(stage: Stage, proof: Proof, answer: Answer, checks: int = 1) -> Proof:
    """What the engine leaves after a check, and tells."""
    now = stage.clock.now()
    place = f"/api/v3/posts/{proof.subject.posts[0].native}/raw"
    raw, recent = (Probe(what, at, Viewer.ANONYMOUS) for what, at in ((What.RAW, place), (What.LISTS, "/api/recent")))
    search = Probe(What.SEARCH, "/api/search", Viewer.ANONYMOUS, mandatory=False)
    findings = (
        Finding(raw, answer, "found", now, f"GET {place}", 200, "ab" * 32, "M• o••••"),
        Finding(recent, Answer.HIDDEN, "absent", now, "GET /api/recent", 200),
        Finding(search, Answer.COULD_NOT_CHECK, "search_closed", now),
    )
    stands = Standing.VISIBLE if answer is Answer.VISIBLE else Standing.PASSED
    again = next_due(now, now, stands)  # the engine looks again for as long as it can be read
    kept = replace(proof, standing=stands, checks=checks, first_at=now, checked_at=now, due_at=again, findings=findings)
    stage.team.keep_check(kept, findings)
    if answer is Answer.VISIBLE:
        subject = proof.subject
        places = (f"raw {place} anonymous",)
        stage.team.open_incident(Incident("i1", proof.id, EN, subject.thread, subject.posts, now, places))
    else:
        stage.team.note_incident(proof.id, (), now)
    stage.engine.tell([ChangeRecord(Table.TEAM, (proof.id,))])
    stage.settle(app())
    return kept


def wanted(stage: Stage) -> Proof:
    """The proof that a key wanted."""
    proof = stage.team.proofs()[0]
    assert proof.standing is Standing.WANTED
    return proof


def shown(window: MainWindow) -> list[list[str]]:
    table = window.proofs.sheet.table
    return [[table.item(row, column).text() for column in range(5)] for row in range(table.rowCount())]


def test_a_key_wants_a_proof_and_its_rows_come_with_the_check(opens: Opens) -> None:
    stage, window = opens()
    assert window.band.isHidden()
    press(stage, K.Key_W, modifiers=ALT)
    sheet = window.proofs.sheet
    assert sheet.isVisible()
    assert "being checked" in sheet.stands.text()
    proof = wanted(stage)
    facts = window.queue_work.facts()
    assert facts is not None
    assert proof.subject.thread == facts.thread
    checked(stage, proof, Answer.HIDDEN)
    assert "Nothing of it can be read: 3 places" in sheet.stands.text()
    assert [row[0] for row in shown(window)] == ["not checked", "hidden", "hidden"]
    assert shown(window)[0][4] == "This viewer may not search, so the search says nothing."
    press(stage, K.Key_J)
    assert "GET /api" in sheet.evidence.text()
    press(stage, K.Key_Escape)
    assert not sheet.isVisible()
    assert window.band.isHidden()
    press(stage, K.Key_I, modifiers=ALT)
    assert sheet.isVisible(), "the newest of the thread at hand"


def test_the_band_stands_until_the_text_is_gone_and_a_person_closed_it(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_W, modifiers=ALT)
    press(stage, K.Key_Escape)
    proof = checked(stage, wanted(stage), Answer.VISIBLE)
    band = window.band
    assert band.isVisible()
    assert band.head == "A text that should be gone can be read."
    assert band.text.startswith("text as typed")
    stage.clock.advance(300)
    window.proofs.refresh()
    stage.settle(app())
    assert "5 min" in band.text
    press(stage, K.Key_W, modifiers=SHIFT)
    hiding = stage.journal.unfinished()
    assert [(str(i.action), i.target) for i in hiding] == [("hide", proof.subject.posts[0])]
    assert "being hidden" in window.bar._words_said
    checked(stage, proof, Answer.HIDDEN, checks=2)
    assert band.head == "An incident waits for its end."
    assert not window.registry.possible("hide_seen")
    press(stage, K.Key_I, modifiers=ALT)
    sheet = window.proofs.sheet
    assert sheet.reason.isVisible()
    sheet.close_button.click()
    stage.settle(app())
    assert "closed with a reason" in sheet.stands.text()
    sheet.reason.setFocus()
    press(stage, "Hidden after five minutes; nobody had read it.")
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert band.isHidden()
    assert stage.team.incidents()[0].reason.startswith("Hidden after")


def test_the_band_outlives_other_colours_and_speaks_japanese(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_W, modifiers=ALT)
    press(stage, K.Key_Escape)
    checked(stage, wanted(stage), Answer.VISIBLE)
    window.prefer(window.session.preferences.but(scheme=Scheme.DARK, language="ja"))
    stage.settle(app())
    assert window.band.isVisible()
    assert window.band.head == "消えているはずの文章が読めます。"
    press(stage, K.Key_I, modifiers=ALT)
    assert window.proofs.sheet.isVisible()
    assert shown(window)[0][:3] == ["閲覧可", "入力どおりの本文", "訪問者"]


def test_without_anything_seen_the_remedy_says_so(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_W, modifiers=SHIFT)
    assert stage.journal.unfinished() == []
    assert "No text is known" in window.registry.why_not("hide_seen")
    press(stage, K.Key_I, modifiers=ALT)
    assert "Nothing was proven here yet" in window.bar._words_said
    assert not window.proofs._sheet or not window.proofs.sheet.isVisible()


def test_closing_while_something_is_seen_takes_a_second_press(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_W, modifiers=ALT)
    press(stage, K.Key_Escape)
    checked(stage, wanted(stage), Answer.VISIBLE)
    press(stage, K.Key_I, modifiers=ALT)
    sheet = window.proofs.sheet
    sheet.reason.setText("Only the greeting was seen.")
    sheet.close_button.click()
    stage.settle(app())
    assert stage.team.incidents()[0].open
    assert "can still be read" in sheet.stands.text()
    assert "is not the text" in sheet.close_button.text()
    sheet.close_button.click()
    stage.settle(app())
    assert not stage.team.incidents()[0].open
    assert not sheet.isVisible()


def test_the_band_does_not_alarm_where_a_case_was_taken_back(opens: Opens) -> None:
    stage, window = opens()
    press(stage, K.Key_W, modifiers=ALT)
    proof = checked(stage, wanted(stage), Answer.VISIBLE)
    assert window.band.readable
    stage.team.end_proof(proof.id)
    stage.engine.tell([ChangeRecord(Table.TEAM, (proof.id,))])
    stage.settle(app())
    assert not window.band.readable
    assert window.band.text == "It was taken back: the text may be read again."
