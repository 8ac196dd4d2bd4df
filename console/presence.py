"""The words of presence cards; what a window needs of them before its first paint is nothing."""

from dataclasses import fields
from typing import TYPE_CHECKING

from resources.messages import text

if TYPE_CHECKING:
    from moderation.presence import CardWording

_FACTS = ("forum", "who", "name", "team", "hours", "zone", "languages", "time", "away", "date", "day", "month", "year")


def card_words(language: str) -> "CardWording":
    """The texts of a card; their placeholders stay for it to fill."""
    from moderation.presence import CardWording

    stay = {name: f"{{{name}}}" for name in _FACTS}
    return CardWording(**{one.name: text(f"wording_card_{one.name}", language, **stay) for one in fields(CardWording)})
