"""What a window works on, apart from how it looks: the desk's work, the list, prepared items, decisions, the engine."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from moderation.changes import ChangeRecord, Table
from moderation.desk import Desk
from moderation.ids import Ref
from moderation.intents import Intent
from moderation.ports import CommunityRow, CommunityStatus
from moderation.queries import QueueCounts, QueueQuery, QueueRow
from views.communities import Badge, badges, in_order
from views.connect.port import Connecting
from views.convert.port import Converting
from views.decisions import Decisions, title_of
from views.item.pictures_held import Pictures
from views.item.shelf import Shelf
from views.places import Where
from views.queue.feed import QueueFeed
from views.queue.row_state import RowState, Situation, row_state
from views.settings import Preferences, SettingsPort
from views.tasks import RunInBackground, Tasks
from views.theme import Theme
from views.watch import EngineWatch
from views.words import Words

if TYPE_CHECKING:
    from views.coverage.reading import Choice
    from views.following.work import Kept

AWAY = frozenset({"offline", "sign_in"})
_AGAIN_S = 15.0  # an item that the engine was asked for is not asked for again before that


def read_communities(desk: Desk) -> list[CommunityRow]:
    """Connected communities."""
    return desk.communities()


class Session(QObject):
    """Survives a change of theme or language; the widgets around it do not.

    ``failed``: an error for the person. ``communities_read``: names and identities are known.
    """

    failed = Signal(object)
    communities_read = Signal()

    def __init__(
        self,
        desk: Desk,
        theme: Theme,
        run_in_background: RunInBackground,
        settings: SettingsPort,
        key_label: Callable[[str], str],
        connecting: Connecting | None = None,
        converting: Converting | None = None,
    ) -> None:
        super().__init__()
        self.desk = desk
        self.theme = theme
        self.settings = settings
        self.preferences = Preferences.read(settings, theme.language)
        self.tasks = Tasks(desk, run_in_background, self.failed.emit)
        self.feed = QueueFeed(self.tasks, self)
        self.pictures = Pictures(desk.engine, self)
        self.shelf = Shelf(self.tasks, theme, self.now, key_label, self.pictures, self)
        self.decisions = Decisions(desk, self.tasks, self)
        self.watch = EngineWatch(desk.engine, self)
        self.words = Words(theme.language)
        self.connecting, self.converting = connecting, converting
        self.communities: Sequence[CommunityRow] = ()
        self.communities_known = False
        self.badges: dict[str, Badge] = {}
        self.me: frozenset[str] = frozenset()
        self.names: dict[str, str] = {}
        self.where = Where()
        self.listed: QueueQuery | None = None
        self.at: int | None = None
        self.counts = QueueCounts()
        self.cases = 0
        self.gaps = 0
        self.following: Kept | None = None
        self.coverage: Choice | None = None
        self.case_at: tuple[str, str] | None = None
        self.watch.heard.connect(self._heard)
        self.decisions.touched.connect(self._touched)
        self.feed.renewed.connect(self.shelf.renew)
        self.shelf.failed.connect(self.failed)
        self._asked: dict[str, float] = {}

    def start(self) -> None:
        """Read what every screen needs and begin to listen."""
        self.read_communities()
        self.decisions.refresh()
        self.watch.start()

    def read_communities(self) -> None:
        """Read which communities are connected, and tell it."""
        self.tasks.read("communities", read_communities, then=self._communities)

    def now(self) -> datetime:
        """The desk's wall clock, aware UTC."""
        return self.desk.clock.now()

    def title_of(self, intent: Intent) -> str:
        """What an intent is about, in few words."""
        return title_of(intent, self.decisions.titles)

    def offline(self) -> CommunityStatus | None:
        """A community that cannot be reached, if any."""
        return next((s for s in self.watch.statuses if s.state in AWAY), None)

    def away(self) -> frozenset[str]:
        """All communities that cannot be reached."""
        return frozenset(status.community for status in self.watch.statuses if status.state in AWAY)

    def badge_of(self, row: QueueRow) -> Badge:
        """From which community a row is, where there are several."""
        return self.badges.get(row.id.partition(":")[0], Badge())

    def row_state(self, row: QueueRow) -> RowState:
        """What a row shows at its right end."""
        feed = self.feed
        situation = Situation(
            left=row.key in feed.model.left,
            deciding=feed.deciding.get(row.key),
            done=feed.done.get(row.key),
            me=self.names,
            remaining=self.decisions.remaining,
            now=self.now(),
        )
        return row_state(row, situation, self.words)

    def want(self, items: Sequence[str]) -> None:
        """Prepare these items, and ask the engine for what is not here in full, their authors included."""
        self.shelf.want(items)
        now = self.desk.clock.monotonic()
        lacking = [each for item in items for each in self._lacking(item)]
        due = [each for each in dict.fromkeys(lacking) if now - self._asked.get(each, -_AGAIN_S) >= _AGAIN_S]
        if due:
            self._asked |= dict.fromkeys(due, now)
            self.desk.engine.want([Ref.parse(each) for each in due])

    def _lacking(self, item: str) -> list[str]:
        facts = self.shelf.facts(item)
        if facts is None or not facts.complete:
            return [item]
        return [str(facts.stranger)] if facts.stranger is not None else []

    def _communities(self, rows: list[CommunityRow]) -> None:
        self.communities, self.communities_known = in_order(rows), True
        self.badges = badges(rows)
        self.names = {str(row.identity.member): row.identity.name for row in rows}
        self.me = frozenset(self.names)
        self.communities_read.emit()

    # -- changes ---------------------------------------------------------------------------------------------------
    def _heard(self, records: list[ChangeRecord]) -> None:
        for record in records:
            if record.table is Table.ITEM and record.everything:
                self.feed.all_changed()
            elif record.table is Table.FOUND:
                self._found(record)
            elif record.table in {Table.ITEM, Table.TEAM}:
                self.feed.changed([item for item in record.ids if _is_item(item)])
            elif record.table is Table.INTENT:
                self.decisions.refresh(touch=True)
            elif record.table is Table.COMMUNITY:
                self.read_communities()
            elif record.table in {Table.POST, Table.THREAD, Table.MEMBER, Table.FORUM}:
                self.shelf.renew_about(record)
                if self.feed.query.exposed:
                    self._found(record)

    def _found(self, record: ChangeRecord) -> None:
        """Private data was found, or a post that holds some changed: the list of such posts, and its number."""
        if record.everything:
            self.feed.all_changed()
        else:
            self.feed.changed([post for post in record.ids if self.feed.query.exposed])
        self.shelf.renew_about(record)

    def _touched(self, items: Sequence[str]) -> None:
        self.feed.changed(items)


def _is_item(text: str) -> bool:
    return text.split(":")[1:2] in (["flag"], ["held"], ["review"])
