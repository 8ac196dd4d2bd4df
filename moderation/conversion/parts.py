"""What a plan consists of: shapes, places, steps, who can read, what is said before it runs."""

from dataclasses import dataclass, field
from enum import StrEnum

from moderation.ids import Ref
from moderation.intents import Identities
from moderation.plans import Wish


class Shape(StrEnum):
    """How a thread goes private: a copy goes on there and the question stays, or the thread itself leaves."""

    CONTINUE = "continue"
    TAKE = "take"


class Place(StrEnum):
    """Where it goes on; a ticket where a ticket system is connected."""

    CATEGORY = "category"
    CHAT = "chat"
    MESSAGE = "message"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person chose.

    ``hide``: posts that must leave public view; ``pointer``: the text that stays, empty for the usual one.
    """

    shape: Shape = Shape.CONTINUE
    place: Place = Place.CATEGORY
    hide: tuple[Ref, ...] = ()
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a plan says: a code, how many it concerns, and which."""

    code: str
    count: int = 0
    refs: tuple[Ref, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A right that none of this home's accounts has: its code, the step that needs it, and who has it (names, or
    ``administrators`` where no names are known).
    """

    right: str
    step: str
    holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``what`` it does (a code), the key that it needs (``own``, ``company``, ``administrator``, ``ticket``)
    and the account that holds it; how many of what it concerns, for people.
    """

    what: str
    wish: Wish
    key: str
    account: str
    identity: Identities
    count: int = 0


Steps = list[Step | None]
"""Steps in order; ``None`` stands for one that no account of this home can do."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who can read what: today, in the public thread afterwards, in the private place.

    ``sees`` values: ``all``, ``but`` (all but ``lost`` posts), ``pointer``, ``nothing``.
    """

    who: str
    today: str
    public: str
    private: str
    count: int = 0
    name: str = ""
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Conversion:
    """The plan. It can run when nothing is ``missing`` and nothing ``blocked``."""

    key: str
    shape: Shape
    place: Place
    steps: tuple[Step, ...] = ()
    readers: tuple[Reader, ...] = ()
    leaves: tuple[Ref, ...] = ()
    pointer: str = ""
    remarks: tuple[Remark, ...] = ()
    missing: tuple[Missing, ...] = ()
    blocked: tuple[Remark, ...] = field(default=())

    @property
    def possible(self) -> bool:
        """True when it can run."""
        return bool(self.steps) and not self.missing and not self.blocked
