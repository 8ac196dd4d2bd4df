"""The bar at the bottom: what leaves in how many seconds and how to take it back; connection, budget, outbox."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from moderation.ports import CommunityStatus
from views.decisions import OutboxState
from views.painting import Pen, keycap_width, pie, text_width
from views.plain import as_typed
from views.registry import Registry
from views.surface import Surface
from views.theme import Theme
from views.words import Words

_SAID_MS = 6000


@dataclass(frozen=True, slots=True)
class Leaving:
    """One held intent: its verb done, what it is about, seconds and share left."""

    verb: str
    title: str
    seconds: float
    share: float


class StatusBar(Surface):
    """Thirty pixels that never move. Clicks on its words do what the words say."""

    ground = "sunken"
    lines = "t"
    wanted = Signal(str)

    def __init__(self, theme: Theme, words: Words, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, parent)
        self._registry = registry
        self.fix_height(theme.height("status_bar", "small"))
        self._leaving: list[Leaving] = []
        self._outbox = OutboxState((), 0, 0, 0, 0, ())
        self._alarms = 0
        self._statuses: Sequence[CommunityStatus] = ()
        self._now: datetime | None = None
        self._named: Mapping[str, str] = {}
        self._address, self._words_said, self._gravity, self._next = "", "", "", ""
        self._last = ""
        self._cell: tuple[str, str] = ("", "")
        self._hits: list[tuple[QRect, str]] = []
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(_SAID_MS)
        self._said.timeout.connect(self._unsaid)
        self.setMouseTracking(True)

    # -- what is shown ---------------------------------------------------------------------------------------------
    def show_leaving(self, leaving: list[Leaving]) -> None:
        """What is held."""
        if leaving != self._leaving:
            self._leaving = leaving
            self.update()

    def show_outbox(self, state: OutboxState, last: str) -> None:
        """Numbers at the right; ``last`` is the last decision, shown when nothing leaves."""
        self._outbox, self._last = state, last
        self._name()
        self.update()

    def show_alarms(self, n: int) -> None:
        """How many alarms need somebody."""
        if n != self._alarms:
            self._alarms = n
            self._name()
            self.update()

    def show_statuses(
        self, statuses: Sequence[CommunityStatus], now: datetime, named: Mapping[str, str] | None = None
    ) -> None:
        """How the communities stand; ``named`` are the names of those that must be told apart."""
        self._statuses, self._now, self._named = statuses, now, named or {}
        self.ground = "staff_tint" if self.offline is not None else "sunken"
        self._name()
        self.update()

    def show_address(self, address: str) -> None:
        """The full address under the mouse."""
        self._address = address
        self.update()

    def show_cell(self, text: str, hint: str = "") -> None:
        """Where the cursor of a table is, in full, and what its keys do; while nothing else is to be said."""
        if (text, hint) != self._cell:
            self._cell = (text, hint)
            self.update()

    def say(self, text: str, *, gravity: str = "", verb: str = "") -> None:
        """A sentence for some seconds; ``gravity`` is an icon's colour: ``danger``, ``staff``, ``customer``.

        ``verb`` is what one may want to do next: it stands behind the sentence with its key.
        """
        self._words_said, self._gravity, self._next = text, gravity, verb
        self.setToolTip(as_typed(text))
        self._said.start()
        self._name()
        self.update()

    def _unsaid(self) -> None:
        self._words_said = ""
        self.setToolTip("")
        self.update()

    @property
    def offline(self) -> CommunityStatus | None:
        """The first community that does not answer or does not know us any more."""
        return next((status for status in self._statuses if status.state in {"offline", "sign_in"}), None)

    def _name(self) -> None:
        stands = self._connection() if self.offline is None else self._offline_head(self.offline)
        alarms = self.words.count("alarms_n", self._alarms) if self._alarms else ""
        parts = [self._words_said or self._last, stands, self._outbox_words(), alarms]
        self.setAccessibleName(", ".join(part for part in parts if part))

    # -- drawing ---------------------------------------------------------------------------------------------------
    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Right side first: it is never cut."""
        self._hits = []
        pen = Pen(painter, self.theme, rect.adjusted(12, 1, -12, 0))
        if self.offline is not None:
            self._draw_offline(pen, self.offline)
            return
        self._draw_right(pen)
        pen.rect.adjust(0, 0, -12, 0)
        self._draw_left(pen)

    def _draw_left(self, pen: Pen) -> None:
        if self._address:
            pen.icon_left("link", "text2", 14)
            pen.left(self._address, "small", "text")
        elif self._words_said:
            icon = {"danger": "circle-x", "staff": "alert-triangle", "customer": "circle-check"}.get(self._gravity)
            if icon:
                pen.icon_left(icon, self.theme.status_colour(self._gravity), 16)
            pen.left(self._words_said, "small", "text", gap=16, least=self._room_for(self._next))
            if self._next:
                self._verb(pen, self._next)
        elif self._leaving:
            self._draw_leaving(pen)
        elif self._outbox.paused:
            pen.icon_left("clock-pause", self.theme.status_colour("staff"), 16)
            key = self._registry.key("bulk_pause")
            start = pen.rect.left()
            pen.left(self.words.count("say_bulk_paused", self._outbox.paused, pause=key), "small", "text")
            self._hits.append((QRect(start, 0, pen.rect.left() - start, self.height()), "bulk_pause"))
        elif self._cell[0]:
            pen.left(self._cell[0], "small", "text", gap=20)
            pen.left(self._cell[1])
        elif self._last:
            pen.left(self.tr("Last:"), gap=6)
            pen.left(self._last, "small", "text", gap=16, least=90)
            self._verb(pen, "undo")
        else:
            pen.left(self.tr("Nothing waits to be sent"))

    def _draw_leaving(self, pen: Pen) -> None:
        shown = self._leaving[-2:]
        buttons = 260 if pen.rect.width() > 560 else 160
        if len(self._leaving) > 2 or pen.rect.width() < 420 * len(shown):
            shown = self._leaving[-1:] if len(self._leaving) == 1 else []
        for leaving in shown:
            self._pie(pen, leaving.share)
            pen.left(leaving.verb, "small", "text", weight=600, gap=6)
            seconds = self._when(leaving)
            share = max(60, (pen.rect.width() - buttons) // len(shown) - 120)
            least = pen.rect.width() - share
            pen.left(self.words.say("quoted", text=leaving.title), least=max(0, least), gap=6)
            pen.left(seconds, "small", "text2", gap=20)
        if not shown:
            first = min(self._leaving, key=lambda leaving: leaving.seconds)
            self._pie(pen, first.share)
            soonest = max(1, round(first.seconds + 0.49))
            said = self.words.say("many_leave", n=len(self._leaving), s=soonest)
            pen.left(
                said if first.seconds > 0 else self.words.say("many_due", n=len(self._leaving)), "small", "text", gap=20
            )
        self._verb(pen, "undo")
        self._verb(pen, "all_back")

    def _when(self, leaving: Leaving) -> str:
        """How long it can be waited; what is due and has not left yet can still be taken back."""
        due = leaving.seconds <= 0
        return self.words.say("leaves_due") if due else self.words.say("leaves_in", n=math.ceil(leaving.seconds))

    def _pie(self, pen: Pen, share: float) -> None:
        top = pen.rect.top() + (pen.rect.height() - 16) // 2
        pie(pen.painter, self.theme, QRect(pen.rect.left(), top, 16, 16), share)
        pen.rect.adjust(24, 0, 0, 0)

    def _room_for(self, verb: str) -> int:
        if not verb:
            return 0
        key = keycap_width(self.theme, self._registry.key(verb))
        return text_width(self.theme, self._registry.label(verb), "small") + key + 40

    def _verb(self, pen: Pen, verb: str) -> None:
        start = pen.rect.left()
        pen.left(self._registry.label(verb), "small", "text", gap=8)
        if pen.rect.width() > 30:
            pen.key_left(self._registry.key(verb), gap=16)
        self._hits.append((QRect(start, 0, pen.rect.left() - start - 8, self.height()), verb))

    def _draw_right(self, pen: Pen) -> None:
        end = pen.rect.right()
        state = self._outbox
        flags = (
            (state.doubts, "doubts_n", "help-circle", "doubt"),
            (state.conflicts, "conflicts_n", "arrows-split-2", "conflict"),
            (state.refused, "refused_n", "circle-x", "refused"),
        )
        grave = [flag for flag in flags if flag[0]]
        for n, code, icon, colour in grave:
            tint = self.theme.status_colour(colour)
            pen.right(self.words.count(code, n), "small", tint, weight=600, gap=6)
            pen.icon_right(icon, tint, gap=16)
        if not grave:
            pen.right(self._outbox_words(), gap=6)
            pen.icon_right("send", "text2", gap=20)
        self._hits.append((QRect(pen.rect.right(), 0, end - pen.rect.right() + 12, self.height()), "go_outbox"))
        self._draw_alarms(pen)
        budget = self._budget()
        if budget and pen.rect.width() > 500:
            pen.right(budget, gap=20)
        pen.right(self._connection(), gap=6)
        good = any(status.state == "connected" for status in self._statuses)
        pen.icon_right(
            "circle-check" if good else "clock", self.theme.status_colour("confirmed" if good else "waiting")
        )

    def _draw_alarms(self, pen: Pen) -> None:
        if not self._alarms:
            return
        end, tint = pen.rect.right(), self.theme.status_colour("staff")
        pen.right(self.words.count("alarms_n", self._alarms), "small", tint, weight=600, gap=6)
        pen.icon_right("bell", tint, gap=20)
        self._hits.append((QRect(pen.rect.right(), 0, end - pen.rect.right(), self.height()), "alarms"))

    def _draw_offline(self, pen: Pen, status: CommunityStatus) -> None:
        words, now = self.words, self._now
        end = pen.rect.right()
        signed_out = status.state == "sign_in"
        verb = "sign_in" if signed_out and "sign_in" in self._registry.runnable() else "refresh"
        pen.key_right(self._registry.key(verb))
        label = self._registry.label(verb).removesuffix("…") if verb == "sign_in" else self.tr("Try now")
        pen.right(label, "small", "text", gap=16)
        self._hits.append((QRect(pen.rect.right(), 0, end - pen.rect.right() + 12, self.height()), verb))
        if verb == "refresh" and status.next_try is not None and now is not None:
            seconds = max(0, round((status.next_try - now).total_seconds()))
            said = words.say("tries_again", span=words.span(seconds, parts=1)) if seconds else words.say("tries_now")
            pen.right(said, "small", "text2", gap=20)
        pen.icon_left("cloud-off", self.theme.status_colour("staff"))
        pen.left(self._offline_head(status), "small", self.theme.status_colour("staff"), weight=600, gap=16)
        if self._words_said or self._address:
            pen.left(self._words_said or self._address, "small", "text")
            return
        waiting = self._outbox.open - self._outbox.conflicts - self._outbox.refused
        trouble = status.trouble or {}
        why = words.in_window(trouble) if signed_out and trouble.get("code") else ""
        pen.left(why or words.count("offline_kept", waiting) if waiting else why or words.say("offline_here"))

    def _offline_head(self, status: CommunityStatus) -> str:
        """Who does not answer (where there are several) and since when, or does not know us."""
        since = self.words.clock(status.since) if status.since is not None else ""
        signed_out = status.state == "sign_in"
        head = self.words.say("status_sign_in") if signed_out else self.words.say("offline_since", time=since)
        return " · ".join(part for part in (self._named.get(status.community, ""), head) if part)

    def _connection(self) -> str:
        words = self.words
        if not self._statuses:
            return words.say("status_unknown")
        state = next((s for s in self._statuses if s.state != "connected"), self._statuses[0])
        read = [status.read_at for status in self._statuses if status.read_at is not None]
        said = words.say(f"status_{state.state}")
        if read and self._now is not None:
            seconds = max(0.0, (self._now - min(read)).total_seconds())
            return words.say("read_ago", status=said, ago=words.span(seconds, parts=1))
        return said

    def _budget(self) -> str:
        left = [status.budget_left for status in self._statuses if status.budget_left is not None]
        return self.words.count("budget_left", int(min(left))) if left else ""

    def _outbox_words(self) -> str:
        return self.words.say("outbox_n", n=self._outbox.open) if self._outbox.open else self.words.say("outbox_empty")

    # -- mouse -----------------------------------------------------------------------------------------------------
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be pressed."""
        over = self._hit(event)
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Do what the word says."""
        verb = self._hit(event)
        if verb:
            self.wanted.emit(verb)

    def _hit(self, event: QMouseEvent) -> str:
        at = event.position().toPoint()
        return next((verb for area, verb in self._hits if area.contains(at)), "")
