"""Which pack holds: the most exact one for a community, a forum and a language."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from moderation.voice.pack import ANY, Pack, Reach


@dataclass(frozen=True, slots=True)
class Clash:
    """Two packs that claim one place in one language; ``forum`` is empty where they claim a whole community."""

    first: Pack
    second: Pack
    community: str
    forum: str


def choose(packs: Iterable[Pack], community: str, forum: Sequence[str], language: str) -> Pack | None:
    """The pack that holds there, with nothing of other levels of politeness; ``None`` where none does.

    ``forum`` is all that the forum is called (its name, its id). One that names the forum goes before one for its
    whole community, that before one for every community. Of two that say the same the first by ``place`` holds, see
    :func:`clashes`.
    """
    names = {one.casefold() for one in forum}
    ranked = [
        (-rank, pack.place, pack, reach)
        for pack in packs
        if pack.language == language
        for reach in pack.reaches
        if (rank := _rank(reach, community, names))
    ]
    if not ranked:
        return None
    _, _, pack, reach = min(ranked, key=lambda one: one[:2])
    return pack.at(reach.level)


def _rank(reach: Reach, community: str, names: set[str]) -> int:
    if reach.community not in {ANY, community}:
        return 0
    if reach.forums and names.isdisjoint(one.casefold() for one in reach.forums):
        return 0
    return 1 + 2 * bool(reach.forums) + (reach.community != ANY)


def clashes(packs: Sequence[Pack]) -> Iterator[Clash]:
    """Places that two packs of one language claim alike."""
    for first, second in combinations(packs, 2):
        if first.language == second.language:
            yield from _between(first, second)


def _between(first: Pack, second: Pack) -> Iterator[Clash]:
    for one in first.reaches:
        for other in second.reaches:
            if one.community != other.community or bool(one.forums) is not bool(other.forums):
                continue
            shared = {name.casefold() for name in one.forums} & {name.casefold() for name in other.forums}
            if shared or not one.forums:
                yield Clash(first, second, one.community, min(shared, default=""))
