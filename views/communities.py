"""How communities are told apart where there are several: by name, by platform, by a letter where room is short."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from moderation.ports import CommunityRow
from moderation.text import one_line

PLATFORMS = {"nodebb": "NodeBB", "discourse": "Discourse"}
"""How platforms write their names."""
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Badge:
    """What stands for a community: its letter, and its name in full. Empty where there is only one."""

    letter: str = ""
    name: str = ""


def title(row: CommunityRow) -> str:
    """What a community calls itself."""
    return one_line(row.info.title or "", _LONGEST) or row.name


def in_order(rows: Sequence[CommunityRow]) -> list[CommunityRow]:
    """By title, as people look for them."""
    return sorted(rows, key=lambda row: (title(row).casefold(), row.name))


def badges(rows: Sequence[CommunityRow]) -> dict[str, Badge]:
    """A badge for each community, by its name in ids; nothing where there are not several.

    The letter is the first in which the titles differ by words, a number where that leaves two alike.
    """
    ordered = in_order(rows)
    if len(ordered) < 2:
        return {}
    letters = _letters([title(row) for row in ordered])
    several = len({row.info.platform for row in ordered}) > 1
    return {row.name: Badge(letter, _named(row, several)) for row, letter in zip(ordered, letters, strict=True)}


def _letters(titles: list[str]) -> list[str]:
    words = [each.split() for each in titles]
    same = sum(1 for _ in takewhile(lambda place: len(set(place)) == 1, zip(*words, strict=False)))
    rest = [" ".join(each[same:]) or whole for each, whole in zip(words, titles, strict=True)]
    letters = [each[:1].upper() for each in rest]
    return letters if len(set(letters)) == len(letters) else [str(number) for number in range(1, len(titles) + 1)]


def _named(row: CommunityRow, several: bool) -> str:
    """With its platform where there are several of those."""
    platform = PLATFORMS.get(row.info.platform, row.info.platform)
    return f"{title(row)} ({platform})" if several else title(row)
