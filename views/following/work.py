"""The work on the Following screen: which cell is at hand, what its keys do, and what is read again when."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from moderation.changes import ChangeRecord, Table
from moderation.errors import MarqueeError
from views.communities import title
from views.timers import timer

if TYPE_CHECKING:
    from moderation.desk.board import Arrangement, Order
    from moderation.ids import Ref
    from moderation.people import FollowRequest
    from views.following.acts import AtHand
    from views.following.doing import Doing
    from views.following.panel import FollowingPanel
    from views.following.reading import About, Reading
    from views.following.words import FollowingWords
    from views.main_window import MainWindow

_SOON_MS, _DETAIL_MS, _LOOK_MS, _COUNT_MS, _NEWS_MS = 150, 60, 60_000, 300_000, 10_000
_FIRST_MS = 3_000
"""After a window knows its communities, when nobody waits for its first pictures any more, gaps are counted."""
_OWN = ("follow", "hand_over", "accept_request", "decline_request", "open_rows", "export", "definition", "presence")
"""Verbs that mean nothing on any other screen."""
_NAMES = ("approve", "skip", "take", "filter", "search", "claim", "browser")
"""Verbs of other screens that do something else here: ``following_label_VERB`` and ``following_hint_VERB``."""
_TELLS = frozenset({Table.TEAM, Table.MEMBER, Table.FORUM, Table.COMMUNITY})


@dataclass
class Kept:
    """What outlives the widgets: what was read, how it is arranged, the cell at hand, requests that are known."""

    reading: "Reading | None" = None
    how: "Arrangement | None" = None
    at: tuple[str, str] = ("", "")
    known: set[str] = field(default_factory=set)


class FollowingWork(QObject):
    """Connects matrix, pane and keys of one window. What it shows is made when it is shown for the first time.

    ``counted``: how many forums nobody covers is known anew. ``failed``: an error for the person.
    """

    counted = Signal(int)
    failed = Signal(object)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self.active = False
        self.panel: FollowingPanel | None = None
        self.doing: Doing | None = None
        self._said: FollowingWords | None = None
        self._about: About | None = None
        self._to_know: list[str] = []
        self._open = 0
        self.kept = self._session.following = self._session.following or Kept()
        self._soon = timer(self, _SOON_MS, self.refresh)
        self._detail = timer(self, _DETAIL_MS, self._read_about)
        self._look = timer(self, _LOOK_MS, self.refresh, once=False)
        self._count = timer(self, _COUNT_MS, self.refresh, once=False)
        self._news = timer(self, _NEWS_MS, self.refresh)
        self._first = timer(self, _FIRST_MS, self.refresh)
        self._count.start()
        for verb in _OWN:
            window.registry.on(verb, self._doing(verb))
        self._forbid()
        self._session.watch.heard.connect(self._heard)
        self._session.communities_read.connect(self._communities_read)
        self._session.decisions.changed.connect(self._outbox_changed)
        window.queue_work.permitted.connect(self.permit)
        window.registry.takers.append(self.take)

    # -- opening and leaving ---------------------------------------------------------------------------------------
    def show(self) -> None:
        """The screen is opened."""
        self.active = True
        self._look.start()
        panel = self._made()
        if self.kept.reading is not None:
            self._show_reading(self.kept.reading)
        self.refresh()
        panel.table.setFocus()
        self.permit()

    def leave(self) -> None:
        """Another screen is opened."""
        if self.active:
            self.active = False
            self._look.stop()
            self._detail.stop()
            self._window.bar.show_cell("")
            self._forbid()

    def _made(self) -> "FollowingPanel":
        """The widgets, made now if they are not there yet."""
        from views.following.acts import Acts
        from views.following.doing import Doing
        from views.following.panel import FollowingPanel
        from views.following.words import FollowingWords

        if self.panel is not None:
            return self.panel
        window, session = self._window, self._session
        said = self._said = FollowingWords(session.words)
        acts = Acts(said, session.now, self.is_me)
        panel = self.panel = FollowingPanel(window.theme, said, window.registry, acts, session.now, window.following)
        window.following.fill(panel)
        model = panel.table.matrix
        model.cell_words = lambda row, column: said.cell(model.board, row, column, session.now())
        model.row_words = lambda row: said.row(model.board.places[row], session.now())
        model.column_words = lambda column: said.person(model.board, column, session.now())
        self.doing = Doing(self, window, panel, said, acts)
        panel.table.chosen.connect(self._chosen)
        panel.table.opened.connect(lambda: window.registry.run("open_rows"))
        panel.table.escaped.connect(self._escaped)
        panel.table.ordered.connect(lambda order: self.arrange(order=order))
        panel.about.wanted.connect(self.doing.do)
        panel.note.wanted.connect(window.registry.run)
        panel.legend.typed.connect(lambda text: self.arrange(text=text))
        panel.legend.left.connect(panel.table.setFocus)
        panel.legend.defined.connect(lambda: window.registry.run("definition"))
        if self.kept.how is not None:
            panel.legend.put(self.kept.how.text)
        return panel

    # -- reading ---------------------------------------------------------------------------------------------------
    @property
    def names(self) -> tuple[str, ...]:
        """Communities that are shown: the one that the window is limited to, else all."""
        only = self._window.work.where.community
        return (only,) if only else tuple(row.name for row in self._session.communities)

    @property
    def waiting_to_read(self) -> bool:
        """True while something is going to be read in a moment."""
        return self._soon.isActive() or self._detail.isActive()

    def refresh(self) -> None:
        """Read the board while it is shown, else how many gaps it has."""
        from views.following.reading import count_gaps, read_board

        for waits in (self._soon, self._news, self._first):
            waits.stop()
        tasks = self._session.tasks
        if self.active:
            tasks.read("following", read_board, self.names, then=self._read, failed=self.failed.emit)
        elif self._session.communities:
            tasks.read("following", count_gaps, self.names, then=self._counted_only, failed=_unheard, later=True)

    def _communities_read(self) -> None:
        if self.active:
            self.refresh()
        else:
            self._first.start()

    def _counted_only(self, found: "tuple[int, tuple[FollowRequest, ...]]") -> None:
        gaps, waiting = found
        self._tell_gaps(gaps)
        fresh = [one for one in waiting if one.id not in self.kept.known]
        self.kept.known |= {one.id for one in waiting}
        if fresh and not self.active:
            words, key = self._session.words, self._window.registry.key("go_following")
            said = words.count("following_arrived", len(fresh), by=fresh[0].asked_by_name, key=key)
            self._window.bar.say(said, gravity="staff")
            self._window.work.announce(said)

    def _tell_gaps(self, gaps: int) -> None:
        if gaps != self._session.gaps:
            self._session.gaps = gaps
            self.counted.emit(gaps)

    def _read(self, reading: "Reading") -> None:
        self.kept.reading = reading
        self.kept.known |= {one.id for one in reading.to_me}
        self._tell_gaps(reading.board.gaps())
        if self.active:
            self._show_reading(reading)

    def _show_reading(self, reading: "Reading") -> None:
        from moderation.desk.board import Arrangement

        panel, said, now = self._made(), self._said, self._session.now()
        assert said is not None
        rows = self._session.communities
        said.titles, said.several = {row.name: title(row) for row in rows}, len(self.names) > 1
        how = self.kept.how = self.kept.how or Arrangement()
        found = reading.board
        panel.drawing.me = self._session.me
        panel.drawing.marks = {one: badge.letter for one, badge in self._session.badges.items() if said.several}
        panel.header.show_summary(said.summary(found, now))
        panel.legend.days = max((one.active_days for one in found.told), default=14)
        panel.legend.update()
        self._about = None if self._about is not None and found.position(str(self._about.forum)) < 0 else self._about
        self._notes(reading)
        if not self.kept.at[0] and (gap := next((one for one in found.places if one.is_gap), None)) is not None:
            self.kept.at = (str(gap.forum.id), "")
        panel.table.show_board(found, how, self.kept.at)
        self._empty(reading)
        if self.doing is not None:
            self.doing.name_buttons()
        self._show_cell()
        self._detail.start()
        self.permit()

    def _notes(self, reading: "Reading") -> None:
        """The strip above the matrix, where the board cannot be taken as it is."""
        panel, said = self.panel, self._said
        assert panel is not None
        assert said is not None
        notes = self._to_know = said.notes(reading, self._session.now())
        told = reading.board.told
        unsure = any(not one.confirmed or not one.sees_others or one.complete_since is None for one in told)
        unsure = unsure or reading.trouble is not None
        confirms = "claim" if any(not one.confirmed for one in told) else ""
        panel.note.show_note(notes[0] if unsure and notes else "", confirms)

    def _empty(self, reading: "Reading") -> None:
        """What stands there when there is no matrix."""
        panel, words, key = self.panel, self._session.words, self._window.registry.key
        assert panel is not None
        found, how = reading.board, self.kept.how
        if not self._session.communities:
            panel.show_empty(words.say("empty_none"), words.say("empty_none_line"), [])
        elif not found.places:
            panel.show_empty(
                words.say("following_no_forum"), words.say("following_no_forum_line", key=key("refresh")), []
            )
        elif not found.people:
            confirmed = any(one.confirmed for one in found.told)
            code = "following_nobody" if confirmed else "following_nobody_yet"
            more = (
                [] if confirmed else [("users", words.say("following_label_claim").removesuffix("…"), "", key("claim"))]
            )
            panel.show_empty(words.say(code), words.say(f"{code}_line", key=key("refresh")), more)
        elif not panel.table.matrix.rowCount():
            only_gaps = how is not None and how.gaps and not how.text
            code = "following_no_gap" if only_gaps else "following_not_found"
            back = key("filter") if only_gaps else "Esc"
            panel.show_empty(words.say(code), words.say(f"{code}_line", key=back), [])
        else:
            panel.show_full()

    def _heard(self, records: list[ChangeRecord]) -> None:
        if not _TELLS.isdisjoint(record.table for record in records):
            waits = self._soon if self.active else self._news
            if not waits.isActive():
                waits.start()

    def _outbox_changed(self) -> None:
        """What is on its way is another: it is laid over its cell, and stands in the pane."""
        count = self._session.decisions.state.open
        if count != self._open:
            self._open = count
            if self.active:
                self._soon.start()

    # -- the cell at hand ------------------------------------------------------------------------------------------
    def at_hand(self) -> "AtHand | None":
        """The cell at hand with what is known of it; ``None`` where there is none."""
        from views.following.acts import AtHand

        reading, panel = self.kept.reading, self.panel
        at = panel.table.at() if panel is not None and not panel.is_empty else None
        if reading is None or at is None:
            return None
        about = self._about
        forum = reading.board.places[at[0]].forum.id
        return AtHand(reading, *at, about if about is not None and about.forum == forum else None)

    def is_me(self, account: "Ref | None") -> bool:
        """Is this an own account?"""
        return account is not None and str(account) in self._session.me

    def _chosen(self) -> None:
        at = self.at_hand()
        if at is None:
            return
        self.kept.at = (str(at.place.forum.id), at.person.key)
        if at.about is None:
            self._detail.start()
        self._show_cell()
        self.permit()

    def _show_cell(self) -> None:
        panel, said, reading = self.panel, self._said, self.kept.reading
        if panel is None or said is None or reading is None or not self.active:
            return
        at, now = self.at_hand(), self._session.now()
        panel.about.show_cell(at, self._to_know)
        hint = self._session.words.say("following_hint")
        self._window.bar.show_cell(said.cell(at.board, at.row, at.column, now) if at is not None else "", hint)

    def _read_about(self) -> None:
        from views.following.reading import read_about

        self._detail.stop()
        at = self.at_hand()
        if at is not None and self.active:
            tasks = self._session.tasks
            tasks.read("following-about", read_about, at.board, at.place, then=self._arrived, failed=self.failed.emit)

    def _arrived(self, about: "About") -> None:
        from views.following.reading import read_threads

        before = self._about
        if before is not None and before.forum == about.forum and before.since == about.since:
            about = replace(about, threads=before.threads, unanswered=before.unanswered)
        self._about = about
        self._show_cell()
        self.permit()
        tasks = self._session.tasks
        tasks.read("following-threads", read_threads, about, then=self._counted_threads, failed=_unheard, later=True)

    def _counted_threads(self, about: "About") -> None:
        if self._about is not None and self._about.forum == about.forum:
            self._about = about
            self._show_cell()

    # -- arranging -------------------------------------------------------------------------------------------------
    def arrange(
        self,
        *,
        order: "Order | None" = None,
        text: str | None = None,
        team: str | None = None,
        gaps: bool | None = None,
    ) -> None:
        """Another order, or another part of it."""
        from moderation.desk.board import Arrangement

        how = self.kept.how or Arrangement()
        self.kept.how = Arrangement(
            how.order if order is None else order,
            how.text if text is None else text,
            how.team if team is None else team,
            how.gaps if gaps is None else gaps,
        )
        if self.kept.reading is not None and self.active:
            self._show_reading(self.kept.reading)

    def _escaped(self) -> None:
        """Escape takes away what narrows the matrix down."""
        if self.panel is not None:
            self.panel.legend.put("")
        self.arrange(text="", team="", gaps=False)

    def step(self, by: int) -> None:
        """The forum below or above."""
        if self.panel is not None:
            self.panel.table.step(by)

    # -- keys ------------------------------------------------------------------------------------------------------
    def _doing(self, verb: str) -> Callable[[], None]:
        def do() -> None:
            self.take(verb)

        return do

    def take(self, verb: str) -> bool:
        """Do a verb of this screen while it is shown; ``False`` where it belongs to others."""
        if not self.active or self.doing is None or verb not in (*_OWN, *_NAMES, "copy_link"):
            return False
        self.doing.do(verb)
        return True

    def permit(self) -> None:
        """Enable what can be done here; the others say why not."""
        if not self.active or self.doing is None:
            return
        registry, words, at = self._window.registry, self._session.words, self.at_hand()
        for verb in _NAMES:
            registry.call(verb, words.say(f"following_label_{verb}"))
        registry.explain({verb: words.say(f"following_hint_{verb}") for verb in _NAMES})
        for verb, why in self.doing.reasons(at).items():
            registry.show(verb, visible=True)
            registry.allow(verb, why or None)

    def _forbid(self) -> None:
        """What only this screen has means nothing elsewhere."""
        registry, words = self._window.registry, self._session.words
        registry.explain({})
        for verb in _NAMES:
            registry.call(verb, None)
        for verb in ("filter", "search"):
            registry.allow(verb)
        for verb in _OWN:
            registry.allow(verb, words.say("following_only_here"))
            registry.show(verb, visible=False)


def _unheard(error: Exception) -> None:
    """What nobody waits for fails in silence, unless it is our own fault; whoever opens the screen is told."""
    if not isinstance(error, MarqueeError):
        raise error
