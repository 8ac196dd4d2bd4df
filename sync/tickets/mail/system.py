"""Mail as a ticket system."""

import smtplib
import ssl
from collections.abc import Container, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum

import truststore

from moderation.bounces import envelope_id
from moderation.errors import (
    MarqueeError,
    NotAllowedError,
    RefusedError,
    SignInError,
    TryLaterError,
    UnclearError,
    UnreachableError,
)
from moderation.text import neutralise
from moderation.tickets import (
    Attachment,
    Ticket,
    TicketCan,
    TicketDesk,
    TicketDraft,
    TicketMessage,
    TicketState,
    Word,
)

_SECONDS = 30.0


class Security(StrEnum):
    """How the connection is kept secret; a password goes over no connection without."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


class Mail:
    """Sends to one address. A ticket's id is the ``Message-ID`` of its first message."""

    can = frozenset({TicketCan.ATTACH})

    def __init__(self, server: Server, sender: str, to: str) -> None:
        self._server = server
        self._sender = _address(sender)
        self._to = _address(to)
        if server.user and server.security is Security.NONE:
            raise NotAllowedError("ticket_password_in_clear", host=server.host)

    def check(self) -> TicketDesk:
        """Sign in and ask whether the server takes mail from here to there; nothing is sent."""
        with self._session() as session, _away(self._server.host):
            _must(session.mail(self._sender.addr_spec))
            _must(session.rcpt(self._to.addr_spec))
            session.rset()
        return TicketDesk(self._sender.addr_spec, self._to.addr_spec)

    def create(self, draft: TicketDraft) -> Ticket:
        """The first message. Its ``Message-ID`` comes from the key, so that a repeat is known by it."""
        message = self._message(f"[{draft.case}] {draft.subject}", f"{draft.text}\n\n{draft.link}\n", draft.attachments)
        made = self._id(f"{draft.case}={draft.key}")
        message["Message-ID"], message["X-Marquee-Case"] = made, draft.case
        if draft.requester:
            message["Reply-To"] = _address(draft.requester)
        self._send(message, made)
        return Ticket(made, "", str(message["Subject"]), TicketState.NEW, "", datetime.now(UTC))

    def say(self, ticket: str, word: Word) -> str:
        """Another message of the thread. There are no notes: everything that is mailed may reach the customer."""
        if word.internal:
            raise NotAllowedError("ticket_system_cannot", system="mail", what=TicketCan.NOTE.value)
        case = ticket.removeprefix("<").partition("=")[0]
        message = self._message(f"Re: [{case}]", word.text, word.attachments)
        made = self._id(word.key)
        message["Message-ID"], message["In-Reply-To"], message["References"] = made, ticket, ticket
        message["X-Marquee-Case"] = case
        self._send(message, ticket)
        return made

    def tell(self, subject: str, text: str, key: str) -> None:
        """A message that belongs to no case."""
        message = self._message(subject, text, ())
        message["Message-ID"] = made = self._id(key)
        self._send(message, made)

    def find(self, case: str, link: str) -> tuple[Ticket, ...]:
        """Cannot."""
        raise NotAllowedError("ticket_system_cannot", system="mail", what=TicketCan.FIND.value)

    def read(self, ticket: str) -> Ticket:
        """Cannot."""
        raise NotAllowedError("ticket_system_cannot", system="mail", what=TicketCan.READ.value)

    def messages(self, ticket: str) -> Sequence[TicketMessage]:
        """Cannot."""
        raise NotAllowedError("ticket_system_cannot", system="mail", what=TicketCan.READ.value)

    def said(self, ticket: str, word: Word, since: datetime) -> str | None:
        """Cannot."""
        raise NotAllowedError("ticket_system_cannot", system="mail", what=TicketCan.READ.value)

    def set_state(self, ticket: str, state: TicketState, version: str) -> Ticket:
        """Cannot."""
        raise NotAllowedError("ticket_system_cannot", system="mail", what=TicketCan.STATE.value)

    def set_requester(self, ticket: str, address: str) -> Ticket:
        """Cannot."""
        raise NotAllowedError("ticket_system_cannot", system="mail", what=TicketCan.REQUESTER.value)

    def changed(self, since: datetime, among: Container[str] | None = None) -> Iterator[Ticket]:
        """Cannot."""
        raise NotAllowedError("ticket_system_cannot", system="mail", what=TicketCan.CHANGES.value)

    def close(self) -> None:
        """Nothing is held open."""

    def _id(self, key: str) -> str:
        safe = "".join(char if char.isascii() and (char.isalnum() or char in "-.=_") else "-" for char in key)
        return f"<{safe}@{self._sender.domain}>"

    def _message(self, subject: str, text: str, files: Sequence[Attachment]) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["Subject"] = " ".join(neutralise(subject).split())
        message["From"], message["To"] = self._sender, self._to
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answer, please
        message.set_content(text)
        for file in files:
            kind, _, subtype = file.media_type.partition("/")
            message.add_attachment(
                file.data, maintype=kind or "application", subtype=subtype or "octet-stream", filename=file.name
            )
        return message

    def _send(self, message: EmailMessage, ticket: str) -> None:
        """Where the server knows reports of delivery (RFC 3461), they name the ticket and hold no text of it."""
        envelope = envelope_id(ticket)
        with self._session() as session:
            reports = session.has_extn("dsn")
            with _away(self._server.host):
                named = ["RET=HDRS", *([f"ENVID={envelope}"] if envelope else [])]
                _must(session.mail(self._sender.addr_spec, named if reports else []))
                _must(session.rcpt(self._to.addr_spec, ["NOTIFY=FAILURE,DELAY"] if reports else []))
            try:
                answer = session.data(message.as_bytes())
            except smtplib.SMTPDataError as error:
                raise _refusal(error.smtp_code, error.smtp_error) from None
            except (smtplib.SMTPException, OSError):
                raise UnclearError("mail_broke_off", host=self._server.host) from None
            _must(answer)

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        session = self._open()
        try:
            yield session
        finally:
            with suppress(smtplib.SMTPException, OSError):
                session.quit()
            session.close()

    def _open(self) -> smtplib.SMTP:
        """Connected and signed in; nothing of a message has left when it raises."""
        server = self._server
        with _away(server.host), ExitStack() as undo:
            context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            if server.security is Security.TLS:
                session: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=context)
            else:
                session = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
            undo.callback(session.close)
            if server.security is Security.STARTTLS:
                session.starttls(context=context)
            session.ehlo_or_helo_if_needed()
            if server.user:
                session.login(server.user, server.password)
            undo.pop_all()
        return session


def _address(text: str) -> Address:
    try:
        found = Address(addr_spec=text)
    except (ValueError, IndexError):
        raise NotAllowedError("ticket_setting_odd", value=text[:80]) from None
    if not found.domain or any(char in text for char in "\r\n"):
        raise NotAllowedError("ticket_setting_odd", value=text[:80])
    return found


def _refusal(code: int, said: bytes | str) -> MarqueeError:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    if 400 <= code < 500:
        return TryLaterError("mail_not_now", said=neutralise(words)[:200])
    return RefusedError("ticket_refused", system="mail", said=neutralise(words)[:200])


def _must(answer: tuple[int, bytes]) -> None:
    if answer[0] not in {250, 251}:
        raise _refusal(*answer)


@contextmanager
def _away(host: str) -> Iterator[None]:
    """Before the message itself nothing can have happened."""
    try:
        yield
    except smtplib.SMTPAuthenticationError:
        raise SignInError("ticket_key_not_accepted", system="mail") from None
    except (ssl.SSLError, smtplib.SMTPNotSupportedError):
        raise UnreachableError("tls_failed", host=host) from None
    except (smtplib.SMTPException, OSError):
        raise UnreachableError("mail_server_away", host=host) from None
