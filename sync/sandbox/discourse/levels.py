"""Levels on categories as single members chose them: literal lists, that subcategories do not inherit."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sync.sandbox.discourse.wire import Json, number
from sync.sandbox.state import following
from sync.sandbox.state.records import IGNORING, NOT_WATCHING, TRACKING, WATCHING
from sync.sandbox.state.store import State

_NAME = "discourse levels"
FIRST_POST = 4
BY_LIST = {
    "muted_category_ids": 0,
    "regular_category_ids": 1,
    "tracked_category_ids": 2,
    "watched_category_ids": 3,
    "watched_first_post_category_ids": FIRST_POST,
}
_WATCHES = {0: IGNORING, 1: NOT_WATCHING, 2: TRACKING, 3: WATCHING, FIRST_POST: NOT_WATCHING}
_LEVELS = {IGNORING: 0, NOT_WATCHING: 1, TRACKING: 2, WATCHING: 3}


@dataclass(slots=True)
class Levels:
    """Categories of which a member watches first posts only, by member; the other face does not know that level."""

    first_posts: dict[int, set[int]] = field(default_factory=dict)


def level(state: State, uid: int, forum: int) -> int:
    """The member's level, chosen or by default."""
    if forum in _kept(state).first_posts.get(uid, ()):
        return FIRST_POST
    return _LEVELS[following.level(state, uid, forum)]


def choose(state: State, by: int, uid: int, forum: int, new: int | None) -> None:
    """Set a member's level on this category alone; None takes the choice back."""
    watched = _kept(state).first_posts.setdefault(uid, set())
    watched.discard(forum)
    if new == FIRST_POST:
        watched.add(forum)
    following.choose_alone(state, by, forum, None if new is None else _WATCHES[new], uid)


def lists(state: State, uid: int) -> dict[str, list[int]]:
    """The five lists; what a member never chose is in none of them."""
    chosen = {forum: level(state, uid, forum) for forum in state.member(uid).watches}
    return {name: sorted(f for f, here in chosen.items() if here == wanted) for name, wanted in BY_LIST.items()}


def replace(state: State, by: int, uid: int, given: Json) -> None:
    """Replace each list that was sent as a whole."""
    for name, wanted in BY_LIST.items():
        if name in given:
            _replace(state, by, uid, wanted, _ids(given[name]), lists(state, uid)[name])


def _replace(state: State, by: int, uid: int, wanted: int, new: list[int], old: Iterable[int]) -> None:
    for forum in old:
        if forum not in new:
            choose(state, by, uid, forum, None)
    for forum in new:
        if forum in state.tables.forums and forum not in old:
            choose(state, by, uid, forum, wanted)


def _ids(value: object) -> list[int]:
    """Ids as they are sent: a list, or nothing for an empty one."""
    parts = value if isinstance(value, list) else [value]
    return [ident for ident in map(number, parts) if ident]


def _kept(state: State) -> Levels:
    found = state.tables.faces.get(_NAME)
    if not isinstance(found, Levels):
        found = state.tables.faces[_NAME] = Levels()
    return found
