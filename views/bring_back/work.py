"""Bringing back in one window: opened by a key on a thread of a case, or asked for by the screen of cases."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from moderation.cases import CaseState
from moderation.errors import MarqueeError, UnknownIdError
from moderation.ids import Ref
from views.bring_back import asking

if TYPE_CHECKING:
    from moderation.bringing import Objection
    from moderation.desk.bringing import Opened
    from views.bring_back.sheet import BringBackSheet
    from views.cases.facts import CaseFacts
    from views.main_window import MainWindow


class BringBackWork(QObject):
    """The key ``B`` of one window, and the sheet."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self._sheet: BringBackSheet | None = None
        self._thread: Ref | None = None
        window.registry.on("bring_back", self.ask)
        window.queue_work.permitted.connect(self.permit)
        window.cases_work.brings_back = self.why_not
        window.cases_work.bring_back_requested.connect(lambda case: self.open(Ref.parse(case.thread)))
        self.permit()

    @property
    def sheet(self) -> "BringBackSheet":
        """The sheet, made when it is first wanted."""
        if self._sheet is None:
            from views.bring_back.sheet import BringBackSheet

            window = self._window
            self._sheet = sheet = BringBackSheet(window.theme, self._session.words, window.centre, asking.removed)
            sheet.checking.connect(self._check)
            sheet.keeping.connect(self._keep)
            sheet.choosing.connect(self._choose)
            sheet.posting.connect(self._post)
        return self._sheet

    @property
    def pending(self) -> bool:
        """True while the sheet waits for a pause in typing."""
        return self._sheet is not None and self._sheet.isVisible() and self._sheet.pending

    def leave(self) -> None:
        """Close the sheet; its draft is kept."""
        if self._sheet is not None and self._sheet.isVisible():
            self._sheet.reject()

    def ask(self) -> None:
        """Open it on the thread of the item at hand."""
        facts = self._window.queue_work.facts()
        if facts is None or facts.thread is None:
            self._say(self._session.words.say("bring_none"))
            return
        self.open(facts.thread)

    def permit(self) -> None:
        """In the queue it can always be asked for: whether a thread has a case is read then."""
        if not self._window.cases_work.active:
            self._window.registry.allow("bring_back")

    def why_not(self, facts: "CaseFacts") -> str:
        """Why the answer of a case cannot be brought back, as a code; empty where it can."""
        over = facts.case.state in {CaseState.UNDOING, CaseState.UNDONE}
        return "case_taken_back" if over else ""

    def open(self, thread: Ref) -> None:
        """Open it on a public or private thread of a case."""
        self._thread = thread
        self._session.tasks.read("bring_back", asking.opened, thread, then=self._opened, failed=self._failed)

    def _opened(self, what: "Opened") -> None:
        self._thread = Ref.parse(what.case.thread)
        self.sheet.show_case(what)

    def _choose(self, ids: object) -> None:
        if self._thread is not None and isinstance(ids, tuple):
            self._session.tasks.read(
                "bring_back", asking.opened, self._thread, ids, then=self.sheet.propose_anew, failed=self._failed
            )

    def _check(self, revision: int, draft: str, accepted: frozenset[str]) -> None:
        what = self.sheet.what
        if what is None:
            return

        def checked(found: "list[Objection]") -> None:
            self.sheet.show_objections(revision, draft, found)

        self._session.tasks.read(
            "bring_check", asking.checked, what, draft, accepted, then=checked, failed=self._failed
        )  # fmt: skip

    def _keep(self, draft: str) -> None:
        what = self.sheet.what
        if what is not None:
            self._session.tasks.write(asking.kept, what, draft, then=lambda _: None, failed=self._failed)

    def _post(self, draft: str, accepted: frozenset[str], close: bool) -> None:
        what, thread = self.sheet.what, self._thread
        if what is None or thread is None:
            return
        official = what.official is not None
        self._session.tasks.write(
            asking.posted, thread, draft, accepted, official, close, then=self._posted, failed=self._not_posted
        )

    def _posted(self, answer: asking.Posted) -> None:
        if answer.plan is None:
            self.sheet.not_posted(answer.objections)
            return
        session, what = self._session, self.sheet.what
        self.sheet.accept()
        if what is not None:
            session.decisions.titles[what.case.thread] = what.case.title
            intent = answer.plan.intents[0]
            session.decisions.last = (str(intent.action), what.case.title)
            seconds = round(intent.hold_seconds)
            said = session.words.say("bring_posting", seconds=seconds)
            self._say(said if seconds else session.words.say("bring_posting_now"), gravity="public")
            self._window.work.announce(said)
        session.decisions.refresh(touch=True)

    def _not_posted(self, error: Exception) -> None:
        self.sheet.not_posted(())
        self._failed(error)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, MarqueeError):
            self._window.work.fail(error)
            return
        words = self._session.words
        unknown = isinstance(error, UnknownIdError) and error.code == "case_unknown"
        said = words.say("bring_none") if unknown else words.error(error)
        if self._sheet is not None and self._sheet.isVisible():
            self._sheet.state.setText(said)
        self._say(said)

    def _say(self, said: str, gravity: str = "staff") -> None:
        self._window.bar.say(said, gravity=gravity)
