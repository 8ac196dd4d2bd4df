"""The way back of a conversion, from its case: readers as they were before, days later and by any colleague.

Order: first the public thread is as it was, so that the customer reads it; then the pointer goes; then the private
place is closed. A thread that left is closed for replies while it comes back (:mod:`moderation.conversion.locking`).
What was not done by the case is not undone: a post that somebody else had hidden stays hidden.
"""

from dataclasses import dataclass, replace

from moderation.actions import Action
from moderation.cases import CLOSED, Case, CaseState, CaseStep
from moderation.conversion.draft import Back
from moderation.conversion.hiding import showing
from moderation.conversion.locking import HIDES_WORDS, MOVES_BACK, lock_of, locking, locks, unlocking
from moderation.conversion.parts import Missing, Remark, Step, Steps
from moderation.conversion.places import place_of
from moderation.conversion.places.ticket import left_open
from moderation.conversion.returning import changed_while_hidden, checked_by_server, said_in_private
from moderation.conversion.scene import Scene
from moderation.ids import Ref
from moderation.intents import Json
from moderation.plans import Wish


@dataclass(frozen=True, slots=True)
class Undo:
    """The steps back, what cannot be taken back, and which rights are missing."""

    case: Case
    steps: tuple[Step, ...]
    remarks: tuple[Remark, ...]
    missing: tuple[Missing, ...]

    @property
    def possible(self) -> bool:
        """True when it can run."""
        return bool(self.steps) and not self.missing


def plan_undo(case: Case, scene: Scene, others: tuple[Case, ...] = ()) -> Undo:
    """The way back. ``others`` are further cases of this customer; the open ones among them still need their place."""
    back = _Back(case, scene, others)
    found = [step for step in back.steps() if step is not None]
    marked = [_marked(step, last=step is found[-1]) for step in found]
    return Undo(case, tuple(marked), tuple(back.remarks()), tuple(back.keys.missing))


def _marked(step: Step, *, last: bool) -> Step:
    """A step that says that it leads back; the last one says that the case is undone with it."""
    ends = {"ends": str(CaseState.UNDONE)} if last else {}
    return replace(step, wish=replace(step.wish, payload={**step.wish.payload, "back": True, **ends}))


class _Back:
    def __init__(self, case: Case, scene: Scene, others: tuple[Case, ...]) -> None:
        self.case = case
        self.scene = scene
        self.draft = Back(case, scene, others)
        self.keys = self.draft.keys
        self.acted = [step for step in case.steps if step.acted and not step.facts.get("back")]

    def steps(self) -> Steps:
        """All of them, in order."""
        return [*self._public(), *self._pointer(), *self._private()]

    def _public(self) -> Steps:
        scene = self.scene
        moved, checked = self._of(Action.MOVE), checked_by_server(self.acted, self.case, scene)
        place = str(self.case.made("forum") or "")
        checked = {**checked, CLOSED: True}
        back = [
            self._wish(Action.MOVE, step, {"forum": step.facts["from_forum"], "from_forum": place, **checked})
            for step in moved
        ]
        tagged = [
            self._wish(Action.TAG, step, {"without": [self.case.key]})
            for step in self._of(Action.TAG)
            if step.target == self.case.thread
        ]
        converted = [
            self._wish(Action.CONVERT, step, {"public": True, "forum": step.facts["from_forum"], **checked})
            for step in self._of(Action.CONVERT)
        ]
        return [
            *([locking(self.draft)] if self._locks() else []),
            *(self.keys.moderator(HIDES_WORDS, wish, scene.forum, scene.under) for wish in self._words()),
            *(self.keys.staff(MOVES_BACK, wish) for wish in converted),
            *(self.keys.moderator(MOVES_BACK, wish, scene.forum, scene.under) for wish in back),
            *([unlocking(self.draft)] if self._locks() or lock_of(self.case).stands else []),
            *(self.keys.moderator("unlink", wish, scene.forum) for wish in tagged),
            *(showing(self.draft, step) for step in self._shown()),
        ]

    def _locks(self) -> bool:
        """The thread itself left, and is to be closed for replies while it comes back."""
        return bool(self._of(Action.MOVE) or self._of(Action.CONVERT)) and locks(self.draft)

    def _shown(self) -> list[CaseStep]:
        """Posts that the case hid and that show again: not those that were changed meanwhile."""
        return [step for step in self._of(Action.HIDE) if not changed_while_hidden(step, self.scene)]

    def _words(self) -> list[Wish]:
        """What was said or changed in a thread while it was private: hidden before everybody reads it again."""
        said = said_in_private(self.acted, self.scene)
        return [Wish(Action.HIDE, post.id, None, self._thread(), "", {"ensure": True}) for post in said]

    def _pointer(self) -> Steps:
        """The pointer's post; of a pointer that is a thread, the thread too: a hidden one still shows its newest
        visible post to members (measured on NodeBB 4.15.1, ``/api/topic/teaser``).
        """
        found = [one for one in (self.case.opening_post("pointer"), self.case.made("pointer")) if one is not None]
        if self.scene.community.info.platform == "discourse":
            found = found[:1]  # an opening post takes its topic along
        wishes = [Wish(Action.HIDE, one, None, self._thread(), "", {"ensure": True}) for one in found]
        return [self.keys.moderator("hide_pointer", wish, self.scene.forum) for wish in wishes]

    def _private(self) -> Steps:
        place = place_of(self.case.place)
        return place.closed(self.draft) if place is not None else []

    def remarks(self) -> list[Remark]:
        """What stays."""
        shown = self._shown()
        changed = len(self._of(Action.HIDE)) - len(shown)
        said = [
            Remark("closed_meanwhile") if self._locks() or lock_of(self.case).stands else None,
            Remark("place_stays") if self.case.forum() else None,
            Remark("private_words_stay") if self.case.made("thread") else None,
            Remark("ticket_mails_stay") if self._of(Action.TICKET) else None,
            Remark("ticket_left_open") if left_open(self.case, self.scene.ticket) else None,
            Remark("pointer_was_read") if self.case.made("pointer") else None,
            Remark("words_hidden", len(self._words())) if self._words() else None,
            Remark("public_again", len(shown)) if shown else None,
            Remark("changed_stays_hidden", changed) if changed else None,
        ]
        return [one for one in said if one is not None]

    def _of(self, action: Action) -> list[CaseStep]:
        return [step for step in self.acted if step.action == action]

    def _thread(self) -> Ref:
        return Ref.parse(self.case.thread)

    def _wish(self, action: Action, step: CaseStep, payload: Json) -> Wish:
        return Wish(action, Ref.parse(step.target), None, self._thread(), "", {**payload, "ensure": True}, step.intent)
