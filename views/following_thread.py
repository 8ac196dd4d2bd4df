"""Following the thread of the item at hand oneself, ignoring it, or neither; with who of the staff follows it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from moderation.content import Level
from moderation.desk import Desk
from moderation.errors import MarqueeError
from moderation.ids import Ref
from moderation.intents import Plan
from moderation.text import one_line

if TYPE_CHECKING:
    from views.following.sheets import ChoiceSheet
    from views.main_window import MainWindow

_NAMED = 6
_EVERYWHERE = (Level.WATCHING, Level.MUTED, Level.NORMAL)


def read_followers(desk: Desk, thread: Ref) -> tuple[list[str], list[Level]]:
    """Names of the staff who are known to follow it, and at which levels it can be followed there."""
    followers = desk.following.threads.see(thread.community).followers().get(thread, ())
    tracks = desk.bench.community(thread.community).info.platform == "discourse"
    levels = [*_EVERYWHERE[:1], *((Level.TRACKING,) if tracks else ()), *_EVERYWHERE[1:]]
    return [one.name for one in followers], levels


def follow_thread(desk: Desk, thread: Ref, level: Level) -> Plan:
    """Journal it."""
    return desk.following.threads.set_level(thread, level)


class ThreadFollowing(QObject):
    """The verb ``follow_thread`` of one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self.sheet: ChoiceSheet | None = None
        window.registry.on("follow_thread", self.ask)

    def ask(self) -> None:
        """Ask how the thread is to be followed."""
        facts = self._window.queue_work.facts()
        if facts is None:
            return
        if facts.thread is None or not facts.has_thread:
            self._window.bar.say(self._session.words.say("no_thread"), gravity="staff")
            return
        then = partial(self._offer, facts.thread, facts.title)
        self._session.tasks.read("thread-followers", read_followers, facts.thread, then=then, failed=self._failed)

    def _offer(self, thread: Ref, title: str, found: tuple[list[str], list[Level]]) -> None:
        from views.following.sheets import ChoiceSheet

        words, (names, levels) = self._session.words, found
        self.sheet = self.sheet or ChoiceSheet(self._window.theme, self._window.centre)
        shown = words.say("list_comma").join(one_line(name, 60) for name in names[:_NAMED])
        if len(names) > _NAMED:
            shown = words.say("list_comma").join((shown, words.say("case_people_more", n=len(names) - _NAMED)))
        known = words.say("follow_thread_by", names=shown) if names else words.say("follow_thread_nobody")
        self.sheet.ask(
            words.say("follow_thread_title", title=one_line(title, 80)),
            known,
            [words.say(f"follow_thread_{level}") for level in levels],
            lambda line: self._take(thread, title, levels[line]),
        )

    def _take(self, thread: Ref, title: str, level: Level) -> None:
        done = partial(self._journalled, thread, title)
        self._session.tasks.write(follow_thread, thread, level, then=done, failed=self._failed)

    def _journalled(self, thread: Ref, title: str, plan: Plan) -> None:
        decisions = self._session.decisions
        decisions.titles[str(thread)] = title
        decisions.last, decisions.bulk = (str(plan.intents[0].action), title), ""
        decisions.refresh(touch=True)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, MarqueeError):
            raise error
        self._window.bar.say(self._session.words.error(error), gravity="danger")
