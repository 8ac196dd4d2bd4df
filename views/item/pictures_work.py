"""What keys, clicks and the person's choice do with the pictures of the item or the case at hand."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QTimer

from views.item.facts import ItemFacts
from views.item.inert import Picture
from views.item.pictures import PicturesAtHand, Stage
from views.item.thread_view import ThreadView
from views.settings import PictureChoice

if TYPE_CHECKING:
    from views.main_window import MainWindow

_STANDING_MS = 250  # so long an item is looked at before its pictures are fetched unasked
_COLUMN = 4 + 52 + 20  # what stands beside the column of a post: bar, face, air


class PictureWork(QObject):
    """Connects the panes of one window with the session's pictures: those of what stands before the person alone."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._pictures = window.session.pictures
        self._at: PicturesAtHand | None = None
        self._stands: dict[ThreadView, PicturesAtHand | None] = {window.pane.posts: None, window.cases_pane.posts: None}
        self._tried: set[str] = set()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_STANDING_MS)
        self._soon.timeout.connect(self._unasked)
        pane, registry = window.pane, window.registry
        registry.on("pictures", self.press_on)
        registry.triggered.connect(self._triggered)
        pane.standing.connect(lambda facts: self._standing(pane.posts, _of_item(facts)))
        window.cases_pane.standing.connect(lambda at: self._standing(window.cases_pane.posts, at))
        for view in self._stands:
            view.picture.connect(self.press)
            view.resized.connect(lambda _, view=view: self._resized(view))
            self._pictures.cleared.connect(view.viewport().repaint)
        window.items.currentChanged.connect(self._turned)
        self._pictures.arrived.connect(self._arrived)
        self.prefer()

    def prefer(self) -> None:
        """Take over what the person chose in the settings."""
        self._pictures.show_clearly = self._session.preferences.pictures is PictureChoice.SHOWN
        self._soon.start()

    # -- asking ----------------------------------------------------------------------------------------------------
    def press_on(self) -> None:
        """The key: load; then show one after another clearly; then blur them all again."""
        listed = self._listed()
        if not listed:
            self._say(self._session.words.say("say_no_pictures"))
            return
        address = self._pictures.press_on(listed)
        if address is None:
            self._say(self._session.words.say("picture_asked"))
        elif not address:
            self._say(self._session.words.say("say_pictures_blurred"))
        else:
            self._tell(address)
            self._bring(address)

    def press(self, number: int) -> None:
        """One picture of the page: load it, show it clearly, or blur it again."""
        listed = self._listed()
        if number < len(listed) and self._pictures.press(listed[number].address).shown:
            self._tell(listed[number].address)

    def _bring(self, address: str) -> None:
        """Into view; it keeps its place when the document that shows it takes over."""
        number = next(n for n, picture in enumerate(self._listed()) if picture.address == address)
        if (view := self._view) is not None:
            view.show_picture(number)

    # -- coming and going ------------------------------------------------------------------------------------------
    @property
    def _view(self) -> ThreadView | None:
        """The view of what stands before the person; ``None`` on a screen without posts."""
        pane = self._window.items.currentWidget()
        return next((view for view in self._stands if pane is not None and pane.isAncestorOf(view)), None)

    def _standing(self, view: ThreadView, at: PicturesAtHand | None) -> None:
        self._stands[view] = at
        if view is self._view:
            self._enter(at)

    def _enter(self, at: PicturesAtHand | None) -> None:
        if at is None or self._at is None or at.item != self._at.item:
            self._tried.clear()
        self._at = at
        self._pictures.enter(None if at is None else at.item, "" if at is None else at.community)
        if at is not None and self._session.preferences.pictures is not PictureChoice.ASKED:
            self._soon.start()

    def _turned(self, _index: int) -> None:
        """Another screen stands before what was there, whose pictures are let go."""
        self._soon.stop()
        self._pictures.clear()
        view = self._view
        if view is not None:
            self._enter(self._stands[view])
            self._resized(view)

    def _triggered(self, verb: str) -> None:
        if verb == "all_back":
            self._soon.stop()
            self._pictures.clear()

    def _unasked(self) -> None:
        """By the person's choice, pictures of the community itself are fetched with the post; other servers would
        learn that somebody looks, so those wait until they are asked for. Once an item: what was let go stays so.
        """
        at = self._at
        if at is None or self._view is None or self._session.preferences.pictures is PictureChoice.ASKED:
            return
        base = self._base(at.community)
        own = {picture.address for picture in at.pictures if _place(picture.address) == base}
        new, self._tried = own - self._tried, self._tried | own
        self._pictures.load(sorted(new))

    def _base(self, community: str) -> tuple[str, str]:
        row = next((row for row in self._session.communities if row.name == community), None)
        return _place(row.url) if row is not None else ("", "")

    def _resized(self, view: ThreadView) -> None:
        if view is self._view:
            self._pictures.set_room(view.viewport().width() - _COLUMN, self._window.devicePixelRatioF())

    # -- saying ----------------------------------------------------------------------------------------------------
    def _arrived(self, address: str) -> None:
        """Told to people who cannot see it."""
        self._window.work.announce(self._told(address))

    def _tell(self, address: str) -> None:
        said = self._told(address)
        if said:
            self._say(said)

    def _told(self, address: str) -> str:
        listed, words = self._listed(), self._session.words
        number = next((n for n, picture in enumerate(listed) if picture.address == address), None)
        now = self._pictures.now(self._at.item).get(address) if self._at is not None else None
        if number is None or now is None:
            return ""
        place = {"n": words.number(number + 1), "of": words.number(len(listed))}
        if now.trouble is not None:
            return words.say("say_picture_failed", **place, why=words.error(now.trouble))
        look = Stage.CLEAR if now.stage is Stage.CLEAR else Stage.BLURRED
        return words.say(f"say_picture_{look}", **place, alt=listed[number].alt or words.say("picture_no_alt"))

    def _say(self, said: str) -> None:
        self._window.bar.say(said)
        self._window.work.announce(said)

    def _listed(self) -> tuple[Picture, ...]:
        return self._at.pictures if self._at is not None else ()


def _of_item(facts: ItemFacts | None) -> PicturesAtHand | None:
    return None if facts is None else PicturesAtHand(str(facts.ref), facts.ref.community, facts.page.pictures)


def _place(address: str) -> tuple[str, str]:
    """Scheme and server of an address; one without encryption counts for the encrypted one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ("", address)
    return ("web" if parts.scheme in {"http", "https"} else parts.scheme, parts.netloc.lower())
