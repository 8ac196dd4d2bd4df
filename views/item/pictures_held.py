"""The pictures of the item at hand: asked of the engine, drawn off the window's thread, and kept in memory alone for as
long as the item is before the person's eyes.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPixmap

from moderation.content import PictureFile
from moderation.errors import MarqueeError, OurBugError
from moderation.ports import Engine
from views.item.inert import Picture, host_of
from views.item.pictures import NOT_LOADED, PictureNow, Stage
from views.item.pictures_drawn import Drawn, Room, drawn

MOST_BYTES = 64_000_000
_QUIET_MS = 150
_LEAST_WIDTH, _MOST_HEIGHT = 120, 560


@dataclass(slots=True)
class _Held:
    """One picture here: as it came, and as it is drawn in a room."""

    file: PictureFile
    name: str
    drawn: Drawn
    room: Room
    clear: bool
    blurred_map: QPixmap
    clear_map: QPixmap

    @property
    def cost(self) -> int:
        return len(self.file.data) + self.drawn.cost


class Pictures(QObject):
    """Pictures by address, of one item (its id) at a time.

    ``changed``: an item's document has to be written anew. ``cleared``: what is drawn must go from the screen at once.
    ``arrived``: a picture is here or is not going to be.
    """

    changed = Signal(str)
    cleared = Signal()
    arrived = Signal(str)
    _fetched = Signal(int, str, object)
    _drawn = Signal(int, str, object, object, object)

    def __init__(self, engine: Engine, parent: QObject | None = None, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(parent)
        self._engine = engine
        self._most = most_bytes
        self.item: str | None = None
        self.show_clearly = False
        self._community = ""
        self._time = 0
        self._names = 0
        self._room = Room(560, _MOST_HEIGHT)
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._coming: dict[str, Callable[[], None]] = {}
        self._failed: dict[str, MarqueeError] = {}
        self._pool: ThreadPoolExecutor | None = None
        self._fetched.connect(self._draw, Qt.ConnectionType.QueuedConnection)
        self._drawn.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._refit = QTimer(self)
        self._refit.setSingleShot(True)
        self._refit.setInterval(_QUIET_MS)
        self._refit.timeout.connect(self._draw_anew)

    # -- asking ----------------------------------------------------------------------------------------------------
    def now(self, item: str) -> Mapping[str, PictureNow]:
        """How the pictures of an item stand, by address; those that are not loaded are left out."""
        if item != self.item:
            return {}
        coming = dict.fromkeys(self._coming, PictureNow(Stage.COMING))
        failed = {address: PictureNow(Stage.FAILED, error) for address, error in self._failed.items()}
        return coming | failed | {address: _standing(held) for address, held in self._held.items()}

    def pixmap(self, name: str) -> QPixmap | None:
        """A drawing by its name, ``None`` for one that is gone."""
        which, _, look = name.rpartition("-")
        held = next((held for held in self._held.values() if held.name == which), None)
        if held is None:
            return None
        return held.clear_map if look == "clear" else held.blurred_map

    @property
    def bytes(self) -> int:
        """Bytes in memory."""
        return sum(held.cost for held in self._held.values())

    # -- coming and going ------------------------------------------------------------------------------------------
    def enter(self, item: str | None, community: str = "") -> None:
        """An item is before the person's eyes; the pictures of any other one are let go."""
        if item != self.item:
            self.clear()
            self.item, self._community = item, community

    def clear(self) -> None:
        """Let go of all pictures, and wait for none any more."""
        self._time += 1
        had = bool(self._held or self._coming or self._failed)
        for give_up in self._coming.values():
            give_up()
        self._coming.clear()
        self._held.clear()
        self._failed.clear()
        if had and self.item is not None:
            self.cleared.emit()
            self.changed.emit(self.item)

    def close(self) -> None:
        """The window ends."""
        self.item = None
        self.clear()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def set_room(self, width: int, ratio: float = 1.0) -> None:
        """The width of the column; what is shown is drawn anew for it after a moment."""
        room = Room(max(_LEAST_WIDTH, width), _MOST_HEIGHT, ratio)
        if room != self._room:
            self._room = room
            if self._held:
                self._refit.start()

    # -- loading ---------------------------------------------------------------------------------------------------
    def load(self, addresses: Iterable[str]) -> int:
        """Ask for those that are not here and not on their way; gives how many."""
        if self.item is None:
            return 0
        wanted = [one for one in dict.fromkeys(addresses) if one not in self._held and one not in self._coming]
        for address in wanted:
            self._failed.pop(address, None)
            heard = partial(self._hear, self._time, address)
            self._coming[address] = self._engine.picture(self._community, address, heard)
        if wanted:
            self.changed.emit(self.item)
        return len(wanted)

    def _hear(self, time: int, address: str, answer: PictureFile | MarqueeError) -> None:
        """On the engine's own thread."""
        with suppress(RuntimeError):  # the window may be gone
            self._fetched.emit(time, address, answer)

    def _draw(self, time: int, address: str, answer: PictureFile | MarqueeError) -> None:
        if time != self._time or address not in self._coming:
            return
        if isinstance(answer, MarqueeError):
            self._fail(address, answer)
        else:
            self._begin(address, answer)

    def _begin(self, address: str, file: PictureFile) -> None:
        """Draw it on a thread of its own: decoding takes longer than a frame may."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._pool.submit(self._work, self._time, address, file, self._room)

    def _work(self, time: int, address: str, file: PictureFile, room: Room) -> None:
        if time != self._time:
            return
        made: Drawn | MarqueeError
        try:
            made = drawn(file, room, host_of(address))
        except MarqueeError as error:
            made = error
        except Exception as error:  # noqa: BLE001 - whatever a decoder does, the window is told
            made = OurBugError("our_bug", kind=type(error).__name__)
        with suppress(RuntimeError):
            self._drawn.emit(time, address, file, room, made)

    def _take(self, time: int, address: str, file: PictureFile, room: Room, made: Drawn | MarqueeError) -> None:
        if time != self._time or self.item is None:
            return
        if isinstance(made, MarqueeError):
            self._held.pop(address, None)
            self._fail(address, made)
            return
        before = self._held.get(address)
        self._coming.pop(address, None)
        self._names += 1
        maps = QPixmap.fromImage(made.blurred), QPixmap.fromImage(made.clear)
        clear = before.clear if before is not None else self.show_clearly
        self._held[address] = _Held(file, str(self._names), made, room, clear, *maps)
        self._make_room(address)
        self.changed.emit(self.item)
        if before is None:
            self.arrived.emit(address)

    def _fail(self, address: str, error: MarqueeError) -> None:
        self._coming.pop(address, None)
        self._failed[address] = error
        if self.item is not None:
            self.changed.emit(self.item)
            self.arrived.emit(address)

    def _make_room(self, newest: str) -> None:
        """The oldest go first; what is let go stands as not loaded again."""
        while self.bytes > self._most and len(self._held) > 1:
            del self._held[next(address for address in self._held if address != newest)]

    def _draw_anew(self) -> None:
        for address, held in self._held.items():
            if held.room != self._room:
                self._begin(address, held.file)

    # -- showing ---------------------------------------------------------------------------------------------------
    def press(self, address: str) -> PictureNow:
        """A picture was pressed: load it, show it clearly, or blur it again."""
        held = self._held.get(address)
        if held is None:
            self.load([address])
        else:
            held.clear = not held.clear
            if self.item is not None:
                self.changed.emit(self.item)
        return self.now(self.item or "").get(address, NOT_LOADED)

    def press_on(self, pictures: Sequence[Picture]) -> str | None:
        """The key for all: load what is not loaded; then show the next blurred one; then blur them all again.

        Gives the address that is shown clearly now, empty when all are blurred, ``None`` when some were asked for.
        """
        if self.item is None:
            return None
        addresses, now = list(dict.fromkeys(picture.address for picture in pictures)), self.now(self.item)
        if self.load(one for one in addresses if one not in now):
            return None
        blurred = next((one for one in addresses if now[one].stage is Stage.BLURRED), None)
        if blurred is not None:
            self.press(blurred)
            return blurred
        clear = [one for one in addresses if now[one].stage is Stage.CLEAR]
        for address in clear:
            self.press(address)
        if not clear:
            self.load(one for one in addresses if now[one].stage is Stage.FAILED)
            return None
        return ""


def _standing(held: _Held) -> PictureNow:
    stage = Stage.CLEAR if held.clear else Stage.BLURRED
    return PictureNow(stage, None, f"{held.name}-{stage}", held.drawn.width, held.drawn.height)
