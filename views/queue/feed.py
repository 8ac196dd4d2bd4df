"""Keeps the list true: reads its pages, follows changes, and lets nothing move under a person's hands."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from moderation.actions import SPECS, Action
from moderation.desk import Desk
from moderation.ports import PUT_OFF
from moderation.queries import PageKey, QueueCounts, QueueIndex, QueueQuery, QueueRow
from views.queue.model import QueueModel
from views.queue.order import QueueOrder, ranks_before, slices
from views.tasks import Tasks

PAGE = 100
_AROUND = 50
_AHEAD = 30
_RENEWED = 100  # rows read again at once: the window is busy for some ten milliseconds with them
_CHANGES_MS, _FLOOD_MS = 30, 500
_ORDER_MS, _ORDER_SHARE = 500, 3  # the whole order is read no more often, and in a fourth of the time at most
_FAR = 5000  # rows that the person may have gone on while the order was read


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What is shown at once after a filter change."""

    query: QueueQuery
    rows: tuple[QueueRow, ...]
    total: int
    counts: QueueCounts


@dataclass(frozen=True, slots=True)
class Seen:
    """The list as it is, down to where the view ends: its rows, and the sort key of the last of them."""

    edge: PageKey
    head: QueueIndex


@dataclass(frozen=True, slots=True)
class WholeOrder:
    """All rows of the query now; ``oldest_ms`` is the creation time of the oldest row.

    Against the list as it was ``seen``: ``above`` are rows that belong into the view or above it and do not stand
    there, ``gone`` keys there that the query has no longer, ``moved`` rows there that now belong below.
    """

    order: QueueOrder
    oldest_ms: int | None
    seen: Seen | None = None
    above: tuple[PageKey, ...] = ()
    gone: tuple[int, ...] = ()
    moved: tuple[PageKey, ...] = ()


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


def read_order(desk: Desk, query: QueueQuery, seen: Seen | None, cancelled: Callable[[], bool]) -> WholeOrder:
    """The whole order, compared with the list down to where the view ends; up to a second at half a million rows."""
    desk.triage.refresh_overlay()
    order = QueueOrder(desk.triage.index(query, cancelled))
    oldest = order.index.oldest_ms
    if oldest is None:
        oldest = min((min(part) for part in slices(order.index.created_ms)), default=None)
    return compared(order, oldest, seen)


def compared(order: QueueOrder, oldest: int | None, seen: Seen | None) -> WholeOrder:
    """What an order that was read says of the list down to where the view ends."""
    if seen is None:
        return WholeOrder(order, oldest)
    head, begin, keys = set(seen.head.keys), order.after(seen.edge), order.index.keys
    places = range(begin)
    above = tuple(order.sort_key(at) for part in slices(places) for at in part if keys[at] not in head)
    kept = set(keys[:begin])
    gone = tuple(key for key in seen.head.keys if key not in order)
    moved = [keys.index(key, begin) for key in seen.head.keys if key not in kept and key in order]
    return WholeOrder(order, oldest, seen, above, gone, tuple(order.sort_key(at) for at in moved))


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

    ``waiting`` are rows (by key) that are new in or above the view; ``None`` where only that much is known.
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
        self.waiting: dict[int, QueueRow | None] = {}
        self.deciding: dict[int, str] = {}
        self.done: dict[int, str] = {}
        self.bottom: Callable[[], int] = lambda: -1
        self.view: Callable[[], tuple[int, int]] = lambda: (0, -1)
        self.current: Callable[[], int | None] = lambda: None
        self._wanted_at: int | None = None
        self._ids: dict[str, None] = {}
        self._overtook: set[str] = set()
        self._everything = False
        self._complete = self._missed = False
        self._rows_soon = _once(self, 0, self._read_rows)
        self._changes_soon = _once(self, _CHANGES_MS, self._read_changes)
        self._order_soon = _once(self, 0, self._read_order)
        self._order_begun, self._order_ended = QElapsedTimer(), QElapsedTimer()
        self._order_pause = 0
        self._seen: list[str] = []
        self._seen_soon = _once(self, 400, self.keep_seen)

    @property
    def waiting_to_read(self) -> bool:
        """True when something is going to be read in a moment."""
        return self._rows_soon.isActive() or self._changes_soon.isActive() or self._order_soon.isActive()

    # -- the list --------------------------------------------------------------------------------------------------
    def show(self, query: QueueQuery) -> None:
        """Another filter: the only moment at which the list is replaced."""
        self.query = query
        self._tasks.cancel("order")
        self._order_soon.stop()
        self._order_pause = 0
        self._tasks.read("queue", read_first, query, then=self._first)

    def reload(self) -> None:
        """The same filter, read from the beginning."""
        self.show(self.query)

    def _first(self, page: FirstPage) -> None:
        self.total, self.waiting = page.total, {}
        self.deciding, self.done = {}, {}
        self.oldest_ms = min((row.created_ms for row in page.rows), default=None)
        self.model.start(QueueOrder.of_rows(page.rows), page.rows)
        self.started.emit()
        self.counted.emit(page.counts)
        self.numbers.emit()
        self._complete, self._missed = page.total <= len(page.rows), False
        if not self._complete:
            self._read_order()
        overtook, self._overtook = self._overtook, set()
        if overtook:  # they were read after this page
            self.changed(sorted(overtook))

    def _order_again(self) -> None:
        """Compare the order soon: while everything changes all the time, seldom enough to leave the machine alone."""
        if not self._order_soon.isActive() and not self._tasks.running("order"):
            rested = self._order_ended.elapsed() if self._order_ended.isValid() else self._order_pause
            self._order_soon.start(max(0, self._order_pause - rested))

    def _read_order(self) -> None:
        """The whole order in the background; once it has been here, what differs from the list."""
        self._order_begun.start()
        seen = self._seen_now() if self._complete else None
        self._tasks.read(
            "order", read_order, self.query, seen, then=self._ordered, cancellable=True, later=True
        )  # fmt: skip

    def _seen_now(self) -> Seen | None:
        order = self.model.order
        edge = min(self.bottom(), len(order) - 1)
        if edge < 0:
            return None
        index = order.index
        head = (index.keys[: edge + 1], index.priorities[: edge + 1], index.created_ms[: edge + 1])
        return Seen(order.sort_key(edge), QueueIndex(*head))

    def _ordered(self, whole: WholeOrder) -> None:
        self._order_pause = max(_ORDER_MS, self._order_begun.elapsed() * _ORDER_SHARE)
        self._order_ended.start()
        if self._tasks.running("queue"):  # a page that was read before this may still replace the list
            self._order_again()
            return
        self.oldest_ms = whole.oldest_ms
        now = self._seen_now()
        if not self._complete:
            self._complete = True
            self.model.append(whole.order)
            if self._missed:
                self._order_again()
        elif now is None or whole.seen is None:
            if len(whole.order):
                self.reload()
        elif not self._lay_below(whole, whole.seen, now):
            self._order_again()
        self.numbers.emit()

    def _lay_below(self, whole: WholeOrder, seen: Seen, now: Seen) -> bool:
        """Below the view the list becomes what was read; in it and above it rows only wait or are marked as left.

        ``False`` when the person has gone too far meanwhile.
        """
        if ranks_before(now.edge, seen.edge):
            if len(now.head) > _FAR:
                return False
            whole, seen = compared(whole.order, whole.oldest_ms, now), now
        order, head = whole.order, set(now.head.keys)
        further = now.head.keys[self.model.order.after(seen.edge) :]
        if len(further) > _FAR or self._moved_since(order, further):
            return False
        for key in whole.moved:
            if key.key in head:
                order.remove(order.find(key))
        before, begin = order.after(seen.edge), order.after(now.edge)
        between = [order.sort_key(at) for at in range(before, begin)]
        above = [key for key in (*whole.above, *between) if not ranks_before(now.edge, key)]
        self.waiting = {key.key: self.waiting.get(key.key) for key in above if key.key not in head}
        standing = [key for key in (*whole.gone, *further) if key in head and key not in order]
        members = order.members
        for new in self.waiting:
            members.discard(new)
        for key in (*standing, *(key.key for key in whole.moved if key.key in head)):
            members.add(key)
        self.model.replace_below(len(now.head), order, begin)
        self._mark_gone(standing)
        self.deciding = {key: action for key, action in self.deciding.items() if key in members}
        return True

    def _moved_since(self, order: QueueOrder, keys: Sequence[int]) -> bool:
        """True when one of these rows of the list stands elsewhere in an order."""
        entered = (self.model.order.sort_key(self.model.position(key)) for key in keys if self.model.position(key) >= 0)
        return any(key.key in order and order.find(key) < 0 for key in entered)

    def _mark_gone(self, gone: Sequence[int]) -> None:
        for key in gone:
            self._mark_left(key, left=True)
        self.model.touch(gone)

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
        self._changes_come()

    def all_changed(self) -> None:
        """Too much changed to name it: what is in view is read again, and the order compared."""
        self._everything = True
        self._changes_come()

    def _changes_come(self) -> None:
        if not self._changes_soon.isActive():
            self._changes_soon.start()

    def _read_changes(self) -> None:
        if self._tasks.running("changes"):
            self._changes_soon.start()
            return
        flood = self._everything or len(self._ids) > _RENEWED
        self._changes_soon.setInterval(_FLOOD_MS if flood else _CHANGES_MS)
        if flood:
            self._everything = False
            self._ids = dict.fromkeys(self._keep_near())
            self._order_again()
        ids, self._ids = list(self._ids), {}
        self._tasks.read("changes", read_changed, self.query, ids, then=self._apply)

    def _keep_near(self) -> list[str]:
        """Forget the rows that are not in view or near it; gives the items of the others."""
        near = {self.model.order.key(at) for at in self._near() if at < len(self.model.order)}
        self.model.forget_but(near | set(self.deciding))
        return list(self.model.known_ids())

    def _near(self) -> Iterator[int]:
        first, last = self.view()
        yield from range(max(0, first - _AHEAD), last + 1 + _AHEAD)
        here = self.bottom()
        yield from range(max(0, here - _AHEAD), here + 1 + _AHEAD)

    def _apply(self, changed: Changed) -> None:
        """Rows that came, stayed, left: only what is below the view may come in unasked."""
        if self._tasks.running("queue"):
            self._overtook.update(row.id for row in changed.rows)
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
        if before is not None and before.pending_action not in {None, PUT_OFF} and row.pending is None:
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
        """Behind a first page stands nothing before the whole order is here: that is put at its end, without a gap."""
        bottom, rest = self.bottom(), self.model.rowCount()
        empty = rest == 0
        below: list[QueueRow] = []
        for row in rows:
            place = self.model.order.place(row.page_key)
            if not self._complete and place == rest:
                self._missed = True
            elif empty or place > bottom:
                below.append(row)
            else:
                self.waiting[row.key] = row
        self.model.merge(below)
        if empty and below:
            self.started.emit()

    # -- what the person does --------------------------------------------------------------------------------------
    def take_waiting(self) -> None:
        """Let the new rows in (``Home``): those that were read go to their places; with others, all is read anew."""
        waiting = len(self.waiting)
        rows, self.waiting = [row for row in self.waiting.values() if row is not None], {}
        if len(rows) < waiting:
            self.reload()
            return
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
