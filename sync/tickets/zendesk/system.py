"""Zendesk as a ticket system."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from time import time
from typing import Any
from urllib.parse import quote, urlencode

from moderation.errors import NotAllowedError, RefusedError, SignInError, UnclearError
from moderation.tickets import (
    Attachment,
    Side,
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
from sync.tickets.texts import same_text
from sync.tickets.zendesk import payloads as p

_STATES = {
    "new": TicketState.NEW,
    "open": TicketState.OPEN,
    "pending": TicketState.PENDING,
    "hold": TicketState.ON_HOLD,
    "solved": TicketState.SOLVED,
    "closed": TicketState.CLOSED,
}
_NAMES: dict[TicketState, str] = {
    state: name for name, state in _STATES.items() if state not in {TicketState.NEW, TicketState.CLOSED}
}
_STAFF = {"agent", "admin"}
_PAGE = 100
_LATEST_START = 90.0
"""The export refuses a start within the last minute."""


class Zendesk:
    """One Zendesk. ``group`` is the group that new tickets go to, empty for its own rules."""

    can = frozenset(TicketCan)

    def __init__(self, client: Client, url: str, group: str) -> None:
        self._client = client
        self._url = url
        self._group = group
        self._group_id: int | None = None
        self._me: p.UserP | None = None
        self._exports = True
        self._rest = Rest(client, "zendesk", p.words)

    def check(self) -> TicketDesk:
        """As the port says; an end user's key is no agent's."""
        me = self._account()
        if self._group:
            self._group_number()
        return TicketDesk(me.name, self._group)

    def find(self, case: str, link: str) -> tuple[Ticket, ...]:
        """By ``external_id``."""
        found: list[p.TicketP] = []
        for page in self._pages("/api/v2/tickets", {"external_id": case}):
            found += self._rest.decoded(page, p.TICKETS).tickets
        mine = [row for row in found if row.external_id == case and row.status != "deleted"]
        return tuple(self._ticket(row) for row in sorted(mine, key=lambda row: row.id))

    def create(self, draft: TicketDraft) -> Ticket:
        """The link ends the first comment. Without a confirmed address the account itself is the requester."""
        comment: dict[str, Any] = {"body": f"{draft.text}\n\n{draft.link}", "uploads": self._uploads(draft.attachments)}
        ticket: dict[str, Any] = {
            "subject": f"[{draft.case}] {draft.subject}",
            "comment": comment,
            "external_id": draft.case,
            "tags": ["community", draft.case],
        }
        if draft.requester:
            ticket["requester"] = {"email": draft.requester, "name": draft.requester.partition("@")[0]}
        if self._group:
            ticket["group_id"] = self._group_number()
        answer = self._rest.send("POST", "/api/v2/tickets", {"ticket": ticket}, {"Idempotency-Key": draft.key})
        made = self._rest.result(answer, p.ONE_TICKET).ticket
        with made_already("zendesk"):
            return self._ticket(made)

    def read(self, ticket: str) -> Ticket:
        """With who wrote last."""
        row = self._rest.get(f"/api/v2/tickets/{quote(ticket, safe='')}", p.ONE_TICKET).ticket
        return self._ticket(row)

    def messages(self, ticket: str) -> Sequence[TicketMessage]:
        """Public comments and notes for staff."""
        row = self._rest.get(f"/api/v2/tickets/{quote(ticket, safe='')}", p.ONE_TICKET).ticket
        names: dict[int, str] = {}
        comments = self._comments(ticket, names)
        return [replace(self._message(one, row), name=names.get(one.author_id, "")) for one in comments]

    def say(self, ticket: str, word: Word) -> str:
        """A public comment, which Zendesk mails to the requester, or a note for staff."""
        comment = {"body": word.text, "public": not word.internal, "uploads": self._uploads(word.attachments)}
        path = f"/api/v2/tickets/{quote(ticket, safe='')}"
        answer = self._rest.send("PUT", path, {"ticket": {"comment": comment}})
        changed = self._rest.result(answer, p.CHANGED)
        made = next((event.id for event in changed.audit.events if event.type == "Comment"), None)
        if made is None:
            raise UnclearError("answer_unfit", endpoint=answer.path)
        return str(made)

    def said(self, ticket: str, word: Word, since: datetime) -> str | None:
        """Looks at what this account wrote."""
        me = str(self._account().id)
        for message in reversed(self.messages(ticket)):
            mine = message.by == me and message.internal == word.internal and message.at >= since
            if mine and same_text(message.text, word.text):
                return message.id
        return None

    def set_state(self, ticket: str, state: TicketState, version: str) -> Ticket:
        """A safe update: refused when the ticket changed since ``version``."""
        name = _NAMES.get(state)
        if name is None:
            raise NotAllowedError("ticket_state_unknown", system="zendesk", state=str(state))
        body = {"ticket": {"status": name, "safe_update": True, "updated_stamp": version}}
        answer = self._rest.send("PUT", f"/api/v2/tickets/{quote(ticket, safe='')}", body)
        with made_already("zendesk"):
            now = self._ticket(self._rest.result(answer, p.CHANGED).ticket)
        if now.state is not state:
            raise RefusedError("ticket_refused", system="zendesk", said=now.state.value)
        return now

    def set_requester(self, ticket: str, address: str) -> Ticket:
        """Finds the user of that address or makes one, then lets the ticket belong to them."""
        body = {"ticket": {"requester_id": self._user_of(address)}}
        answer = self._rest.send("PUT", f"/api/v2/tickets/{quote(ticket, safe='')}", body)
        with made_already("zendesk"):
            return self._ticket(self._rest.result(answer, p.CHANGED).ticket)

    def changed(self, since: datetime, among: Container[str] | None = None) -> Iterator[Ticket]:
        """By the incremental export, which tells an administrator of changes up to a minute ago; with an agent's key
        those that are named are looked at, a hundred at once.
        """
        if self._exports:
            try:
                yield from self._exported(since, among)
                return
            except NotAllowedError:
                if _named(among) is None:
                    raise
                self._exports = False
        for row in self._rows(_named(among) or []):
            if row.updated_at is None or row.updated_at >= since:
                yield self._ticket(row)

    def _rows(self, ids: Sequence[str]) -> Iterator[p.TicketP]:
        for begin in range(0, len(ids), _PAGE):
            some = quote(",".join(ids[begin : begin + _PAGE]), safe=",")
            yield from self._rest.get(f"/api/v2/tickets/show_many?ids={some}", p.TICKETS).tickets

    def _exported(self, since: datetime, among: Container[str] | None) -> Iterator[Ticket]:
        asked: dict[str, str | int] = {"start_time": int(min(since.timestamp(), time() - _LATEST_START))}
        while True:
            page = self._rest.get(f"/api/v2/incremental/tickets/cursor?{urlencode(asked)}", p.EXPORT)
            for row in page.tickets:
                news = row.status != "deleted" and (row.updated_at is None or row.updated_at >= since)
                if news and (among is None or str(row.id) in among):
                    yield self._ticket(row)
            if page.end_of_stream or not page.after_cursor:
                return
            asked = {"cursor": page.after_cursor}

    def close(self) -> None:
        """Give up sockets."""
        self._client.close()

    def _account(self) -> p.UserP:
        if self._me is None:
            me = self._rest.get("/api/v2/users/me", p.ME).user
            if me.id is None:
                raise SignInError("ticket_key_not_accepted", system="zendesk")
            if me.role not in _STAFF:
                raise NotAllowedError("ticket_right_missing", system="zendesk", said=me.role)
            self._me = me
        return self._me

    def _user_of(self, address: str) -> int | None:
        """One that is there stays as it is, and nobody is sent a mail that asks for a password."""
        found = self._rest.get(f"/api/v2/users/search?{urlencode({'query': f'email:{address}'})}", p.USERS).users
        known = [user.id for user in found if (user.email or "").casefold() == address.casefold()]
        if known:
            return known[0]
        person = {"email": address, "name": address.partition("@")[0]}
        answer = self._rest.send("POST", "/api/v2/users/create_or_update", {"user": person, "skip_verify_email": True})
        return self._rest.result(answer, p.ME).user.id

    def _group_number(self) -> int:
        if self._group_id is None:
            groups = self._rest.get("/api/v2/groups/assignable", p.GROUPS).groups
            found = next((group.id for group in groups if group.name == self._group), None)
            if found is None:
                raise NotAllowedError("ticket_queue_unknown", system="zendesk", queue=self._group)
            self._group_id = found
        return self._group_id

    def _uploads(self, files: Sequence[Attachment]) -> list[str]:
        tokens = []
        for file in files:
            path = f"/api/v2/uploads?{urlencode({'filename': file.name})}"
            answer = self._rest.send("POST", path, file.data, {"Content-Type": file.media_type})
            tokens.append(self._rest.result(answer, p.UPLOADED).upload.token)
        return tokens

    def _pages(self, path: str, asked: Mapping[str, str]) -> Iterator[Any]:
        query: dict[str, str | int] = {**asked, "page[size]": _PAGE}
        while True:
            answer = self._rest.page(f"{path}?{urlencode(query)}")
            yield answer
            meta = self._rest.decoded(answer, p.TICKETS).meta
            if not meta.has_more or not meta.after_cursor:
                return
            query["page[after]"] = meta.after_cursor

    def _comments(self, ticket: str, names: dict[int, str] | None = None) -> list[p.CommentP]:
        """``names`` is filled with what their authors are called, by id."""
        found: list[p.CommentP] = []
        asked = {"include": "users"} if names is not None else {}
        for page in self._pages(f"/api/v2/tickets/{quote(ticket, safe='')}/comments", asked):
            read = self._rest.decoded(page, p.COMMENTS)
            found += read.comments
            if names is not None:
                names |= {user.id: user.name for user in read.users if user.id is not None}
        return [comment for comment in found if comment.created_at is not None]

    def _message(self, comment: p.CommentP, row: p.TicketP) -> TicketMessage:
        assert comment.created_at is not None
        return TicketMessage(
            id=str(comment.id),
            side=self._side(comment.author_id, row),
            by=str(comment.author_id),
            at=comment.created_at,
            text=comment.plain_body or comment.body,
            internal=not comment.public,
            attachments=tuple(file.file_name for file in comment.attachments),
        )

    def _side(self, author: int, row: p.TicketP) -> Side:
        asker = author == row.requester_id and author != self._account().id
        return Side.CUSTOMER if asker else Side.STAFF

    def _ticket(self, row: p.TicketP) -> Ticket:
        public = [comment for comment in self._comments(str(row.id)) if comment.public]
        last = self._message(public[-1], row) if public else None
        stamp = row.updated_at.isoformat().replace("+00:00", "Z") if row.updated_at is not None else ""
        made = Ticket(
            id=str(row.id),
            url=f"{self._url}/agent/tickets/{row.id}",
            subject=row.subject or "",
            state=_STATES.get(row.status, TicketState.OPEN),
            version=stamp,
            updated_at=row.updated_at,
            owner=str(row.assignee_id) if row.assignee_id is not None else None,
        )
        if row.requester_id is not None and row.requester_id != self._account().id:
            made = replace(made, requester=str(row.requester_id))
        return replace(made, last_by=last.side, last_at=last.at) if last is not None else made


def _named(among: object) -> list[str] | None:
    """The ids that are asked for by name."""
    return [str(one) for one in among] if isinstance(among, Iterable) else None
