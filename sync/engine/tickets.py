"""Connected ticket systems, as the engine meets them: beside the communities, each with a key of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from moderation.errors import ConflictError, Fact, NotAllowedError, SignInError, TryLaterError
from moderation.tickets import TicketSystem

KEY_AGAIN = 60.0
"""Seconds until a key that was not taken is tried again; connecting anew wakes the engine sooner."""


class Offices(Protocol):
    """Opens ticket systems. Safe to use from several threads."""

    def usual(self, community: str) -> str | None:
        """The name of the one that is connected for a community, ``None`` where there is none."""

    def open(self, name: str) -> TicketSystem:
        """One by its name.

        Raises ``NotAllowedError`` ``ticket_office_gone``, ``SignInError`` ``ticket_key_missing``.
        """


class NoOffices:
    """No ticket system is connected."""

    def usual(self, community: str) -> str | None:
        """None."""
        del community
        return None

    def open(self, name: str) -> TicketSystem:
        """Never."""
        raise NotAllowedError("ticket_office_gone", name=name)


@contextmanager
def apart() -> Iterator[None]:
    """What keeps a ticket system from answering concerns what waits for it, and nothing else of the community."""
    try:
        yield
    except SignInError as error:
        raise TryLaterError(error.code, seconds=KEY_AGAIN, **_facts(error)) from error
    except TryLaterError as error:
        raise TryLaterError(error.code, seconds=error.seconds, **_facts(error)) from error


def _facts(error: SignInError | TryLaterError | ConflictError) -> dict[str, Fact]:
    return {name: value for name, value in error.facts.items() if name != "seconds"} | {"scope": "intent"}
