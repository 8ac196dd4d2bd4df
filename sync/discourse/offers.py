"""Actions that Discourse offers on an item, under our slugs where one fits.

The list depends on release, rights and the post's state, so it is read from each item and never made up. Names are
stable where labels are not (2021 to 2026).
"""

from collections.abc import Iterable

from moderation.actions import SPECS, Action
from moderation.items import ItemState, Offer, Weight
from sync.discourse.decode import plain
from sync.discourse.review_payloads import ActionP

_R, _D, _G = ItemState.RESOLVED, ItemState.DISMISSED, ItemState.GONE
_MILD, _STRONG, _FINAL = Weight.HARMLESS, Weight.TAKES_AWAY, Weight.FINAL

_KNOWN: dict[str, tuple[str | None, Weight, ItemState | None]] = {
    "agree_and_keep": ("resolve", _MILD, _R),
    "agree_and_keep_hidden": ("resolve", _MILD, _R),
    "agree_and_keep_deleted": ("resolve", _MILD, _R),
    "agree_and_hide": ("hide", _STRONG, _R),
    "agree_and_edit": ("edit", _STRONG, _R),
    "agree_and_restore": ("restore", _MILD, _R),
    "agree_and_silence": ("mute", _STRONG, _R),
    "agree_and_suspend": ("ban", _FINAL, _R),
    "delete_and_agree": (None, _STRONG, _R),
    "delete_and_agree_replies": (None, _STRONG, _R),
    "disagree": ("dismiss", _MILD, _D),
    "disagree_and_restore": ("dismiss", _MILD, _D),
    "disagree_and_keep_deleted": (None, _MILD, _D),
    "ignore": (None, _MILD, _D),
    "ignore_and_do_nothing": (None, _MILD, _D),
    "delete_and_ignore": (None, _STRONG, _D),
    "delete_and_ignore_replies": (None, _STRONG, _D),
    "approve": ("approve", _MILD, _R),
    "approve_post": ("approve", _MILD, _R),
    "approve_post_closed": (None, _MILD, _R),
    "approve_user": ("approve", _MILD, _R),
    "reject_post": ("reject", _STRONG, _D),
    "revise_and_reject_post": (None, _STRONG, _D),
    "delete": (None, _STRONG, _G),
    "delete_user": (None, _FINAL, None),
    "delete_user_block": (None, _FINAL, None),
    "delete_and_block_user": (None, _FINAL, None),
    "reject_user_delete": (None, _FINAL, None),
    "reject_user_block": (None, _FINAL, None),
}


def offers_of(actions: Iterable[ActionP], held: bool) -> tuple[Offer, ...]:
    """Offers in the server's order; the first that fits a slug has it. ``held``: an item that is a held post."""
    found: dict[str, Offer] = {}
    used: set[str] = set()
    for action in actions:
        if action.server_action and action.server_action not in found and _is_name(action.server_action):
            found[action.server_action] = _offer(action, used, held)
            used.add(found[action.server_action].slug)
    return tuple(found.values())


def _offer(action: ActionP, used: set[str], held: bool) -> Offer:
    name = action.server_action
    slug, weight, leads_to = _KNOWN.get(name, (None, _unknown_weight(action), None))
    return Offer(
        name=name,
        slug=slug if slug is not None and slug not in used else _own_slug(name),
        label=plain(action.label, 120) or name,
        description=plain(action.description),
        confirm=plain(action.confirm_message) or None,
        client_action=action.client_action or None,
        needs_reject_reason=bool(action.require_reject_reason),
        weight=_FINAL if action.confirm_destructive else weight,
        leads_to=_R if held and leads_to is _D else leads_to,
    )


def _unknown_weight(action: ActionP) -> Weight:
    dangerous = action.confirm_destructive or "danger" in (action.button_class or "")
    return _FINAL if dangerous else _STRONG


def _own_slug(name: str) -> str:
    """``x:`` and the name, unless that is an action of this program."""
    slug = f"x:{name}"
    return f"x:do_{name}" if slug in SPECS else slug


def _is_name(name: str) -> bool:
    """The server's names are letters and underscores; anything else could not be asked for."""
    try:
        Action(f"x:{name}")
    except ValueError:
        return False
    return True
