"""Keys of this face: those that an administrator made, and those that a member let an application have."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class AdminKey:
    """A key of the site. `user` 0 acts as anybody that the call names."""

    user: int = 0


@dataclass(slots=True)
class UserKey:
    """A key of one member for one application, which may do what its scopes say."""

    user: int
    client: str = ""
    scopes: frozenset[str] = field(default_factory=lambda: frozenset({"read", "write", "message_bus"}))

    def allows(self, method: str, path: str) -> bool:
        """Whether the scopes cover the request; `write` covers every verb but reading."""
        if method in ("GET", "HEAD"):
            return "read" in self.scopes or ("session_info" in self.scopes and path == "/session/current")
        return "write" in self.scopes or ("message_bus" in self.scopes and path.startswith("/message-bus/"))
