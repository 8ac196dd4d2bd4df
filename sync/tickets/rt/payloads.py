"""What Request Tracker 5 sends over REST 2, as far as it is read. Numbers come as text or as numbers."""

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, field
from msgspec.json import Decoder

_NEVER = datetime(1970, 1, 2, tzinfo=UTC)


class ErrorP(Struct):
    """A refusal."""

    message: str = ""


class RefP(Struct):
    """Something named by its id and address."""

    id: str | int = ""
    url: str = field(name="_url", default="")
    type: str = ""


class LinkP(Struct):
    """One of the links beside a record."""

    ref: str = ""
    url: str = field(name="_url", default="")
    id: str | int = ""
    label: str = ""
    to: str = ""


class TicketP(Struct):
    """A ticket, in full or as a row of a search."""

    id: str | int
    subject: str = field(name="Subject", default="")
    status: str = field(name="Status", default="")
    last_updated: datetime | None = field(name="LastUpdated", default=None)
    requestor: list[RefP] = field(name="Requestor", default_factory=list)
    owner: RefP | None = field(name="Owner", default=None)
    effective: RefP | str | int | None = field(name="EffectiveId", default=None)
    hyperlinks: list[LinkP] = field(name="_hyperlinks", default_factory=list)


class TransactionP(Struct):
    """An entry of a ticket's history."""

    id: str | int
    type: str = field(name="Type", default="")
    creator: RefP | None = field(name="Creator", default=None)
    created: datetime | None = field(name="Created", default=None)
    hyperlinks: list[LinkP] = field(name="_hyperlinks", default_factory=list)


class AttachmentP(Struct):
    """A part of a message; ``content`` is base64."""

    id: str | int
    content: str | None = field(name="Content", default=None)
    content_type: str = field(name="ContentType", default="")
    filename: str | None = field(name="Filename", default=None)
    headers: str = field(name="Headers", default="")


class QueueP(Struct):
    """A queue."""

    id: str | int
    name: str = field(name="Name", default="")
    disabled: str | int = field(name="Disabled", default="0")
    custom_fields: list[Any] = field(name="TicketCustomFields", default_factory=list)
    hyperlinks: list[LinkP] = field(name="_hyperlinks", default_factory=list)


class UserP(Struct):
    """A user."""

    id: str | int
    name: str = field(name="Name", default="")
    privileged: str | int = field(name="Privileged", default="0")


class SystemP(Struct):
    """The system itself."""

    version: str = field(name="Version", default="")


class TicketsP(Struct):
    """A page of tickets."""

    items: list[TicketP] = field(default_factory=list)
    next_page: str | None = None


class TransactionsP(Struct):
    """A page of history."""

    items: list[TransactionP] = field(default_factory=list)
    next_page: str | None = None


ERROR = Decoder(ErrorP, strict=False)
REF = Decoder(RefP, strict=False)
TICKET = Decoder(TicketP, strict=False)
TICKETS = Decoder(TicketsP, strict=False)
TRANSACTIONS = Decoder(TransactionsP, strict=False)
ATTACHMENT = Decoder(AttachmentP, strict=False)
QUEUE = Decoder(QueueP, strict=False)
USER = Decoder(UserP, strict=False)
SYSTEM = Decoder(SystemP, strict=False)
WORDS: Decoder[list[str]] = Decoder(list[str])


def really(moment: datetime | None) -> datetime | None:
    """A moment; RT writes one of 1970 for never."""
    return moment if moment is not None and moment > _NEVER else None
