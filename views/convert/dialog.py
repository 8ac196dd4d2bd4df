"""The dialogue of going private: the plan before anything leaves, its steps while they run, the proof, the way back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import Any

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from moderation.changes import ChangeRecord, Table
from moderation.conversion import Shape, Undo
from moderation.errors import MarqueeError
from moderation.ids import Ref
from moderation.intents import Plan
from views.convert import reading, record, steps
from views.convert.frame import ConvertFrame
from views.convert.parts import KeyButton
from views.convert.port import Converting
from views.convert.reading import CaseNow, Chosen, Planned
from views.convert.words import ConvertWords
from views.session import Session

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


class ConvertDialog(ConvertFrame):
    """One thread's way into private. Opened with ``open()``; what runs goes on when it is closed. ``case`` is the key
    of the case that is to be looked at, also where it is over.
    """

    def __init__(
        self,
        session: Session,
        port: Converting,
        thread: Ref,
        title: str,
        author: Ref | None,
        parent: QWidget,
        case: str = "",
    ) -> None:
        super().__init__(session, title, parent)
        self.port, self.about = port, thread
        self.mode = Mode.READING
        self.chosen = Chosen()
        self.author = author
        self.planned: Planned | None = None
        self.case: CaseNow | None = None
        self._key = case
        self.undo_plan: Undo | None = None
        self.accounts = False
        self._stale, self.busy, self._closed = True, False, False
        self._asked_texts: frozenset[Ref] | None = None
        self._told = ""
        self._typing = self.timer(_TYPING_MS, self._read_plan)
        self._soon = self.timer(_HEARD_MS, self._read)
        self._texts = self.timer(_TEXTS_MS, self._texts_given_up)
        self._tick = self.timer(_TICK_MS, self._say_held, once=False)
        self._connect()
        self._keys()
        session.watch.heard.connect(self._heard)
        session.decisions.changed.connect(self._outbox_changed)
        self.theme.changed.connect(self._recompose)

    # -- building --------------------------------------------------------------------------------------------------
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
        self._buttons()

    def _keys(self) -> None:
        """Keys outlive the widgets: each asks for its button when it is pressed."""
        self.key("Alt+E", lambda: self.press(self.plan_pane.pointer.edit))
        self.key("Alt+H", lambda: self.press(self.plan_pane.choose))
        self.key("Alt+D", lambda: self.press(self.dry))
        self.key("Alt+U", lambda: self.press(self.take_all_back))
        self.key("Alt+R", lambda: self.press(self.check))
        self.key("Alt+C", lambda: self.press(self.aside))
        for key, pages in (("PgDown", 1), ("PgUp", -1)):
            self.key(key, partial(self._turn, pages))
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            self.key(key, self._confirm)

    def _turn(self, pages: int) -> None:
        """Read on in what was done; nothing there takes the focus."""
        if self.mode is Mode.OVER:
            bar = self.case_pane.verticalScrollBar()
            bar.setValue(bar.value() + pages * bar.pageStep())

    def _recompose(self) -> None:
        """Other colours or another language: what was chosen and written stays."""
        self.compose()
        self._connect()
        if self.mode is Mode.PLAN:
            self._show_plan()
            self._read_plan()  # what it writes is in that language
        elif self.mode is Mode.BACK and self.undo_plan is not None:
            self._back_read(self.undo_plan)
        elif self.mode is Mode.OVER:
            self._show_over(first=True)
        else:
            self._show_case(first=True)

    # -- opening and closing ---------------------------------------------------------------------------------------
    def open(self) -> None:
        """Show it at once; what it shows is read beside."""
        super().open()
        self.cancel.setFocus()
        self._read()

    def done(self, result: int) -> None:
        """Close it; nothing that runs is stopped."""
        self._closed = True
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
        elif self.busy:
            return
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
        if self.mode in {Mode.READING, Mode.CASE, Mode.OVER}:
            self._read_case()
        elif self.mode is Mode.PLAN:
            self._read_plan()

    def _read_case(self) -> None:
        known = self.case.case.key if self.case is not None else self._key
        self.session.tasks.read(
            "convert-case", reading.read_case, self.about, known, then=self._case_read, failed=self._failed
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
        if tables & wanted:
            self._read_soon()

    def _outbox_changed(self) -> None:
        if self.mode in {Mode.CASE, Mode.OVER}:
            self._read_soon()

    def _read_soon(self) -> None:
        """Bundle what changes at once; changes without end do not put it off without end."""
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _plan_read(self, planned: Planned) -> None:
        if planned.asked != self.chosen or self.mode not in {Mode.READING, Mode.PLAN}:
            return
        if self.planned is not None and {post.id for post in planned.posts} - {post.id for post in self.planned.posts}:
            self._told = self.words.say("convert_grown")
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
        return self._stale or self.busy or self._texts.isActive() or self._typing.isActive()

    @property
    def waiting_to_read(self) -> bool:
        """True when it is going to read in a moment."""
        return self._typing.isActive() or self._soon.isActive()

    def _case_read(self, now: CaseNow | None) -> None:
        if now is not None:
            before, self.case = self.mode, now
            if now.over:
                self._show_over(first=before is not Mode.OVER)
            else:
                self._show_case(first=before is not Mode.CASE)
        elif self.mode is Mode.READING and not self._key:
            self.mode = Mode.PLAN
            if self.author is not None:
                self.chosen = replace(self.chosen, around=replace(self.chosen.around, customer=self.author))
            self._read_plan()
        elif self.mode is not Mode.PLAN:
            self._show_over(first=self.mode is not Mode.OVER)

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
        self.entitle(code, now.case.title)
        self.choices.show_case()
        said = ConvertWords(self.words, now.numbers)
        self.choices.steps.show_steps(steps.standing(now, said, self.session.now()))
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

    def _show_over(self, *, first: bool) -> None:
        """What was done, to be read; nothing is done here any more."""
        now, self.mode = self.case, Mode.OVER
        self._told = "" if first else self._told
        if now is not None and now.over:
            at, said = self.session.now(), ConvertWords(self.words, now.numbers)
            self.entitle("convert_title_over", now.case.title)
            self.choices.show_case(over=True)
            self.choices.steps.show_steps(steps.standing(now, said, at))
            self.right.setCurrentWidget(self.case_pane)
            self.case_pane.show_case(now, at, (), record.happened(now, said, at))
            self.say(self._told or record.foot(now, said), "text2")
        else:
            self.say(self.words.say("convert_over"), "text2")
        self._buttons()
        if first:
            band = self.case_pane.band.button
            (band if band.isVisible() else self.cancel).setFocus()

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
    def _confirm(self) -> None:
        """The key of what comes next: the remedy of a leak, else the button at the right."""
        remedy = self.case_pane.band.button
        self.press(remedy if remedy.isVisible() else self.go)

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
            self.mode, self.case, self._key = Mode.PLAN, None, ""
            self._tick.stop()
            self.entitle("convert_title", self.title)
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
        self.choices.show_case()
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
        if self.busy:
            return
        self.busy = True
        self._buttons()

        def written(answer: Any) -> None:
            if self._closed:
                session.decisions.refresh(touch=True)
                return
            self.busy = False
            then(answer)
            self._buttons()

        session = self.session
        session.tasks.write(fn, *args, then=written, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        """In words, in place; what is a bug of our own goes where bugs go."""
        self.busy = False
        if self._closed or not isinstance(error, MarqueeError):
            self.session.failed.emit(error)
            return
        self._buttons()
        self._told = self.words.in_window({"code": error.code, **error.facts})
        self.say(self._told, "danger")

    @property
    def taking(self) -> bool:
        """True for the shape in which the thread itself leaves."""
        return self.planned is not None and self.planned.chosen.shape is Shape.TAKE
