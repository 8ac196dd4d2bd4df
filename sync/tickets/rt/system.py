"""Request Tracker as a ticket system."""

import base64
from collections.abc import Container, Iterator, Sequence
from datetime import datetime, timedelta
from email.header import Header
from typing import Any
from urllib.parse import quote, urlencode

from moderation.errors import ConflictError, NotAllowedError, RefusedError, UnclearError
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
from sync.http.client import Client
from sync.tickets.rest import Rest, made_already
from sync.tickets.rt import payloads as p
from sync.tickets.rt.messages import Messages
from sync.tickets.texts import same_text

_STATES = {
    "new": TicketState.NEW,
    "open": TicketState.OPEN,
    "stalled": TicketState.PENDING,
    "resolved": TicketState.SOLVED,
    "rejected": TicketState.CLOSED,
    "deleted": TicketState.CLOSED,
}
_NAMES = {
    TicketState.OPEN: "open",
    TicketState.PENDING: "stalled",
    TicketState.SOLVED: "resolved",
    TicketState.CLOSED: "rejected",
}
_ROW = "Subject,Status,LastUpdated,Requestor,Owner,EffectiveId"
_PAGE = 100


def _quoted(text: str) -> str:
    """A value of TicketSQL; raises ``NotAllowedError`` ``ticket_setting_odd`` for what cannot be told apart there."""
    if "'" in text or "\\" in text or not text.isprintable():
        raise NotAllowedError("ticket_setting_odd", value=text[:80])
    return f"'{text}'"


class RequestTracker:
    """One queue of one Request Tracker.

    ``user`` is name or number of the account that the token belongs to, ``case_field`` a custom field for the key of
    the case, empty for none.
    """

    can = frozenset(set(TicketCan) - {TicketCan.GUARDS})

    def __init__(self, client: Client, url: str, queue: str, user: str, case_field: str = "") -> None:
        self._client = client
        self._url = url
        self._queue = queue
        self._case_field = case_field
        self._rest = Rest(client, "rt", lambda body: p.ERROR.decode(body).message)
        self._messages = Messages(self._rest)
        self._user = user
        self._name = ""

    def check(self) -> TicketDesk:
        """As the port says; raises ``NotAllowedError`` ``ticket_queue_unknown``."""
        version = self._rest.get("/rt", p.SYSTEM).version
        found = self._rest.find(f"/queue/{quote(self._queue, safe='')}", p.QUEUE)
        queue = found[0] if found is not None else None
        makes = queue is not None and any(link.ref == "create" for link in queue.hyperlinks)
        if queue is None or str(queue.disabled) == "1" or not makes:
            raise NotAllowedError("ticket_queue_unknown", system="rt", queue=self._queue)
        return TicketDesk(self._account(), queue.name, version)

    def find(self, case: str, link: str) -> tuple[Ticket, ...]:
        """By the link to the public thread, the key in the subject, or the custom field."""
        asked = [f"RefersTo = {_quoted(link)}", f"Subject LIKE {_quoted(f'[{case}]')}"]
        if self._case_field:
            asked.append(f"CF.{{{self._case_field}}} = {_quoted(case)}")
        query = f"Queue = {_quoted(self._queue)} AND ({' OR '.join(asked)}) AND Status != 'deleted'"
        rows = [row for row in self._rows(query) if self._is_of(row, case, link)]
        return tuple(self.read(str(row.id)) for row in sorted(rows, key=lambda row: int(row.id)))

    def create(self, draft: TicketDraft) -> Ticket:
        """The customer's address is set only where it was confirmed."""
        body: dict[str, Any] = {
            "Queue": self._queue,
            "Subject": f"[{draft.case}] {draft.subject}",
            "Content": draft.text,
            "ContentType": "text/plain",
            "RefersTo": [draft.link],
            "Attachments": [_file(each) for each in draft.attachments],
        }
        if draft.requester:
            body["Requestor"] = [draft.requester]
        if self._case_field:
            body["CustomFields"] = {self._case_field: draft.case}
        made = self._rest.result(self._rest.send("POST", "/ticket", body), p.REF)
        with made_already("rt"):
            return self.read(str(made.id))

    def read(self, ticket: str) -> Ticket:
        """With who wrote last, which its history tells."""
        row, etag = self._one(ticket)
        last = self._messages.last(str(row.id), _customers(row))
        return Ticket(
            id=str(row.id),
            url=f"{self._url}/Ticket/Display.html?id={row.id}",
            subject=row.subject,
            state=_STATES.get(row.status, TicketState.OPEN),
            version=etag,
            updated_at=p.really(row.last_updated),
            requester=next(iter(sorted(_customers(row))), None),
            owner=str(row.owner.id) if row.owner is not None and row.owner.id != "Nobody" else None,
            last_by=last.side if last is not None else None,
            last_at=last.at if last is not None else None,
        )

    def messages(self, ticket: str) -> Sequence[TicketMessage]:
        """The first message, correspondence and comments; mails that RT sent about them are left out."""
        row, _ = self._one(ticket)
        return self._messages.of(str(row.id), _customers(row))

    def say(self, ticket: str, word: Word) -> str:
        """Correspondence, which RT mails to the customer, or a comment."""
        body = {
            "Content": word.text,
            "ContentType": "text/plain",
            "Attachments": [_file(each) for each in word.attachments],
        }
        kind = "comment" if word.internal else "correspond"
        answer = self._rest.send("POST", f"/ticket/{quote(ticket, safe='')}/{kind}", body)
        made = (answer.location or "").rpartition("/transaction/")[2]
        if answer.status != 201 or not made:
            raise UnclearError("answer_unfit", endpoint=answer.path)
        return made

    def said(self, ticket: str, word: Word, since: datetime) -> str | None:
        """Looks at what this account wrote."""
        account = self._account()
        for message in reversed(self.messages(ticket)):
            mine = message.by == account and message.internal == word.internal and message.at >= since
            if mine and same_text(message.text, word.text):
                return message.id
        return None

    def set_state(self, ticket: str, state: TicketState, version: str) -> Ticket:
        """Read back, since RT answers 200 to a change that it did not make."""
        name = _NAMES.get(state)
        if name is None:
            raise NotAllowedError("ticket_state_unknown", system="rt", state=str(state))
        body = {"Status": name}
        answer = self._rest.send("PUT", f"/ticket/{quote(ticket, safe='')}", body, {"If-Match": version})
        now = self.read(ticket)
        if now.state is state:
            return now
        words: list[str] = self._rest.result(answer, p.WORDS)
        said = " ".join(words)
        if "changed from" in said:
            raise ConflictError("ticket_changed", system="rt")
        raise RefusedError("ticket_refused", system="rt", said=said[:200])

    def set_requester(self, ticket: str, address: str) -> Ticket:
        """Read back, since RT answers 200 to a change that it did not make; an account of that address is made by RT
        where there is none.
        """
        before = self.read(ticket)
        answer = self._rest.send("PUT", f"/ticket/{quote(ticket, safe='')}", {"Requestor": [address]})
        words: list[str] = self._rest.result(answer, p.WORDS)
        with made_already("rt"):
            now = self.read(ticket)
        if now.requester is None or (now.requester == before.requester and words):
            raise RefusedError("ticket_refused", system="rt", said=" ".join(words)[:200])
        return now

    def changed(self, since: datetime, among: Container[str] | None = None) -> Iterator[Ticket]:
        """Of this queue, oldest change first."""
        day = (since - timedelta(days=1)).strftime("%Y-%m-%d")
        query = f"Queue = {_quoted(self._queue)} AND LastUpdated > '{day}' AND Status != 'deleted'"
        for row in self._rows(query, order="LastUpdated"):
            updated = p.really(row.last_updated)
            if (updated is None or updated >= since) and (among is None or str(row.id) in among):
                yield self.read(str(row.id))

    def close(self) -> None:
        """Give up sockets."""
        self._client.close()

    def _account(self) -> str:
        if not self._name:
            self._name = self._rest.get(f"/user/{quote(self._user, safe='')}", p.USER).name
        return self._name

    def _one(self, ticket: str) -> tuple[p.TicketP, str]:
        """In full, whatever it was merged into, with its ETag."""
        found = self._rest.find(f"/ticket/{quote(ticket, safe='')}", p.TICKET)
        if found is None:
            return self._rest.get(f"/ticket/{quote(ticket, safe='')}", p.TICKET), ""
        row, answer = found
        home = _home(row)
        if home != str(row.id):
            return self._one(home)
        return row, answer.etag or ""

    def _rows(self, query: str, order: str = "id") -> Iterator[p.TicketP]:
        page = 1
        while True:
            asked = {"query": query, "fields": _ROW, "per_page": _PAGE, "page": page, "orderby": order}
            found = self._rest.get(f"/tickets?{urlencode(asked)}", p.TICKETS)
            yield from found.items
            if found.next_page is None:
                return
            page += 1

    def _is_of(self, row: p.TicketP, case: str, link: str) -> bool:
        """A search for a subject is one for a part of it; merged tickets show as what they were merged into."""
        if _home(row) != str(row.id):
            return False
        if f"[{case}]" in row.subject or self._case_field:
            return True
        full, _ = self._one(str(row.id))
        return any(each.ref == "refers-to" and each.url == link for each in full.hyperlinks)


def _home(row: p.TicketP) -> str:
    """The ticket that this one was merged into, or itself; in full it is a record, in a row a number."""
    into = row.effective.id if isinstance(row.effective, p.RefP) else row.effective
    return str(into) if into else str(row.id)


def _customers(row: p.TicketP) -> frozenset[str]:
    return frozenset(str(each.id) for each in row.requestor)


def _file(each: Attachment) -> dict[str, str]:
    """A name beyond ASCII goes encoded (RFC 2047): as it is, RT 5.0.3 answers 500 to it."""
    content = base64.b64encode(each.data).decode()
    name = each.name if each.name.isascii() else Header(each.name, "utf-8", maxlinelen=10_000).encode()
    return {"FileName": name, "FileType": each.media_type, "FileContent": content}
