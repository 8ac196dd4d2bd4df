"""Ticket systems, found by entry point (group ``marquee.tickets``); each has a ``TICKETS`` of :class:`TicketSpec`.

A ticket system knows nothing of stores and communities: it gives and takes what :mod:`moderation.tickets` names.
One conformance suite (``tests/tickets``) runs against each of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points

from moderation.errors import NotAllowedError
from moderation.tickets import TicketSystem

GROUP = "marquee.tickets"


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that a person gives once. ``secret`` ones are kept in the keyring and shown nowhere."""

    name: str
    needed: bool = True
    secret: bool = False


@dataclass(frozen=True, slots=True)
class TicketSpec:
    """A kind of ticket system. ``open`` takes the values of ``settings`` by name and makes no request."""

    name: str
    title: str
    settings: tuple[Setting, ...]
    open: Callable[[Mapping[str, str]], TicketSystem]


def systems() -> dict[str, TicketSpec]:
    """All installed kinds by name."""
    found = [entry.load() for entry in entry_points(group=GROUP)]
    return {spec.name: spec for spec in found}


def open_system(name: str, values: Mapping[str, str]) -> TicketSystem:
    """Open one; raises ``NotAllowedError`` ``ticket_system_unknown`` or ``ticket_setting_missing``."""
    spec = systems().get(name)
    if spec is None:
        raise NotAllowedError("ticket_system_unknown", system=name)
    for setting in spec.settings:
        if setting.needed and not values.get(setting.name, "").strip():
            raise NotAllowedError("ticket_setting_missing", system=name, setting=setting.name)
    return spec.open(values)
