"""What keys, clicks and the person's choice do with the pictures of the item at hand."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QTimer

from moderation.ids import Ref
from views.item.facts import ItemFacts
from views.item.inert import Picture
from views.item.pictures import Stage
from views.settings import PictureChoice

if TYPE_CHECKING:
    from views.main_window import MainWindow

_STANDING_MS = 250  # so long an item is looked at before its pictures are fetched unasked
_COLUMN = 4 + 52 + 20  # what stands beside the column of a post: bar, face, air


class PictureWork(QObject):
    """Connects the pane of one window with the session's pictures."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._pictures = window.session.pictures
        self._facts: ItemFacts | None = None
        self._tried: set[str] = set()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_STANDING_MS)
        self._soon.timeout.connect(self._unasked)
        pane, registry = window.pane, window.registry
        registry.on("pictures", self.press_on)
        registry.triggered.connect(self._triggered)
        pane.standing.connect(self._standing)
        pane.posts.picture.connect(self.press)
        pane.posts.resized.connect(self._resized)
        window.items.currentChanged.connect(self._turned)
        self._pictures.arrived.connect(self._arrived)
        self._pictures.cleared.connect(pane.posts.viewport().repaint)
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
        self._window.pane.posts.show_picture(number)

    # -- coming and going ------------------------------------------------------------------------------------------
    def _standing(self, facts: ItemFacts | None) -> None:
        if facts is None or self._facts is None or facts.ref != self._facts.ref:
            self._tried.clear()
        self._facts = facts
        item = None if facts is None else str(facts.ref)
        self._pictures.enter(item, "" if facts is None else facts.ref.community)
        if facts is not None and self._session.preferences.pictures is not PictureChoice.ASKED:
            self._soon.start()

    def _turned(self, _index: int) -> None:
        """Another screen stands before the item."""
        if self._window.items.currentWidget() is not self._window.pane:
            self._soon.stop()
            self._pictures.clear()

    def _triggered(self, verb: str) -> None:
        if verb == "all_back":
            self._soon.stop()
            self._pictures.clear()

    def _unasked(self) -> None:
        """By the person's choice, pictures of the community itself are fetched with the post; other servers would
        learn that somebody looks, so those wait until they are asked for. Once an item: what was let go stays so.
        """
        facts = self._facts
        if facts is None or self._session.preferences.pictures is PictureChoice.ASKED:
            return
        base = self._base(facts.ref)
        own = {picture.address for picture in facts.page.pictures if _place(picture.address) == base}
        new, self._tried = own - self._tried, self._tried | own
        self._pictures.load(sorted(new))

    def _base(self, item: Ref) -> tuple[str, str]:
        row = next((row for row in self._session.communities if row.name == item.community), None)
        return _place(row.url) if row is not None else ("", "")

    def _resized(self, width: int) -> None:
        self._pictures.set_room(width - _COLUMN, self._window.devicePixelRatioF())

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
        now = self._pictures.now(str(self._facts.ref)).get(address) if self._facts is not None else None
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
        return self._facts.page.pictures if self._facts is not None else ()


def _place(address: str) -> tuple[str, str]:
    """Scheme and server of an address; one without encryption counts for the encrypted one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ("", address)
    return ("web" if parts.scheme in {"http", "https"} else parts.scheme, parts.netloc.lower())
