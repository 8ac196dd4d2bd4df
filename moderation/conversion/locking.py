"""A thread is closed for replies while it comes back, so that nothing can be said in it after the server's last look.

The request to move it may arrive minutes after it was sent, when everybody has given it up: as long as it may still
arrive the lock stands. It is opened again by the step behind the move, or by going on with the case in private. A
thread that was closed already stays so.

On NodeBB a locked topic takes neither replies nor edits of members. A closed topic of Discourse is edited by its
authors, an archived one is not: there it is archived.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from moderation.actions import Action
from moderation.cases import TAKES_BACK, UNSURE, Case
from moderation.conversion.draft import Back
from moderation.conversion.parts import Step
from moderation.ids import Ref
from moderation.intents import Json
from moderation.plans import Sender, Wish

LOCKS, UNLOCKS, HIDES_WORDS, MOVES_BACK = "lock", "unlock", "hide_words", "move_back"
"""What these steps are called."""
DISCOURSE = "discourse"
_ON_DISCOURSE = {Action.LOCK: Action.ARCHIVE, Action.UNLOCK: Action.UNARCHIVE}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lock:
    """What the steps of a case tell of its lock: it ``stands``, or was sent, and given up before that was known."""

    stands: bool = False
    unsure: bool = False

    @property
    def left(self) -> bool:
        """True where members may be locked out by this case."""
        return self.stands or self.unsure


def lock_of(case: Case) -> Lock:
    """The lock as the steps left it."""
    lock = Lock()
    for step in sorted(case.steps, key=lambda one: one.at or _LONG_AGO):
        what = step.facts.get("what")
        if what == LOCKS and step.done:
            lock = Lock(stands=step.acted or lock.stands)
        elif what == LOCKS and step.facts.get(UNSURE):
            lock = Lock(lock.stands, unsure=True)
        elif what == UNLOCKS and step.done:
            lock = Lock()
    return lock


def locks(back: Back) -> bool:
    """True where the way back begins with closing the thread: it left, is not back, and nobody has closed it."""
    lock, thread = lock_of(back.case), back.scene.thread
    return not _is_back(back) and (lock.unsure or not thread.locked)


def locking(back: Back) -> Step | None:
    """The first step of the way back."""
    lock = lock_of(back.case)
    return _step(back, LOCKS, Action.LOCK, {UNSURE: True} if lock.unsure else {})


def unlocking(back: Back) -> Step | None:
    """The step behind the move: takes back what the lock of this plan did, or one that stands from an earlier plan."""
    more: Json = {} if lock_of(back.case).stands else {TAKES_BACK: LOCKS}
    return _step(back, UNLOCKS, Action.UNLOCK, more)


def unlocked(case: Case, platform: str, sender: Sender | None) -> Wish:
    """The step that opens the thread again where it stays private."""
    thread, payload = Ref.parse(case.thread), {"case": case.key, "what": UNLOCKS, "ensure": True}
    return Wish(_by(platform, Action.UNLOCK), thread, None, thread, "", payload, None, sender)


def stays_private(case: Case) -> bool:
    """True while the way back has done nothing yet that the public could see, and nothing of it can arrive any more."""
    back = [step for step in case.steps if step.facts.get("back")]
    harmless = {LOCKS, UNLOCKS, HIDES_WORDS}
    return not any((step.acted or step.facts.get(UNSURE)) and step.facts.get("what") not in harmless for step in back)


def _step(back: Back, what: str, action: Action, more: Json) -> Step | None:
    scene, thread = back.scene, Ref.parse(back.case.thread)
    platform = scene.community.info.platform
    wish = Wish(_by(platform, action), thread, None, thread, "", {**more, "ensure": True})
    if platform == DISCOURSE:
        return back.keys.staff(what, wish)
    return back.keys.moderator(what, wish, scene.forum, scene.under)


def _by(platform: str, action: Action) -> Action:
    """What closes a thread for edits too."""
    return _ON_DISCOURSE[action] if platform == DISCOURSE else action


def _is_back(back: Back) -> bool:
    """True where it was moved back before, and stands there as far as is known."""
    moved = [step for step in back.case.steps if step.done and step.facts.get("what") == MOVES_BACK]
    return bool(moved) and back.scene.forum is not None and back.scene.thread.forum == back.scene.forum.id
