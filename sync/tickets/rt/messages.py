"""Messages of a ticket, read from its history."""

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import quote

from moderation.tickets import Side, TicketMessage
from sync.tickets.rest import Rest
from sync.tickets.rt import payloads as p

_KINDS = {"Create": False, "Correspond": False, "Comment": True}
_PAGE = 100
_CHARSET = re.compile(r"^Content-Type:.*?charset=\"?([\w.-]+)", re.IGNORECASE | re.MULTILINE)


class Messages:
    """Reads histories; ``customers`` are the accounts that asked."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def of(self, ticket: str, customers: frozenset[str]) -> tuple[TicketMessage, ...]:
        """All of them, oldest first, with their texts."""
        return tuple(self._message(entry, customers, with_text=True) for entry in self._entries(ticket, "ASC"))

    def last(self, ticket: str, customers: frozenset[str]) -> TicketMessage | None:
        """The newest that the customer can read, without its text."""
        for entry in self._entries(ticket, "DESC"):
            if not _KINDS[entry.type]:
                return self._message(entry, customers, with_text=False)
        return None

    def _entries(self, ticket: str, order: str) -> Iterator[p.TransactionP]:
        page = 1
        while True:
            asked = f"fields=Type,Creator,Created,_hyperlinks&per_page={_PAGE}&page={page}&orderby=id&order={order}"
            found = self._rest.get(f"/ticket/{quote(ticket, safe='')}/history?{asked}", p.TRANSACTIONS)
            yield from (entry for entry in found.items if entry.type in _KINDS and entry.created is not None)
            if found.next_page is None:
                return
            page += 1

    def _message(self, entry: p.TransactionP, customers: frozenset[str], *, with_text: bool) -> TicketMessage:
        by = str(entry.creator.id) if entry.creator is not None else ""
        text, files = self._parts(entry) if with_text else ("", ())
        assert entry.created is not None
        return TicketMessage(
            id=str(entry.id),
            side=Side.CUSTOMER if by in customers else Side.STAFF,
            by=by,
            at=entry.created,
            text=text,
            internal=_KINDS[entry.type],
            attachments=files,
        )

    def _parts(self, entry: p.TransactionP) -> tuple[str, tuple[str, ...]]:
        text, files = "", []
        for link in entry.hyperlinks:
            if link.ref != "attachment":
                continue
            part = self._rest.get(f"/attachment/{link.url.rpartition('/')[2]}", p.ATTACHMENT)
            if part.filename:
                files.append(part.filename)
            elif not text and part.content_type.startswith("text/plain"):
                text = _text(part)
        return text, tuple(files)


def _text(part: p.AttachmentP) -> str:
    found = _CHARSET.search(part.headers)
    try:
        data = base64.b64decode(part.content or "")
    except (binascii.Error, ValueError):
        return ""
    try:
        return data.decode(found[1] if found else "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")
