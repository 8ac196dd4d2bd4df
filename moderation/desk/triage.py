"""Triage: reading the queue and deciding what is in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moderation.actions import SPECS, Action
from moderation.content import Member, Post, Thread
from moderation.desk.bench import Bench, reference
from moderation.desk.candidates import candidate
from moderation.desk.permissions import TELLS, PermittedAction, permitted
from moderation.errors import ConflictError, NotAllowedError, UnknownIdError
from moderation.ids import ITEM_KINDS, Kind, Ref
from moderation.intents import Intent, IntentState, Json, Plan
from moderation.items import Change, Item, ItemState
from moderation.plans import Wish, again, make_plan, wishes_for
from moderation.ports import TeamNote
from moderation.privacy.dismissals import Found
from moderation.queries import PageKey, QueueCounts, QueueIndex, QueueQuery, QueueRow

_OVER = frozenset({IntentState.CANCELLED, IntentState.REFUSED, IntentState.CONFLICT})
_NOT_LEFT = frozenset({IntentState.HELD, IntentState.WAITING, IntentState.APPROVAL})
_NEEDS = {Action.EDIT: "text", Action.MOVE: "forum"}


@dataclass(frozen=True, slots=True)
class ItemContext:
    """An item with everything that stands around it on the screen.

    Missing parts are not known yet (or never were).
    """

    item: Item
    thread: Thread | None
    posts: tuple[Post, ...]
    author: Member | None
    author_items: tuple[QueueRow, ...]
    author_threads: tuple[Thread, ...]
    team_notes: tuple[TeamNote, ...]
    claim: tuple[str, str, datetime] | None
    permitted: tuple[PermittedAction, ...]
    found: dict[str, Found] = field(default_factory=dict)


class Triage:
    """Queue pages and decisions. Reads are local; a decision is on the disk when the call returns."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._taken_back: list[Plan] = []

    def queue(self, query: QueueQuery, after: PageKey | None = None, limit: int = 100) -> list[QueueRow]:
        """A page of the queue, see :meth:`moderation.ports.QueueReader.page`."""
        return self._bench.mirror.page(query, after=after, limit=limit)

    def rows(self, keys: Sequence[int]) -> list[QueueRow]:
        """Rows by key, in the order asked."""
        return self._bench.mirror.rows(keys)

    def find(self, ids: Sequence[str]) -> list[QueueRow]:
        """Rows by id."""
        return self._bench.mirror.find(ids)

    def matching(self, query: QueueQuery, keys: Sequence[int]) -> set[int]:
        """Which of these rows the query contains now."""
        return self._bench.mirror.matching(query, keys)

    def count(self, query: QueueQuery) -> int:
        """How many rows the query has."""
        return self._bench.mirror.count(query)

    def counts(self, query: QueueQuery) -> QueueCounts:
        """Numbers of the sidebar."""
        return self._bench.mirror.counts(query)

    def index(self, query: QueueQuery, cancelled: Callable[[], bool] = lambda: False) -> QueueIndex:
        """The whole order; only on a background thread with a bench of its own."""
        return self._bench.mirror.index(query, cancelled)

    def refresh_overlay(self) -> None:
        """Lay pending intents over the rows anew."""
        self._bench.refresh_overlay()

    def mark_seen(self, item: Ref | str) -> None:
        """The person has had it before their eyes."""
        self._bench.mirror.mark_seen(str(item))

    def item(self, item: Ref | str) -> Item | None:
        """The item in full, or ``None``; a post or thread as a candidate for going private."""
        ref = reference(item)
        if ref.kind in {Kind.POST, Kind.THREAD}:
            return candidate(self._bench.mirror, ref)
        return self._bench.mirror.item(ref)

    def context(self, item: Ref | str, posts: int = 30) -> ItemContext | None:
        """The item with thread, author and notes; ``None`` for an unknown item."""
        with self._bench.mirror.together():
            found = self.item(item)
            return None if found is None else self._around(found, posts)

    def _around(self, found: Item, posts: int) -> ItemContext:
        mirror, team, key = self._bench.mirror, self._bench.team, str(found.id)
        around = mirror.posts(found.thread, around=found.post, limit=posts, staff=True) if found.thread else ()
        looked = [post.id for post in around] + ([found.thread] if found.thread else [])
        row = self._bench.community(found.id.community)
        return ItemContext(
            item=found,
            thread=mirror.thread(found.thread) if found.thread else None,
            posts=tuple(around),
            author=mirror.member(found.author) if found.author else None,
            author_items=tuple(mirror.items_by_author(found.author)) if found.author else (),
            author_threads=tuple(mirror.threads_by_author(found.author)) if found.author else (),
            team_notes=tuple(team.notes(key)),
            claim=team.claims([key]).get(key),
            permitted=tuple(permitted(found, row)),
            found=mirror.found(looked),
        )

    def permitted(self, item: Item) -> list[PermittedAction]:
        """Actions on this item, each with whether it is allowed and why not."""
        return permitted(item, self._bench.community(item.id.community))

    def decide(
        self,
        item: Ref | str,
        action: Action | str,
        *,
        seen_version: str | None = None,
        reason: str | None = None,
        policy: str | None = None,
        note: str | None = None,
        message: str | None = None,
        payload: Json | None = None,
        hold_seconds: float | None = None,
    ) -> Plan:
        """Journal a decision. It leaves after ``hold_seconds`` (the desk's undo window by default; 0: at once).

        ``item`` may also name a post, thread or member for actions on those. ``seen_version`` is the version that the
        person had before their eyes; left out, it is what the mirror holds now. Raises ``UnknownIdError``, and
        ``NotAllowedError`` with the reason of :func:`moderation.desk.permissions.permitted`.
        """
        ref, act = reference(item), named_action(action)
        facts = {k: v for k, v in {"reason": reason, "policy": policy, **(payload or {})}.items() if v is not None}
        wishes = self.wishes(ref, act, seen_version=seen_version, note=note, message=message, facts=facts)
        plan = self._journal(ref.community, wishes, hold_seconds)
        if note and ref.kind is Kind.HELD:
            self._team_note(ref, note)
        return plan

    def wishes(
        self, ref: Ref, action: Action, *, seen_version: str | None, note: str | None, message: str | None, facts: Json
    ) -> list[Wish]:
        """The steps of a decision, checked but not journalled; raises as :meth:`decide`."""
        self._bench.require(ref.community, SPECS[action].capability)
        if missing := _NEEDS.get(action):
            _needed(action, missing, facts)
        if action in TELLS:
            _needed(action, "message", {"message": message or ""})
            facts, message = {**facts, "text": message}, None
        if ref.kind not in ITEM_KINDS:
            given = {"--seen": seen_version, "--note": note, "--message": message}
            if unused := next((name for name, value in given.items() if value), None):
                raise NotAllowedError("option_not_for_action", action=str(action), option=unused)
            return [self._bare_wish(ref, action, facts)]
        found = self._known(ref)
        self._check(found, action)
        version = found.version if seen_version is None else seen_version
        wishes = wishes_for(found, action, seen_version=version, note=note, message=message, payload=facts)
        for wish in wishes:
            self._bench.require(ref.community, SPECS[wish.action].capability)
        return wishes

    def plan(self, community: str, wishes: list[Wish], hold_seconds: float | None = None) -> Plan:
        """A plan of these steps, not journalled yet."""
        hold = self._bench.hold_seconds if hold_seconds is None else hold_seconds
        sender = self._bench.sender(community)
        return make_plan(wishes, sender, now=self._bench.clock.now(), new_id=self._bench.ids.new, hold_seconds=hold)

    def undo(self) -> Plan | None:
        """Take back the last decision: cancel what has not left, or journal a compensating plan; ``None`` with
        nothing to undo.

        Raises ``NotAllowedError`` ``no_undo`` where what was sent has no counterpart.
        """
        plans = [plan for plan in self._bench.journal.plans(limit=50) if plan.state not in _OVER]
        undone = {intent.undo_of for plan in plans for intent in plan.intents if intent.undo_of}
        for plan in plans:
            if plan.intents[0].undo_of is None and not undone & {intent.id for intent in plan.intents}:
                return self.undo_plan(plan.id)
        return None

    def undo_plan(self, plan_id: str) -> Plan:
        """Take back one plan, see :meth:`undo`. What leaves in this very moment is on its way, and not taken back.

        What took a thread into private is taken back as a whole (:meth:`~moderation.desk.privately.Privately.undo`):
        bringing back the first of its posts would make public again what it hid. Raises ``NotAllowedError``
        ``undo_of_case``.
        """
        plan = self._plan(plan_id)
        while plan.intents[0].state in _NOT_LEFT:
            if self._cancel(plan):
                return self._plan(plan_id)
            plan = self._plan(plan_id)
        case = next((str(key) for intent in plan.intents if (key := intent.payload.get("case"))), None)
        if case is not None:
            raise NotAllowedError("undo_of_case", case=case)
        if not plan.done:
            raise NotAllowedError("on_its_way", plan=plan_id)
        return self._compensate(plan)

    def _plan(self, plan_id: str) -> Plan:
        plan = self._bench.journal.plan(plan_id)
        if plan is None:
            raise UnknownIdError("plan_unknown", id=plan_id)
        return plan

    def all_back(self) -> list[Plan]:
        """Panic: cancel every plan that is still held, and only those; :meth:`redo_all` does them again.

        A second time with nothing held leaves to that what the first one took back.
        """
        plans = self._bench.journal.cancel_held()
        self._taken_back = plans or self._taken_back
        self._woken("cancelled")
        return list(plans)

    def redo_all(self) -> list[Plan]:
        """Journal anew what :meth:`all_back` took back, with a fresh undo window each."""
        plans = [again(p, now=self._bench.clock.now(), new_id=self._bench.ids.new) for p in self._taken_back]
        self._bench.journal.add(*plans)
        self._taken_back = []
        self._woken("redo")
        return plans

    def claim(self, item: Ref | str) -> Plan | None:
        """Claim for oneself, in the team store and, where the platform has an assignee, there too.

        Raises ``ConflictError`` ``claimed_by_other``. The plan is the assignment on the server; ``None`` where there
        is none.
        """
        ref, me = self._me(item)
        holder = self._bench.team.claim(str(ref), str(me.member), me.name, self._bench.clock.now())
        if holder is not None:
            raise ConflictError("claimed_by_other", item=str(ref), holder=holder)
        if self._known(ref).assignee == me.member:
            return None
        return self._assign(ref, Action.ASSIGN, {"member": str(me.member)})

    def release(self, item: Ref | str) -> Plan | None:
        """Give up one's own claim and assignment.

        Raises ``NotAllowedError`` ``not_claimed`` when there is neither.
        """
        ref, me = self._me(item)
        given_up = self._bench.team.release(str(ref), str(me.member))
        found = self._known(ref)
        if found.assignee == me.member:
            return self._assign(ref, Action.RELEASE, {})
        if not given_up:
            raise NotAllowedError("not_claimed", item=str(ref))
        return None

    def note(self, item: Ref | str, text: str) -> Plan | None:
        """Write a staff note: on the server where items take notes (the plan), else in the team store (``None``)."""
        if not text.strip():
            raise NotAllowedError("note_empty")
        ref = reference(item)
        found = self._known(ref)
        if (
            ref.kind is Kind.HELD
            or SPECS[Action.NOTE].capability not in self._bench.community(ref.community).capabilities
        ):
            self._team_note(ref, text)
            return None
        wish = Wish(Action.NOTE, ref, ref, found.thread, found.version, {"text": text})
        return self._journal(ref.community, [wish], 0.0)

    def _known(self, ref: Ref) -> Item:
        found = self._bench.mirror.item(ref)
        if found is None:
            raise UnknownIdError("item_unknown", id=str(ref))
        return found

    def _me(self, item: Ref | str) -> tuple[Ref, Any]:
        ref = reference(item)
        self._known(ref)
        return ref, self._bench.community(ref.community).identity

    def _check(self, item: Item, action: Action) -> None:
        if action in TELLS and item.kind in SPECS[action].kinds:
            _check_reached(item, action)
            return
        entry = next((entry for entry in self.permitted(item) if entry.action == action), None)
        if entry is None and (action.is_servers_own or item.offers is not None):
            raise NotAllowedError("action_not_offered", action=str(action), item=str(item.id))
        if entry is None:
            raise NotAllowedError("action_not_for_kind", action=str(action), kind=str(item.kind))
        if not entry.allowed:
            raise NotAllowedError(entry.why_not or "right_missing", action=str(action), item=str(item.id))

    def _bare_wish(self, ref: Ref, action: Action, payload: Json) -> Wish:
        spec = SPECS[action]
        if spec.on is not ref.kind:
            raise NotAllowedError("action_not_for_kind", action=str(action), kind=str(ref.kind))
        post = self._bench.mirror.post(ref) if ref.kind is Kind.POST else None
        thread = ref if ref.kind is Kind.THREAD else post.thread if post else None
        return Wish(action, ref, None, thread, "", payload)

    def _assign(self, ref: Ref, action: Action, payload: Json) -> Plan | None:
        row = self._bench.community(ref.community)
        if ref.kind is Kind.HELD or SPECS[action].capability not in row.capabilities:
            return None
        found = self._known(ref)
        return self._journal(ref.community, [Wish(action, ref, ref, found.thread, found.version, payload)], 0.0)

    def _journal(self, community: str, wishes: list[Wish], hold_seconds: float | None) -> Plan:
        plan = self.plan(community, wishes, hold_seconds)
        self._bench.journal.add(plan)
        self._woken("decided")
        return plan

    def _woken(self, reason: str) -> None:
        self._bench.refresh_overlay()
        self._bench.engine.wake(reason)

    def _cancel(self, plan: Plan) -> bool:
        first = plan.intents[0]
        moved = self._bench.journal.move(first.id, first.state, IntentState.CANCELLED)
        if moved is not None:
            self._bench.journal.close_plan(plan.id)
        self._woken("cancelled")
        return moved is not None

    def _compensate(self, plan: Plan) -> Plan:
        sent = [i for i in plan.intents if i.state is IntentState.CONFIRMED]
        main = next((i for i in sent if not SPECS[i.action].once), None)
        back = SPECS[main.action].undone_by if main else None
        if main is None or back is None or (back is Action.MOVE and not main.payload.get("from_forum")):
            raise NotAllowedError("no_undo", plan=plan.id)
        if SPECS[back].capability not in self._bench.community(main.community).capabilities:
            raise NotAllowedError("no_undo", plan=plan.id)
        payload = {"forum": main.payload["from_forum"]} if back is Action.MOVE else {}
        found = self._bench.mirror.item(main.item) if main.item else None
        target = found.post or main.target if found and SPECS[back].on is Kind.POST else main.target
        seen = found.version if found else ""
        wishes = [Wish(back, target, main.item, main.thread, seen, payload, main.id)]
        if found is not None and self._closed_beside(found, main, back):
            wishes.append(Wish(Action.REOPEN, found.id, found.id, main.thread, seen, {}, main.id))
        return self._journal(main.community, wishes, None)

    def _closed_beside(self, item: Item, main: Intent, back: Action) -> bool:
        """True when what is taken back has closed the item besides, which taking it back alone does not undo: a post
        that is visible again would be under no report.
        """
        able = SPECS[Action.REOPEN].capability in self._bench.community(item.id.community).capabilities
        if not able or main.leads_to is None or back is Action.REOPEN or item.state is not main.leads_to:
            return False
        states = [entry for entry in item.history if Change.STATE in entry.changes]
        newest = max(states, key=lambda entry: entry.at, default=None)
        return newest is not None and str(newest.by) == main.account

    def _team_note(self, ref: Ref, text: str) -> None:
        me = self._bench.community(ref.community).identity
        now = self._bench.clock.now()
        self._bench.team.add_note(TeamNote(self._bench.ids.new(), str(ref), str(me.member), me.name, now, text))


def named_action(action: Action | str) -> Action:
    """An action from itself or from its slug; raises ``NotAllowedError`` ``action_unknown``."""
    try:
        return Action(action)
    except ValueError:
        raise NotAllowedError("action_unknown", action=str(action)[:60]) from None


def _check_reached(item: Item, action: Action) -> None:
    """Is there still somebody to tell something?"""
    if action is Action.NOTIFY and item.state is not ItemState.HELD:
        raise NotAllowedError("already_decided", action=str(action), item=str(item.id))
    if action is Action.MESSAGE and item.author is None:
        raise NotAllowedError("nothing_to_act_on", action=str(action), item=str(item.id))


def _needed(action: Action, field: str, facts: Json) -> None:
    if not str(facts.get(field, "")).strip():
        raise NotAllowedError("payload_missing", action=str(action), field=field)
