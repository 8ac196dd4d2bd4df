"""What the sheets are for, where they begin, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum

from views.connect.port import Person


class Aim(StrEnum):
    """What the sheet is for: a new community, a new key for a connected one, or its company account."""

    ADD = "add"
    AGAIN = "again"
    OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class Start:
    """Where it begins: ``community`` (name and title) for what is connected, ``address`` for what was typed before."""

    aim: Aim = Aim.ADD
    community: str = ""
    title: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it. ``stored``: the key is in the keyring, else it is known in this run only."""

    aim: Aim
    community: str
    person: Person
    stored: bool


class Leaving(StrEnum):
    """Only the keys go, or everything."""

    SIGN_OUT = "sign_out"
    DISCONNECT = "disconnect"


@dataclass(frozen=True, slots=True)
class Left:
    """A community was signed out of or let go of. ``revoked``: the server has taken back what it gave."""

    what: Leaving
    title: str
    revoked: bool
