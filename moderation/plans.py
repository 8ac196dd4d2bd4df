"""Plans: a decision as a chain of dependent steps, each an intent that waits for the receipt of the one before it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from moderation.actions import SPECS, Action
from moderation.ids import Kind, Ref
from moderation.intents import Identities, Intent, IntentState, Json, Plan
from moderation.items import Item, Offer

STALE_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Sender:
    """Under whom a plan is sent."""

    community: str
    account: Ref
    identity: Identities = Identities.ME


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants done: an action with what belongs to it, before it becomes a plan.

    ``sender`` is who sends this step where that is not the sender of the plan.
    """

    action: Action
    target: Ref
    item: Ref | None = None
    thread: Ref | None = None
    seen_version: str = ""
    payload: Json = field(default_factory=dict)
    undo_of: str | None = None
    sender: Sender | None = None


def wishes_for(
    item: Item,
    action: Action,
    *,
    seen_version: str,
    note: str | None = None,
    message: str | None = None,
    payload: Json | None = None,
) -> list[Wish]:
    """The ordered steps of a decision: the act itself, then the author is told, then the note (DESIGN section 5,
    point 7).

    A held post is gone once it is decided: its author is told before an approval, and within a rejection. What the
    server names itself (:class:`~moderation.items.Offer`) is asked of it by that name, after what it leaves to its
    client.
    """

    def wish(what: Action, extra: Json | None = None) -> Wish:
        return Wish(what, _target(item, what), item.id, item.thread, seen_version, extra or {})

    main = wish(action, dict(payload or {}))
    offer = item.offered(action)
    if item.kind is Kind.HELD:
        if message and action is Action.REJECT:
            return [replace(main, payload={**main.payload, "message": message})]
        return [wish(Action.NOTIFY, {"text": message}), main] if message else [main]
    steps = [main] if offer is None else _offered(item, offer, main)
    if message:
        steps.append(wish(Action.MESSAGE, {"text": message}))
    if note:
        steps.append(wish(Action.NOTE, {"text": note}))
    return steps


_LEFT_TO_CLIENT = {"suspend": Action.BAN, "silence": Action.MUTE, "edit": Action.EDIT}


def doable(offer: Offer) -> bool:
    """False for an offer of which a part that this program does not know is left to the client."""
    return offer.client_action is None or offer.client_action in _LEFT_TO_CLIENT


def _offered(item: Item, offer: Offer, main: Wish) -> list[Wish]:
    """A server's offer as steps. The payload of the last names the offer (``offer``) and what it ``leads_to``; that
    of a step before it says for which offer it ``prepares``.
    """
    named: Json = {"offer": offer.name, "leads_to": offer.leads_to.value if offer.leads_to else None}
    first = _LEFT_TO_CLIENT.get(offer.client_action or "")
    if first is None:
        return [replace(main, target=item.id, payload={**main.payload, **named})]
    own = {name: value for name, value in main.payload.items() if name in {"reason", "policy", "bulk"}}
    preparing = {**main.payload, "prepares": offer.name}
    return [
        replace(main, action=first, target=_target(item, first), payload=preparing),
        replace(main, action=Action(f"x:{offer.name}"), target=item.id, payload={**own, **named}),
    ]


def _target(item: Item, action: Action) -> Ref:
    """What an action on this item acts on.

    Falls back to the item where the server did not tell post, thread or author.
    """
    if (
        item.kind is Kind.HELD
        and action is not Action.BAN
        and action is not Action.MUTE
        and action is not Action.MESSAGE
    ):
        return item.id
    kinds = {Kind.POST: item.post, Kind.THREAD: item.thread, Kind.MEMBER: item.author}
    on = SPECS[action].on
    return (kinds.get(on) if on is not None else None) or item.id


def make_plan(
    wishes: Sequence[Wish],
    sender: Sender,
    *,
    now: datetime,
    new_id: Callable[[], str],
    hold_seconds: float,
    title: str = "",
) -> Plan:
    """Number the steps: the first is held for the undo window (without one: waits), the others are blocked."""
    plan_id = new_id()
    first = IntentState.HELD if hold_seconds > 0 else IntentState.WAITING
    return Plan(
        id=plan_id,
        created_at=now,
        title=title,
        intents=tuple(
            Intent(
                id=new_id(),
                plan=plan_id,
                step=number,
                community=sender.community,
                account=str((wish.sender or sender).account),
                identity=(wish.sender or sender).identity,
                action=wish.action,
                target=wish.target,
                created_at=now,
                state=first if number == 0 else IntentState.BLOCKED,
                item=wish.item,
                thread=wish.thread,
                seen_version=wish.seen_version,
                payload=wish.payload,
                undo_of=wish.undo_of,
                hold_seconds=hold_seconds if number == 0 else 0.0,
                held_at=now if number == 0 and hold_seconds > 0 else None,
            )
            for number, wish in enumerate(wishes)
        ),
    )


def again(plan: Plan, *, now: datetime, new_id: Callable[[], str]) -> Plan:
    """The same plan anew, with ids of its own: for taking back an \"all back\"."""
    first = plan.intents[0]
    sender = Sender(first.community, Ref.parse(first.account), first.identity)
    wishes = [_as_wish(intent) for intent in plan.intents]
    return make_plan(wishes, sender, now=now, new_id=new_id, hold_seconds=first.hold_seconds, title=plan.title)


def _as_wish(intent: Intent) -> Wish:
    sender = Sender(intent.community, Ref.parse(intent.account), intent.identity)
    facts = (intent.item, intent.thread, intent.seen_version, intent.payload, intent.undo_of, sender)
    return Wish(intent.action, intent.target, *facts)


def is_stale(intent: Intent, now: datetime) -> bool:
    """True for an intent older than 30 minutes that was never sent and that nobody was asked about since."""
    asked = max(intent.created_at, intent.held_at or intent.created_at)
    return intent.attempts == 0 and now - asked > STALE_AFTER
