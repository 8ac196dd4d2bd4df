"""A server on a bare socket: each test says byte by byte what it answers."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Handler = Callable[["Heard", socket.socket], None]


@dataclass
class Heard:
    """One request as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes
    connection: int


@dataclass
class Wire:
    """A running server and what it has heard. ``handle`` answers; connections stay open until it closes them."""

    handle: Handler
    heard: list[Heard] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


def reply(
    sock: socket.socket, body: bytes = b"{}", status: str = "200 OK", kind: str = "application/json", **headers: str
) -> None:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


@contextmanager
def wire(handle: Handler, tls: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """Serve on a free port of the loopback address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Wire(handle, port=listener.getsockname()[1], scheme="https" if tls else "http")
    threading.Thread(target=_accept, args=(listener, server, tls), daemon=True).start()
    try:
        yield server
    finally:
        server.closing.set()
        listener.close()


def _accept(listener: socket.socket, server: Wire, tls: ssl.SSLContext | None) -> None:
    number = 0
    while True:
        try:
            sock, _ = listener.accept()
        except OSError:
            return
        number += 1
        threading.Thread(target=_serve, args=(sock, number, server, tls), daemon=True).start()


def _serve(sock: socket.socket, number: int, server: Wire, tls: ssl.SSLContext | None) -> None:
    try:
        if tls is not None:
            sock = tls.wrap_socket(sock, server_side=True)
        with sock:
            while (request := _request(sock, number)) is not None:
                server.heard.append(request)
                server.handle(request, sock)
    except OSError:
        return


def _request(sock: socket.socket, number: int) -> Heard | None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = sock.recv(65536)
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    line, *rest = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
    while len(body) < int(headers.get("content-length", 0)):
        body += sock.recv(65536)
    return Heard(line, headers, body, number)
