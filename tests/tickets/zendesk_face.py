"""A server that answers as Zendesk's published reference says, with the traps that concern a connector.

Source: https://developer.zendesk.com/api-reference/ticketing/ (tickets, ticket comments, attachments, incremental
exports, idempotency). Invented content.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.sync.http.wire import Heard, reply, wire

AGENT, OTHER, CUSTOMER = 11, 12, 77
PAGE = 2


@dataclass
class Face:
    """Its state. ``key`` is what the Authorization header must be; ``forgets``: it knows no repeat."""

    url: str = ""
    key: str = "Basic " + base64.b64encode(b"agent@example.org/token:s3cret").decode()
    role: str = "admin"
    tickets: dict[int, dict[str, Any]] = field(default_factory=dict)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    remembered: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    now: datetime = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
    numbers: int = 100
    forgets: bool = False
    users: list[dict[str, Any]] = field(default_factory=list)
    verified: list[str] = field(default_factory=list)

    def number(self) -> int:
        """The next id; time goes on with it."""
        self.numbers += 1
        self.now += timedelta(seconds=7)
        return self.numbers

    def stamp(self) -> str:
        """Now, as Zendesk writes it."""
        return self.now.isoformat().replace("+00:00", "Z")

    def write(self, ticket: int, author: int, text: str, *, public: bool = True, uploads: list[str] = []) -> int:  # noqa: B006
        """Somebody writes; gives the id of the comment."""
        made = self.number()
        files = [{"file_name": self.uploads[token]} for token in uploads]
        self.comments.setdefault(ticket, []).append(
            {"id": made, "type": "Comment", "author_id": author, "created_at": self.stamp(), "public": public,
             "body": text, "plain_body": text.replace("\n", "\n ").rstrip(), "attachments": files}
        )  # fmt: skip
        self.tickets[ticket]["updated_at"] = self.stamp()
        return made

    def answer(self, heard: Heard) -> tuple[str, bytes, dict[str, str]]:
        """Status, body, headers."""
        method, target, _ = heard.line.split(" ", 2)
        path, query = urlsplit(target).path, {k: v[0] for k, v in parse_qs(urlsplit(target).query).items()}
        headers = {name.lower(): value for name, value in heard.headers.items()}
        if path == "/api/v2/users/me" and headers.get("authorization") != self.key:
            return "200 OK", _json({"user": {"id": None, "name": "Anonymous user", "role": "end-user"}}), {}
        if headers.get("authorization") != self.key:
            return "401 Unauthorized", _json({"error": "Couldn't authenticate you"}), {}
        idempotency = headers.get("idempotency-key")
        if method == "POST" and path == "/api/v2/tickets" and idempotency in self.remembered and not self.forgets:
            return "201 Created", self.remembered[str(idempotency)], {"x-idempotency-lookup": "hit"}
        status, body = self._routed(method, path, query, heard.body)
        if method == "POST" and idempotency and status.startswith("201"):
            self.remembered[idempotency] = body
        return status, body, {"x-idempotency-lookup": "miss"}

    def _routed(self, method: str, path: str, query: dict[str, str], body: bytes) -> tuple[str, bytes]:
        parts = path.removeprefix("/api/v2/").split("/")
        if parts[0] == "users":
            return self._of_users(parts[1], query, body)
        if parts == ["groups", "assignable"]:
            return "200 OK", _json({"groups": [{"id": 5, "name": "Community"}], "next_page": None})
        if parts == ["tickets", "show_many"]:
            rows = [self.tickets[int(one)] for one in query["ids"].split(",") if int(one) in self.tickets]
            return "200 OK", _json({"tickets": rows, "next_page": None, "count": len(rows)})
        if parts == ["uploads"]:
            token = f"up{self.number()}"
            self.uploads[token] = query["filename"]
            return "201 Created", _json({"upload": {"token": token, "attachment": {}}})
        if parts[:2] == ["incremental", "tickets"] and self.role != "admin":
            return "403 Forbidden", _json({"error": {"title": "Forbidden", "message": "You do not have access."}})
        if parts[:2] == ["incremental", "tickets"]:
            if float(query.get("start_time", "0")) > time() - 60:
                return "422 Unprocessable Entity", _json({"error": "InvalidValue", "description": "Too recent."})
            return "200 OK", self._export(query)
        if parts == ["tickets"] and method == "POST":
            return self._create(json.loads(body)["ticket"])
        if parts == ["tickets"]:
            found = [row for row in self.tickets.values() if row["external_id"] == query["external_id"]]
            return "200 OK", _paged("tickets", found, query)
        return self._of_one(method, parts, query, body)

    def _of_users(self, what: str, query: dict[str, str], body: bytes) -> tuple[str, bytes]:
        if what == "me":
            return "200 OK", _json({"user": {"id": AGENT, "name": "Agent", "role": self.role, "extra": 1}})
        if what == "search":
            asked = query["query"].removeprefix("email:")
            found = [user for user in self.users if user["email"].casefold() == asked.casefold()]
            return "200 OK", _json({"users": found, "next_page": None, "count": len(found)})
        person = json.loads(body)
        if not person.get("skip_verify_email"):
            self.verified.append(person["user"]["email"])
        for user in self.users:
            if user["email"] == person["user"]["email"]:
                user.update(person["user"])
                return "200 OK", _json({"user": user})
        self.users.append({"id": CUSTOMER, "role": "end-user", **person["user"]})
        return "201 Created", _json({"user": self.users[-1]})

    def _create(self, asked: dict[str, Any]) -> tuple[str, bytes]:
        if not asked.get("comment", {}).get("body") or not asked["subject"].partition("]")[2].strip():
            blank = {"error": "RecordInvalid", "description": "Record validation errors", "details": {}}
            return "422 Unprocessable Entity", _json(blank)
        made = self.number()
        self.tickets[made] = {
            "id": made, "subject": asked["subject"], "status": "new", "external_id": asked.get("external_id"),
            "requester_id": CUSTOMER if "requester" in asked else AGENT, "submitter_id": AGENT, "assignee_id": None,
            "updated_at": self.stamp(), "group_id": asked.get("group_id"),
        }  # fmt: skip
        self.write(made, AGENT, asked["comment"]["body"], uploads=asked["comment"].get("uploads", []))
        return "201 Created", _json({"ticket": self.tickets[made], "audit": {"events": []}})

    def _of_one(self, method: str, parts: list[str], query: dict[str, str], body: bytes) -> tuple[str, bytes]:
        ticket = self.tickets.get(int(parts[1])) if parts[0] == "tickets" and parts[1].isdecimal() else None
        if ticket is None:
            return "404 Not Found", _json({"error": "RecordNotFound", "description": "Not found"})
        if parts[2:] == ["comments"]:
            names = [{"id": AGENT, "name": "Agent"}, {"id": CUSTOMER, "name": "Customer"}]
            more = {"users": names} if query.get("include") == "users" else {}
            return "200 OK", _paged("comments", self.comments[ticket["id"]], query, more)
        if method == "GET":
            return "200 OK", _json({"ticket": ticket})
        return self._update(ticket, json.loads(body)["ticket"])

    def _update(self, ticket: dict[str, Any], asked: dict[str, Any]) -> tuple[str, bytes]:
        if asked.get("safe_update") and asked["updated_stamp"] != ticket["updated_at"]:
            return "409 Conflict", _json({"error": "UpdateConflict", "description": "Safe Update prevented"})
        if ticket["status"] == "closed":
            closed = {"error": "RecordInvalid", "description": "Status: closed prevents ticket update"}
            return "422 Unprocessable Entity", _json(closed)
        events = []
        if comment := asked.get("comment"):
            made = self.write(ticket["id"], AGENT, comment["body"], public=comment["public"],
                              uploads=comment.get("uploads", []))  # fmt: skip
            events.append({"id": made, "type": "Comment"})
        if requester := asked.get("requester_id"):
            self.number()
            ticket.update(requester_id=requester, updated_at=self.stamp())
        if status := asked.get("status"):
            self.number()
            ticket.update(status=status, updated_at=self.stamp())
            events.append({"id": self.number(), "type": "Change"})
        return "200 OK", _json({"ticket": ticket, "audit": {"id": 1, "events": events}})

    def _export(self, query: dict[str, str]) -> bytes:
        start = float(query.get("cursor") or query["start_time"])
        rows = [row for row in self.tickets.values() if _seconds(row) >= start]
        rows.sort(key=_seconds)
        page, rest = rows[:PAGE], rows[PAGE:]
        after = str(_seconds(rest[0])) if rest else "0"
        return _json({"tickets": page, "after_cursor": after, "end_of_stream": not rest})


def _seconds(row: dict[str, Any]) -> float:
    return datetime.fromisoformat(row["updated_at"].replace("Z", "+00:00")).timestamp()


def _paged(name: str, rows: list[dict[str, Any]], query: dict[str, str], more: dict[str, Any] = {}) -> bytes:  # noqa: B006
    begin = int(query.get("page[after]", "0"))
    meta = {"has_more": begin + PAGE < len(rows), "after_cursor": str(begin + PAGE)}
    return _json({name: rows[begin : begin + PAGE], "meta": meta, **more})


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


@contextmanager
def running() -> Iterator[Face]:
    """Serve one."""
    face = Face()

    def handle(heard: Heard, sock: Any) -> None:
        face.heard.append(heard)
        status, body, headers = face.answer(heard)
        reply(sock, body, status, **headers)

    with wire(handle) as server:
        face.url = server.url
        yield face
