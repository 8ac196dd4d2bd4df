"""Items prepared ahead: what stands around the current one is read, worded and laid out before it is asked for."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from moderation.changes import ChangeRecord
from moderation.desk import Desk
from moderation.ids import Ref
from views.item.document import InertDocument
from views.item.facts import ItemFacts, Reading, read_item
from views.item.page import Look, Unfolded
from views.item.pictures import PictureNow
from views.item.pictures_held import Pictures
from views.tasks import Tasks
from views.theme import Theme

_KEPT = 40
_QUIET_MS = 12
_KEYED = (
    *("before", "after", "pictures", "note", "drawer", "not_private"),
    *("keep", "resolve", "reopen", "take"),
)
"""Verbs whose keys documents show."""
_COLOURS = ("window", "danger", "staff", "staff_tint", "text", "text2", "text3", "line", "surface", "mark", "on_mark")


def read_facts(desk: Desk, ref: Ref, reading: Reading) -> ItemFacts | None:
    """See :func:`views.item.facts.read_item`."""
    return read_item(desk, ref, reading)


class Shelf(QObject):
    """Facts and documents of the items near the current one. ``ready`` tells that an item (its id) can be shown.

    ``missing``: it is not known here. ``failed``: an error while one was read.
    """

    ready = Signal(str)
    missing = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        theme: Theme,
        now: Callable[[], datetime],
        key_label: Callable[[str], str],
        pictures: Pictures,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._theme = theme
        self._now = now
        self._key_label = key_label
        self._pictures = pictures
        pictures.changed.connect(self._write_anew)
        self._facts: OrderedDict[str, ItemFacts] = OrderedDict()
        self._documents: dict[str, tuple[ItemFacts, InertDocument]] = {}
        self._unfolded: dict[str, Unfolded] = {}
        self._stale: set[str] = set()
        self._wanted: list[str] = []
        self._width = 0
        self._asked = 0
        self._newest: dict[str, int] = {}
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_QUIET_MS)
        self._idle.timeout.connect(self._lay_out_one)

    def use_keys(self, key_label: Callable[[str], str]) -> None:
        """Print the keys that verbs have now."""
        self._key_label = key_label

    @property
    def waiting_to_lay_out(self) -> bool:
        """True when a document is going to be laid out in a moment."""
        return self._idle.isActive()

    # -- asking ----------------------------------------------------------------------------------------------------
    def facts(self, item: str) -> ItemFacts | None:
        """An item that has been read, or ``None``."""
        return self._facts.get(item)

    def want(self, items: Sequence[str]) -> None:
        """Read these, the first one first; what was wanted before and is not read yet is dropped."""
        self._wanted = list(items)
        self._read_stale()
        self._read_next()
        self._idle.start()

    def _read_stale(self) -> None:
        """The item at hand is read again at once; the others when they are."""
        if self._wanted and self._wanted[0] in self._stale:
            item = self._wanted[0]
            self._stale.discard(item)
            self._read(item, f"again:{item}")

    def renew(self, items: Sequence[str]) -> None:
        """These changed: the one at hand is read again now, the others when they come to hand; the old is kept."""
        for item in items:
            if item in self._facts:
                self._stale.add(item)
        self._read_stale()

    def renew_about(self, record: ChangeRecord) -> None:
        """Posts, threads or members changed: read again the wanted items that show them."""
        ids = set(record.ids)
        self.renew(
            [
                item
                for item in self._wanted
                if (facts := self._facts.get(item)) is not None and (record.everything or facts.around & ids)
            ]
        )

    def renew_all(self) -> None:
        """What stands in every text may be another: read again what is wanted."""
        self.renew(list(self._facts))

    def forget(self) -> None:
        """Everything has to be worded and laid out anew (language, theme, size)."""
        self._facts.clear()
        self._documents.clear()
        self._stale.clear()
        self._read_next()

    def unfolded(self, item: str) -> Unfolded:
        """What the person has unfolded in an item's thread."""
        return self._unfolded.get(item, Unfolded())

    def unfold(self, item: str, unfolded: Unfolded) -> None:
        """Show more of the thread."""
        self._unfolded[item] = unfolded
        self._read(item, "item")

    def _write_anew(self, item: str) -> None:
        """Its pictures are others now."""
        if item in self._facts:
            self._read(item, f"again:{item}")

    # -- documents -------------------------------------------------------------------------------------------------
    def set_width(self, width: int) -> None:
        """Width of the pane in pixels; documents are laid out for it."""
        if width != self._width:
            self._width = width
            self._idle.start()

    def document(self, item: str) -> InertDocument | None:
        """The document of an item that has been read; laid out here and now if there was no time before."""
        facts = self._facts.get(item)
        if facts is None:
            return None
        found = self._documents.get(item)
        if found is None or found[0] is not facts:
            found = (facts, InertDocument(facts.page.html, self._theme, self._pictures.pixmap))
            self._documents[item] = found
        found[1].lay_out(self._width)
        return found[1]

    def _lay_out_one(self) -> None:
        """Prepare one document in a quiet moment, then look again."""
        for item in self._wanted[:6]:
            facts = self._facts.get(item)
            found = self._documents.get(item)
            if facts is None:
                continue
            if found is None or found[0] is not facts or found[1].laid_out_for != self._width:
                self.document(item)
                self._idle.start()
                return
        near = set(self._wanted)
        for item in [item for item in self._documents if item not in near]:
            del self._documents[item]

    # -- reading ---------------------------------------------------------------------------------------------------
    def _read_next(self) -> None:
        if self._tasks.running("item"):
            return
        for item in self._wanted:
            if item not in self._facts:
                self._read(item, "item")
                return

    def _read(self, item: str, name: str) -> None:
        self._asked += 1
        asked, pictures = self._asked, self._pictures.now(item)
        reading = Reading(self._theme.language, self.look(), self._now(), self.unfolded(item), pictures)
        self._tasks.read(
            name,
            read_facts,
            Ref.parse(item),
            reading,
            then=lambda facts: self._arrived(item, facts, name, asked, pictures),
            failed=lambda error: self._not_read(item, error, name),
        )

    def _not_read(self, item: str, error: Exception, name: str) -> None:
        """One item that cannot be read does not stand in the way of the others."""
        self._wanted = [wanted for wanted in self._wanted if wanted != item]
        self.failed.emit(error)
        if name == "item":
            self._read_next()

    def _arrived(
        self, item: str, facts: ItemFacts | None, name: str, asked: int, pictures: Mapping[str, PictureNow]
    ) -> None:
        if asked > self._newest.get(item, 0):  # two reads of it may end in another order than they began
            self._newest[item] = asked
            self._take(item, facts, pictures)
        if name == "item":
            self._read_next()

    def _take(self, item: str, facts: ItemFacts | None, pictures: Mapping[str, PictureNow]) -> None:
        if facts is not None and pictures != self._pictures.now(item):
            self._read(item, f"again:{item}")
        elif facts is None:
            self._wanted = [wanted for wanted in self._wanted if wanted != item]
            self.missing.emit(item)
        elif self._facts.get(item) != facts:
            self._facts[item] = facts
            self._facts.move_to_end(item)
            while len(self._facts) > _KEPT:
                self._newest.pop(self._facts.popitem(last=False)[0], None)
            self.ready.emit(item)
            self._idle.start()

    def look(self) -> Look:
        """Colours, sizes and keys that documents are written with now."""
        theme = self._theme
        return Look(
            colours={name: theme.hex(name) for name in _COLOURS},
            post=theme.font("post").pixelSize(),
            line=theme.line("post"),
            small=theme.font("small").pixelSize(),
            caption=theme.font("caption").pixelSize(),
            keys={verb: self._key_label(verb) for verb in _KEYED},
        )
