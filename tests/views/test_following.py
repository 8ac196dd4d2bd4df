"""The Following screen: the matrix by keys, what can be done about a gap, and what is said where little is known."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from moderation.actions import Action
from moderation.changes import ChangeRecord, Table
from moderation.content import Level, Unreadable
from moderation.following.threads import FollowedThreads
from moderation.ids import Kind, Ref
from moderation.people import FollowRequest, RequestKind, RequestState
from moderation.persons import PersonRules
from tests.fakes.clock import FakeClock
from tests.views.keys import CONTROL, SHIFT, press
from tests.views.sample import EN, NOW, community
from tests.views.stage import Stage
from tests.views.team_sample import LINES, STAFF, account, forum, join
from tests.views.test_access import CONTROLS, met
from views import MainWindow
from views.places import FOLLOWING

K = Qt.Key
Room = tuple[Stage, MainWindow]
Goes = Callable[..., Room]


def opened(app: QApplication, home: Path, joins: Callable[[Stage], None]) -> Room:
    """A window on the team, at the screen."""
    stage = Stage(home, FakeClock(NOW))
    joins(stage)
    window = stage.open(app)
    press(stage, K.Key_G, K.Key_F)
    return stage, window


def closed(stage: Stage) -> None:
    stage.close()
    assert not stage.troubles, stage.troubles


@pytest.fixture
def goes(qapp: QApplication, tmp_path: Path, empty_home: Path) -> Iterator[Goes]:
    """Opens a window on a team that is not the usual one."""
    stages: list[Stage] = []

    def unusual(joins: Callable[[Stage], None]) -> Room:
        found = opened(qapp, shutil.copytree(empty_home, tmp_path / "home"), joins)
        stages.append(found[0])
        return found

    yield unusual
    closed(stages[0])


@pytest.fixture(scope="module")
def usual(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory, empty_home: Path) -> Iterator[Room]:
    """One window on both communities for the tests that need nothing else: opening it takes the most time."""
    home = tmp_path_factory.mktemp("following") / "home"
    found = opened(qapp, shutil.copytree(empty_home, home), join)
    yield found
    closed(found[0])


@pytest.fixture
def room(usual: Room) -> Room:
    """The same as if nobody had touched it: nothing asked, nothing on its way, everything shown, Mesh × Tamsin."""
    stage, window = usual
    asyncio.set_event_loop(stage.loop)
    for request in stage.team.requests(EN):
        stage.team.answer_request(request.id, RequestState.DECLINED, NOW, instead_of=request.state)
    for intent in stage.journal.unfinished():
        stage.desk.outbox.cancel(intent.id)
    window.activateWindow()
    if window.session.preferences.language != "en":
        window.prefer(window.session.preferences.but(language="en"))
        settle(stage)
    window.following_work.kept.how = None
    window.registry.run("go_following")
    window.following_work.panel.legend.put("")
    go(stage, window, "Mesh", "Tamsin")
    return stage, window


def go(stage: Stage, window: MainWindow, place: str, person: str) -> None:
    """Make a cell current."""
    table = window.following_work.panel.table
    wanted = table.matrix.find(str(forum(place)), f"p{next(at for at, name in enumerate(STAFF) if person in name)}")
    table.go(*wanted)
    settle(stage)


def settle(stage: Stage) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    stage.settle(app)


def forums(window: MainWindow) -> list[str]:
    """What is shown, from top to bottom."""
    model = window.following_work.panel.table.matrix
    return [model.place(row).forum.name for row in range(model.rowCount())]


def sidebar(window: MainWindow) -> str:
    return next(entry.count for entry in window.sidebar.places.entries.entries if entry.id == FOLLOWING)


def told(window: MainWindow) -> str:
    """Everything that the pane says."""
    return window.following_work.panel.about.accessibleName()


def asked(stage: Stage) -> list[FollowRequest]:
    """What this test asked: what others did was declined when it began."""
    return [one for one in stage.team.requests(EN) if one.state is not RequestState.DECLINED]


def test_both_communities_stand_in_one_matrix_and_every_cell_has_words(room: Room) -> None:
    stage, window = room
    panel = window.following_work.panel
    assert (panel.table.matrix.rowCount(), panel.table.matrix.columnCount()) == (len(LINES), len(STAFF))
    assert panel.header.summary == "13 staff, 21 forums, 5 not covered, read 10:40"
    assert sidebar(window) == "5 gaps"
    go(stage, window, "Mesh", "Tamsin")
    index = panel.table.currentIndex()
    said = "Quillby Community: Mesh × Tamsin Vole: no choice, wrote there 2 d ago"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == said
    assert window.bar._cell[0] == said
    assert "Only absent" in panel.table.matrix.headerData(index.row(), Qt.Orientation.Vertical)
    away = panel.table.matrix.find("", "p2")[1]
    assert "away until 30 Nov" in panel.table.matrix.headerData(away, Qt.Orientation.Horizontal)
    go(stage, window, "Mobile", "Pavel")
    assert "watching, not seen for 14 days" in panel.table.currentIndex().data()


def test_the_pane_says_why_and_who_answers_there_anyway(room: Room) -> None:
    stage, window = room
    said = told(window)
    assert "Arlo Linden, Dagny Pell follow it; all are away" in said
    assert "9 threads since 18 Nov, 3 without any answer." in said
    assert "Tamsin Vole: colleague" in said  # how often is a figure of a person, and off until the team wants it
    assert "Ask Tamsin" in said
    stage.team.set_person_rules(EN, PersonRules(shown=True, least_group=2))
    window.following_work._read_about()
    settle(stage)
    assert "Tamsin Vole: 4 replies, 30 d" in told(window)
    assert [look.outcome for look in stage.team.looks(EN)] == ["allowed"]
    stage.team.set_person_rules(EN, PersonRules())
    go(stage, window, "Developers", "Tamsin")
    assert "Nobody follows it" in told(window)
    go(stage, window, "Billing", "Tamsin")
    assert "cover it" in told(window)
    assert "Close the gap" not in told(window)


def test_keys_move_the_cell_and_enter_opens_its_rows(room: Room) -> None:
    stage, window = room
    go(stage, window, "Firmware", "Tamsin")
    press(stage, K.Key_J)
    at = window.following_work.at_hand()
    assert (at.place.forum.name, at.person.name) == ("Mesh", "Tamsin Vole")
    press(stage, K.Key_Left, K.Key_K, K.Key_Right, K.Key_Down)
    assert window.following_work.at_hand().place.forum.name == "Mesh"
    press(stage, K.Key_Return)
    sheet = window.following_work.doing.sheet
    lines = [sheet.list.item(at).text() for at in range(sheet.list.count())]
    assert lines[0] == "Tamsin Vole wrote here, last 30 days: 4"
    assert lines[5] == "Threads since 18 Nov: 9"
    assert sum(line.endswith("no answer") for line in lines) == 3
    assert lines[15] == "Tamsin Vole: what this account follows has not been read from Quillby Community yet."
    press(stage, K.Key_Escape)
    threads = (Ref(EN, Kind.THREAD, "7000"), Ref(EN, Kind.THREAD, "x"))
    stage.team.keep_followed_threads(FollowedThreads(account("Tamsin"), NOW, threads))
    press(stage, K.Key_Return)
    lines = [sheet.list.item(at).text() for at in range(sheet.list.count())]
    assert lines[15] == "Tamsin Vole follows 2 threads, read today 10:40"
    assert (len(lines), lines[17]) == (18, "A thread that cannot be read here (x)")
    assert " · " in lines[16]
    press(stage, K.Key_Escape)
    assert window.following_work.panel.table.hasFocus()


def test_following_a_forum_oneself_is_an_intent_that_can_be_taken_back(room: Room) -> None:
    stage, window = room
    press(stage, K.Key_W)
    (intent,) = stage.journal.unfinished()
    assert (intent.action, intent.target, intent.payload["level"]) == (Action.FOLLOW, forum("Mesh"), "watching")
    assert window.session.title_of(intent) == "Quillby Community: Mesh"
    assert "Follow it myself, on its way to the community" in told(window)
    table = window.following_work.panel.table
    mine = table.matrix.find(str(forum("Mesh")), f"p{STAFF.index('Ines Lanternby')}")
    assert "watching is on its way" in table.matrix.index(*mine).data()
    press(stage, K.Key_W)
    assert len(stage.journal.unfinished()) == 1
    press(stage, K.Key_Z)
    assert stage.journal.unfinished() == []
    assert "Follow it myself, watching, until changed" in told(window)


def test_asking_a_colleague_and_taking_it_back(room: Room) -> None:
    stage, window = room
    press(stage, K.Key_A)
    (one,) = asked(stage)
    assert (one.asked_of, one.forums, one.level) == (account("Tamsin"), (forum("Mesh"),), Level.WATCHING)
    assert "Take the question back" in told(window)
    press(stage, K.Key_A)
    assert asked(stage)[0].standing(NOW) is RequestState.EXPIRED
    go(stage, window, "Mesh", "Dagny")
    assert window.registry.why_not("approve") == "away until 30 Nov"


def test_handing_over_what_somebody_follows_who_is_away(room: Room) -> None:
    stage, window = room
    go(stage, window, "Mesh", "Dagny")
    press(stage, K.Key_H)
    sheet = window.following_work.doing.sheet
    lines = [sheet.list.item(at).text() for at in range(sheet.list.count())]
    assert "Tamsin Vole" in lines[0]
    assert not [line for line in lines if "Ines" in line or "Arlo" in line or "Dagny" in line]
    press(stage, K.Key_1)
    (one,) = asked(stage)
    assert (one.kind, one.asked_of, one.instead_of) == (RequestKind.TAKE_OVER, account("Tamsin"), account("Dagny"))
    assert set(one.forums) == {forum(name) for name in ("Billing", "Moving house", "Router help", "Mesh")}
    stage.team.answer_request(one.id, RequestState.ACCEPTED, NOW, instead_of=RequestState.ASKED, before={}, plan="")
    window.following_work.refresh()
    settle(stage)
    assert "Dagny is back" in told(window)
    press(stage, K.Key_H)
    assert asked(stage)[0].back_at == NOW


def question(stage: Stage, window: MainWindow, name: str = "Mesh") -> str:
    """Dagny asks the person at the desk, and the window hears of it."""
    request = FollowRequest(stage.ids.new(), RequestKind.FOLLOW, (forum(name),), account("Dagny"), "Dagny Pell",
                            account("Ines"), "Ines Lanternby", Level.WATCHING, NOW)  # fmt: skip
    stage.team.ask(request)
    window.following_work.refresh()
    settle(stage)
    return request.id


def test_a_request_is_accepted_or_declined_by_one_key(room: Room) -> None:
    stage, window = room
    first = question(stage, window)
    assert "Dagny Pell asks you to follow Quillby Community: Mesh" in told(window)
    press(stage, K.Key_N, modifiers=SHIFT)
    assert stage.team.request(first).state is RequestState.DECLINED
    second = question(stage, window)
    press(stage, K.Key_A, modifiers=SHIFT)
    assert stage.team.request(second).state is RequestState.ACCEPTED
    assert [intent.target for intent in stage.journal.unfinished()] == [forum("Mesh")]


def test_a_request_that_arrives_on_another_screen_is_said_there(room: Room) -> None:
    stage, window = room
    press(stage, K.Key_G, K.Key_Q)
    question(stage, window)
    assert window.bar._words_said == "Dagny Pell asks you to follow forums. See it with G F."


def test_sorting_and_narrowing_down(room: Room) -> None:
    stage, window = room
    press(stage, K.Key_S)
    assert forums(window)[:2] == ["Developers", "Used devices"]
    press(stage, K.Key_S, K.Key_S, K.Key_S)
    assert forums(window)[0] == "Billing"
    press(stage, K.Key_F)
    assert forums(window) == ["Moving house", "Mesh", "Mobile", "Developers", "Used devices"]
    press(stage, K.Key_Slash, "dev", K.Key_Return)
    assert forums(window) == ["Developers", "Used devices"]
    press(stage, K.Key_Escape)
    assert len(forums(window)) == len(LINES)
    press(stage, K.Key_Slash, "japan")
    assert window.following_work.panel.table.matrix.columnCount() == 2
    press(stage, K.Key_Escape, K.Key_Slash, "nothing of the kind")
    assert window.following_work.panel.empty.sentence == "No forum, team or person is called so"
    press(stage, K.Key_Escape, K.Key_T)
    assert window.following_work.panel.header.buttons["take"].word == "Care"


def test_before_the_staff_is_confirmed_it_says_so_and_confirms_it(goes: Goes) -> None:
    stage, window = goes(lambda stage: join(stage, confirmed=False, also=False))
    panel = window.following_work.panel
    assert panel.note.text.startswith("Quillby Community: nobody has confirmed who is staff")
    assert sidebar(window) == ""
    press(stage, K.Key_C)
    assert "Quillby team · 13 people" in window.following_work.doing.sheet.list.item(0).text()
    press(stage, K.Key_Return, K.Key_1)
    assert len(stage.team.roster()) == len(STAFF)
    assert panel.note.text == ""
    assert sidebar(window) != ""


def poor(stage: Stage) -> None:
    """Nobody knows how far back threads reach, one account cannot be read, no calendar was, levels go along."""
    join(stage, also=False)
    row = community()
    stage.connect(replace(row, info=replace(row.info, extra={"follow_descends": "yes"}), as_of=NOW))
    stage.apply(EN, unreadable=[Unreadable(account("Hild"), "right_missing", NOW)])
    below = [one for one in stage.mirror.forums(EN) if one.name == "Mobile"]
    stage.apply(EN, forums=[replace(one, parent=forum("Mesh")) for one in below])
    for told in stage.team.calendars():
        stage.team.drop_calendar(told.person)


def test_what_is_not_known_and_what_goes_along_is_said_before(goes: Goes) -> None:
    stage, window = goes(poor)
    said = told(window)
    assert "threads are not read far enough back yet" in said
    assert "Hild Brook: what this account follows may not be read with your rights" in said
    assert "No calendar was read" in said
    model = window.following_work.panel.table.matrix
    assert "not known" in model.index(0, model.find("", "p4")[1]).data()
    go(stage, window, "Mesh", "Tamsin")
    press(stage, K.Key_W)
    assert window.following_work.doing.sheet.sentence.text() == "Forums below go along: Mobile"
    press(stage, K.Key_2)
    assert stage.journal.unfinished() == []
    press(stage, K.Key_W, K.Key_1)
    assert len(stage.journal.unfinished()) == 1
    question(stage, window)
    press(stage, K.Key_A, modifiers=SHIFT)
    assert window.following_work.doing.sheet.sentence.text() == "Forums below go along: Mobile"
    assert [one.state for one in asked(stage)] == [RequestState.ASKED]


def test_without_communities_or_forums_it_says_what_to_do_and_news_are_read(goes: Goes) -> None:
    stage, window = goes(lambda stage: None)
    assert window.following_work.panel.is_empty
    stage.connect(community())
    stage.engine.tell([ChangeRecord(Table.COMMUNITY, everything=True)])
    settle(stage)
    assert window.following_work.panel.empty.sentence == "No forum has been read yet"
    join(stage, also=False)
    stage.engine.tell([ChangeRecord(Table.FORUM, everything=True)])
    settle(stage)
    assert not window.following_work.panel.is_empty


def test_another_language_keeps_the_cell(room: Room) -> None:
    stage, window = room
    window.prefer(window.session.preferences.but(language="ja"))
    settle(stage)
    assert window.following_work.at_hand().place.forum.name == "Mesh"
    assert window.following_work.panel.header.summary.startswith("スタッフ 13 人")
    assert "未選択" in window.bar._cell[0]
    assert "‹" not in told(window)


def test_elsewhere_its_keys_mean_nothing_and_others_their_own(room: Room) -> None:
    stage, window = room
    assert "follow" in window.registry.here()
    assert window.registry.label("skip") == "Sort"
    press(stage, K.Key_G, K.Key_Q)
    assert {"follow", "hand_over", "export", "definition"}.isdisjoint(window.registry.here())
    assert window.registry.label("skip") == "Skip"
    press(stage, K.Key_W)
    assert stage.journal.unfinished() == []


def test_every_control_names_itself(room: Room) -> None:
    _, window = room
    things = [thing for thing in met(QAccessible.queryAccessibleInterface(window)) if thing.role() in CONTROLS]
    assert [thing.role() for thing in things if not thing.text(QAccessible.Text.Name).strip()] == []
    assert sum(thing.role() is QAccessible.Role.Cell for thing in things) > 20


def test_f1_says_what_is_called_covered(room: Room) -> None:
    stage, window = room
    press(stage, K.Key_F1)
    assert "wrote there in the last 14 days" in window.following_work.doing._text.text.text()
    press(stage, K.Key_F1)
    assert not window.following_work.doing._text.isVisible()


def test_what_is_shown_is_exported(room: Room, tmp_path: Path) -> None:
    stage, window = room
    press(stage, K.Key_F)
    for kind in ("csv", "png", "svg"):
        window.following_work.doing.export_to(str(tmp_path / f"matrix.{kind}"))
        settle(stage)
    rows = (tmp_path / "matrix.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].startswith("Community,Forum,State,Last there,Arlo Linden,Dagny Pell")
    assert [row.split(",")[1] for row in rows[1:6]] == forums(window)
    assert rows[2].split(",")[2:6] == ["Only absent", rows[2].split(",")[3], "watching", "watching"]
    assert (tmp_path / "matrix.png").read_bytes()[:4] == b"\x89PNG"
    assert "Developers" in (tmp_path / "matrix.svg").read_text(encoding="utf-8")
    window.following_work.doing.export_to(str(tmp_path / "no such folder" / "matrix.csv"))
    settle(stage)
    assert "could not be written" in window.bar._words_said


def test_ctrl_e_asks_where_to(room: Room) -> None:
    stage, window = room
    press(stage, K.Key_E, modifiers=CONTROL)
    assert window.following_work.doing.dialog.isVisible()
    window.following_work.doing.dialog.reject()
