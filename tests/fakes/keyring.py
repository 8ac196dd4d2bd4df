"""A keyring in memory."""

from collections.abc import Callable


class MemoryKeyring:
    """Keeps secrets by service and name; ``before`` runs ahead of every call and may raise."""

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        self.secrets: dict[tuple[str, str], str] = {}
        self.before = before

    def get_password(self, service: str, username: str) -> str | None:
        """The secret."""
        self.before()
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self.before()
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""
        self.before()
        del self.secrets[service, username]
