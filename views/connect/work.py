"""What the window does about communities that come and go: welcome, sheet, menus, and the words afterwards."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from moderation.desk import Desk
from moderation.ports import CommunityRow
from views.connect.aims import Aim, Done, Leaving, Left, Start
from views.connect.names import shown
from views.connect.port import Connecting
from views.places import COMMUNITY

if TYPE_CHECKING:
    from views.connect.dialog import ConnectDialog
    from views.connect.leave_dialog import LeaveDialog
    from views.connect.welcome import Welcome
    from views.main_window import MainWindow

VERBS = ("add_community", "sign_in", "community_menu")
_SAID = {Aim.ADD: "connect_say_connected", Aim.AGAIN: "connect_say_signed_in", Aim.OFFICIAL: "connect_say_official"}


def unsettled(desk: Desk, community: str) -> int:
    """How many intents of a community are not final."""
    return sum(intent.community == community and not intent.final for intent in desk.outbox.intents())


def title_of(row: CommunityRow) -> str:
    """A community's name for people, as its server gives it, made harmless."""
    return shown(row.info.title) or row.name


class ConnectWork(QObject):
    """One window's part in it; made anew with its widgets, while an open sheet stays open."""

    def __init__(self, window: "MainWindow", connecting: Connecting | None) -> None:
        super().__init__(window)
        self._window, self._session, self._connecting = window, window.session, connecting
        self.welcome: Welcome | None = None
        if connecting is None:
            for verb in VERBS:
                window.registry.show(verb, visible=False)
            return
        window.registry.on("add_community", self.add)
        window.registry.on("sign_in", self._sign_in)
        window.registry.on("community_menu", self._menu_by_key)
        window.sidebar.does.connect(self._do)
        window.sidebar.menu_wanted.connect(self._menu)
        window.work.shown.connect(self.follow)
        if (came := getattr(window.sheet, "came_of_it", None)) is not None:
            came.connect(self._came)

    # -- welcome ---------------------------------------------------------------------------------------------------
    @property
    def welcoming(self) -> bool:
        """True while nothing is connected and a list would be empty for ever."""
        session = self._session
        elsewhere = self._window.work.where.place in self._window.screens
        return session.communities_known and not session.communities and not elsewhere

    def follow(self) -> None:
        """Welcome, or the lists."""
        if not self.welcoming:
            return
        self._window.show_lists(False)
        if self._connecting is not None:
            welcome = self.welcome = self.welcome or self._welcome(self._connecting)
            self._window.items.setCurrentWidget(welcome)
            welcome.begin()

    def _welcome(self, connecting: Connecting) -> "Welcome":
        """Made when it is needed: most windows open on communities."""
        from views.connect.welcome import Welcome

        window, words, sample = self._window, self._session.words, connecting.sample
        made = Welcome(window.theme, words, has_sample=sample is not None, parent=window.items)
        window.items.addWidget(made)
        made.wanted.connect(self.add)
        made.sample.connect(sample or (lambda: None))
        return made

    # -- the sheet -------------------------------------------------------------------------------------------------
    def add(self, address: str = "") -> None:
        """Another community."""
        self._open(Start(Aim.ADD, address=address))

    def again(self, row: CommunityRow) -> None:
        """Another key for a community that is connected."""
        self._open(Start(Aim.AGAIN, row.name, title_of(row)))

    def company(self, row: CommunityRow) -> None:
        """The account with which the company answers there."""
        self._open(Start(Aim.OFFICIAL, row.name, title_of(row)))

    def _open(self, start: Start) -> None:
        if self._connecting is None or self._window.sheet is not None:
            return
        from views.connect.dialog import ConnectDialog

        window, still = self._window, self._session.preferences.reduced_motion
        sheet = ConnectDialog(self._connecting, window.theme, self._session.words, start, still=still, parent=window)
        self._opened(sheet)

    def _opened(self, sheet: "ConnectDialog | LeaveDialog") -> None:
        sheet.came_of_it.connect(self._came)
        self._window.open_sheet(sheet)

    def _came(self, done: Done | Left) -> None:
        if isinstance(done, Done):
            self._connected(done)
        else:
            self._left(done)

    def _connected(self, done: Done) -> None:
        words, window = self._session.words, self._window
        title = shown(done.person.title) or done.community
        said = words.say(_SAID[done.aim], title=title, name=shown(done.person.name))
        if not done.stored:
            said = f"{said} {words.say('connect_say_run', title=title)}"
        window.bar.say(said, gravity="customer")
        window.work.announce(said)
        self._session.read_communities()
        if done.aim is Aim.ADD:
            window.settle_anew()

    # -- which community -------------------------------------------------------------------------------------------
    def _row(self, name: str) -> CommunityRow | None:
        return next((row for row in self._session.communities if row.name == name), None)

    def _unknown_there(self) -> list[CommunityRow]:
        """Communities that do not know this person any more."""
        names = {status.community for status in self._session.watch.statuses if status.state == "sign_in"}
        return [row for row in self._session.communities if row.name in names]

    def _chosen(self) -> list[CommunityRow]:
        only = self._window.work.where.community
        return [row for row in self._session.communities if only in {"", row.name}]

    def _sign_in(self) -> None:
        """Where it is needed; else where one is; with several, one says where."""
        rows = self._unknown_there() or self._chosen()
        if len(rows) == 1:
            self.again(rows[0])
        elif rows:
            self._popup([(title_of(row), partial(self.again, row)) for row in rows])
        else:
            self.add()

    # -- menus -----------------------------------------------------------------------------------------------------
    def _do(self, what: str) -> None:
        verb, _, name = what.partition(":")
        row = self._row(name)
        if row is not None:
            self.again(row)
        else:
            self._window.registry.run(verb)

    def _menu_by_key(self) -> None:
        rows = self._chosen()
        if len(rows) == 1:
            self._popup(self._lines(rows[0]))
        elif rows:
            self._popup([(title_of(row), partial(self._popup_later, row)) for row in rows])
        else:
            self.add()

    def _popup_later(self, row: CommunityRow) -> None:
        self._popup(self._lines(row))

    def _menu(self, entry: str, at: QPoint) -> None:
        row = self._row(entry.removeprefix(COMMUNITY))
        if row is not None:
            self._popup(self._lines(row), at)

    def _lines(self, row: CommunityRow) -> list[tuple[str, partial[None]]]:
        say = self._session.words.say
        return [
            (say("connect_menu_sign_in"), partial(self.again, row)),
            (say("connect_menu_official"), partial(self.company, row)),
            (say("connect_menu_sign_out"), partial(self.leave, row, Leaving.SIGN_OUT)),
            (say("connect_menu_disconnect"), partial(self.leave, row, Leaving.DISCONNECT)),
        ]

    def _popup(self, lines: list[tuple[str, partial[None]]], at: QPoint | None = None) -> None:
        self.menu = menu = QMenu(self._window)
        for label, run in lines:
            menu.addAction(label.replace("&", "&&")).triggered.connect(lambda _=False, run=run: run())
        menu.setActiveAction(menu.actions()[0])
        below = self._window.sidebar.communities
        menu.popup(at or below.mapToGlobal(QPoint(24, 0)))

    # -- leaving ---------------------------------------------------------------------------------------------------
    def leave(self, row: CommunityRow, what: Leaving) -> None:
        """Sign out of a community or let go of it, after saying what that means."""

        def asked(waiting: int) -> None:
            if self._connecting is None or self._window.sheet is not None:
                return
            community = (row.name, title_of(row), row.info.platform)
            still = self._session.preferences.reduced_motion
            from views.connect.leave_dialog import LeaveDialog

            words, theme = self._session.words, self._window.theme
            sheet = LeaveDialog(
                self._connecting, theme, words, what, community, waiting, still=still, parent=self._window
            )
            self._opened(sheet)

        self._session.tasks.read("unsettled", unsettled, row.name, then=asked)

    def _left(self, left: Left) -> None:
        signed_out = "connect_say_signed_out_revoked" if left.revoked else "connect_say_signed_out"
        code = "connect_say_disconnected" if left.what is Leaving.DISCONNECT else signed_out
        said = self._session.words.say(code, title=left.title)
        self._window.bar.say(said, gravity="customer")
        self._window.work.announce(said)
        if left.what is Leaving.DISCONNECT:
            self._window.work.all_communities()
            self._session.feed.all_changed()
        self._session.read_communities()
