"""What this face keeps for the life of the server: settings, keys, requests for keys, and what was remembered."""

import random
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sync.sandbox.discourse.bodies import File
from sync.sandbox.discourse.bus import Bus
from sync.sandbox.discourse.keys import AdminKey, UserKey
from sync.sandbox.discourse.settings import Settings


@dataclass(slots=True)
class Device:
    """A request for a key by device code. `answer` is None while nobody has agreed or refused; times in ms."""

    code: str
    user_code: str
    request: str
    at: int
    wish: dict[str, Any]
    answer: str | None = None
    payload: str = ""
    answered_at: int = 0


@dataclass
class Site:
    """Everything that is no part of a backup. `answered` remembers posts of admin keys: when, and what was answered."""

    seed: int
    settings: Settings = field(default_factory=Settings)
    admin_keys: dict[str, AdminKey] = field(default_factory=dict)
    user_keys: dict[str, UserKey] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    answered: dict[Any, tuple[int, Any]] = field(default_factory=dict)
    calls: dict[str, deque[int]] = field(default_factory=dict)
    bus: Bus = field(default_factory=Bus)
    uploads: dict[str, tuple[int, File]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(f"discourse {self.seed}")  # noqa: S311 - invented keys of an invented community

    def token(self) -> str:
        """64 hexadecimal digits, the same in the same order for the same seed."""
        return f"{self._random.getrandbits(256):064x}"

    def letters(self, count: int) -> str:
        """Letters and digits that nobody mistakes for one another."""
        return "".join(self._random.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(count))

    def user_key(self, uid: int, client: str = "") -> str:
        """A key of the member for an application; asking again with the same client gives the same one."""
        known = (key for key, owner in self.user_keys.items() if (owner.user, owner.client) == (uid, client))
        found = next(known, None)
        if found is None:
            found = self.token()
            self.user_keys[found] = UserKey(uid, client)
        return found

    def fresh_user_key(self, uid: int, client: str, scopes: frozenset[str]) -> str:
        """A new key; the one that the client had before is destroyed."""
        for key in [k for k, owner in self.user_keys.items() if (owner.user, owner.client) == (uid, client)]:
            del self.user_keys[key]
        key = self.token()
        self.user_keys[key] = UserKey(uid, client, scopes)
        return key

    def admin_key(self, uid: int = 0) -> str:
        """A key of the site; with an id it acts as that member only."""
        known = next((key for key, owner in self.admin_keys.items() if owner.user == uid), None)
        if known is None:
            known = self.token()
            self.admin_keys[known] = AdminKey(uid)
        return known

    def revoke(self, key: str) -> bool:
        """Make a key worthless; True if it was known."""
        return (self.user_keys.pop(key, None) or self.admin_keys.pop(key, None)) is not None
