"""A case that is over can be looked at: what was done, when and by whom, and nothing that could be done by mistake."""

from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from moderation.cases import Case, CaseState, CaseStep
from moderation.changes import ChangeRecord, Table
from moderation.conversation import CaseNote, NoteKind
from moderation.ids import Kind, Ref
from moderation.intents import IntentState
from moderation.proof import Answer, Finding, Incident, Probe, Proof, Standing, Subject, Viewer, What, fingerprint
from tests.views.cases_sample import PIPPA, all_cases, minutes
from tests.views.conftest import Opens
from tests.views.keys import ALT, CONTROL, press
from tests.views.private_sample import app
from tests.views.sample import EN, NOW, ROWS
from tests.views.stage import Stage
from views import MainWindow
from views.convert import record
from views.convert.dialog import ConvertDialog, Mode
from views.convert.reading import CaseNow, Past
from views.convert.words import ConvertWords
from views.words import Words

K = Qt.Key
THREAD = Ref(EN, Kind.THREAD, "507")
POSTS = [Ref(EN, Kind.POST, str(number)) for number in range(9071, 9077)]
NOTHING = Past()
FOUND = Finding(Probe(What.RAW, "/raw", Viewer.ANONYMOUS), Answer.HIDDEN, "absent", NOW, "GET /raw", 200)


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def proven(**facts: object) -> Proof:
    """A proof of the case that is over, checked twice."""
    subject = Subject(EN, THREAD, (), fingerprint(["My address is 192.0.2.44."], "00112233445566778899aabbccddeeff"))
    proof = Proof("p7", subject, "conversion", "me", minutes(9000), about="case-507", due_at=at(20), checks=2)
    first = replace(
        proof, standing=Standing.PASSED, first_at=minutes(8980), checked_at=minutes(8970), findings=(FOUND, FOUND)
    )
    return replace(first, **facts)  # type: ignore[arg-type]


def dialog(window: MainWindow) -> ConvertDialog:
    found = window.convert.dialog
    assert found is not None
    return found


def buttons(here: ConvertDialog) -> set[str]:
    every = (here.take_all_back, here.check, here.aside, here.cancel, here.dry, here.go, here.case_pane.band.button)
    return {one.text() for one in every if one.isVisible()}


def told(stage: Stage) -> None:
    """The engine says that the team's store changed."""
    stage.engine.tell([ChangeRecord(Table.TEAM, everything=True)])
    stage.rest(app())


def test_a_closed_case_is_opened_by_key_and_mouse_and_changes_nothing_but_a_check(opens: Opens) -> None:
    stage, window = opens(ROWS)
    all_cases(stage)
    stage.team.want_proof(proven())
    press(stage, K.Key_G, K.Key_P, K.Key_J, K.Key_J, K.Key_J)
    assert "nothing can be changed there" in _pointed(window)
    press(stage, K.Key_P)
    here = dialog(window)
    assert here.mode is Mode.OVER
    assert here.windowTitle().startswith("Over")
    assert buttons(here) == {"Check again", "Close"}
    assert [line.title for line in here.choices.steps.lines] == ["Text", "Proof"]
    assert "case-507 is closed. It can still be checked again here, nothing else." in here.said.text()
    assert here.case_pane.readings.isVisible()
    assert "Closed by Ines Lanternby: Solved by telephone." in [line.text for line in here.case_pane.record.lines]
    here.resize(here.width(), 320)
    stage.settle(app())
    press(stage, K.Key_PageDown)
    assert here.case_pane.verticalScrollBar().value() > 0, "what was done is read on by key"
    press(stage, K.Key_U, modifiers=ALT)
    press(stage, K.Key_Return, modifiers=CONTROL)
    assert stage.journal.plans() == []
    press(stage, K.Key_R, modifiers=ALT)
    checked = stage.team.proof("p7")
    assert checked is not None
    assert checked.due_at == stage.clock.now()
    press(stage, K.Key_Escape)
    assert window.convert.dialog is None
    QTest.mouseClick(window.cases_pane.bar.buttons["convert"], Qt.MouseButton.LeftButton)
    stage.settle(app())
    here = dialog(window)
    assert here.mode is Mode.OVER
    here.case_pane.readings.setFocus()
    stage.team.set_case_state(EN, "case-507", CaseState.UNDONE)
    told(stage)
    assert "Nothing can be done here any more" in here.said.text()
    assert buttons(here) == {"Close"}
    assert here.case_pane.band.isHidden(), "the text may be read again"
    assert here.case_pane.readings.hasFocus(), "news take nobody's place away"


def _pointed(window: MainWindow) -> str:
    window.cases_pane.bar.point("convert")
    return window.cases_pane.bar.line.text


def over(
    *steps: CaseStep, state: CaseState = CaseState.CLOSED, past: Past | None = NOTHING, **facts: object
) -> CaseNow:
    case = Case("case-507", EN, str(THREAD), "Try it", str(PIPPA), "Pippa Thistlewood", "continue", "category", "me",
                "Ines Lanternby", at(0), state, steps)  # fmt: skip
    numbers = {ref: n for n, ref in enumerate(POSTS, 1)}
    return CaseNow(
        case, "complete", None, **{"proof": None, "incident": None, "numbers": numbers, "past": past} | facts
    )  # type: ignore[arg-type]


def step(name: str, what: str, hours: float, state: IntentState = IntentState.CONFIRMED, **facts: object) -> CaseStep:
    given = {"action": "hide", "target": str(THREAD), "receipt": f"post:{name}"} | facts
    return CaseStep(name, "case-507", EN, state=state, at=at(hours), facts={"what": what}, **given)  # type: ignore[arg-type]


def happened(now: CaseNow) -> list[str]:
    said = ConvertWords(Words("en"), now.numbers)
    return [line.text for line in record.happened(now, said, at(100))]


def test_what_happened_stands_in_the_order_of_time_with_who_did_it_and_its_receipt() -> None:
    hides = [step(str(n), "hide", 1, target=str(ref)) for n, ref in enumerate(POSTS)]
    seen = Incident("i1", "p7", EN, THREAD, (), at(2), ("raw /raw anonymous",), at(4), at(5), "e", "It was the cache.")
    why = CaseNote("n1", EN, "case-507", "me", "Ines Lanternby", at(6), "Solved by\ntelephone.", NoteKind.CLOSED)
    past = Past((seen,), (why,), {"0": "Ines Lanternby", "1": "Rolf Quarrier", "e": "Ines Lanternby"})
    posts = "post 1, post 2, post 3, post 4, post 5, post 6"
    failed = step("r", "pointer", 3, IntentState.REFUSED, receipt="")
    assert happened(over(*hides, failed, past=past, proof=proven(checked_at=at(5.5)))) == [
        "Opened by Ines Lanternby for Pippa Thistlewood",
        f"Hide · {posts} · Confirmed · by Ines Lanternby, Rolf Quarrier · receipts post:0, post:1, post:2, post:3…",
        "Incident: the text could be read in public (text as typed)",
        "Pointer · Refused",
        "The text was not found in public any more",
        "Incident closed by Ines Lanternby: It was the cache.",
        "2 checks from outside, the last: 2 places, nothing to be read",
        "Closed by Ines Lanternby: Solved by telephone.",
    ]
    assert happened(over(past=None)) == []


def test_a_step_of_an_earlier_version_has_a_name_too() -> None:
    made = step("m", "", 1, made="forum", action="x:open")
    bare = step("b", "", 2, action="reply")
    assert [line.split(" · ")[0] for line in happened(over(made, bare))[1:]] == ["Private place", "Reply"]


def test_the_foot_says_what_can_still_be_done() -> None:
    said = ConvertWords(Words("en"), {})
    seen = Incident("i1", "p7", EN, THREAD, (), at(2), ("raw /raw anonymous",))
    for now, words in (
        (over(), "Nothing of it is done here any more."),
        (over(proof=proven()), "It can still be checked again here"),
        (over(proof=proven(), incident=seen), "can still be hidden"),
        (over(proof=proven(), state=CaseState.UNDONE), "Nothing can be done here any more."),
    ):
        assert words in record.foot(now, said)
