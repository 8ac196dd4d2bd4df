"""A real SMTP server on loopback (aiosmtpd) that keeps what it takes."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mailbox:
    """What arrived, and what the server is told to answer."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    on_rcpt: str = ""
    on_data: str = ""
    cut_after_data: bool = False
    options: list[tuple[set[str], set[str]]] = field(default_factory=list)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Says that it reports on deliveries, where it does."""
        session.host_name = hostname
        return [responses[0], "250-DSN", *responses[1:]] if isinstance(server, WithReports) else responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the address, or answer as told."""
        if self.on_rcpt:
            return self.on_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail, or answer as told."""
        if self.on_data:
            return self.on_data
        content = envelope.content
        assert isinstance(content, bytes)
        mail = BytesParser(policy=default).parsebytes(content)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        if self.cut_after_data:
            transport: Any = server.transport
            transport.abort()
        return "250 Message accepted"


class WithReports(SMTP):
    """Takes the parameters of RFC 3461, which aiosmtpd refuses, and keeps them."""

    async def smtp_MAIL(self, arg: str) -> None:
        """The sender."""
        plain, given = _apart(arg)
        self.event_handler.options.append((given, set()))
        await super().smtp_MAIL(plain)

    async def smtp_RCPT(self, arg: str) -> None:
        """A recipient."""
        plain, given = _apart(arg)
        self.event_handler.options[-1][1].update(given)
        await super().smtp_RCPT(plain)


def _apart(arg: str) -> tuple[str, set[str]]:
    address, _, more = arg.partition("> ")
    known = ("RET=", "ENVID=", "NOTIFY=")
    given = {one for one in more.split() if one.startswith(known)}
    left = [one for one in more.split() if one not in given]
    return " ".join([f"{address.rstrip('>')}>", *left]), given


class _Reporting(Controller):
    def factory(self) -> SMTP:
        """One for each connection."""
        return WithReports(self.handler, **self.SMTP_kwargs)


@contextmanager
def running(*, password: str = "", tls: ssl.SSLContext | None = None, dsn: bool = False) -> Iterator[Mailbox]:
    """Serve one; with a password it wants a sign-in. ``dsn``: it reports on deliveries."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        box = Mailbox(port=found.getsockname()[1])

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password.decode() == password
        if good:
            box.signed_in.append(data.login.decode())
        return AuthResult(success=good, handled=False)

    extra: dict[str, Any] = {}
    if password:
        extra = {"authenticator": check, "auth_require_tls": False}
    if tls is not None:
        extra["ssl_context"] = tls
    controller = (_Reporting if dsn else Controller)(
        box, hostname="127.0.0.1", port=box.port, ready_timeout=30, **extra
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop(no_assert=True)
