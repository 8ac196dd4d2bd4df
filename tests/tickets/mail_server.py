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


@contextmanager
def running(*, password: str = "", tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """Serve one; with a password it wants a sign-in."""
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
    controller = Controller(box, hostname="127.0.0.1", port=box.port, ready_timeout=30, **extra)
    controller.start()
    try:
        yield box
    finally:
        controller.stop(no_assert=True)
