"""The Coverage screen by its keys: every number is reached, says what it is, and opens exactly its rows."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QApplication

from moderation.coverage.doors import Behind, Door
from moderation.coverage.figures import NUMBERS
from moderation.coverage.overview import TIMES_S
from moderation.coverage.rules import CoverageRules
from moderation.ports import CommunityStatus
from tests.fakes.clock import FakeClock
from tests.views.coverage_sample import FORUMS, Asking, fill, forum
from tests.views.keys import CONTROL, press
from tests.views.sample import EN, NOW
from tests.views.stage import Stage
from tests.views.test_access import CONTROLS, R, met
from views import MainWindow
from views.coverage.doing import Doing
from views.coverage.export import Kind, Wish
from views.coverage.panel import CoveragePanel, Numbered
from views.coverage.reading import read_rows
from views.theme import Scheme

K = Qt.Key
FEW, THIN = Asking(days=84, a_day=4), Asking(days=40, a_day=0.6)


def opened(app: QApplication, home: Path, asking: Asking = FEW, **look: object) -> tuple[Stage, MainWindow]:
    """A window on the screen."""
    stage = Stage(home, FakeClock(NOW))
    fill(stage, asking, **{name: look.pop(name) for name in ("roster", "rules", "filled") if name in look})  # type: ignore[arg-type]
    stage.engine.statuses = [CommunityStatus(EN, "connected", read_at=NOW)]
    window = stage.open(app, **look)  # type: ignore[arg-type]
    press(stage, K.Key_G, K.Key_V)
    return stage, window


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, MainWindow]]:
    """One window for this file; a test leaves the screen as it found it."""
    stage, window = opened(qapp, tmp_path_factory.mktemp("coverage") / "home")
    yield stage, window
    stage.close()
    assert not stage.troubles, stage.troubles


@pytest.fixture
def stage(shared: tuple[Stage, MainWindow]) -> Stage:
    return shared[0]


@pytest.fixture
def doing(shared: tuple[Stage, MainWindow]) -> Doing:
    found = shared[1].coverage_work.doing
    assert found is not None
    return found


@pytest.fixture
def panel(doing: Doing) -> CoveragePanel:
    doing.panel.window().activateWindow()
    for chart in doing.panel.charts.values():
        chart.show_as(table=False)
    doing.panel.charts["heat"].take_keys()
    return doing.panel


def app() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def listed(doing: Doing) -> list[str]:
    """The threads in the list that is open; closes it."""
    assert doing.rows.isVisible()
    found = [row.thread for row in doing.rows.table.rows.rows]
    doing.rows.reject()
    return found


def behind(doing: Doing, door: Door) -> list[str]:
    assert doing.shown is not None
    assert doing.shown.seen is not None
    return doing.shown.seen.spans.rows(door)


def shown_numbers(panel: CoveragePanel) -> dict[str, Numbered]:
    """All numbers of the screen, in drawings and tables, by where they stand."""
    found: dict[str, Numbered] = {}
    for name, chart in panel.charts.items():
        for mark in chart.drawing.marks:
            found[f"{name} {mark.door.kind} {mark.door.name} {mark.door.at}"] = mark
    for row in panel.forums.cells.table.rows:
        for at, cell in enumerate(row):
            if cell.door is not None:
                found[f"forums {row[0].text} {at}"] = cell
    return found


ONE_EACH = [f"top figure {name} 0" for name in ("threads", "answered_by_community", "within_goal")]
ONE_EACH += [f"numbers figure {name} 0" for name in ("oldest_open_s", "waiting", "staff_post_share", "reopened")]
ONE_EACH += ["curve staff  3600000", "curve anyone  604800000", *(f"forums Billing {at}" for at in (1, 5, 6, 7))]


@pytest.mark.parametrize("place", ONE_EACH)
def test_each_number_opens_exactly_its_rows(place: str, stage: Stage, doing: Doing, panel: CoveragePanel) -> None:
    number = shown_numbers(panel)[place]
    assert number.door is not None
    panel.opened.emit(number)
    stage.settle(app())
    assert sorted(listed(doing)) == sorted(behind(doing, number.door))


def test_every_number_of_the_screen_has_a_meaning_and_rows(stage: Stage, doing: Doing, panel: CoveragePanel) -> None:
    numbers = shown_numbers(panel)
    assert {number.door.kind for number in numbers.values() if number.door is not None} == set(Behind)
    assert {number.door.name for number in numbers.values() if number.door is not None} >= set(NUMBERS)
    assert doing.shown is not None
    assert doing.shown.seen is not None
    asked = 0
    for place, number in numbers.items():
        assert number.said
        assert number.means, place
        assert number.door is not None
        rows = read_rows(stage.desk, doing.shown.seen, number.door)
        assert len({row.thread for row in rows}) == len(rows) == len(behind(doing, number.door)), place
        asked += len(rows) if place.startswith("heat") else 0
    assert asked == len(behind(doing, Door(Behind.FIGURE, "threads")))


def test_arrows_go_over_the_squares_and_enter_opens_the_one_at_hand(
    stage: Stage, doing: Doing, panel: CoveragePanel
) -> None:
    squares = {mark.door.at for mark in panel.charts["heat"].drawing.marks}
    row = sorted(at for at in squares if at < 24)
    below = min(at for at in squares if at % 24 == row[-1] % 24 and at > row[-1])
    press(stage, K.Key_Home, *[K.Key_Right] * (len(row) + 1), K.Key_Down)
    here = panel.at_hand()
    assert here is not None
    assert here.door is not None
    assert here.door.at == below, "to the end of Monday, and no further; down over blank squares"
    press(stage, K.Key_Left)
    assert _at(panel) == max(at for at in squares if at // 24 == below // 24 and at < below)
    press(stage, K.Key_Up, K.Key_Right, K.Key_Left, K.Key_Right)
    here = panel.at_hand()
    assert here is not None
    assert here.door is not None
    assert here.said in panel.foot.said
    assert here.said == panel.charts["heat"].drawing.accessibleDescription()
    press(stage, K.Key_Return)
    assert here.said == doing.rows.said
    head = doing.rows.table.rows.head(0)
    assert head is not None
    assert head.title
    assert listed(doing) == behind(doing, here.door)
    assert panel.charts["heat"].drawing.hasFocus(), "the focus is back where it was"
    press(stage, K.Key_End)
    press(stage, K.Key_Right)
    assert panel.at_hand() is not None


def _at(panel: CoveragePanel) -> int:
    here = panel.at_hand()
    assert here is not None
    assert here.door is not None
    return here.door.at


def test_points_of_the_curve_stay_on_their_line(stage: Stage, panel: CoveragePanel) -> None:
    panel.charts["curve"].take_keys()
    kinds, times = [], []
    press(stage, K.Key_Home, K.Key_Down)
    for _ in range(6):
        here = panel.at_hand()
        assert here is not None
        assert here.door is not None
        kinds.append(here.door.kind)
        times.append(here.door.at)
        press(stage, K.Key_Right)
    assert set(kinds) == {Behind.STAFF}
    assert times == [seconds * 1000 for seconds in TIMES_S]


def test_a_thread_opens_in_the_browser_and_gives_its_link(stage: Stage, doing: Doing, panel: CoveragePanel) -> None:
    press(stage, K.Key_Home, K.Key_Return)
    thread = doing.rows.table.rows.rows[0].thread
    press(stage, K.Key_Y)
    assert QApplication.clipboard().text() == f"https://{EN}/topic/{thread}"
    told: list[str] = []
    doing.rows.opened.disconnect()
    doing.rows.opened.connect(told.append)
    press(stage, K.Key_O, K.Key_Return)
    doing.rows.opened.disconnect()
    doing.rows.opened.connect(doing._open)
    assert told == [f"https://{EN}/topic/{thread}"] * 2
    press(stage, K.Key_Escape)
    assert not doing.rows.isVisible()


def test_the_number_at_hand_is_in_view(stage: Stage, panel: CoveragePanel) -> None:
    chart = panel.charts["numbers"]
    chart.take_keys()
    press(stage, K.Key_End)
    mark = chart.drawing.mark
    assert mark is not None
    seen = chart.drawing.area(mark).translated(
        chart.drawing.mapTo(panel.area.viewport(), chart.drawing.rect().topLeft())
    )
    assert panel.area.viewport().rect().contains(seen)
    panel.charts["top"].take_keys()
    assert panel.area.verticalScrollBar().value() == 0


def test_t_swaps_a_chart_for_its_table_with_the_same_numbers(stage: Stage, doing: Doing, panel: CoveragePanel) -> None:
    for name in ("heat", "curve", "trend", "numbers", "top"):
        chart = panel.charts[name]
        chart.take_keys()
        drawn = {mark.door for mark in chart.drawing.marks}
        press(stage, K.Key_T)
        assert chart.as_table
        assert chart.table.hasFocus()
        cells = {cell.door for row in chart.table.cells.table.rows for cell in row if cell.door is not None}
        assert drawn <= cells, name
        press(stage, K.Key_T)
        assert chart.drawing.hasFocus()


def test_enter_opens_a_cell_of_a_table(stage: Stage, doing: Doing, panel: CoveragePanel) -> None:
    panel.forums.setFocus()
    panel.forums.setCurrentIndex(panel.forums.cells.index(0, 1))
    press(stage, K.Key_Right)
    cell = panel.forums.cell
    assert cell is not None
    assert cell.door is not None
    assert cell.said in panel.foot.said
    assert cell.door.forum in {forum(name).native for name in FORUMS}
    press(stage, K.Key_Return)
    assert len(listed(doing)) == int(cell.text)


def test_every_control_names_itself_also_where_there_are_figures(stage: Stage, panel: CoveragePanel) -> None:
    for name in ("heat", "numbers"):
        panel.charts[name].show_as(table=True)
    found = [one for one in met(QAccessible.queryAccessibleInterface(panel)) if one.role() in CONTROLS]
    blank = [one for one in found if not one.text(QAccessible.Text.Name).strip() and one.role() is not R.Cell]
    assert not blank, [one.object() for one in blank]
    assert sum(one.role() is R.Cell for one in found) > 40
    names = [widget.accessibleName() for widget in panel.panes]
    assert all(names)
    assert len(set(names)) == len(names)


def test_f1_says_what_a_number_means_as_of_when(stage: Stage, doing: Doing, panel: CoveragePanel) -> None:
    panel.charts["numbers"].take_keys()
    press(stage, K.Key_Home, K.Key_F1)
    assert doing.definition is not None
    said = doing.definition.label.text()
    assert "No answer by staff, and not closed" in said
    assert "As of today 10:40" in said
    assert "complete since 24 Aug" in said
    press(stage, K.Key_F1)
    assert not doing.definition.isVisible()


def test_other_choices_are_read_and_kept(stage: Stage, doing: Doing, panel: CoveragePanel) -> None:
    header, before = panel.header, len(behind(doing, Door(Behind.FIGURE, "threads")))
    header.days.setCurrentIndex(0)
    header.clock.setCurrentIndex(1)
    header.places.setCurrentIndex(header.places.findText("Billing"))
    header.places.activated.emit(header.places.currentIndex())
    stage.settle(app())
    assert doing.shown is not None
    choice = doing.shown.choice
    assert (choice.days, choice.working, choice.forum) == (7, True, str(forum("Billing")))
    assert [row[0].text for row in panel.forums.cells.table.rows] == ["Billing"]
    assert len(behind(doing, Door(Behind.FIGURE, "threads"))) < before
    assert "median of working time" in _texts(panel)
    press(stage, K.Key_G, K.Key_Q, K.Key_G, K.Key_V)
    assert doing.shown.choice == choice
    header.days.setCurrentIndex(1)
    header.clock.setCurrentIndex(0)
    header.places.setCurrentIndex(0)
    header.places.activated.emit(0)
    stage.settle(app())
    assert len(behind(doing, Door(Behind.FIGURE, "threads"))) == before


def _texts(panel: CoveragePanel) -> str:
    drawing = panel.charts["heat"].drawing.drawing
    assert drawing is not None
    return " ".join(getattr(shape, "note", "") for shape in drawing.shapes)


def test_files_hold_what_is_shown(stage: Stage, doing: Doing, panel: CoveragePanel, tmp_path: Path) -> None:
    def written(kind: Kind, language: str = "en") -> Path:
        path = tmp_path / f"{kind}-{language}{kind.suffix}"
        doing.write(Wish(kind, "heat", language, str(path)))  # type: ignore[arg-type]
        stage.settle(app())
        return path

    for language, title in (("en", "Coverage of Quillby Community"), ("ja", "Quillby Community の対応状況")):
        page = written(Kind.REPORT, language).read_text(encoding="utf-8")
        assert title in page
        assert page.count("<svg") == 3
        assert "‹" not in page, "a code without words"
        assert not any(word in page for word in ("<script", "<link", "src=", "http://", "https://"))
    table = list(csv.reader(io.StringIO(written(Kind.TABLE).read_text(encoding="utf-8-sig"))))
    assert [row[0] for row in table] == ["Day", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    every = list(csv.DictReader(io.StringIO(written(Kind.FORUMS).read_text(encoding="utf-8-sig"))))
    assert sum(int(row["threads"]) for row in every) == len(behind(doing, Door(Behind.FIGURE, "threads")))
    assert written(Kind.SVG).read_text(encoding="utf-8").startswith("<svg xmlns=")
    image = QImage(str(written(Kind.PNG)))
    assert (image.width(), image.height()) == (2 * (920 + 24), 2 * (340 + 24))
    assert len({image.pixel(x, y) for x in range(0, 1800, 7) for y in range(0, 700, 7)}) > 5
    said: list[str] = []
    doing.failed.connect(lambda error: said.append(error.code))
    doing.write(Wish(Kind.FORUMS, "heat", "en", str(tmp_path / "nowhere" / "x.csv")))
    stage.settle(app())
    assert said == ["coverage_report_unwritable"]


def test_ctrl_e_asks_what_is_to_be_written(stage: Stage, doing: Doing, panel: CoveragePanel, tmp_path: Path) -> None:
    panel.charts["curve"].take_keys()
    press(stage, K.Key_E, modifiers=CONTROL)
    dialog = doing.dialog
    assert dialog is not None
    assert not dialog.chart.isEnabled()
    dialog.kind.setCurrentIndex(list(Kind).index(Kind.SVG))
    assert dialog.chart.currentText() == "How long until an answer?"
    assert dialog.path.text().endswith("coverage-2026-11-22.svg")
    dialog.path.setText(str(tmp_path / "curve.svg"))
    dialog.accept()
    stage.settle(app())
    assert "staff" in (tmp_path / "curve.svg").read_text(encoding="utf-8")
    assert stage.window is not None
    assert "Written" in stage.window.bar.toolTip()


def test_keys_of_items_are_dead_here_and_alive_again_elsewhere(
    stage: Stage, doing: Doing, panel: CoveragePanel
) -> None:
    window = stage.window
    assert window is not None
    assert not window.registry.possible("hide")
    assert window.registry.label("take") == "As table"
    press(stage, K.Key_G, K.Key_Q)
    assert window.registry.label("take") != "As table"
    assert not window.registry.possible("export")
    press(stage, K.Key_G, K.Key_V)
    assert window.registry.possible("export")


def test_the_same_stands_there_after_another_look(stage: Stage, panel: CoveragePanel) -> None:
    window = stage.window
    assert window is not None
    assert stage.theme is not None
    stage.theme.choose(scheme=Scheme.DARK)
    stage.settle(app())
    doing = window.coverage_work.doing
    assert doing is not None
    assert doing.panel is not panel
    assert doing.panel.charts["heat"].drawing.marks
    stage.theme.choose(scheme=Scheme.LIGHT)
    stage.settle(app())


STATES = {
    "nobody confirmed": ({"roster": None, "asking": THIN}, "Nobody has confirmed yet who the staff is"),
    "being read": ({"filled": False, "asking": THIN}, "older threads are still being read"),
    "few": ({"asking": Asking(days=84, a_day=0.1)}, "fewer than 10"),
    "no hours": ({"rules": CoverageRules(), "asking": THIN}, "no hours set"),
}


@pytest.mark.parametrize("state", STATES)
def test_states_say_what_is_missing(state: str, qapp: QApplication, tmp_path: Path) -> None:
    facts, said = STATES[state]
    stage, window = opened(qapp, tmp_path / "home", **facts)
    doing = window.coverage_work.doing
    assert doing is not None
    texts = [doing.panel.message.text(), doing.panel.foot.beside]
    drawing = doing.panel.charts["top"].drawing.drawing
    texts += [getattr(shape, "text", "") for shape in drawing.shapes] if drawing is not None else []
    stage.close()
    assert any(said in text for text in texts)
    assert (drawing is None) is (state == "nobody confirmed")
    assert not stage.troubles
