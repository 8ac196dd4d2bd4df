"""Slate, a platform as small as one can be: one board over HTTP, with a feed of what changed."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PEOPLE = {"moderator-key": (1, "Ada", True), "colleague-key": (2, "Ben", True), "member-key": (3, "Cleo", False)}
START = datetime(2026, 1, 1, tzinfo=UTC)


class Slate:
    """The state: records by kind and id, each with the number of its last change."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.records: dict[tuple[str, int], dict[str, Any]] = {}
        self.number = 0
        self.drop_next = False
        for _ in range(8):
            self.reported()

    def put(self, kind: str, record: dict[str, Any]) -> dict[str, Any]:
        """Store a new or changed record."""
        self.number += 1
        record.setdefault("id", self.number)
        record.setdefault("at", (START + timedelta(minutes=self.number)).isoformat())
        record["changed"] = self.number
        self.records[kind, record["id"]] = record
        return record

    def of(self, kind: str, since: int = 0) -> list[dict[str, Any]]:
        """Records of a kind that changed since then, in the order in which they did."""
        found = [one for (each, _), one in self.records.items() if each == kind and one["changed"] > since]
        return sorted(found, key=lambda one: one["changed"])

    def reply(self, thread: int, by: int, text: str) -> dict[str, Any]:
        """A post in a thread."""
        head = self.records["thread", thread]
        post = self.put("post", {"thread": thread, "by": by, "text": text, "number": head["posts"] + 1})
        self.put("thread", head | {"posts": head["posts"] + 1, "last": post["at"]})
        return post

    def reported(self) -> dict[str, Any]:
        """A thread with a post that somebody has reported."""
        thread = self.put("thread", {"title": "A question", "posts": 0, "by": 3, "last": START.isoformat()})
        post = self.reply(thread["id"], 3, "Something to report")
        facts = {"post": post["id"], "thread": thread["id"], "state": "open", "version": 1, "history": []}
        return self.put("report", facts | {"why": "Spam", "by": 2, "text": post["text"]})

    def decide(self, report: dict[str, Any], by: int, state: str) -> dict[str, Any]:
        """Somebody decides."""
        entry = {"id": report["version"], "at": datetime.now(UTC).isoformat(), "by": by, "state": state}
        history = [*report["history"], entry]
        return self.put("report", report | {"state": state, "version": report["version"] + 1, "history": history})


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""

    def do_GET(self) -> None:
        with self.server.slate.lock:
            self._answer(*self._read())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        with self.server.slate.lock:
            status, document = self._write(body)
            dropped, self.server.slate.drop_next = self.server.slate.drop_next, False
            if not dropped:
                self._answer(status, document)
        if dropped:
            self.close_connection = True

    def _answer(self, status: int, document: Any) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _me(self) -> tuple[int, str, bool] | None:
        return PEOPLE.get(self.headers.get("X-Slate-Key", ""))

    def _read(self) -> tuple[int, Any]:
        me, (path, _, query) = self._me(), self.path.partition("?")
        if path == "/slate":
            return 200, {"slate": 1}
        if me is None:
            return 401, {}
        if path == "/me":
            return 200, {"id": me[0], "name": me[1], "moderator": me[2]}
        kind, _, native = path.strip("/").partition("/")
        if kind in {"report", "changes"} and not me[2]:
            return 403, {}
        if kind == "changes":
            return 200, self._changes(dict(pair.split("=") for pair in query.split("&")))
        if kind == "member":
            found = next(({"id": i, "name": name} for i, name, _ in PEOPLE.values() if str(i) == native), None)
        else:
            found = self.server.slate.records.get((kind, int(native) if native.isdigit() else 0))
        return (200, found) if found is not None else (404, {})

    def _changes(self, asked: dict[str, str]) -> dict[str, Any]:
        rows = self.server.slate.of(asked["kind"], int(asked["since"]))
        return {"rows": rows[:4], "more": len(rows) > 4, "now": self.server.slate.number}

    def _write(self, body: dict[str, Any]) -> tuple[int, Any]:
        me, slate = self._me(), self.server.slate
        kind, native = self.path.strip("/").split("/")[:2]
        found = slate.records.get((kind, int(native)))
        if me is None or found is None:
            return (401 if me is None else 404), {}
        if kind == "thread":
            return 200, slate.reply(found["id"], me[0], body["text"])
        if body["version"] != found["version"]:
            return 409, {}
        return 200, slate.decide(found, me[0], body["state"])


class _Server(ThreadingHTTPServer):
    slate: Slate


@contextmanager
def running() -> Iterator[tuple[Slate, str]]:
    """A running Slate and its address."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.slate = Slate()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.slate, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
