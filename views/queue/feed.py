"""Keeps the list true: reads its pages, follows changes, and lets nothing move under a person's hands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from moderation.actions import SPECS, Action
from moderation.desk import Desk
from moderation.queries import QueueCounts, QueueQuery, QueueRow
from views.queue.model import QueueModel
from views.queue.order import Members, QueueOrder, slices
from views.tasks import Tasks

PAGE = 100
_AROUND = 50
_AHEAD = 30
_AT_ONCE = 40
_RENEWED = 100  # rows read again at once: the window is busy for some ten milliseconds with them


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What is shown at once after a filter change."""

    query: QueueQuery
    rows: tuple[QueueRow, ...]
    total: int
    counts: QueueCounts


@dataclass(frozen=True, slots=True)
class WholeOrder:
    """The rest of it, read in the background; ``oldest_ms`` is the creation time of the oldest row.

    ``new`` and ``gone`` are keys that the list did not have, or has still, when the reading began.
    """

    order: QueueOrder
    oldest_ms: int | None
    new: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows read again after a change: which of them the list contains now, and the new numbers."""

    rows: tuple[QueueRow, ...]
    matching: frozenset[int]
    total: int
    counts: QueueCounts


def read_first(desk: Desk, query: QueueQuery) -> FirstPage:
    """First page, exact count and the numbers of the sidebar."""
    desk.triage.refresh_overlay()
    rows = tuple(desk.triage.queue(query, None, PAGE))
    total = len(rows) if len(rows) < PAGE else desk.triage.count(query)
    return FirstPage(query, rows, total, _counts(desk, query))


def read_order(desk: Desk, query: QueueQuery, here: Members | None, cancelled: Callable[[], bool]) -> WholeOrder:
    """The whole order, compared with the keys that are in the list; up to a second at half a million rows."""
    desk.triage.refresh_overlay()
    order = QueueOrder(desk.triage.index(query, cancelled))
    oldest = min((min(part) for part in slices(order.index.created_ms)), default=None)
    if here is None:
        return WholeOrder(order, oldest)
    return WholeOrder(order, oldest, tuple(order.members.without(here)), tuple(here.without(order.members)))


def read_rows(desk: Desk, keys: Sequence[int]) -> list[QueueRow]:
    """Rows for a part of the list that came into view."""
    return desk.triage.rows(keys)


def read_changed(desk: Desk, query: QueueQuery, ids: Sequence[str]) -> Changed:
    """These items again; what is pending was laid over them when the journal changed."""
    rows = tuple(desk.triage.find(ids))
    matching = desk.triage.matching(query, [row.key for row in rows]) if rows else set()
    return Changed(rows, frozenset(matching), desk.triage.count(query), _counts(desk, query))


def mark_seen(desk: Desk, items: Sequence[str]) -> None:
    """The person has had these before their eyes."""
    for item in items:
        desk.triage.mark_seen(item)


def _counts(desk: Desk, query: QueueQuery) -> QueueCounts:
    return desk.triage.counts(QueueQuery(communities=query.communities))


class QueueFeed(QObject):
    """The list that a person works on.

    ``started``: another list is shown. ``numbers``: total, waiting rows or the oldest age changed. ``counted``: the
    sidebar's numbers. ``renewed``: these items (ids) were read again.
    """

    started = Signal()
    numbers = Signal()
    counted = Signal(object)
    renewed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.model = QueueModel(self)
        self.model.wanted.connect(self._wanted)
        self.query = QueueQuery()
        self.total: int | None = None
        self.oldest_ms: int | None = None
        self.waiting: dict[int, QueueRow] = {}
        self.deciding: dict[int, str] = {}
        self.done: dict[int, str] = {}
        self.bottom: Callable[[], int] = lambda: -1
        self.current: Callable[[], int | None] = lambda: None
        self._wanted_at: int | None = None
        self._ids: dict[str, None] = {}
        self._everything = False
        self._complete = False
        self._coming: list[int] = []
        self._rows_soon = _once(self, 0, self._read_rows)
        self._changes_soon = _once(self, 30, self._read_changes)
        self._seen: list[str] = []
        self._seen_soon = _once(self, 400, self.keep_seen)

    @property
    def waiting_to_read(self) -> bool:
        """True when something is going to be read in a moment."""
        return self._rows_soon.isActive() or self._changes_soon.isActive()

    # -- the list --------------------------------------------------------------------------------------------------
    def show(self, query: QueueQuery) -> None:
        """Another filter: the only moment at which the list is replaced."""
        self.query = query
        for name in ("order", "arriving"):
            self._tasks.cancel(name)
        self._tasks.read("queue", read_first, query, then=self._first)

    def reload(self) -> None:
        """The same filter, read from the beginning."""
        self.show(self.query)

    def _first(self, page: FirstPage) -> None:
        self.total, self.waiting, self._coming = page.total, {}, []
        self.deciding, self.done = {}, {}
        self.oldest_ms = min((row.created_ms for row in page.rows), default=None)
        self.model.start(QueueOrder.of_rows(page.rows), page.rows)
        self.started.emit()
        self.counted.emit(page.counts)
        self.numbers.emit()
        self._complete = page.total <= len(page.rows)
        if not self._complete:
            self._read_order()

    def _read_order(self) -> None:
        """The whole order in the background; once it has been here, only what differs from the list."""
        here = self.model.order.members.copy() if self._complete else None
        self._tasks.read("order", read_order, self.query, here, then=self._ordered, cancellable=True)

    def _ordered(self, whole: WholeOrder) -> None:
        self.oldest_ms = whole.oldest_ms
        if not self._complete:
            self._complete = True
            self.model.append(whole.order)
        else:
            self._renew_rows([key for key in whole.gone if key in self.model.order])
            self._coming = [key for key in whole.new if key not in self.model.order and key not in self.waiting]
            self._read_coming()
        self.numbers.emit()

    def _read_coming(self) -> None:
        """Rows that are new to the list, a part at a time, the newest first."""
        if self._coming:
            part, self._coming = self._coming[-_RENEWED:], self._coming[:-_RENEWED]
            self._tasks.read("arriving", read_rows, part, then=self._arrived)

    # -- rows that come into view ----------------------------------------------------------------------------------
    def look_ahead(self, position: int) -> None:
        """The person is here: rows that one can soon come to are read before."""
        last = self.model.rowCount() - 1
        for near in (position + _AHEAD, position - _AHEAD):
            if self.model.peek(max(0, min(near, last))) is None and last >= 0:
                self._wanted(max(0, min(near, last)))

    def _wanted(self, position: int) -> None:
        self._wanted_at = position
        if not self._rows_soon.isActive():
            self._rows_soon.start()

    def _read_rows(self) -> None:
        if self._wanted_at is None:
            return
        keys = self.model.ask(self._wanted_at - _AROUND, self._wanted_at + PAGE)
        self._wanted_at = None
        if keys:
            self._tasks.read("rows", read_rows, keys, then=self.model.put)

    # -- changes ---------------------------------------------------------------------------------------------------
    def changed(self, ids: Sequence[str]) -> None:
        """These items changed somewhere; they are read again soon, many changes at once."""
        self._ids.update(dict.fromkeys(ids))
        self._changes_soon.start()

    def all_changed(self) -> None:
        """Too much changed to name it: what is shown is read again, and the order compared."""
        self._everything = True
        self._changes_soon.start()

    def _read_changes(self) -> None:
        if self._everything:
            self._everything = False
            self._ids.update(dict.fromkeys(self.model.known_ids()))
            self._read_order()
        ids = list(self._ids)[:_RENEWED]
        if self._tasks.running("changes"):
            self._changes_soon.start()
            return
        for item in ids:
            del self._ids[item]
        self._tasks.read("changes", read_changed, self.query, ids, then=self._apply)
        if self._ids:
            self._changes_soon.start()

    def _apply(self, changed: Changed) -> None:
        """Rows that came, stayed, left: only what is below the view may come in unasked."""
        arriving: list[QueueRow] = []
        for row in changed.rows:
            inside = row.key in self.model.order
            if inside:
                self._remember_done(row)
                self._mark_left(row.key, row.key not in changed.matching)
            elif row.key in changed.matching:
                arriving.append(row)
            else:
                self.waiting.pop(row.key, None)
        self.model.put([row for row in changed.rows if row.key in self.model.order])
        self._arrive(arriving)
        self.total = changed.total
        self.counted.emit(changed.counts)
        self.numbers.emit()
        self.renewed.emit([row.id for row in changed.rows])

    def _remember_done(self, row: QueueRow) -> None:
        """Keep which own decision was on a row when it stops being pending."""
        before = self.model.known(row.key)
        if before is not None and before.pending_action is not None and row.pending is None:
            action = Action(before.pending_action)
            if SPECS[action].closes is row.state:
                self.done[row.key] = str(action)

    def _mark_left(self, key: int, left: bool) -> None:
        if left:
            self.model.left.add(key)
        else:
            self.model.left.discard(key)
            self.done.pop(key, None)

    def _arrive(self, rows: Sequence[QueueRow]) -> None:
        bottom = self.bottom()
        below: list[QueueRow] = []
        for row in rows:
            if self.model.rowCount() == 0 or self.model.order.place(row.page_key) > bottom:
                below.append(row)
            else:
                self.waiting[row.key] = row
        empty = self.model.rowCount() == 0
        self.model.insert(below[:_AT_ONCE])
        for row in below[_AT_ONCE:]:
            self.waiting[row.key] = row
        if empty and below:
            self.take_waiting()
            self.started.emit()

    def _arrived(self, rows: list[QueueRow]) -> None:
        self._arrive(rows)
        self.numbers.emit()
        self._read_coming()

    def _renew_rows(self, gone: Sequence[int]) -> None:
        for key in gone:
            self._mark_left(key, left=True)
        self.model.touch(gone)

    # -- what the person does --------------------------------------------------------------------------------------
    def take_waiting(self) -> None:
        """Let the new rows in (``Home``)."""
        rows, self.waiting = list(self.waiting.values()), {}
        self.model.insert(rows)
        self.numbers.emit()

    def sweep(self) -> None:
        """The person changes the list: rows that are done leave it, but for the one under the cursor."""
        current = self.current()
        gone = [key for key in self.model.left if key != current and self._over(key)]
        if gone:
            self.model.remove(gone)
            for key in gone:
                self.done.pop(key, None)

    def sweep_if_done(self) -> bool:
        """With nothing left to decide, the last rows leave by themselves; ``True`` when the list is empty then."""
        if self.total or self.waiting or not self.model.rowCount():
            return False
        keys = self.model.order.keys(0, self.model.rowCount())
        if len(keys) > PAGE or not all(key in self.model.left and self._over(key) for key in keys):
            return False
        self.model.remove(keys)
        return True

    def _over(self, key: int) -> bool:
        row = self.model.known(key)
        return key not in self.deciding and (row is None or row.pending is None)

    def seen(self, key: int) -> None:
        """The person has read the item of this row."""
        row = self.model.known(key)
        if row is None or row.seen:
            return
        self.model.put([replace(row, seen=True)])
        self._seen.append(row.id)
        self._seen_soon.start()

    def keep_seen(self) -> None:
        """Write down what was seen; in a pause, because nobody waits for it."""
        seen, self._seen = self._seen, []
        if seen:
            self._tasks.write(mark_seen, seen)

    def decided(self, key: int, action: str) -> None:
        """A decision is on its way to the journal: the row stands back at once."""
        self.deciding[key] = action
        self.model.touch([key])

    def settled(self, key: int, item: str) -> None:
        """The journal has the decision, or refused it: the row is read again."""
        self.deciding.pop(key, None)
        self.changed([item])


def _once(parent: QObject, wait_ms: int, call: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(wait_ms)
    timer.timeout.connect(call)
    return timer
