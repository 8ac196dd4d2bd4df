"""HTTP/1.1 messages on a socket, as whole bytes: enough for a proxy that spoils them."""

import socket
from dataclasses import dataclass

_HEAD_LIMIT = 256 * 1024


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer: ``start`` is its first line, ``head`` ends with the empty line, ``body`` is as sent."""

    start: str
    head: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        """All of it."""
        return self.head + self.body

    @property
    def method(self) -> str:
        """Of a request."""
        return self.start.split(" ", 2)[0]

    @property
    def path(self) -> str:
        """Of a request, with its query."""
        return self.start.split(" ", 2)[1]

    def header(self, name: str) -> str:
        """A header's value, empty when it is not there."""
        return _headers(self.head).get(name.lower(), "")


class Line:
    """One connection read message by message; ``None`` where the other side closed it."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._buffer = b""

    def request(self) -> Message | None:
        """The next request."""
        return self._message(bodiless=False)

    def answer(self, method: str) -> Message | None:
        """The next answer to a request with that method."""
        return self._message(bodiless=method == "HEAD")

    def _message(self, *, bodiless: bool) -> Message | None:
        head = self._head()
        if head is None:
            return None
        start = head.split(b"\r\n", 1)[0].decode("latin-1")
        status = start.split(" ", 2)[1] if start.startswith("HTTP/") else ""
        if bodiless or status in {"204", "304"}:
            return Message(start, head, b"")
        headers = _headers(head)
        if "chunked" in headers.get("transfer-encoding", ""):
            body = self._chunks()
        else:
            body = self._exactly(int(headers.get("content-length") or 0))
        return None if body is None else Message(start, head, body)

    def _head(self) -> bytes | None:
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > _HEAD_LIMIT or not self._more():
                return None
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        return head + b"\r\n\r\n"

    def _exactly(self, length: int) -> bytes | None:
        while len(self._buffer) < length:
            if not self._more():
                return None
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return body

    def _chunks(self) -> bytes | None:
        whole = b""
        while True:
            while b"\r\n" not in self._buffer:
                if not self._more():
                    return None
            size_line, self._buffer = self._buffer.split(b"\r\n", 1)
            size = int(size_line.split(b";")[0], 16)
            chunk = self._exactly(size + 2)
            if chunk is None:
                return None
            whole += size_line + b"\r\n" + chunk
            if size == 0:
                return whole

    def _more(self) -> bool:
        try:
            part = self.connection.recv(65536)
        except OSError:
            return False
        self._buffer += part
        return bool(part)


def made(status: str, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> Message:
    """An answer of one's own."""
    given = {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    start = f"HTTP/1.1 {status}"
    return Message(start, f"{start}\r\n{lines}\r\n".encode("latin-1"), body)


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
