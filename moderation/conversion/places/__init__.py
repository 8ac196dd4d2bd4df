"""Private places, one module each, and the table of what is offered where.

A plan keeps the order of everything; a place says what its own steps are. To add one: a code in
:class:`moderation.conversion.parts.Place`, a module here with a class that answers :class:`PrivatePlace`, a line in
``PLACES``. What is not in the table is not offered.
"""

from moderation.conversion.parts import Place, Shape
from moderation.conversion.places.category import InCategory
from moderation.conversion.places.chat import InChat
from moderation.conversion.places.message import InMessage
from moderation.conversion.places.private import PrivatePlace
from moderation.conversion.places.ticket import InTicket

__all__ = ["PLACES", "PrivatePlace", "place_of", "places_for"]

PLACES: tuple[PrivatePlace, ...] = (InCategory(), InChat(), InMessage(), InTicket())
"""The usual one of a platform first."""


def places_for(platform: str, shape: Shape, *, ticket: bool = False) -> tuple[Place, ...]:
    """The private places that a platform has for a shape, the usual one first: a ticket, where a ticket system is
    connected.
    """
    here = [place.code for place in PLACES if place.serves(platform, shape) and place.code is not Place.TICKET]
    tickets = [Place.TICKET] if ticket and InTicket().serves(platform, shape) else []
    return (*tickets, *here)


def place_of(code: Place | str) -> PrivatePlace | None:
    """The place with this code, ``None`` for one that is not in the table."""
    return next((place for place in PLACES if place.code == code), None)
