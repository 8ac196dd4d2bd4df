"""Alarms by mail, over the server that the settings name."""

from collections.abc import Sequence

from moderation.text import neutralise
from sync.tickets.mail.system import Mail, Security, Server

PORT = 587


class AlarmMail:
    """Implements :class:`moderation.alarms.delivery.Speaker`. The ``Message-ID`` comes from the message's own key."""

    def __init__(self, server: Server, sender: str, to: str) -> None:
        self._mail = Mail(server, sender, to)

    def say(self, title: str, lines: Sequence[str], key: str) -> None:
        """Hand it over once; raises as :class:`~sync.tickets.mail.system.Mail` does."""
        text = "\n".join(f"- {' '.join(neutralise(line).split())}" for line in lines)
        self._mail.tell(title, f"{text}\n", f"alarm.{key}")

    def close(self) -> None:
        """Nothing is held open."""


def server_of(host: str, port: str, security: str, user: str, password: str) -> Server:
    """The server as settings name it; STARTTLS where they do not say."""
    return Server(host, int(port or PORT), Security(security or Security.STARTTLS), user, password)
