"""Which actions a person may take on an item, and why not: the one place that says so, for buttons, keys and
commands.
"""

from dataclasses import dataclass

from moderation.actions import SPECS, Action, possible
from moderation.capabilities import Capability
from moderation.content import Identity
from moderation.ids import ITEM_KINDS, Kind
from moderation.items import Item, ItemState, Offer
from moderation.plans import doable
from moderation.ports import CommunityRow

# Steps that a person does not choose from the list of actions: they belong to commands and boxes of their own.
_NOT_CHOSEN = frozenset(
    {Action.REPLY, Action.MESSAGE, Action.NOTIFY, Action.NOTE, Action.ASSIGN, Action.RELEASE, Action.WHISPER}
    | {Action.INVITE, Action.UNINVITE, Action.CONVERT}
)
_OPPOSITE = {Action.HIDE: Action.RESTORE, Action.RESTORE: Action.HIDE}
_ON_A_BARE = {Kind.POST: (Action.HIDE, Action.EDIT, Action.PURGE), Kind.THREAD: (Action.LOCK, Action.MOVE)}
TELLS = frozenset({Action.NOTIFY, Action.MESSAGE})
"""Tell an author something and decide nothing: the message is all there is of them."""
_CLOSED = frozenset({ItemState.RESOLVED, ItemState.DISMISSED, ItemState.GONE})


@dataclass(frozen=True, slots=True)
class PermittedAction:
    """An action with whether it is allowed now; ``why_not`` is a code for people when it is not.

    ``label`` is the server's own where the server offers the action, with everything else that it says in ``offer``.
    """

    action: Action
    allowed: bool
    why_not: str | None = None
    label: str | None = None
    offer: Offer | None = None


def permitted(item: Item, community: CommunityRow) -> list[PermittedAction]:
    """All actions that make sense on this kind of item, in a fixed order.

    Where the server names the decisions itself, exactly those, in its order, before what does not decide the item.
    """
    if item.kind not in ITEM_KINDS:
        return [_judged(action, item, community.identity) for action in _bare(item.kind, _able(community))]
    actions = [action for action in possible(item.kind, _able(community)) if action not in _NOT_CHOSEN]
    offered = [_offered(offer, item) for offer in item.offers or ()]
    if item.offers is not None:
        named = {entry.action for entry in offered}
        actions = [action for action in actions if action not in named and not _decides(action)]
    return offered + [_judged(action, item, community.identity) for action in actions]


def _bare(kind: Kind, able: frozenset[Capability]) -> list[Action]:
    """What may be done with a post or thread about which there is no report."""
    specs = [SPECS[action] for action in _ON_A_BARE.get(kind, ())]
    return [spec.action for spec in specs if spec.capability in able]


def _able(community: CommunityRow) -> frozenset[Capability]:
    return frozenset(Capability(name) for name in community.capabilities if name in Capability._value2member_map_)


def allowed_slugs(item: Item, community: CommunityRow) -> list[str]:
    """Slugs of all that ``decide`` takes now: the actions allowed, and telling the author something."""
    able = _able(community)
    told = [action for action in possible(item.kind, able) if action in TELLS]
    entries = permitted(item, community) + [_judged(action, item, community.identity) for action in told]
    return [str(entry.action) for entry in entries if entry.allowed]


def _decides(action: Action) -> bool:
    return SPECS[action].closes is not None and action is not Action.TAKE


def _offered(offer: Offer, item: Item) -> PermittedAction:
    why_not = "item_gone" if item.state is ItemState.GONE else None if doable(offer) else "only_in_browser"
    action = Action(offer.slug)
    why_not = why_not or (_target_missing(action, item) if offer.client_action else None)
    return PermittedAction(action, why_not is None, why_not, offer.label, offer)


def _judged(action: Action, item: Item, identity: Identity) -> PermittedAction:
    why_not = (
        _state_forbids(action, item, identity)
        or _target_missing(action, item)
        or _right_missing(action, item, identity)
    )
    return PermittedAction(action, why_not is None, why_not)


def _state_forbids(action: Action, item: Item, identity: Identity) -> str | None:
    if item.state is ItemState.GONE:
        return "item_gone"
    if item.kind is Kind.HELD and item.state is not ItemState.HELD:
        return "already_decided"
    closes = SPECS[action].closes
    if action in {Action.RESOLVE, Action.DISMISS, Action.REOPEN} and closes is item.state:
        return "already_so"
    if action is Action.REOPEN and item.state not in _CLOSED:
        return "already_so"
    if action is Action.TAKE and _taken(item, identity):
        return "already_so"
    return "already_so" if _shown_as_wanted(action, item) else None


def _taken(item: Item, identity: Identity) -> bool:
    """True when it is this person's and in progress already; a claim has no state of its own."""
    assigned = item.assignee == identity.member and item.state is ItemState.IN_PROGRESS
    return assigned or item.claimed_by == identity.member


def _shown_as_wanted(action: Action, item: Item) -> bool:
    """True when only bringing back is possible of what is to be hidden (it is hidden), and the other way round."""
    opposite = _OPPOSITE.get(action)
    return item.actions is not None and str(opposite) in item.actions and str(action) not in item.actions


def _right_missing(action: Action, item: Item, identity: Identity) -> str | None:
    if item.actions is not None:
        return None if str(action) in item.actions else "right_missing"
    if identity.may is not None and str(action) not in identity.may:
        return "right_missing"
    if identity.forums is not None and item.forum is not None and item.forum not in identity.forums:
        return "not_your_forum"
    return None


def _target_missing(action: Action, item: Item) -> str | None:
    """A post, thread or author that is not read yet; or that does not exist: a member was reported, a post is gone."""
    on = SPECS[action].on
    if item.kind is Kind.HELD and on is not Kind.MEMBER:
        return None
    known = {Kind.POST: item.post, Kind.THREAD: item.thread, Kind.MEMBER: item.author}
    if on not in known or known[on] is not None:
        return None
    return "nothing_to_act_on" if item.detail else "target_unknown"
