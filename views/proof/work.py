"""Proofs of one window: wanting one for the post at hand, reading them, the remedy, and closing an incident."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from moderation.cases import Case
from moderation.changes import ChangeRecord, Table
from moderation.desk import Desk
from moderation.desk.proving import Alarm, Gone
from moderation.errors import MarqueeError, UnknownIdError
from moderation.ids import Kind, Ref
from moderation.proof import Incident, Proof
from views.cases.facts import CaseFacts
from views.proof.sheet import ProofSheet

if TYPE_CHECKING:
    from views.main_window import MainWindow

_LOOK_MS = 30_000
NOTHING = Alarm((), (), ())


@dataclass(frozen=True, slots=True)
class Shown:
    """A proof with its incident, if there is an open one."""

    proof: Proof
    incident: Incident | None


def want(desk: Desk, item: Ref) -> Shown:
    """Want a proof for the post of an item; of a post that was reworded, for what it said before."""
    found = desk.triage.item(item) if item.kind is not Kind.POST else None
    post = item if item.kind is Kind.POST else found.post if found is not None else None
    if post is None:
        raise UnknownIdError("not_a_post", id=str(item))
    known = desk.mirror.post(post)
    reworded = known is not None and known.edited_at is not None and not known.hidden
    return Shown(desk.proving.prove(post, Gone(redacted=reworded)), None)


def alarm(desk: Desk) -> Alarm:
    """What needs a person now."""
    return desk.proving.alarm()


def find(desk: Desk, ident: str, thread: Ref | None) -> Shown | None:
    """The proof of that id; without one the newest incident's, else the newest of the thread."""
    incidents = desk.proving.alarm().incidents
    if not ident:
        newest = desk.proving.proofs(thread) if thread is not None else []
        ident = incidents[0].proof if incidents else newest[0].id if newest else ""
    if not ident:
        return None
    return Shown(desk.proving.proof(ident), next((one for one in incidents if one.proof == ident), None))


def find_of_case(desk: Desk, case: Case) -> Shown | None:
    """The proof of a case: that of its open incident, of several the one that can still be read; else its newest."""
    proofs = {one.id: one for one in desk.proving.proofs(case=case.key) if one.subject.community == case.community}
    own = [one for one in desk.proving.alarm(case.community).incidents if one.proof in proofs]
    if own:
        incident = min(own, key=lambda one: one.gone_at is not None)
        return Shown(proofs[incident.proof], incident)
    newest = next(iter(proofs.values()), None)
    return Shown(newest, None) if newest is not None else None


def again(desk: Desk, ident: str) -> None:
    """Check now."""
    desk.proving.again(ident)


def hide_seen(desk: Desk) -> int:
    """Hide the posts whose text can be read; gives how many decisions were written."""
    return sum(len(desk.proving.remedy(incident.id)) for incident in desk.proving.alarm().readable if incident.posts)


def close(desk: Desk, ident: str, reason: str, accepted: bool) -> None:
    """Close an incident."""
    desk.proving.close(ident, reason, accepted=accepted)


class ProofWork(QObject):
    """The keys of proofs, the band and the table of one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self.alarm = NOTHING
        self._sheet: ProofSheet | None = None
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self.refresh)
        self._look.start()
        self._session.watch.heard.connect(self._heard)
        on = window.registry.on
        on("prove", self.prove)
        on("show_proof", self.show)
        on("hide_seen", self.hide_seen)
        window.band.pressed.connect(self.show_newest)
        self._told(NOTHING)
        self.refresh()

    @property
    def sheet(self) -> ProofSheet:
        """The table, made when it is first wanted."""
        if self._sheet is None:
            self._sheet = ProofSheet(self._window.theme, self._session.words, self._window.centre)
            self._sheet.again.connect(self._again)
            self._sheet.closing.connect(self._close)
        return self._sheet

    def prove(self) -> None:
        """Prove that the text of the post at hand is gone."""
        facts = self._window.queue_work.facts()
        if facts is not None:
            self._session.tasks.write(want, facts.ref, then=self._open, failed=self._failed)

    def show(self) -> None:
        """On the Private screen the proof of the case at hand. Elsewhere that of the newest incident, or the newest of
        the thread at hand.
        """
        cases = self._window.cases_work
        if cases.active:
            self._show_case(cases.facts())
        else:
            self.show_newest()

    def _show_case(self, facts: CaseFacts | None) -> None:
        if facts is None:
            self._window.bar.say(self._session.words.say("case_nothing"), gravity="staff")
        else:
            self._session.tasks.read("proof", find_of_case, facts.case, then=self._found, failed=self._failed)

    def show_newest(self) -> None:
        """What the band speaks of: the proof of the newest incident, or the newest of the thread at hand."""
        facts = self._window.queue_work.facts()
        self._read("", facts.thread if facts is not None else None)

    def hide_seen(self) -> None:
        """Hide what can be read."""
        self._session.tasks.write(hide_seen, then=self._hidden, failed=self._failed)

    def refresh(self) -> None:
        """Read what needs a person."""
        self._session.tasks.read("alarm", alarm, then=self._told, failed=lambda _: None, later=True)

    def _heard(self, records: list[ChangeRecord]) -> None:
        if any(record.table is Table.TEAM for record in records):
            self.refresh()
            if self._sheet is not None and self._sheet.proof:
                self._read(self._sheet.proof, None)

    def _read(self, ident: str, thread: Ref | None) -> None:
        self._session.tasks.read("proof", find, ident, thread, then=self._found, failed=self._failed)

    def _found(self, shown: Shown | None) -> None:
        if shown is None:
            self._window.bar.say(self._session.words.say("proof_none"))
        else:
            self._open(shown)

    def _open(self, shown: Shown) -> None:
        self.sheet.show_proof(shown.proof, shown.incident, self._session.now())

    def _told(self, what: Alarm) -> None:
        grown = len(what.readable) > len(self.alarm.readable)
        self.alarm = what
        first = next(iter(what.readable or what.incidents), None)
        ends = (first.gone_at or self._session.now()) if first is not None else self._session.now()
        self._window.band.show_alarm(what, (ends - first.opened_at).total_seconds() if first is not None else 0.0)
        why = None if what.readable else self._session.words.say("proof_nothing_seen")
        self._window.registry.allow("hide_seen", why)
        if grown:
            self._window.work.announce(f"{self._window.band.head} {self._window.band.text}")

    def _hidden(self, count: int) -> None:
        said = self._session.words.count("proof_hiding", count) if count else self._session.words.say("proof_no_post")
        self._window.bar.say(said, gravity="customer" if count else "staff")
        self._session.decisions.refresh(touch=True)
        self.refresh()

    def _again(self, ident: str) -> None:
        self._session.tasks.write(again, ident, then=lambda _: self._read(ident, None), failed=self._failed)

    def _close(self, ident: str, reason: str, accepted: bool) -> None:
        self._session.tasks.write(close, ident, reason, accepted, then=lambda _: self._closed(), failed=self._failed)

    def _closed(self) -> None:
        self.sheet.accept()
        self.sheet.reason.clear()
        self.refresh()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, MarqueeError):
            self._window.work.fail(error)
            return
        said = self._session.words.error(error)
        if self._sheet is not None and self._sheet.isVisible():
            self._sheet.stands.setText(said)
        self._window.bar.say(said, gravity="staff")
