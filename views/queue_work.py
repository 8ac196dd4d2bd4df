"""The work on the queue: which item is at hand, what its keys do, and what comes next."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from moderation.actions import SPECS, Action, Weight
from moderation.desk.permissions import PermittedAction
from moderation.ids import ITEM_KINDS, Kind
from resources.policies import Policy, policies
from views.bulk import Bulk
from views.decisions import Choice
from views.item.facts import ItemFacts
from views.item.pane import ItemPane
from views.item.reasons import ReasonList
from views.queue.panel import QueuePanel
from views.registry import Registry
from views.session import Session
from views.verbs import ASKS_WHY, ITEM_VERBS, VERBS

_AHEAD, _BACK = 4, 2
_ON_AN_ITEM = (
    *("browser", "copy_link", "history", "drawer", "before", "after"),
    *("more", "pictures", "quote", "mark", "skip", "not_private", "prove", "convert", "follow_thread"),
)
_PAUSE_MS = 8


class QueueWork(QObject):
    """Connects list, pane and verbs of one window.

    ``asked``: a verb needs a dialog before it is done (verb, facts, policy, message, note). ``emptied``: there is no
    item to show. ``decided``: an action was taken on an item (its title). ``permitted``: verbs were allowed anew.
    """

    permitted = Signal()
    asked = Signal(str, object, object, str, str)
    emptied = Signal()
    decided = Signal(str, str)

    def __init__(
        self,
        session: Session,
        panel: QueuePanel,
        pane: ItemPane,
        registry: Registry,
        reasons: ReasonList,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._panel, self._pane = session, panel, pane
        self._registry, self._reasons = registry, reasons
        self._item: str | None = None
        self._key: int | None = None
        self._pending: tuple[str, ItemFacts, int | None] | None = None
        self.bulk: Bulk | None = None
        self.active = True
        self._sweep = QTimer(self)
        self._sweep.setSingleShot(True)
        self._sweep.setInterval(0)
        self._sweep.timeout.connect(session.feed.sweep)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._prepare)
        panel.table.chosen.connect(self.choose)
        session.feed.started.connect(self._started)
        session.feed.numbers.connect(self._numbers)
        session.feed.model.dataChanged.connect(self._rows_changed)
        session.shelf.ready.connect(self._ready)
        session.shelf.missing.connect(self._missing)
        session.decisions.settled.connect(self._settled)
        reasons.taken.connect(self._reason_taken)
        reasons.finished.connect(lambda _: pane.bar.ask(None))
        self._wire()

    def _wire(self) -> None:
        on = self._registry.on
        on("first", self.first)
        on("read_on", self.read_on)
        on("before", lambda: self._pane.unfold("before"))
        on("after", lambda: self._pane.unfold("after"))
        on("claim", self.claim)
        for verb in ITEM_VERBS:
            if verb not in {"reply", "note"}:
                on(verb, self._doing(verb))

    def _doing(self, verb: str) -> Callable[[], None]:
        return lambda: self.do(verb)

    # -- which item ------------------------------------------------------------------------------------------------
    def choose(self, key: int) -> None:
        """Another row became current: show its item, and prepare what may come next."""
        if self._key is not None and key != self._key:
            self._session.feed.seen(self._key)
            self._sweep.start()
        self._key = key if key >= 0 else None
        row = self._session.feed.model.known(key)
        if row is None:
            self._item = None
            return
        self._item = row.id
        self._pane.show_item(row.id, self.place())
        self.permit()
        self._pane.paint_now()
        if self._session.shelf.facts(row.id) is None:
            self._prepare()
        elif not self._soon.isActive():
            self._soon.start()

    def _prepare(self) -> None:
        """Read and lay out what may come next; in a pause, so that no reading stands in the way of a key."""
        self._soon.stop()
        self._session.want(self._near())
        self._session.feed.look_ahead(self._panel.table.current_row())

    @property
    def waiting_to_prepare(self) -> bool:
        """True when the next items are going to be asked for in a moment."""
        return self._soon.isActive()

    def place(self) -> str:
        """“3 of 148”."""
        position, total = self._panel.table.current_row() + 1, self._session.feed.total
        number = self._session.words.number
        return self._session.words.say("place_of", n=number(position), total="…" if total is None else number(total))

    def _near(self) -> list[str]:
        """The current item first, then those ahead, then those behind."""
        model, here = self._session.feed.model, self._panel.table.current_row()
        steps = [0, 1, -1, *range(2, _AHEAD + 1), *range(-2, -_BACK - 1, -1)]
        rows = [model.peek(here + step) for step in steps if 0 <= here + step < model.rowCount()]
        return [row.id for row in rows if row is not None]

    def _started(self) -> None:
        table = self._panel.table
        self._key = None
        if self._session.feed.model.rowCount() == 0:
            self._item = None
            self.permit()
            self.emptied.emit()
            return
        if table.current_row() < 0:
            table.go_to(0)
        table.verticalScrollBar().setValue(0)

    def _numbers(self) -> None:
        if not self._pane.composing and self._session.feed.sweep_if_done():
            self._key = self._item = None
            self.permit()
            self.emptied.emit()
        if self._item is not None:
            self._pane.header.place = self.place()
            self._pane.header.update()

    def written(self) -> None:
        """An answer or a note is written, or left: what stayed for it alone may leave the list."""
        self._numbers()

    def _rows_changed(self) -> None:
        if self._item is None and self._panel.table.current_row() >= 0:
            key = self._panel.table.current_key()
            if key is not None and self._session.feed.model.known(key) is not None:
                self.choose(key)

    def _ready(self, item: str) -> None:
        if item == self._item:
            self.permit()
            self._pane.paint_now()

    def _missing(self, item: str) -> None:
        if item == self._item:
            self._pane.bar.warn("", self._session.words.say("item_missing"))

    # -- moving ----------------------------------------------------------------------------------------------------
    def step(self, by: int) -> None:
        """Next or previous item."""
        self._panel.table.step(by)

    def first(self) -> None:
        """Let the new rows in and go to the top."""
        self._session.feed.take_waiting()
        self._panel.table.go_to(0)
        self._panel.table.setFocus()

    def read_on(self) -> None:
        """Scroll on; at the end, the next item."""
        if not self._pane.posts.read_on():
            self.step(1)

    # -- what is possible ------------------------------------------------------------------------------------------
    def facts(self) -> ItemFacts | None:
        """The item that a key acts on: the one that was painted last, if it is still the current one."""
        painted = self._pane.painted if self.active else None
        return painted if painted is not None and str(painted.ref) == self._item else None

    def permit(self) -> None:
        """Enable the verbs that this person may use on this item; the others say why not."""
        facts = self._session.shelf.facts(self._item) if self._item is not None and self.active else None
        for verb in (*ITEM_VERBS, "claim", "later"):
            self._permit(verb, facts)
        for verb in _ON_AN_ITEM:
            self._registry.allow(verb, None if facts is not None else self._say_nothing())
        self._pane.bar.point(None)
        self.permitted.emit()

    def _permit(self, verb: str, facts: ItemFacts | None) -> None:
        action = VERBS[verb].action
        if self.active and self.bulk is not None and self.bulk.takes(verb):
            self._registry.show(verb, visible=True)
            self._registry.allow(verb)
            return
        entry = facts.permitted.get(action) if facts is not None and action is not None else None
        self._registry.call(verb, entry.label if entry is not None else None)
        if facts is None:
            self._registry.allow(verb, self._say_nothing())
            return
        if verb in {"claim", "note", "later"}:  # nobody has to do with a post that nobody reported
            self._registry.allow(verb, None if facts.ref.kind in ITEM_KINDS else self._session.words.say("not_here"))
            return
        if verb == "reply":
            able = "reply" in facts.capabilities
            why = None if able and facts.has_thread else "no_thread" if able else "not_able"
            self._registry.allow(verb, self._session.words.say(why, platform="") if why else None)
            return
        self._registry.show(verb, entry is not None)
        if entry is None:
            self._registry.allow(verb, self._session.words.say("not_here"))
        else:
            code = None if entry.allowed else entry.why_not or "right_missing"
            why_not = self._session.words.say(code, action=verb, item=str(facts.ref)) if code else None
            self._registry.allow(verb, why_not)

    @property
    def key(self) -> int | None:
        """Key of the row at hand."""
        return self._key

    def take_up(self, key: int | None) -> None:
        """Go on in a list that other widgets have shown: at this row, if it is still there."""
        position = self._session.feed.model.position(key) if key is not None else -1
        self._panel.table.go_to(max(0, position))

    def open_item(self, item: str) -> bool:
        """Make an item current that stands in the list; ``False`` when it does not."""
        key = self._session.feed.model.known_ids().get(item)
        position = self._session.feed.model.position(key) if key is not None else -1
        if position >= 0:
            self._panel.table.go_to(position)
        return position >= 0

    def _say_nothing(self) -> str:
        if not self.active:
            return self._session.words.say("not_here")
        return self._session.words.say("not_read" if self._item is not None else "nothing_selected")

    # -- deciding --------------------------------------------------------------------------------------------------
    def do(self, verb: str) -> None:
        """A key or button of a verb: at once, after a reason, or after a dialog; on what is marked, if anything is."""
        if self.bulk is not None and self.bulk.takes(verb):
            self.bulk.do(verb)
            return
        facts = self.facts()
        if facts is None:
            self._pane.bar.warn("", self._session.words.say("nothing_painted"))
            return
        if verb in ASKS_WHY:
            self._ask_why(verb, facts)
        elif verb in {"edit", "move"}:
            self.asked.emit(verb, facts, None, "", "")
        else:
            self.decide(verb, facts)

    def _ask_why(self, verb: str, facts: ItemFacts) -> None:
        self._pending = (verb, facts, self._key)
        tells = (facts.tells_author and verb in {"hide", "purge"}) or (facts.kind is Kind.HELD and verb == "reject")
        title = self._session.words.say(f"reason_ask_{verb}")
        listed = policies(self._session.theme.language)
        first = facts.policy.code if facts.policy is not None else ""
        above = self._pane.bar.button(verb)
        self._pane.bar.ask(verb)
        self._reasons.ask(title, VERBS[verb].icon, listed, first, above, tells=tells)

    def _reason_taken(self, policy: Policy, message: str, note: str) -> None:
        if self._pending is None:
            return
        (verb, facts, key), self._pending = self._pending, None
        if VERBS[verb].weight is Weight.FINAL or verb == "mute":
            self.asked.emit(verb, facts, policy, message, note)
            return
        self.decide(verb, facts, policy=policy, message=message, note=note, key=key)

    def decide(
        self,
        verb: str,
        facts: ItemFacts,
        *,
        policy: Policy | None = None,
        message: str = "",
        note: str = "",
        payload: dict[str, object] | None = None,
        key: int | None = None,
    ) -> None:
        """Write the decision on exactly the item that was before the person's eyes, and show the next one."""
        action = VERBS[verb].action
        if action is None:
            return
        choice = Choice(
            item=facts.ref,
            action=action,
            version=facts.version,
            reason=policy.title if policy else None,
            policy=(policy.number or policy.code) if policy else None,
            message=message or None,
            note=note or None,
            payload=payload,
        )
        entry = facts.permitted.get(action)
        offer = entry.offer if entry is not None else None
        leads_to = offer.leads_to if offer is not None else SPECS[action].closes
        closes = leads_to is not None and action is not Action.TAKE
        self._write(choice, facts, self._key if key is None else key, closes=closes)

    def take_offer(self, entry: PermittedAction, facts: ItemFacts, reason: str = "") -> None:
        """Decide by what the server names itself, on exactly this item."""
        closes = entry.offer is not None and entry.offer.leads_to is not None
        choice = Choice(facts.ref, entry.action, facts.version, reason=reason or None)
        self._write(choice, facts, self._key if self._item == str(facts.ref) else None, closes=closes)

    def _write(self, choice: Choice, facts: ItemFacts, row_key: int | None, *, closes: bool) -> None:
        action = choice.action
        row = self._session.feed.model.known(row_key) if row_key is not None else None
        if closes and row is not None and row.id == str(facts.ref):
            self._session.feed.decided(row.key, str(action))
        if closes and self._item == str(facts.ref):
            self._panel.table.next_open()
        self._session.decisions.decide(choice, facts.title)
        self.decided.emit(str(action), facts.title)

    def claim(self) -> None:
        """Claim the item, or release what is one's own."""
        facts = self.facts()
        if facts is not None:
            self._session.decisions.claim(facts.ref, mine=facts.mine)

    def _settled(self, item: str) -> None:
        feed = self._session.feed
        key = feed.model.known_ids().get(item)
        if key is not None:
            feed.settled(key, item)
        self._session.shelf.renew([item])
