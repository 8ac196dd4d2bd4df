"""The window: sidebar, list, item, status bar; composed anew when the theme or the language changes."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QCoreApplication, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from views.alarms.work import AlarmWork
from views.bring_back.work import BringBackWork
from views.bulk import Bulk
from views.cases.pane import CasePane
from views.cases.panel import CasesPanel
from views.cases.words import CaseWords
from views.cases.work import CasesWork
from views.connect.work import ConnectWork
from views.convert.work import ConvertWork
from views.coverage.screen import CoverageScreen
from views.coverage.work import CoverageWork
from views.following.screen import FollowingScreen
from views.following.work import FollowingWork
from views.following_thread import ThreadFollowing
from views.icons import ICONS
from views.item.heading import ItemHeader
from views.item.pane import ItemPane
from views.item.pictures_work import PictureWork
from views.item.reasons import ReasonList
from views.not_private import NotPrivateWork
from views.offers import Offers
from views.outbox.detail import OutboxPane
from views.outbox.panel import OutboxPanel
from views.outbox.words import IntentWords
from views.outbox.work import OutboxWork
from views.places import CASES, COVERAGE, FOLLOWING, OUTBOX
from views.popups import Popups
from views.proof.banner import AlarmBand
from views.proof.work import ProofWork
from views.putting_off import PuttingOff
from views.queue.panel import QueuePanel
from views.queue_work import QueueWork
from views.registry import Registry
from views.session import Session
from views.settings import Preferences
from views.settling import SettlingIn
from views.sidebar.panel import Sidebar
from views.status_bar import StatusBar
from views.style import MarqueeStyle
from views.talk import Talk
from views.theme import Theme
from views.translations import install_language
from views.window_work import WindowWork
from views.words import Words

if TYPE_CHECKING:
    from views.connect.dialog import ConnectDialog
    from views.connect.leave_dialog import LeaveDialog
    from views.convert.dialog import ConvertDialog

_SIZES = ((1600, 224, 432, 288), (1440, 212, 388, 260), (1200, 196, 344, 0), (0, 48, 320, 0))
_FOLDED = 48
_FRAME = QSize(8, 36)
"""What a desktop's own frame and title take around a window, at most; known exactly only after it was shown."""


def dress(theme: Theme) -> None:
    """Give the application our style, palette and font."""
    application = QCoreApplication.instance()
    if not isinstance(application, QApplication):
        return
    style = application.style()
    if isinstance(style, MarqueeStyle):
        style.use(theme)
    else:
        application.setStyle(MarqueeStyle(theme))
    application.setPalette(theme.palette())
    application.setFont(theme.font("body"))


def fits(window: QSize, room: QSize) -> bool:
    """True when a window with its frame is seen whole on a screen."""
    whole = window + _FRAME
    return whole.width() <= room.width() and whole.height() <= room.height()


@dataclass(frozen=True, slots=True)
class Screen:
    """What stands in place of the queue: a list, what is at hand, and the work on it.

    Without a ``panel`` the pane takes the room of the list too.
    """

    panel: OutboxPanel | CasesPanel | None
    pane: QWidget
    work: OutboxWork | CasesWork | FollowingWork | CoverageWork

    def step(self, by: int) -> None:
        """Next or previous line."""
        if self.panel is not None:
            self.panel.table.step(by)
        elif isinstance(self.work, FollowingWork | CoverageWork):
            self.work.step(by)


class MainWindow(QMainWindow):
    """One window on one session. :meth:`grab_to` takes a picture of it. ``alarm_news``: sentences of new alarms."""

    alarm_news = Signal(list)

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self.session = session
        self.theme = theme
        self._closing = False
        self.setMinimumSize(1024, 640)
        self.resize(1440, 900)
        self.registry: Registry
        self.work: WindowWork
        self.settling: SettlingIn | None = None
        self.alarms: AlarmWork | None = None
        self.sheet: ConnectDialog | LeaveDialog | ConvertDialog | None = None
        self._compose()
        theme.changed.connect(self._recompose_soon)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._recompose)

    # -- composing -------------------------------------------------------------------------------------------------
    def _side_by_side(self) -> QSplitter:
        """Sidebar, lists and items; what room there is more goes to the items."""
        split = QSplitter(Qt.Orientation.Horizontal, self)
        for widget in (self.sidebar, self.lists, self.items):
            split.addWidget(widget)
        split.setChildrenCollapsible(False)
        for column, share in enumerate((0, 0, 1)):
            split.setStretchFactor(column, share)
        return split

    def _compose(self) -> None:
        session, theme = self.session, self.theme
        session.words = words = Words(theme.language)
        self.setWindowTitle("Marquee")
        self.setWindowIcon(ICONS.icon("sign", 32, theme.colour("accent")))
        self.registry = Registry(self, theme, words, session.settings)
        session.shelf.use_keys(self.registry.key)
        self.sidebar = Sidebar(theme, words, self.registry, self)
        self.panel = QueuePanel(session.feed, theme, words, self.registry, session.row_state, session.now, self)
        self.panel.delegate.compact = session.preferences.compact
        self.panel.delegate.badge_of = session.badge_of
        session.communities_read.connect(self.panel.table.viewport().update)
        self.panel.table.use(self.panel.delegate)
        self.pane = ItemPane(session.shelf, theme, words, self.registry, self)
        self.bar = StatusBar(theme, words, self.registry, self)
        self.lists = QStackedWidget(self)
        self.lists.addWidget(self.panel)
        said = IntentWords(words, session.decisions.titles)
        self.outbox = OutboxPanel(theme, words, said, session.decisions, self)
        self.lists.addWidget(self.outbox)
        self.items = QStackedWidget(self)
        self.items.addWidget(self.pane)
        header = ItemHeader(theme, words, self.registry, self)
        self.outbox_pane = OutboxPane(theme, words, said, header, self)
        self.items.addWidget(self.outbox_pane)
        told = CaseWords(words)
        self.cases = CasesPanel(theme, told, session.now, self)
        self.lists.addWidget(self.cases)
        self.cases_pane = CasePane(theme, told, self.registry, session.pictures.pixmap, self)
        self.items.addWidget(self.cases_pane)
        self.following = FollowingScreen(theme, words, self)
        self.items.addWidget(self.following)
        self.coverage = CoverageScreen(theme, words, self)
        self.items.addWidget(self.coverage)
        self.split = self._side_by_side()
        self.centre = centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.band = AlarmBand(theme, words, self.registry, centre)
        column.addWidget(self.band)
        column.addWidget(self.split, 1)
        column.addWidget(self.bar)
        self.setCentralWidget(centre)
        self._compose_work(said)
        self._fit()

    def _compose_work(self, said: IntentWords) -> None:
        """What connects the widgets with the session."""
        session, theme, words, centre = self.session, self.theme, self.session.words, self.centre
        self.reasons = ReasonList(theme, words, centre)
        self.queue_work = QueueWork(session, self.panel, self.pane, self.registry, self.reasons, self)
        bulk_reasons = ReasonList(theme, words, centre)
        bulk = Bulk(session, self.panel, self.pane.bulk_bar, self.registry, bulk_reasons, self.queue_work)
        self.queue_work.bulk = bulk
        self.outbox_work = OutboxWork(session, self.outbox, self.outbox_pane, self)
        self.work = WindowWork(self)
        self.cases_work = CasesWork(self)
        self.following_work = FollowingWork(self)
        self.coverage_work = CoverageWork(self)
        self.screens = {
            OUTBOX: Screen(self.outbox, self.outbox_pane, self.outbox_work),
            CASES: Screen(self.cases, self.cases_pane, self.cases_work),
            FOLLOWING: Screen(None, self.following, self.following_work),
            COVERAGE: Screen(None, self.coverage, self.coverage_work),
        }
        self.pictures = PictureWork(self)
        self.popups = Popups(self)
        self.putting_off = PuttingOff(self)
        self.following_thread = ThreadFollowing(self)
        self.not_private = NotPrivateWork(self)
        self.proofs = ProofWork(self)
        self.alarms = AlarmWork(self, self.alarms.known if self.alarms is not None else None)
        self.alarms.news.connect(self.alarm_news)
        self.bring_back = BringBackWork(self)
        self.convert = ConvertWork(self, session.converting)
        self.offers = Offers(session, self.queue_work, self.popups, self)
        self.talk = Talk(self)
        self.settling = SettlingIn(self, over=self.settling is not None)
        self.connect_work = ConnectWork(self, session.connecting)
        self.popups.filtered.connect(self.work.filter)
        self.popups.place_wanted.connect(self.work.open_place)
        self.popups.preferred.connect(self.prefer)
        self.outbox_work.item_wanted.connect(self.work.open_item)
        self.outbox_work.failed.connect(self.work.fail)
        self.cases_work.failed.connect(self.work.fail)
        self.cases_work.conversion_requested.connect(self.convert.show_case)
        self.cases_work.counted.connect(self.work.count_cases)
        self.following_work.failed.connect(self.work.fail)
        self.following_work.counted.connect(self.work.count_gaps)
        self.coverage_work.failed.connect(self.work.fail)

    def prefer(self, chosen: Preferences) -> None:
        """Take over other preferences, at once."""
        chosen.write(self.session.settings)
        before, self.session.preferences = self.session.preferences, chosen
        self.session.decisions.reduced_motion = chosen.reduced_motion
        self.pictures.prefer()
        if chosen.language != before.language and (application := QCoreApplication.instance()) is not None:
            install_language(application, chosen.language)
        self.theme.choose(
            scheme=chosen.scheme,
            scale=chosen.scale,
            language=chosen.language,
            status_colours=chosen.status_colours,
        )

    # -- communities that come and go ------------------------------------------------------------------------------
    def open_sheet(self, sheet: "ConnectDialog | LeaveDialog | ConvertDialog") -> None:
        """Open a sheet of signing in or out, or of going private; it outlives the widgets under it."""
        self.sheet = sheet
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.finished.connect(self._sheet_closed)
        sheet.open()

    def _sheet_closed(self) -> None:
        self.sheet = None
        self.session.read_communities()

    def settle_anew(self) -> None:
        """A community was connected: the list follows its first pull as it does when a window opens on nothing."""
        if self.session.feed.model.rowCount() == 0:
            self.settling = SettlingIn(self)
            self.session.feed.reload()

    def show_lists(self, shown: bool) -> None:
        """Show or hide the list beside the item."""
        if self.lists.isHidden() is shown:
            self.lists.setVisible(shown)
            self._fit()

    def _recompose_soon(self) -> None:
        self._soon.start()

    def _recompose(self) -> None:
        """Other colours, another language or size: all widgets are made anew, the session goes on."""
        self.work.keep()
        self.bring_back.leave()
        dress(self.theme)
        old: list[QObject] = [self.registry, self.queue_work, self.work, self.outbox_work, self.popups, self.talk]
        old += [self.pictures, self.putting_off, self.following_thread, self.not_private, self.proofs, self.bring_back]
        old += [self.convert, self.connect_work, self.cases_work, self.following_work, self.coverage_work]
        old += [self.alarms] if self.alarms is not None else []
        old += [self.settling, self.centre] if self.settling is not None else [self.centre]
        self.takeCentralWidget()
        for action in self.actions():
            self.removeAction(action)
        self.session.shelf.forget()
        self._compose()
        for thing in old:
            thing.deleteLater()
        self.work.resume()

    # -- room ------------------------------------------------------------------------------------------------------
    def _fit(self) -> None:
        """Widths of the panes for the window's width; extra width goes to the item."""
        width = self.width()
        _, sidebar, listed, drawer = next(sizes for sizes in _SIZES if width >= sizes[0])
        scale = self.theme.scale
        sidebar = _FOLDED if scale > 150 else sidebar
        folded = sidebar == _FOLDED
        if scale > 100:
            sidebar = sidebar if folded else sidebar * (100 + scale) // 200
            listed = listed * (100 + scale) // 200
        drawer = 0 if scale > 150 or width - sidebar - listed - drawer < 560 else drawer
        self.sidebar.fold(folded)
        self.sidebar.setFixedWidth(sidebar)
        self.pane.set_room(drawer)
        self.split.setSizes([sidebar, listed, max(200, width - sidebar - listed)])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other widths of panes at other sizes."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    # -- the end ---------------------------------------------------------------------------------------------------
    def closeEvent(self, event: QCloseEvent) -> None:
        """What was decided is written first; until then the window stays."""
        self.session.feed.keep_seen()
        self.talk.composer.leave()
        self.cases_work.composer.leave()
        self.bring_back.leave()
        if self.session.tasks.writing and not self._closing:
            self._closing = True
            event.ignore()
            self.session.tasks.close(self._written)
            return
        self.work.keep()
        self.session.tasks.close(lambda: None)
        self.session.watch.stop()
        self.session.pictures.close()
        self.session.settings.set("window.geometry", bytes(self.saveGeometry().toBase64().data()).decode())
        super().closeEvent(event)

    def _written(self) -> None:
        self.close()

    def restore_place(self) -> None:
        """Size and place as they were kept; the first time the whole screen where the usual size does not fit."""
        kept = self.session.settings.get("window.geometry")
        if kept:
            self.restoreGeometry(QByteArray.fromBase64(kept.encode()))
        elif QGuiApplication.platformName() != "offscreen" and not fits(self.size(), self.screen().availableSize()):
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def grab_to(self, path: str | Path) -> Path:
        """Save a picture of the window with everything in it as PNG; gives the path."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not self.grab().save(str(target), "PNG"):
            raise OSError(f"cannot write {target.name}")
        return target
