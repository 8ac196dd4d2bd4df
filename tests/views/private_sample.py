"""What a thread needs to go private, and what the engine does then: steps that are done, a proof that is taken."""

from dataclasses import replace

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from moderation.content import Forum, Identity
from moderation.ids import Kind, Ref
from moderation.intents import IntentState, Plan
from moderation.ports import CommunityRow
from moderation.proof import Answer, Finding, Incident, Probe, Proof, Standing, Viewer, What
from tests.views.sample import EN, community
from tests.views.stage import Stage
from views import MainWindow
from views.convert.dialog import ConvertDialog

THREAD, SECRET = Ref(EN, Kind.THREAD, "500"), Ref(EN, Kind.POST, "9002")
_MAY = frozenset({"reply", "hide", "x:message"})


def connected(name: str = EN, *, admin: bool = True, official: bool = True) -> CommunityRow:
    """The sample community with accounts that may take threads private, or with a moderator who may not."""
    row = community(name) if name == EN else community(name, "クイルビー日本", "架空 湊")
    roles = frozenset({"administrator"}) if admin else frozenset({"moderator"})
    company = Identity(Ref(name, Kind.MEMBER, "9"), "Quillby Support", frozenset({"member"}), may=frozenset({"reply"}))
    mine = replace(row.identity, roles=roles, may=_MAY)
    return replace(row, identity=mine, official=company if official else None)


def on_discourse() -> CommunityRow:
    """The same as a Discourse, with accounts that may write messages there."""
    row, may = connected(), _MAY | {"x:open"}
    company = replace(row.official, may=may) if row.official is not None else None
    info = replace(row.info, platform="discourse")
    return replace(row, info=info, identity=replace(row.identity, may=may), official=company)


def team_forum(stage: Stage, name: str = EN) -> Ref:
    """The team's private forum, and a public one with a moderator who is a colleague."""
    ref, colleague = Ref(name, Kind.FORUM, "90"), Ref(name, Kind.MEMBER, "101")
    called = "Private cases" if name == EN else "個別対応"
    stage.apply(name, forums=[Forum(ref, called, private=True, moderators=(colleague,))])
    return ref


def over_window(window: MainWindow, dialog: ConvertDialog) -> QPixmap:
    """A picture of the window with the dialogue before it, as a person sees both."""
    picture = window.grab()
    painter = QPainter(picture)
    painter.fillRect(picture.rect(), QColor(0, 0, 0, 90))
    corner = QPoint((window.width() - dialog.width()) // 2, (window.height() - dialog.height()) // 2 + 14)
    painter.drawPixmap(corner, dialog.grab())
    painter.end()
    return picture


def app() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def window_of(stage: Stage) -> MainWindow:
    assert stage.window is not None
    return stage.window


def course(stage: Stage) -> Plan:
    case = stage.desk.privately.case_of(THREAD)
    found = stage.desk.privately.course(case)
    assert found is not None
    return found


def confirm_all(stage: Stage) -> None:
    """The engine has done every step of the newest plan."""
    for number, intent in enumerate(course(stage).intents):
        stage.journal.move(intent.id, IntentState.BLOCKED, IntentState.WAITING)
        kind = "forum" if intent.payload.get("made") == "forum" else "thread"
        stage.confirm(
            intent.id,
            f"{kind}:{7000 + 100 * len(stage.journal.plans()) + number}",
        )
    refresh(stage)


def refresh(stage: Stage) -> None:
    window_of(stage).session.decisions.refresh(touch=True)
    stage.settle(app())


def checked(stage: Stage, answer: Answer) -> Proof:
    """What the engine leaves after it looked from outside."""
    now, case = stage.clock.now(), stage.desk.privately.case_of(THREAD)
    proof = stage.desk.proving.prove(SECRET, purpose="conversion", case=case.key)
    probes = [Probe(what, f"/at/{what}", Viewer.ANONYMOUS) for what in (What.THREAD, What.RAW, What.LISTS)]
    probes.append(Probe(What.SEARCH, "/api/search", Viewer.MEMBER, mandatory=False))
    first, *others = probes
    findings = (
        Finding(first, answer, "found", now, "GET /at/thread", 200, "ab" * 32, "0••••• ••• ••8"),
        *(Finding(one, Answer.HIDDEN, "absent", now, f"GET {one.place}", 200) for one in others),
    )
    stands = Standing.VISIBLE if answer is Answer.VISIBLE else Standing.PASSED
    kept = replace(proof, standing=stands, checks=1, first_at=now, checked_at=now, due_at=now, findings=findings)
    stage.team.keep_check(kept, findings)
    if answer is Answer.VISIBLE:
        stage.team.open_incident(Incident("i1", proof.id, EN, THREAD, (SECRET,), now, ("thread /at/thread anonymous",)))
    refresh(stage)
    return kept
