"""The dialogue of going private: the plan before anything leaves, its steps while they run, the proof, the way back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from typing import Any

from PySide6.QtCore import QRect, QSize, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCloseEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from moderation.changes import ChangeRecord, Table
from moderation.conversion import Shape, Undo
from moderation.errors import MarqueeError
from moderation.ids import Ref
from moderation.intents import Plan
from moderation.text import one_line
from views.connect.parts import Text
from views.convert import reading, steps
from views.convert.case_pane import CasePane
from views.convert.choices import ChoicePane
from views.convert.parts import KeyButton, ground
from views.convert.plan_pane import BackPane, PlanPane
from views.convert.port import Converting
from views.convert.reading import CaseNow, Chosen, Planned
from views.convert.words import ConvertWords
from views.painting import hairline
from views.session import Session

_SIZE, _MARGIN = QSize(1080, 688), 40
_TYPING_MS, _HEARD_MS, _TICK_MS = 250, 60, 100
_TEXTS_MS = 8000
_CHUNK = 30
_PLAN_TABLES = frozenset({Table.POST, Table.THREAD, Table.FORUM, Table.MEMBER, Table.FOUND, Table.COMMUNITY})
_CASE_TABLES = frozenset({Table.INTENT, Table.TEAM, Table.POST})


class Mode(Enum):
    """What is shown: nothing yet, a plan, a case, the way back, or that it is over."""

    READING = "reading"
    PLAN = "plan"
    CASE = "case"
    BACK = "back"
    OVER = "over"


class ConvertDialog(QDialog):
    """One thread's way into private. Opened with ``open()``; what runs goes on when it is closed."""

    def __init__(
        self, session: Session, port: Converting, thread: Ref, title: str, author: Ref | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.session, self.port, self.about, self.title = session, port, thread, title
        self.theme, self.words = session.theme, session.words
        self.mode = Mode.READING
        self.chosen = Chosen()
        self.author = author
        self.planned: Planned | None = None
        self.case: CaseNow | None = None
        self.undo_plan: Undo | None = None
        self.accounts = False
        self._stale, self._busy = True, False
        self._asked_texts: frozenset[Ref] | None = None
        self._told = ""
        self._build()
        self._timers()
        session.watch.heard.connect(self._heard)
        session.decisions.changed.connect(self._outbox_changed)
        self.theme.changed.connect(self.close)

    # -- building --------------------------------------------------------------------------------------------------
    def _build(self) -> None:
        theme, words = self.theme, self.words
        host = self.parentWidget()
        room = host.size() if host is not None else _SIZE
        self.resize(min(_SIZE.width(), room.width() - _MARGIN), min(_SIZE.height(), room.height() - _MARGIN))
        self.setWindowTitle(words.say("convert_title", title=one_line(self.title, 80)))
        ground(self, theme, "surface")
        self.choices = ChoicePane(theme, words, self)
        self.choices.narrow(narrow=self.width() < 1000)
        self.plan_pane, self.case_pane = PlanPane(theme, words, self), CasePane(theme, words, self)
        self.back_pane = BackPane(theme, words, self)
        self.right = QStackedWidget(self)
        for pane in (self.plan_pane, self.case_pane, self.back_pane):
            self.right.addWidget(pane)
        self.said = Text(theme, words.say("convert_reading"), "small", "text2", self)
        key = words.say
        self.take_all_back = KeyButton(
            theme, key("convert_undo"), key("convert_key_undo"), icon="arrow-back-up", parent=self
        )
        self.check = KeyButton(theme, key("convert_check"), key("convert_key_check"), parent=self)
        self.aside = KeyButton(theme, key("convert_close"), key("convert_key_close"), parent=self)
        self.cancel = KeyButton(theme, key("convert_cancel"), "Esc", parent=self)
        self.dry = KeyButton(theme, key("convert_dry"), key("convert_key_dry"), parent=self)
        self.go = KeyButton(theme, key("convert_shape_continue"), key("convert_key_go"), primary=True, parent=self)
        self._lay_out()
        self._connect()
        self._buttons()

    def _lay_out(self) -> None:
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.choices)
        body.addWidget(self.right, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 10, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(self.said, 1)
        for button in (self.take_all_back, self.check, self.aside, self.cancel, self.dry, self.go):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.choices.changed.connect(self.choose)
        self.choices.typed.connect(self._buttons)
        self.plan_pane.ticked.connect(lambda hide: self.choose({"hide": hide}))
        self.plan_pane.pointed.connect(self._pointed)
        self.case_pane.remedy.connect(self._remedy)
        pressed: tuple[tuple[KeyButton, Callable[[], None]], ...] = (
            (self.take_all_back, self._show_back),
            (self.check, self._check_again),
            (self.aside, self.accept),
            (self.cancel, self._escape),
            (self.dry, self._dry_run),
            (self.go, self._go_on),
        )
        for button, call in pressed:
            button.clicked.connect(call)
        keys: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Alt+E", lambda: self._press(self.plan_pane.pointer.edit)),
            ("Alt+H", lambda: self._press(self.plan_pane.choose)),
            ("Alt+D", lambda: self._press(self.dry)),
            ("Alt+U", lambda: self._press(self.take_all_back)),
            ("Alt+R", lambda: self._press(self.check)),
            ("Alt+C", lambda: self._press(self.aside)),
            ("Ctrl+Return", self._confirm),
            ("Ctrl+Enter", self._confirm),
        )
        for key, call in keys:
            QShortcut(QKeySequence(key), self, activated=call)  # type: ignore[call-overload]

    def _timers(self) -> None:
        def timer(after: int, call: Callable[[], None], *, once: bool = True) -> QTimer:
            made = QTimer(self)
            made.setSingleShot(once)
            made.setInterval(after)
            made.timeout.connect(call)
            return made

        self._typing = timer(_TYPING_MS, self._read_plan)
        self._soon = timer(_HEARD_MS, self._read)
        self._texts = timer(_TEXTS_MS, self._texts_given_up)
        self._tick = timer(_TICK_MS, self._say_held, once=False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines between the parts."""
        super().paintEvent(event)
        painter, foot = QPainter(self), self.choices.geometry().bottom() + 1
        hairline(painter, self.theme, 0, foot, self.width(), foot)

    # -- opening and closing ---------------------------------------------------------------------------------------
    def open(self) -> None:
        """Show it at once; what it shows is read beside."""
        super().open()
        self.cancel.setFocus()
        self._read()

    def done(self, result: int) -> None:
        """Close it; nothing that runs is stopped."""
        for timer in (self._typing, self._soon, self._texts, self._tick):
            timer.stop()
        for name in ("convert-plan", "convert-case", "convert-back"):
            self.session.tasks.cancel(name)
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The frame's own button closes it; what runs goes on."""
        event.accept()
        self.done(0)

    def reject(self) -> None:
        """Escape."""
        self._escape()

    def _escape(self) -> None:
        if self.mode is Mode.BACK:
            self._read_case()
        elif self.held:
            self._write(reading.take_back, self.about, then=self._taken_back)
        else:
            self.accept()

    @property
    def held(self) -> bool:
        """True while everything is in its undo window."""
        return self.mode is Mode.CASE and self.case is not None and self.case.held

    # -- reading ---------------------------------------------------------------------------------------------------
    def _read(self) -> None:
        if self.mode is Mode.READING or self.mode is Mode.CASE:
            self._read_case()
        elif self.mode is Mode.PLAN:
            self._read_plan()

    def _read_case(self) -> None:
        self.session.tasks.read(
            "convert-case", reading.read_case, self.about, then=self._case_read, failed=self._failed
        )

    def _read_plan(self) -> None:
        self._stale = True
        self._typing.stop()
        self._buttons()
        self.session.tasks.read(
            "convert-plan", reading.read_plan, self.port, self.about, self.chosen, self.words.language,
            then=self._plan_read, failed=self._failed,
        )  # fmt: skip

    def _heard(self, records: list[ChangeRecord]) -> None:
        tables = {record.table for record in records}
        wanted = _PLAN_TABLES if self.mode is Mode.PLAN else _CASE_TABLES
        if tables & wanted and self.isVisible():
            self._soon.start()

    def _outbox_changed(self) -> None:
        if self.mode is Mode.CASE and self.isVisible():
            self._soon.start()

    def _plan_read(self, planned: Planned) -> None:
        if planned.asked != self.chosen or self.mode not in {Mode.READING, Mode.PLAN}:
            return
        self.planned, self._stale = planned, False
        self._ask_texts(planned)
        self._show_plan()

    def _ask_texts(self, planned: Planned) -> None:
        """Posts as they were typed: a copy made of a rendered one loses its markup. They are asked for once."""
        if self._asked_texts is None:
            self._asked_texts = frozenset(planned.untyped)
            for start in range(0, len(planned.untyped), _CHUNK):
                self.session.desk.engine.want(planned.untyped[start : start + _CHUNK])
            if planned.untyped:
                self._texts.start()
        if not self._asked_texts & set(planned.untyped):
            self._texts.stop()

    def _texts_given_up(self) -> None:
        self._show_plan()

    @property
    def waiting(self) -> bool:
        """True while a plan is read, or posts as they were typed are awaited."""
        return self._stale or self._busy or self._texts.isActive() or self._typing.isActive()

    def _case_read(self, now: CaseNow | None) -> None:
        if now is not None:
            before, self.case = self.mode, now
            self._show_case(first=before is not Mode.CASE)
        elif self.mode is Mode.READING:
            self.mode = Mode.PLAN
            if self.author is not None:
                self.chosen = replace(self.chosen, around=replace(self.chosen.around, customer=self.author))
            self._read_plan()
        elif self.mode in {Mode.CASE, Mode.BACK}:
            self._show_over()

    # -- showing ---------------------------------------------------------------------------------------------------
    def _show_plan(self) -> None:
        planned = self.planned
        if planned is None:
            return
        first, self.mode = not self.choices.steps.lines, Mode.PLAN
        said = ConvertWords(self.words, reading.numbers(planned.posts))
        self.right.setCurrentWidget(self.plan_pane)
        self.choices.show_choices()
        self.choices.show_plan(planned)
        lines = steps.planned(planned.conversion, said, accounts=self.accounts)
        self.choices.steps.show_steps(lines)
        self.plan_pane.show_plan(planned, said)
        self._say_plan(planned, said)
        if first and self.cancel.hasFocus():
            self.choices.shapes[planned.chosen.shape].setFocus()
        self._buttons()

    def _say_plan(self, planned: Planned, said: ConvertWords) -> None:
        conversion, words = planned.conversion, self.words
        stopped = said.in_the_way(conversion.missing, conversion.blocked)
        if stopped:
            self.say(stopped, "danger")
        elif self._told:
            self.say(self._told, "staff")
        elif self._texts.isActive():
            self.say(words.say("convert_texts"), "text2")
        elif self.accounts:
            self.say(words.count("convert_dry_said", len(conversion.steps)), "text2")
        else:
            self.say(said.may(self.choices.steps.lines, planned.hold_seconds), "text2")

    def _show_case(self, *, first: bool) -> None:
        now = self.case
        if now is None:
            return
        self.mode = Mode.CASE
        code = "convert_title_case" if now.standing == "complete" else "convert_title"
        self.setWindowTitle(self.words.say(code, title=one_line(now.case.title, 80)))
        self.choices.show_case()
        said = ConvertWords(self.words, now.numbers)
        self.choices.steps.show_steps(steps.standing(now, said))
        self.right.setCurrentWidget(self.case_pane)
        readers = self.planned.conversion.readers if self.planned is not None and not now.back else ()
        self.case_pane.show_case(now, self.session.now(), said.readers(readers))
        self._buttons()
        self._say_case()
        if now.held and not self._tick.isActive():
            self._tick.start()
        if first:
            band = self.case_pane.band.button
            (band if band.isVisible() else self.go if self.go.isVisible() else self.cancel).setFocus()

    def _say_case(self) -> None:
        now, words = self.case, self.words
        if now is None or now.held:
            self._say_held()
            return
        code = f"convert_stands_{'back_' if now.back else ''}{now.standing}"
        gravity = "staff" if now.standing == "stopped" else "text2"
        self.say(self._told or words.say(code, case=now.case.key, name=now.case.opened_by_name), gravity)

    def _say_held(self) -> None:
        """The seconds that are left."""
        now = self.case
        if now is None or now.course is None or not self.held:
            self._tick.stop()
            return
        left = [self.session.decisions.remaining(intent.id) for intent in now.course.intents]
        whole = max(intent.hold_seconds for intent in now.course.intents)
        seconds = next((round(one[0] + 0.49) for one in left if one is not None), round(whole))
        self.say(self.words.say("convert_held", n=seconds), "text2", aloud=seconds % 5 == 0)

    def _show_over(self) -> None:
        self.mode = Mode.OVER
        self._told = ""
        self.say(self.words.say("convert_over"), "customer")
        self._buttons()
        self.cancel.setFocus()

    def say(self, text: str, colour: str, *, aloud: bool = True) -> None:
        """A sentence at the foot, said to people who cannot see it."""
        if text == self.said.text():
            return
        self.said.colour(colour)
        self.said.setText(text)
        self.said.setAccessibleName(text)
        if aloud:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.said, text))

    def _buttons(self) -> None:
        """Which buttons stand there, and which of them can be pressed."""
        state = steps.buttons(self)
        for button, (shown, on) in state.items():
            button.setVisible(shown)
            button.setEnabled(on)

    # -- choosing --------------------------------------------------------------------------------------------------
    def choose(self, changes: Mapping[str, Any]) -> None:
        """Another choice: the plan is made anew."""
        given = dict(changes)
        if "around" in given:
            given["around"] = replace(self.chosen.around, **given["around"])
        self.chosen = replace(self.chosen, **given)
        self._told, self.accounts = "", False
        self._read_plan()

    def _pointed(self, text: str) -> None:
        self.chosen = replace(self.chosen, pointer=text)
        self._stale = True
        self._typing.start()
        self._buttons()

    def _dry_run(self) -> None:
        """Make the plan anew, and say as whom each step would be done; nothing is sent."""
        self._told, self.accounts = "", True
        self._read_plan()

    # -- doing -----------------------------------------------------------------------------------------------------
    def _press(self, button: KeyButton) -> None:
        if button.isVisible() and button.isEnabled():
            button.click()

    def _confirm(self) -> None:
        """The key of what comes next: the remedy of a leak, else the button at the right."""
        remedy = self.case_pane.band.button
        self._press(remedy if remedy.isVisible() else self.go)

    def _go_on(self) -> None:
        if self.mode is Mode.PLAN and self.planned is not None:
            self._write(reading.convert, self.port, self.planned, self.words.language, then=self._begun)
        elif self.mode is Mode.CASE:
            self._write(reading.resume, self.about, then=lambda _: self._moved())
        elif self.mode is Mode.BACK and self.undo_plan is not None:
            self._write(reading.undo, self.about, self.undo_plan, then=self._undoing)

    def _begun(self, answer: tuple[Plan | None, Planned]) -> None:
        plan, now = answer
        if plan is not None:
            self._moved()
            return
        self.planned, self._stale = now, False
        self._told = self.words.say("convert_changed")
        self._show_plan()

    def _moved(self) -> None:
        """Something was journalled: the outbox counts it, and the case is read."""
        self._told = ""
        self.session.decisions.titles[str(self.about)] = self.title
        self.session.decisions.refresh(touch=True)
        self._read_case()

    def _taken_back(self, whole: bool) -> None:
        self.session.decisions.refresh(touch=True)
        self._told = self.words.say("convert_taken_back" if whole else "convert_too_late")
        if whole:
            self.mode, self.case = Mode.PLAN, None
            self._tick.stop()
            self.setWindowTitle(self.words.say("convert_title", title=one_line(self.title, 80)))
            self._read_plan()
        else:
            self._read_case()

    def _show_back(self) -> None:
        """The plan of the way back comes first."""
        self.session.tasks.read(
            "convert-back", reading.read_back, self.about, then=self._back_read, failed=self._failed
        )

    def _back_read(self, undo: Undo) -> None:
        self.mode, self.undo_plan = Mode.BACK, undo
        said = ConvertWords(self.words, self.case.numbers if self.case is not None else {})
        self.choices.steps.show_steps(said.back(undo))
        self.right.setCurrentWidget(self.back_pane)
        self.back_pane.show_back(undo, said)
        lack = said.in_the_way(undo.missing, ())
        self.say(lack or self.words.say("convert_back_sure"), "danger" if lack else "text2")
        self._buttons()
        self.cancel.setFocus()

    def _undoing(self, answer: tuple[Plan | None, Undo]) -> None:
        plan, now = answer
        if plan is None and now.steps:
            self._back_read(now)
            self.say(self.words.say("convert_changed"), "staff")
            return
        self._moved()

    def _remedy(self) -> None:
        now = self.case
        if now is None or now.incident is None:
            return
        if now.remedy:
            self._write(reading.remedy, now.incident.id, then=lambda _: self._moved())
        else:
            self._check_again()

    def _check_again(self) -> None:
        if self.case is not None and self.case.proof is not None:
            self._write(reading.check_again, self.case.proof.id, then=lambda _: self._moved())

    def _write(self, fn: Callable[..., Any], *args: Any, then: Callable[[Any], None]) -> None:
        if self._busy:
            return
        self._busy = True
        self._buttons()

        def written(answer: Any) -> None:
            self._busy = False
            then(answer)
            self._buttons()

        self.session.tasks.write(fn, *args, then=written, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        """In words, in place; what is a bug of our own goes where bugs go."""
        self._busy = False
        if not isinstance(error, MarqueeError):
            self.session.failed.emit(error)
            return
        self._buttons()
        self._told = self.words.in_window({"code": error.code, **error.facts})
        self.say(self._told, "danger")

    def paint_room(self) -> QRect:
        """Where it stands in its window, for pictures of both."""
        return QRect(self.pos(), self.size())

    @property
    def taking(self) -> bool:
        """True for the shape in which the thread itself leaves."""
        return self.planned is not None and self.planned.chosen.shape is Shape.TAKE
