"""A real HTTP server on loopback that takes what a webhook takes, and answers as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Room:
    """What was said. ``answers`` are statuses to come, 0: the line is cut once the message is there; then 200."""

    port: int = 0
    said: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """The secret address."""
        return f"http://127.0.0.1:{self.port}/services/T0/B0/secret-of-the-channel"

    def take(self, path: str, body: bytes) -> int:
        """A message arrives."""
        self.paths.append(path)
        self.said.append(json.loads(body))
        self.arrived.set()
        return self.answers.pop(0) if self.answers else 200


@contextmanager
def channel() -> Iterator[Room]:
    """Serve one."""
    room = Room()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = room.take(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            if not status:
                self.connection.close()
                return
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "120")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    room.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield room
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
