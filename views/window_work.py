"""What the keys of the window do that are not about one item, and what the sidebar and the status bar show."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from moderation.desk import Desk
from moderation.errors import MarqueeError
from moderation.intents import IntentState
from moderation.queries import QueueCounts, QueueQuery
from views import places
from views.bulk_bar import BulkBar
from views.cases.pane import CaseBar
from views.go_keys import GoKeys
from views.item.action_bar import ActionBar
from views.outside import ask_to_open, copy, open_address
from views.places import CASES, COVERAGE, FOLLOWING, OUTBOX, Filter, Where
from views.status_bar import Leaving
from views.verbs import ITEM_VERBS, VERBS, Group

if TYPE_CHECKING:
    from views.main_window import MainWindow

_MORE = ("convert", "resolve", "take", "reopen", "restore", "lock", "unlock", "pin", "unpin", "move", "edit")
_LISTED = 8
_SCREENS = {
    "q": "go_queue",
    "m": "go_mine",
    "h": "go_held",
    "l": "go_later",
    "e": "go_exposed",
    "p": "go_cases",
    "o": "go_outbox",
    "f": "go_following",
    "v": "go_coverage",
    "s": "settings",
}
_MORE_PEOPLE = ("mute", "unmute", "ban", "unban", "purge")


def read_done_today(desk: Desk) -> int:
    """How many intents were confirmed in the last day."""
    return sum(entry.intent.state is IntentState.CONFIRMED for entry in desk.outbox.groups().done)


def _within(pane: QWidget, widget: QWidget) -> bool:
    return pane is widget or pane.isAncestorOf(widget)


class WindowWork(QObject):
    """One window's own work; made anew with its widgets. ``shown``: another list or screen stands there."""

    shown = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._counts = window.session.counts
        self.where = Where()
        self._done_today = 0
        self._wanted = ""
        self._listed: QueueQuery | None = None
        self._go = GoKeys(_SCREENS, self)
        self._go.went.connect(window.registry.run)
        self._listen()
        self._wire()

    def _listen(self) -> None:
        session, window = self._session, self._window
        session.communities_read.connect(self._communities_read)
        session.failed.connect(self.fail)
        session.watch.stood.connect(self._stood)
        session.feed.counted.connect(self._counted)
        session.feed.started.connect(self._started)
        session.decisions.changed.connect(self._outbox_changed)
        session.decisions.ticked.connect(self._ticked)
        session.decisions.failed.connect(self._decision_failed)
        session.decisions.done.connect(self._done)
        window.queue_work.emptied.connect(self.show_empty)
        window.queue_work.decided.connect(self._decided)
        window.sidebar.opened.connect(self.open_place)
        window.sidebar.menu.connect(self.menu)
        window.sidebar.palette_wanted.connect(self._run_palette)
        window.bar.wanted.connect(window.registry.run)
        window.pane.link.connect(self._link)
        window.pane.pointed.connect(window.bar.show_address)
        window.pane.menu_wanted.connect(self._item_menu)
        window.panel.table.menu_wanted.connect(self._item_menu)
        window.panel.table.escaped.connect(self._escaped)
        if (bulk := window.queue_work.bulk) is not None:
            bulk.changed.connect(self._marked)
            bulk.said.connect(self._said)
        window.registry.refused.connect(self._refused)

    def _wire(self) -> None:
        on, decisions = self._window.registry.on, self._session.decisions
        on("undo", decisions.undo)
        on("all_back", decisions.all_back)
        on("redo", decisions.redo)
        on("bulk_pause", decisions.pause_or_go_on)
        on("next", lambda: self.step(1))
        on("previous", lambda: self.step(-1))
        on("refresh", self._refresh)
        on("drawer", self._window.pane.toggle_drawer)
        on("browser", self._browser)
        on("copy_link", self._copy_link)
        on("menu", self.menu)
        on("more", self._more)
        on("go", self._go.begin)
        on("go_queue", lambda: self.open_place(places.ALL))
        on("go_mine", lambda: self.open_place(places.MINE))
        on("go_held", lambda: self.open_place(places.HELD))
        on("go_later", lambda: self.open_place(places.LATER))
        on("go_exposed", lambda: self.open_place(places.EXPOSED))
        on("go_cases", lambda: self.open_place(CASES))
        on("go_outbox", lambda: self.open_place(OUTBOX))
        on("go_following", lambda: self.open_place(FOLLOWING))
        on("go_coverage", lambda: self.open_place(COVERAGE))
        on("pane", self._next_pane)
        on("quit", self._quit)

    # -- beginning and ending --------------------------------------------------------------------------------------
    def begin(self) -> None:
        """Show the first list."""
        self._sidebar()
        self._show_where()

    def keep(self) -> None:
        """Keep what must outlive these widgets."""
        self._session.where = self.where
        self._session.listed = self._listed
        self._session.at = self._window.queue_work.key

    def resume(self) -> None:
        """Go on where the widgets before these stopped."""
        self.where, self._listed = self._session.where, self._session.listed
        self._sidebar()
        self._outbox_changed()
        self._stood(self._session.watch.statuses)
        self._window.queue_work.take_up(self._session.at)
        self._show_where()

    # -- places ----------------------------------------------------------------------------------------------------
    def open_place(self, place: str) -> None:
        """Go to a list, a screen, or limit the list to a community."""
        if place.startswith(places.COMMUNITY):
            name = place.removeprefix(places.COMMUNITY)
            only = "" if name == self.where.community or len(self._session.communities) < 2 else name
            self.where = Where(self.where.place, only, self.where.filter)
        else:
            self.where = Where(place, self.where.community)
        self._sidebar()
        self._show_where()

    def all_communities(self) -> None:
        """Show the list without a limit to one community, read anew: one of them is gone."""
        self.where = Where(self.where.place)
        self._listed = None
        self._sidebar()
        self._show_where()

    def step(self, by: int) -> None:
        """Next or previous line of the list that is shown."""
        screen = self._window.screens.get(self.where.place)
        if screen is not None:
            screen.step(by)
        else:
            self._window.queue_work.step(by)

    def open_item(self, item: str) -> None:
        """Show an item in the queue, if it is there."""
        self._wanted = item
        before = self._listed
        self.open_place(places.ALL)
        if self._listed == before:
            self._started()

    def _started(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted and not self._window.queue_work.open_item(wanted):
            self._window.bar.say(self._session.words.say("item_not_listed"), gravity="staff")

    def filter(self, chosen: Filter) -> None:
        """Narrow the list down."""
        self.where = Where(self.where.place, self.where.community, chosen)
        self._show_where()

    def _escaped(self) -> None:
        """Escape on the list takes the marks away, else the filter."""
        bulk = self._window.queue_work.bulk
        if bulk is not None and bulk.marks:
            bulk.clear()
        elif not self.where.filter.empty:
            self.filter(Filter())

    def _marked(self) -> None:
        bulk, window = self._window.queue_work.bulk, self._window
        marking = bulk is not None and bool(bulk.marks)
        window.pane.set_marking(marking)
        window.registry.allow("unmark", None if marking else self._session.words.say("nothing_marked"))
        window.queue_work.permit()
        self.announce(window.pane.bulk_bar.line.head if marking else self._session.words.say("nothing_marked"))

    def _said(self, said: str) -> None:
        self._window.bar.say(said)
        self.announce(said)

    def _show_where(self, *, take_focus: bool = True) -> None:
        window, words = self._window, self._session.words
        community = places.community_title(self.where, self._session.communities, words)
        title = self.where.title(words)
        named = words.say("window_title", place=title, community=community)
        window.setWindowTitle(named if self._session.communities else f"{title} – Marquee")
        screen = window.screens.get(self.where.place)
        window.queue_work.active = screen is None
        for other in window.screens.values():
            if other is not screen:
                other.work.leave()
        window.queue_work.permit()
        listed: QWidget | None = screen.panel if screen is not None else window.panel
        window.show_lists(listed is not None)
        if listed is not None:
            window.lists.setCurrentWidget(listed)
        window.items.setCurrentWidget(screen.pane if screen is not None else window.pane)
        if screen is not None:
            screen.work.show()
            self.shown.emit()
            return
        said = self.where.filter.said(words)
        window.panel.title = f"{title} · {said}" if said else title
        window.panel.follow()
        query = self.where.query(self._session.me)
        if query != self._listed:  # coming back to the same list, one finds it as it was left
            self._listed = query
            self._session.feed.show(query)
        elif self._session.feed.total == 0 and self._session.feed.model.rowCount() == 0:
            self.show_empty()
        if take_focus:
            window.panel.table.setFocus()
        self.shown.emit()

    def show_empty(self) -> None:
        """There is no item: say so, and what waits elsewhere."""
        words = self._session.words
        if not self._session.communities:
            self._window.pane.show_empty(words.say("empty_none"), words.say("empty_none_line"), [])
            return
        if not self.where.filter.empty:
            line = words.say("empty_filter_line", filter=self.where.filter.said(words))
            self._window.pane.show_empty(words.say("empty_filter"), line, self._elsewhere())
            return
        if self.where.place == places.EXPOSED:
            self._window.pane.show_empty(words.say("empty_exposed"), words.say("empty_exposed_line"), self._elsewhere())
            return
        if self.where.place == places.LATER:
            line = words.say("empty_later_line", key=self._window.registry.key("later"))
            self._window.pane.show_empty(words.say("empty_later"), line, self._elsewhere())
            return
        done = words.count("empty_today", self._done_today) if self._done_today else words.say("empty_line")
        self._window.pane.show_empty(words.say("empty_queue"), done, self._elsewhere())
        self._session.tasks.read("done-today", read_done_today, then=self._counted_today)

    def _counted_today(self, done: int) -> None:
        if done != self._done_today:
            self._done_today = done
            if self._session.feed.model.rowCount() == 0:
                self.show_empty()

    def _elsewhere(self) -> list[tuple[str, str, str, str]]:
        words, state = self._session.words, self._session.decisions.state
        key = self._window.registry.key("go_outbox")
        person = state.conflicts + state.doubts + state.refused
        made = []
        if person:
            said = words.count("elsewhere_person", person)
            made.append(("alert-triangle", said, words.say("elsewhere_person_more"), key))
        if state.open - person > 0:
            said = words.count("elsewhere_way", state.open - person)
            made.append(("send", said, words.say("elsewhere_way_more"), key))
        return made

    # -- sidebar and bar -------------------------------------------------------------------------------------------
    def _communities_read(self) -> None:
        """Nobody asked for it: the focus stays where it is, for somebody may be writing."""
        self._sidebar()
        if self.where.place not in self._window.screens:
            self._show_where(take_focus=not self._is_at_work())

    def _is_at_work(self) -> bool:
        """True where the window has a focus that can be seen, whichever window is in front."""
        here: QWidget | None = self._window.focusWidget()
        return here is not None and here.isVisible()

    def _counted(self, counts: QueueCounts) -> None:
        self._counts = self._session.counts = counts
        self._sidebar()

    def count_cases(self, _: int) -> None:
        """How many private cases are open is known anew."""
        self._sidebar()

    def count_gaps(self, _: int) -> None:
        """How many forums nobody covers is known anew."""
        self._sidebar()

    def _sidebar(self) -> None:
        session, words = self._session, self._session.words
        self._window.sidebar.show_places(
            places.entries(self.where, self._counts, session.decisions.state.open, words, session.cases, session.gaps),
            places.community_entries(
                self.where,
                session.communities,
                session.watch.statuses,
                self._counts,
                words,
                adds=session.connecting is not None,
            ),
        )
        self._window.sidebar.sign.show_name(places.community_title(self.where, session.communities, words))
        self._window.sidebar.person.show_person(*places.person(self.where, session.communities, words))

    def _stood(self, _: object) -> None:
        statuses = self._session.watch.statuses
        offline = self._session.offline()
        named = {name: badge.name for name, badge in self._session.badges.items()}
        self._window.bar.show_statuses(statuses, self._session.now(), named)
        as_of = offline.read_at if offline is not None else None
        if as_of != self._window.panel.as_of:
            self._window.panel.as_of = as_of
            self._window.panel.follow()
        self._window.pane.bar.set_offline(self._session.away())
        self._sidebar()

    def _outbox_changed(self) -> None:
        words, bulk = self._session.words, self._session.decisions.bulk
        self._window.registry.allow("bulk_pause", None if bulk else words.say("no_bulk"))
        self._ticked()
        self._window.bar.show_outbox(self._session.decisions.state, self._last())
        self._sidebar()

    def _last(self) -> str:
        last, words = self._session.decisions.last, self._session.words
        if last is None:
            return ""
        verb = words.now(last[0])
        return words.say("last_done", verb=verb, title=last[1])

    def _ticked(self) -> None:
        """The pies: in the bar and in the rows that are in view."""
        session, leaving = self._session, []
        for held in session.decisions.held.values():
            left = session.decisions.remaining(held.intent.id)
            if left is None:
                continue
            verb = session.words.now(held.intent.action)
            leaving.append(Leaving(verb, session.title_of(held.intent), *left))
        self._window.bar.show_leaving(leaving)
        self._window.panel.table.repaint_held()

    # -- words to the person ---------------------------------------------------------------------------------------
    def fail(self, error: Exception) -> None:
        """An error in words; what is our own fault opens the crash dialogue."""
        if not isinstance(error, MarqueeError):
            raise error
        self._window.bar.say(self._session.words.error(error), gravity="danger")

    def _decision_failed(self, error: Exception, item: str) -> None:
        del item
        self.fail(error)

    def _done(self, code: str, facts: dict[str, object]) -> None:
        words, what = self._session.words, facts.get("what")
        listed = self._listed_in_words(what) if isinstance(what, list) else ""
        many, pause = "n" in facts, self._window.registry.key("bulk_pause")
        said = (
            words.count(code, int(str(facts["n"])), what=listed, pause=pause) if many else words.say(code, what=listed)
        )
        again = "redo" if code == "say_all_back" else ""
        self._window.bar.say(said, gravity="customer", verb=again)
        self.announce(said)

    def _listed_in_words(self, what: list[tuple[str, str]]) -> str:
        words = self._session.words
        named = [words.say("done_what", verb=words.done(action), title=title) for action, title in what[:_LISTED]]
        return words.say("list_comma").join([*named, "…"] if len(what) > _LISTED else named)

    def _decided(self, action: str, title: str) -> None:
        words = self._session.words
        self.announce(words.say("say_decided", verb=words.now(action), title=title))

    def announce(self, said: str) -> None:
        """Tell people who cannot see it."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._window, said))

    def _refused(self, verb: str, why: str) -> None:
        self._window.pane.bar.warn(self._window.registry.label(verb).removesuffix("…"), why)

    # -- outside ---------------------------------------------------------------------------------------------------
    def _link(self, address: str) -> None:
        title = self.tr("Open this address in the browser?")
        ask_to_open(self._window, title, address, (self.tr("Open"), self.tr("Cancel")))

    def _browser(self) -> None:
        facts = self._window.queue_work.facts()
        if facts is None or facts.url is None or not open_address(facts.url):
            self._window.bar.say(self._session.words.say("say_no_link"), gravity="staff")

    def _copy_link(self) -> None:
        facts, words = self._window.queue_work.facts(), self._session.words
        if facts is None or facts.url is None:
            self._window.bar.say(words.say("say_no_link"), gravity="staff")
            return
        copy(facts.url)
        self._window.bar.say(words.say("say_copied", url=facts.url))

    def _refresh(self) -> None:
        self._session.desk.engine.refresh(self.where.community or None)
        self._session.feed.all_changed()

    # -- menus -----------------------------------------------------------------------------------------------------
    def menu(self) -> None:
        """Everything, as a popup from the sign."""
        registry = self._window.registry
        menu = QMenu(self._window)
        for group in Group:
            part = menu.addMenu(registry.group(group))
            for verb in registry.runnable():
                if VERBS[verb].group is group and verb not in {"menu", "quit"}:
                    part.addAction(registry.actions[verb])
        menu.addSeparator()
        for verb in ("palette", "keys", "settings", "quit"):
            menu.addAction(registry.actions[verb])
        sign = self._window.sidebar.sign
        menu.popup(sign.mapToGlobal(QPoint(8, sign.height() - 4)))

    def _more(self) -> None:
        button = self._window.pane.bar.button("more")
        menu = self._item_actions((*_MORE, "", *_MORE_PEOPLE))
        self._window.offers.fill(menu)
        height = menu.sizeHint().height()
        menu.popup(button.mapToGlobal(QPoint(button.width() - menu.sizeHint().width(), -height - 6)))

    def _item_menu(self, at: QPoint) -> None:
        usual = tuple(verb for verb in ITEM_VERBS if verb not in {*_MORE, *_MORE_PEOPLE})
        menu = self._item_actions((*usual, "claim", "mark", "", *_MORE, "", *_MORE_PEOPLE, "", "browser", "copy_link"))
        self._window.offers.fill(menu)
        menu.popup(at)

    def _item_actions(self, verbs: tuple[str, ...]) -> QMenu:
        menu = QMenu(self._window)
        menu.setToolTipsVisible(True)
        for verb in verbs:
            if not verb:
                menu.addSeparator()
            elif self._window.registry.actions[verb].isVisible():
                menu.addAction(self._window.registry.actions[verb])
        return menu

    def _run_palette(self) -> None:
        self._window.registry.run("palette")

    # -- focus -----------------------------------------------------------------------------------------------------
    def _next_pane(self) -> None:
        """Sidebar, list, thread or decision, verbs or text, drawer, round."""
        window = self._window
        here = QApplication.focusWidget()
        lists = (window.panel.table, window.outbox.table, window.cases.table)
        read = (window.pane.posts, window.outbox_pane.area, window.cases_pane.posts)
        written = (window.talk.composer.editor, window.cases_work.composer.editor)
        panes: list[QWidget] = [window.sidebar.places, *lists, *read, *written]
        if (matrix := window.following_work.panel) is not None:
            panes += [matrix.table, matrix.pane]
        if (figures := window.coverage_work.doing) is not None:
            panes += figures.panel.panes
        panes += [window.pane.bar, window.cases_pane.bar, window.pane.bulk_bar, window.pane.drawer]
        shown = [pane for pane in panes if pane.isVisible()]
        at = next((n for n, pane in enumerate(shown) if here is not None and _within(pane, here)), -1)
        following = shown[(at + 1) % len(shown)]
        if isinstance(following, ActionBar | BulkBar | CaseBar):
            following = following.first_button()
        following.setFocus(Qt.FocusReason.TabFocusReason)

    def _quit(self) -> None:
        self._window.close()
