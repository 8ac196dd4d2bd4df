"""The work on the Private screen: which case is at hand, what its keys do, and what is read again when."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from moderation.actions import Action
from moderation.cases import Case, CaseState
from moderation.changes import ChangeRecord, Table
from moderation.conversation import Standing
from moderation.ids import Ref
from views.cases import facts as work
from views.cases.closing import ClosingSheet
from views.cases.composer import CaseComposer
from views.cases.facts import CaseFacts, CaseReading, why_no_reply
from views.cases.model import Key, key_of
from views.cases.page import STATE_LINK
from views.cases.ticket_work import TicketWork
from views.cases.words import HINTS, CaseWords, verb_names
from views.communities import Badge
from views.outside import copy, open_address
from views.timers import timer
from views.verbs import ITEM_VERBS

if TYPE_CHECKING:
    from views.main_window import MainWindow

_SHARE, _SHARE_LARGE, _LEAST = 0.5, 0.62, 250
_LARGE = 125
"""Percent of text size from which what is written takes more of the pane."""
_LOOK_MS = 30_000
_SOON_MS = 120
_ONLY_HERE = ("other_side",)
_TELLS = frozenset({Table.TEAM, Table.THREAD, Table.POST, Table.FORUM, Table.INTENT})


class CasesWork(QObject):
    """Connects list, pane and keys of one window.

    ``counted``: how many cases are open is known anew. ``bring_back_requested``: the answer of this case is to be
    brought back (a case); ``conversion_requested``: its conversion is to be looked at. ``failed``: an error for the
    person.
    """

    counted = Signal(int)
    bring_back_requested = Signal(object)
    conversion_requested = Signal(object)
    failed = Signal(object)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self._panel, self._pane = window.cases, window.cases_pane
        self._said = CaseWords(self._session.words)
        self.active = False
        self._standing: dict[Key, Standing] = {}
        self._key: Key | None = None
        self._sheet: ClosingSheet | None = None
        self._closing: Case | None = None
        self.brings_back: Callable[[CaseFacts], str] = lambda facts: "case_no_bring_back"
        """Why the answer of a case cannot be brought back (a code), empty where it can."""
        self.composer = CaseComposer(
            self._session.tasks,
            window.theme,
            self._session.words,
            self._session.now,
            window.registry.while_writing,
            self._pane,
        )
        self._pane.composer_place.addWidget(self.composer)
        self.tickets = TicketWork(window, self.facts, self)
        self._soon = timer(self, _SOON_MS, self.refresh)
        self._look = timer(self, _LOOK_MS, self.refresh, once=False)
        self._look.start()
        self._keys: Mapping[str, Callable[[], None]] = {
            "reply": lambda: self.write(noting=False),
            "note": lambda: self.write(noting=True),
            "approve": self.tickets.confirm,
            "keep": self.tickets.keep,
            "take": self.tickets.state,
            "resolve": self.close,
            "reopen": self.reopen,
            "bring_back": self.bring_back,
            "convert": self.convert,
            "other_side": self.other_side,
            "browser": self.browse,
            "copy_link": self.copy_link,
            "pictures": self.pictures,
            "read_on": self.read_on,
            "first": lambda: self._panel.table.go_to(None),
        }
        for verb in _ONLY_HERE:
            window.registry.on(verb, self._keys[verb])
        self._listen()
        self._forbid()

    def _listen(self) -> None:
        window, session = self._window, self._session
        self._panel.table.painter_of_rows.badge_of = lambda name: session.badges.get(name, Badge())
        self._panel.table.begin_at(session.case_at)
        self._panel.table.chosen.connect(self._chosen)
        self._pane.link.connect(window.pane.link)
        self._pane.pointed.connect(window.bar.show_address)
        self._pane.posts.unfold.connect(lambda what: window.registry.run("take") if what == STATE_LINK else None)
        self.composer.closed.connect(self._written)
        self.composer.opened.connect(self._pane.show_last_soon)
        self.composer.sent.connect(self._sent)
        self.composer.failed.connect(self.failed)
        self.composer.refused.connect(self._refused)
        self.tickets.failed.connect(self.failed)
        self.tickets.done.connect(lambda code, title: self._done(code, title=title))
        session.watch.heard.connect(self._heard)
        session.pictures.changed.connect(self._write_anew)
        session.communities_read.connect(self.refresh)
        session.decisions.changed.connect(self._read_soon)
        window.queue_work.permitted.connect(self.permit)
        window.registry.takers.append(self.take)

    # -- which case ------------------------------------------------------------------------------------------------
    def show(self) -> None:
        """The screen is opened."""
        self.active = True
        self.refresh()
        self._panel.table.setFocus()
        self.permit()

    def leave(self) -> None:
        """Another screen is opened; what was written is kept."""
        self.composer.leave()
        self.active = False
        self._forbid()

    def _forbid(self) -> None:
        """What only a case has means nothing elsewhere."""
        self._window.registry.explain({})
        self._window.registry.call("convert", None)
        for verb in _ONLY_HERE:
            self._window.registry.allow(verb, self._session.words.say("case_only"))

    @property
    def _communities(self) -> tuple[str, ...] | None:
        only = self._window.work.where.community
        return (only,) if only else None

    @property
    def waiting_to_read(self) -> bool:
        """True while something is going to be read in a moment."""
        return self._soon.isActive()

    def refresh(self) -> None:
        """Read the list while it is shown, else how many are open."""
        self._soon.stop()
        tasks, names = self._session.tasks, self._communities
        if self.active:
            tasks.read("cases", work.read_cases, names, then=self._read, failed=self.failed.emit)
        else:
            tasks.read("cases", work.count_cases, names, then=self._counted, failed=self.failed.emit, later=True)

    def _counted(self, count: int) -> None:
        if count != self._session.cases:
            self._session.cases = count
            self.counted.emit(count)

    def _read(self, found: list[Standing]) -> None:
        self._standing = {key_of(one): one for one in found}
        self._counted(sum(not one.status.over for one in found))
        if not self.active:
            return
        self._panel.show_cases(found)
        if not found:
            self._key = None
            words = self._session.words
            line = words.say("empty_cases_line", key=self._window.registry.key("convert"))
            self._pane.show_empty(words.say("empty_cases"), line)
            self.permit()
        elif self._key is not None:
            self._read_case(self._key)

    def _chosen(self, key: Key | None) -> None:
        if key == self._key or key is None:
            return
        self._key = self._session.case_at = key
        self.composer.leave()
        one = self._standing.get(key)
        self._pane.blank(self._said.title(one) if one is not None else "", self._place())
        self.permit()
        self._want()
        self._read_case(key)

    def _want(self) -> None:
        """Ask the engine for what is before the person's eyes."""
        one = self._standing.get(self._key) if self._key is not None else None
        if one is None or one.in_ticket:
            return
        if one.place is not None:
            self._session.desk.engine.want([one.place])

    def _read_case(self, key: Key) -> None:
        session, pictures = self._session, self._session.pictures.now(work.pictures_of(*key))
        reading = CaseReading(session.theme.language, session.shelf.look(), session.now(), pictures)
        session.tasks.read(
            "case", work.read_case, *key, reading, then=lambda facts: self._arrived(key, facts), failed=self.failed.emit
        )

    def _write_anew(self, name: str) -> None:
        """Pictures of this name are others now."""
        if self.active and self._key is not None and name == work.pictures_of(*self._key):
            self._read_case(self._key)

    def _arrived(self, key: Key, facts: CaseFacts) -> None:
        if key != self._key or not self.active:
            return
        self._pane.show_case(facts, self._place(), self._session.now())
        place = facts.standing.place
        if place is not None:
            self._session.decisions.titles.setdefault(str(place), self._said.title(facts.standing))
        self.permit()
        self._pane.paint_now()

    def _place(self) -> str:
        """“2 of 9”."""
        cases = self._panel.table.rows.cases
        at = next((n for n, one in enumerate(cases, 1) if key_of(one) == self._key), 0)
        return self._session.words.say("place_of", n=at, total=len(cases))

    def facts(self) -> CaseFacts | None:
        """The case that a key acts on: the one that was painted last, if it is still the current one."""
        painted = self._pane.painted if self.active else None
        if painted is None or (painted.case.community, painted.case.key) != self._key:
            return None
        return painted

    # -- news ------------------------------------------------------------------------------------------------------
    def _heard(self, records: list[ChangeRecord]) -> None:
        tables = {record.table for record in records}
        if (self.active and tables & _TELLS) or Table.TEAM in tables:
            self._read_soon()

    def _read_soon(self) -> None:
        """Bundle what changes at once; changes without end do not put it off without end."""
        if not self._soon.isActive():
            self._soon.start()

    # -- keys ------------------------------------------------------------------------------------------------------
    def take(self, verb: str) -> bool:
        """Do a verb of this screen while it is shown; ``False`` where it belongs to others."""
        if not self.active or verb not in self._keys:
            return False
        self._keys[verb]()
        return True

    def permit(self) -> None:
        """Enable what fits the case at hand; the others say why not."""
        if not self.active:
            return
        registry, words = self._window.registry, self._session.words
        facts = self._pane.shown
        for verb in {*ITEM_VERBS, "claim"} - self._keys.keys():
            registry.allow(verb, words.say("case_not_here"))
        asked = facts.ticket.question if facts is not None and facts.ticket is not None else ""
        for verb, name in verb_names(asked).items():
            registry.call(verb, words.say(name))
        registry.explain({verb: words.say(f"case_hint_{verb}") for verb in HINTS})
        for verb in self._keys:
            registry.show(verb, visible=True)
            code = self._why_not(verb, facts) if facts is not None else "case_nothing"
            said = _named(facts) if facts is not None else {}
            registry.allow(verb, words.say(code, **said) if code else None)
        self._pane.bar.point(None)

    def _why_not(self, verb: str, facts: CaseFacts) -> str:
        over, ticket = facts.standing.status.over, facts.ticket
        reasons = {
            "reply": ticket.no_word if ticket is not None else why_no_reply(facts.talk),
            "approve": ticket.no_address if ticket is not None else "case_no_ticket",
            "take": ticket.no_state if ticket is not None else "case_no_ticket",
            "keep": "" if ticket is not None and ticket.question else "case_nothing_asked",
            "resolve": "case_is_over" if over else "",
            "reopen": "" if facts.case.state is CaseState.CLOSED else "case_not_closed",
            "bring_back": self.brings_back(facts),
            "other_side": "" if facts.talk.public is not None else "case_taken_no_public",
            "browser": "" if self._address(facts) else "say_no_link",
            "copy_link": "" if self._address(facts) else "say_no_link",
        }
        return reasons.get(verb, "")

    def write(self, *, noting: bool) -> None:
        """Answer the customer, or note something for staff."""
        facts = self.facts()
        if facts is None:
            self._nothing()
            return
        self._pane.show_side(public=False)
        larger = self._window.theme.scale > _LARGE
        self.composer.setFixedHeight(max(_LEAST, int(self._pane.height() * (_SHARE_LARGE if larger else _SHARE))))
        self._pane.set_composing(True)
        self.composer.write(facts, noting=noting)

    def close(self) -> None:
        """Ask how it ended."""
        facts = self.facts()
        if facts is None:
            self._nothing()
            return
        if self._sheet is None:
            self._sheet = ClosingSheet(self._window.theme, self._session.words, self._window.centre)
            self._sheet.closing.connect(self._close)
        self._closing = facts.case
        self._sheet.ask(self._pane.bar.buttons["resolve"])

    @property
    def sheet(self) -> ClosingSheet | None:
        """Where the reason is written, once it was wanted."""
        return self._sheet

    def _close(self, reason: str) -> None:
        if self._closing is not None:
            self._do(work.close, self._closing, reason, said="say_case_closed")

    def reopen(self) -> None:
        """Go on with a closed case."""
        facts = self.facts()
        if facts is not None:
            self._do(work.reopen, facts.case, said="say_case_reopened")

    def _do(self, call: Callable[..., Case], case: Case, *arguments: str, said: str) -> None:
        title = case.title
        self._session.tasks.write(
            call, case, *arguments, then=lambda _: self._done(said, title=title), failed=self.failed.emit
        )

    def _done(self, code: str, **facts: object) -> None:
        said = self._session.words.say(code, **facts)
        self._window.bar.say(said, gravity="customer")
        self._window.work.announce(said)
        self.refresh()

    def bring_back(self) -> None:
        """Offer the answer to the public thread."""
        facts = self.facts()
        if facts is not None:
            self.bring_back_requested.emit(facts.case)

    def convert(self) -> None:
        """Look at the conversion of the case at hand."""
        facts = self.facts()
        if facts is not None:
            self.conversion_requested.emit(facts.case)
            if self._window.sheet is not None:
                self._window.sheet.finished.connect(self.take_up)

    def take_up(self) -> None:
        """A dialogue over the list is closed: keys go to the list again, which is read anew."""
        if self.active:
            self._panel.table.setFocus()
            self.refresh()

    def other_side(self) -> None:
        """The public thread, and back."""
        if self.facts() is None:
            self._nothing()
            return
        self.composer.leave()
        self._pane.show_side(public=not self._pane.public)
        if self._pane.public and self._pane.shown is not None:
            self._session.desk.engine.want([Ref.parse(self._pane.shown.case.thread)])

    def _address(self, facts: CaseFacts) -> str | None:
        return facts.public_url if self._pane.public else facts.url or facts.public_url

    def browse(self) -> None:
        """Open the side that is shown in the browser."""
        facts = self.facts()
        address = self._address(facts) if facts is not None else None
        if address is None or not open_address(address):
            self._window.bar.say(self._session.words.say("say_no_link"), gravity="staff")

    def copy_link(self) -> None:
        """Copy the address of the side that is shown."""
        facts = self.facts()
        address = self._address(facts) if facts is not None else None
        if address is not None:
            copy(address)
            self._window.bar.say(self._session.words.say("say_copied", url=address))

    def pictures(self) -> None:
        """Load the pictures of the side that is shown, then show one after another clearly."""
        self._window.pictures.press_on()

    def read_on(self) -> None:
        """Scroll on; at the end, the next case."""
        if not self._pane.posts.read_on():
            self._panel.table.step(1)

    def _nothing(self) -> None:
        self._pane.bar.warn("", self._session.words.say("case_nothing"))

    # -- the composer ----------------------------------------------------------------------------------------------
    def _written(self) -> None:
        self._pane.set_composing(False)
        if self.active:
            self._panel.table.setFocus()

    def _sent(self, code: str) -> None:
        talk, decisions = self.composer.talk, self._session.decisions
        if talk is not None:
            title = self._said.title(talk.standing)
            if talk.standing.place is not None:
                decisions.titles[str(talk.standing.place)] = title
            if self.composer.ticket is not None:
                decisions.titles[talk.case.thread] = title
            decisions.last = (str(self._sent_as()), title)
        said = self._session.words.say(code)
        self._window.bar.say(said, gravity="customer")
        self._window.work.announce(said)
        decisions.refresh(touch=True)
        self._want()
        self.refresh()

    def _sent_as(self) -> Action:
        if self.composer.told and self.composer.ticket is not None:
            return Action.TICKET_WORD
        return Action.REPLY if self.composer.told else Action.NOTE

    def _refused(self, why: str) -> None:
        words = self._session.words
        said = words.say("case_no_public") if why == words.say("audience_not_here") else why
        self._window.bar.say(said, gravity="staff")


def _named(facts: CaseFacts) -> dict[str, str]:
    """What the reasons of a case name."""
    system = facts.ticket.system if facts.ticket is not None else ""
    return {"case": facts.case.key, "forum": "", "system": system}
