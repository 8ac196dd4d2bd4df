"""Connected ticket systems: what the settings say of them, their keys from the keyring, and the way to them.

An entry of the settings has ``kind``, ``account`` (as whom the system knows the key), ``queue``, ``can`` and
``communities`` (names, separated by commas; empty for all) beside the values that its kind asks for.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from console.credentials import Credentials, ForThisRun, ticket_entry
from console.engine_client import EngineClient
from console.home import Home
from console.settings import Settings, change, load
from moderation.case_tickets import TicketOffice
from moderation.errors import NotAllowedError, SignInError, UnknownIdError
from moderation.ids import community_name
from moderation.tickets import TicketCan, TicketDesk, TicketMessage, TicketSystem

if TYPE_CHECKING:
    from sync.tickets import Setting

_QUEUES = {"rt": "queue", "zendesk": "group", "mail": "to"}
_MAIL = "mail"
TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person gave to connect one; ``key`` is its token or password."""

    kind: str
    url: str
    queue: str
    user: str = ""
    sender: str = ""
    case_field: str = ""
    security: str = ""
    communities: tuple[str, ...] = ()
    key: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """What it is called here: where it is, and the queue."""
        return community_name(f"{community_name(self.url)}/{self.queue}" if self.queue else self.url)

    def values(self) -> dict[str, str]:
        """The values that its kind takes, without the key."""
        given = {"user": self.user, "sender": self.sender, "case_field": self.case_field, "security": self.security}
        given[_QUEUES.get(self.kind, "queue")] = self.queue
        given |= _mail_server(self.url) if self.kind == _MAIL else {"url": self.url}
        known = {setting.name for setting in _spec_settings(self.kind) if not setting.secret}
        return {name: value for name, value in given.items() if value and name in known}


@dataclass(frozen=True, slots=True)
class Tried:
    """A system that answered: as whom it knows the key, and what it can do."""

    asked: Asked
    desk: TicketDesk
    can: frozenset[TicketCan]


class TicketOffices:
    """Opens ticket systems for the engine; one whose settings or key changed is opened anew."""

    def __init__(self, credentials: Credentials, settings: Callable[[], Settings]) -> None:
        self._credentials = credentials
        self._settings = settings
        self._lock = threading.Lock()
        self._open: dict[str, tuple[dict[str, str], TicketSystem]] = {}
        self._retired: list[TicketSystem] = []
        self._handed: dict[str, str] = {}

    def usual(self, community: str) -> str | None:
        """The one that is connected for this community, before one for all."""
        return usual(self._settings().tickets, community)

    def open(self, name: str) -> TicketSystem:
        """One by its name.

        Raises ``NotAllowedError`` ``ticket_office_gone``, ``SignInError`` ``ticket_key_missing``.
        """
        offices = self._settings().tickets
        entry = offices.get(name)
        if entry is None:
            raise NotAllowedError("ticket_office_gone", name=name)
        with self._lock:
            key = self._handed.get(name) or self._credentials.ticket_key(name, len(offices)) or ""
            values = _opened_with(entry, key)
            if not key and _needs_key(entry["kind"]):
                raise SignInError("ticket_key_missing", name=name)
            known = self._open.get(name)
            if known is None or known[0] != values:
                if known is not None:
                    self._retired.append(known[1])
                self._open[name] = known = (values, _open(entry["kind"], values))
            return known[1]

    def keep(self, name: str, key: str) -> None:
        """Remember a key that another process handed over, in memory only; an empty one: look in the keyring again."""
        with self._lock:
            self._handed[name] = key

    def close(self) -> None:
        """Give up sockets."""
        for system in [*self._retired, *(system for _, system in self._open.values())]:
            system.close()


def usual(offices: dict[str, dict[str, str]], community: str) -> str | None:
    """The name of the one that is connected for a community."""
    own = [name for name, entry in sorted(offices.items()) if community in communities_of(entry)]
    every = [name for name, entry in sorted(offices.items()) if not communities_of(entry)]
    return next(iter([*own, *every]), None)


def communities_of(entry: dict[str, str]) -> tuple[str, ...]:
    """The communities that it is for, empty for all."""
    return tuple(filter(None, entry.get("communities", "").split(",")))


def office(settings: Callable[[], Settings], community: str) -> TicketOffice | None:
    """The one of a community as plans see it; asks nobody."""
    offices = settings().tickets
    name = usual(offices, community)
    if name is None:
        return None
    entry = offices[name]
    can = frozenset(TicketCan(one) for one in entry.get("can", "").split(",") if one in set(TicketCan))
    return TicketOffice(
        name, entry["kind"], _title(entry["kind"]), entry.get("account", ""), entry.get("queue", ""), can
    )


def read_ticket(
    settings: Callable[[], Settings], credentials: Credentials, system: str, ticket: str
) -> Sequence[TicketMessage]:
    """What is said in a ticket now, notes for staff too; raises what keeps it from being read."""
    offices = TicketOffices(credentials, settings)
    try:
        return offices.open(system).messages(ticket)
    finally:
        offices.close()


def try_out(asked: Asked) -> Tried:
    """Open it and let it check; raises what is wrong with address, key or queue. Nothing is kept."""
    entry = {"kind": asked.kind, **asked.values()}
    system = _open(asked.kind, _opened_with(entry, asked.key))
    try:
        return Tried(asked, system.check(), system.can)
    finally:
        system.close()


def check(home: Home, credentials: Credentials, name: str) -> TicketDesk:
    """As whom a connected one knows its key now; raises what is wrong."""
    offices = TicketOffices(credentials, lambda: load(home.settings))
    try:
        return offices.open(name).check()
    finally:
        offices.close()


def remember(home: Home, credentials: Credentials, tried: Tried) -> bool:
    """Keep it: the key in the keyring, the rest in the settings; ``False`` where the key is known for this run only."""
    asked = tried.asked
    home.prepare()
    entry = {
        "kind": asked.kind, "account": tried.desk.account, "queue": tried.desk.queue or asked.queue,
        "can": ",".join(sorted(tried.can)), "communities": ",".join(asked.communities), **asked.values(),
    }  # fmt: skip
    stored = credentials.keep_ticket_key(asked.name, asked.key) if asked.key else True
    change(home.settings, lambda settings: replace(settings, tickets={**settings.tickets, asked.name: entry}))
    _tell_engine(home, asked.name, "" if stored else asked.key)
    return stored


def forget(home: Home, credentials: Credentials, name: str) -> None:
    """Let go of one and its key; tickets stay where they are. Raises ``UnknownIdError`` ``ticket_office_unknown``."""
    if name not in load(home.settings).tickets:
        raise UnknownIdError("ticket_office_unknown", name=name)

    def edit(settings: Settings) -> Settings:
        return replace(settings, tickets={n: entry for n, entry in settings.tickets.items() if n != name})

    credentials.forget_ticket_key(name)
    change(home.settings, edit)
    _tell_engine(home, name, "")


def _tell_engine(home: Home, name: str, key: str) -> None:
    """An engine that runs already looks for the key anew."""
    client = EngineClient(home, ForThisRun, may_start=False)
    if key:
        client.hand_over(ForThisRun(tokens={ticket_entry(name): key}))
    else:
        client.forget(name, TICKET)
    client.refresh()
    client.close()


def _open(kind: str, values: dict[str, str]) -> TicketSystem:
    from sync.tickets import open_system

    return open_system(kind, values)


@cache
def _spec_settings(kind: str) -> "tuple[Setting, ...]":
    from sync.tickets import systems

    spec = systems().get(kind)
    if spec is None:
        raise NotAllowedError("ticket_system_unknown", system=kind)
    return spec.settings


@cache
def _title(kind: str) -> str:
    from sync.tickets import systems

    spec = systems().get(kind)
    return spec.title if spec is not None else kind


def kinds() -> list[str]:
    """Installed kinds."""
    from sync.tickets import systems

    return sorted(systems())


def _needs_key(kind: str) -> bool:
    return any(setting.secret and setting.needed for setting in _spec_settings(kind))


def _opened_with(entry: dict[str, str], key: str) -> dict[str, str]:
    """The values to open it with: those that its kind takes, the key under its own name."""
    settings = _spec_settings(entry["kind"])
    values = {one.name: entry[one.name] for one in settings if one.name in entry and not one.secret}
    secret = next((one.name for one in settings if one.secret), None)
    return {**values, secret: key} if secret is not None and key else values


def _mail_server(url: str) -> dict[str, str]:
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        port = parts.port
    except ValueError:
        raise NotAllowedError("ticket_setting_odd", value=url[:80]) from None
    found = {"host": parts.hostname or ""}
    return found | ({"port": str(port)} if port is not None else {})
