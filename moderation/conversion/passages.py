"""Passages of a text that should not be public: what the finder is sure of, and telephone numbers by their form, which
the finder leaves to a library that is not here.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from moderation.privacy.spots import Sureness

if TYPE_CHECKING:
    from moderation.privacy.finder import Finder

_PHONE = re.compile(r"\+?\d{1,4}(?:[ ()-]{1,2}\d{2,5}){2,5}")
_SHORTEST = 6


@cache
def _finder() -> "Finder":
    """Imported when it is needed: making its patterns takes a third of a second, which a window does not have."""
    from moderation.privacy.finder import Finder

    return Finder()


def private_passages(text: str) -> list[str]:
    """What stands there and is surely or likely private."""
    spots = [spot for spot in _finder().find_in(text) if spot.sureness is not Sureness.WEAK]
    found = [*(text[spot.start : spot.end] for spot in spots), *(match[0] for match in _PHONE.finditer(text))]
    return [passage for passage in dict.fromkeys(one.strip() for one in found) if len(passage) >= _SHORTEST]
