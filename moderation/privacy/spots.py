"""What the finder says: a kind of private data, where it stands, why, how sure that is, and how grave it would be."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class PrivateKind(StrEnum):
    """Kinds of private data; the values are codes with words in the catalogues (``private_kind_<value>``)."""

    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    NAME = "name"
    CARD = "card"
    IBAN = "iban"
    ACCOUNT = "account"
    PERSONAL_ID = "personal_id"
    ORDER = "order"
    CONTRACT = "contract"
    ACCESS_KEY = "access_key"
    PASSWORD = "password"  # noqa: S105 - the name of a kind
    IP = "ip"


class Sureness(StrEnum):
    """How sure: ``certain`` proves itself (check digits, labels, prefixes), ``likely`` looks like it, ``weak`` harms
    nobody as a rule: it is marked and does not alarm."""

    CERTAIN = "certain"
    LIKELY = "likely"
    WEAK = "weak"


GRAVITY: dict[PrivateKind, int] = {
    PrivateKind.CARD: 3,
    PrivateKind.PERSONAL_ID: 3,
    PrivateKind.ACCESS_KEY: 3,
    PrivateKind.PASSWORD: 3,
    PrivateKind.IBAN: 2,
    PrivateKind.ACCOUNT: 2,
    PrivateKind.ADDRESS: 2,
    PrivateKind.PHONE: 2,
    PrivateKind.EMAIL: 2,
    PrivateKind.NAME: 2,
    PrivateKind.CONTRACT: 1,
    PrivateKind.ORDER: 1,
    PrivateKind.IP: 1,
}
"""How grave it is when outsiders read it: 3 can be abused at once, 2 identifies or reaches a person, 1 helps to."""

SECRETS = frozenset({PrivateKind.ACCESS_KEY, PrivateKind.PASSWORD})
"""Kinds whose snippet shows nothing of the value."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One find: ``start`` and ``end`` (exclusive) are characters of the shown text.

    ``reason`` is a code (``private_reason_<reason>`` in the catalogues), ``masked`` a snippet that gives the value away
    to nobody, ``print`` tells the same value of the same kind apart from others without holding it. Where a link's
    target is meant, the place is that of the words one would press; it is empty where nothing is shown.
    """

    kind: PrivateKind
    start: int
    end: int
    reason: str
    sureness: Sureness
    masked: str
    print: bytes

    @property
    def gravity(self) -> int:
        """1 to 3, see :data:`GRAVITY`."""
        return GRAVITY[self.kind]

    @property
    def alarms(self) -> bool:
        """True when a post with it is a candidate for going private."""
        return self.sureness is not Sureness.WEAK


@dataclass(frozen=True, slots=True)
class Raw:
    """What one detector found in a folded text, before overlaps are settled; ``value`` is the comparable form."""

    kind: PrivateKind
    start: int
    end: int
    reason: str
    sureness: Sureness
    value: str


class Detector(Protocol):
    """Finds one sort of private data. Must be linear in the length of the text, whatever the text is."""

    def __call__(self, text: str) -> Iterator[Raw]:
        """Finds in a folded text (:mod:`moderation.privacy.folding`), in any order."""


def masked(kind: PrivateKind, value: str) -> str:
    """A snippet for people: a character or two at the ends, never more than a quarter; nothing of secrets."""
    if kind in SECRETS:
        return "…"
    local, at, domain = value.partition("@")
    if at:
        return f"{local[:1]}…@{domain[:1]}…{domain[domain.rfind('.') :][:6]}" if "." in domain else f"{local[:1]}…@…"
    shown = min(2, len(value) // 8)
    return f"{value[:shown]}…{value[-shown:] if shown else ''}"


def fingerprint(kind: PrivateKind, value: str, salt: str = "") -> bytes:
    """Twelve bytes that are the same for the same value; ``salt`` is the place, so that places cannot be compared."""
    plain = "".join(value.split()).casefold().encode("utf-8", "surrogatepass")
    key = hashlib.blake2b(salt.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return hashlib.blake2b(kind.encode() + b"\0" + plain, digest_size=12, key=key).digest()
