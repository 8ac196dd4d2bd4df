"""Pictures of the window with the rows of the design: ``python -m tests.views.gallery FOLDER [NAME …]``."""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from moderation.case_tickets import Question
from moderation.ports import CommunityStatus
from moderation.proof import Answer
from moderation.tickets import TicketState
from tests.fakes.clock import FakeClock
from tests.views.cases_sample import all_cases, in_a_chat, in_a_ticket
from tests.views.coverage_sample import fill
from tests.views.keys import press
from tests.views.private_sample import THREAD, checked, confirm_all, connected, over_window, team_forum
from tests.views.sample import EN, JA, NOW, ROWS, ROWS_JA, Records, community
from tests.views.stage import Stage
from tests.views.team_sample import forum, join
from views import MainWindow
from views.theme import Scheme
from views.words import Language


def english(home: Path, rows: int = 13) -> Stage:
    """The English community with its rows, connected."""
    stage = Stage(home, FakeClock(NOW))
    stage.connect(community())
    if rows:
        stage.apply(EN, **Records(EN, ROWS[:rows]).all())
    stage.engine.statuses = [CommunityStatus(EN, "connected", read_at=NOW, budget_left=46)]
    return stage


def japanese(home: Path) -> Stage:
    """The Japanese community."""
    stage = Stage(home, FakeClock(NOW))
    stage.connect(community(JA, "クイルビー日本", "架空 湊"))
    stage.apply(JA, **Records(JA, ROWS_JA).all())
    stage.engine.statuses = [CommunityStatus(JA, "connected", read_at=NOW)]
    return stage


def queue_light(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    return stage, stage.open(app)


def queue_dark(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    window = stage.open(app, scheme=Scheme.DARK)
    for _ in range(1):
        window.registry.run("keep")
        stage.settle(app)
    window.registry.run("next")
    stage.settle(app)
    window.registry.run("hide")
    stage.settle(app)
    return stage, window


def queue_ja(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = japanese(home)
    return stage, stage.open(app, language="ja")


def queue_contrast(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    return stage, stage.open(app, scheme=Scheme.CONTRAST)


def small_window(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    stage.engine.statuses = [CommunityStatus(EN, "offline", read_at=NOW, since=NOW, next_try=NOW.replace(second=18))]
    return stage, stage.open(app, size=(1280, 800))


def smallest(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    return stage, stage.open(app, size=(1024, 640))


def large(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    return stage, stage.open(app, size=(1600, 1000))


def scaled(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    return stage, stage.open(app, size=(1440, 900), scale=150)


def empty_queue(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home, rows=0)
    return stage, stage.open(app)


def palette(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    window = stage.open(app)
    window.registry.run("palette")
    window.popups.palette.field.setText("hi")
    stage.settle(app)
    return stage, window


def key_sheet(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    window = stage.open(app)
    window.registry.run("keys")
    stage.settle(app)
    return stage, window


def composer(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    window = stage.open(app)
    window.registry.run("reply")
    stage.settle(app)
    text = "Hello Maren,\n\nyou are right to be annoyed: we see it on {{order}}. Call 01632 960 118 or write to "
    window.talk.composer.editor.setPlainText(text + "a@b.example.\n\nAnyone else who moved in October: tell us here.")
    stage.rest(app)
    return stage, window


def note(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    window = stage.open(app, size=(1280, 800))
    window.registry.run("note")
    stage.settle(app)
    window.talk.composer.editor.setPlainText("Called twice, wants mail.")
    stage.rest(app)
    return stage, window


def outbox(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    window = stage.open(app)
    for verb in ("keep", "resolve", "keep", "keep", "keep"):
        window.registry.run(verb)
        stage.settle(app)
    held = stage.journal.unfinished()
    facts = {
        "code": "conflict", "by": "x", "by_name": "Dagny Pell", "at": "2026-11-22T10:39:56+00:00",
        "their_state": "resolved", "their_assignee": "Dagny Pell",
    }  # fmt: skip
    stage.confirm(held[0].id)
    stage.move(held[1].id, "sending", "conflict", trouble=facts)
    stage.move(held[2].id, "sending", "in_doubt")
    stage.clock.advance(3)
    window.registry.run("go_outbox")
    window.session.decisions.refresh(touch=True)
    stage.settle(app)
    window.registry.run("next")
    stage.settle(app)
    return stage, window


def cases(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    all_cases(stage)
    window = stage.open(app)
    window.registry.run("go_cases")
    stage.settle(app)
    return stage, window


def case_note(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage, window = cases(app, home)
    window.registry.run("note")
    stage.settle(app)
    window.cases_work.composer.editor.insertPlainText("Called the warehouse, nobody there before Monday.")
    stage.rest(app)
    return stage, window


def case_ticket(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    in_a_ticket(stage, Question.CLOSED_ELSEWHERE, TicketState.SOLVED)
    in_a_chat(stage)
    window = stage.open(app, size=(1280, 800))
    window.registry.run("go_cases")
    stage.settle(app)
    return stage, window


def bulk(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    window = stage.open(app)
    for verb in ("next", "mark", "next", "next", "mark", "next", "hide"):
        window.registry.run(verb)
        stage.settle(app)
    return stage, window


def keys_small(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    window = stage.open(app, size=(1280, 800))
    window.registry.run("keys")
    stage.settle(app)
    return stage, window


def filters(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    window = stage.open(app)
    window.registry.run("filter")
    stage.settle(app)
    return stage, window


def history(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    window = stage.open(app)
    window.registry.run("next")
    window.registry.run("history")
    stage.settle(app)
    return stage, window


def drawer(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    window = stage.open(app, size=(1280, 800))
    window.registry.run("next")
    window.registry.run("next")
    window.registry.run("drawer")
    stage.settle(app)
    return stage, window


def compact(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = english(home)
    window = stage.open(app, size=(1280, 800))
    window.prefer(window.session.preferences.but(compact=True))
    stage.settle(app)
    window.registry.run("next")
    stage.settle(app)
    return stage, window


def converting(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage = Stage(home, FakeClock(NOW))
    stage.connect(connected())
    stage.apply(EN, **Records(EN, ROWS).all())
    team_forum(stage)
    window = stage.open(app)
    while (facts := window.queue_work.facts()) is None or str(facts.thread) != str(THREAD):
        window.registry.run("next")
        stage.settle(app)
    window.registry.run("convert")
    stage.settle(app)
    return stage, window


def leaking(app: QApplication, home: Path) -> tuple[Stage, MainWindow]:
    stage, window = converting(app, home)
    dialog = window.convert.dialog
    assert dialog is not None
    dialog.go.click()
    stage.settle(app)
    confirm_all(stage)
    checked(stage, Answer.VISIBLE)
    stage.settle(app)
    return stage, window


def following(app: QApplication, home: Path, **look: Any) -> tuple[Stage, MainWindow]:
    """The matrix of both communities on the forum of the design."""
    stage = Stage(home, FakeClock(NOW))
    join(stage)
    stage.engine.statuses = [CommunityStatus(EN, "connected", read_at=NOW, budget_left=46)]
    window = stage.open(app, **look)
    press(stage, Qt.Key.Key_G, Qt.Key.Key_F)
    if (panel := window.following_work.panel) is not None:
        panel.table.go(*panel.table.matrix.find(str(forum("Mesh")), "p11"))
    stage.settle(app)
    return stage, window


def coverage(
    app: QApplication, home: Path, scheme: Scheme = Scheme.LIGHT, language: Language = "en", table: bool = False
) -> tuple[Stage, MainWindow]:  # fmt: skip
    stage = Stage(home, FakeClock(NOW))
    fill(stage)
    stage.engine.statuses = [CommunityStatus(EN, "connected", read_at=NOW, budget_left=46)]
    window = stage.open(app, scheme=scheme, language=language)
    window.registry.run("go_coverage")
    stage.settle(app)
    if table:
        window.registry.run("take")
        stage.settle(app)
    return stage, window


PICTURES: dict[str, Callable[[QApplication, Path], tuple[Stage, MainWindow]]] = {
    "queue-light": queue_light,
    "queue-dark": queue_dark,
    "queue-ja": queue_ja,
    "queue-contrast": queue_contrast,
    "small-window": small_window,
    "smallest": smallest,
    "large": large,
    "scaled": scaled,
    "empty-queue": empty_queue,
    "palette": palette,
    "key-sheet": key_sheet,
    "composer": composer,
    "note": note,
    "outbox": outbox,
    "cases": cases,
    "case-note": case_note,
    "case-ticket": case_ticket,
    "bulk": bulk,
    "keys-small": keys_small,
    "filter": filters,
    "drawer": drawer,
    "compact": compact,
    "history": history,
    "convert-dialog": converting,
    "convert-proof": leaking,
    "following-matrix": following,
    "following-dark": lambda app, home: following(app, home, scheme=Scheme.DARK),
    "following-ja": lambda app, home: following(app, home, language="ja"),
    "coverage": coverage,
    "coverage-dark": lambda app, home: coverage(app, home, scheme=Scheme.DARK),
    "coverage-ja": lambda app, home: coverage(app, home, language="ja"),
    "coverage-table": lambda app, home: coverage(app, home, table=True),
}


def picture(window: MainWindow, path: Path) -> Path:
    """A picture of the window, with the dialogue before it if one is open."""
    if window.convert.dialog is None:
        return window.grab_to(path)
    over_window(window, window.convert.dialog).save(str(path))
    return path


def main(arguments: list[str]) -> int:
    """Entry."""
    folder, names = Path(arguments[0]), arguments[1:] or list(PICTURES)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    for name in names:
        with tempfile.TemporaryDirectory() as home:
            stage, window = PICTURES[name](app, Path(home))
            print(picture(window, folder / f"{name}.png"))
            if stage.troubles:
                print("troubles:", stage.troubles)
            stage.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
