"""Serving a sample community over real HTTP on the loopback address, in a thread of this process."""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Protocol

import uvicorn

from sync.sandbox.asgi import Receive, Scope, Send
from sync.sandbox.community import SampleCommunity
from sync.sandbox.discourse.app import DiscourseApp
from sync.sandbox.nodebb.app import NodebbApp

_HOST = "127.0.0.1"
FACES = ("nodebb", "discourse")
"""The platforms as which the community answers."""


class App(Protocol):
    """What uvicorn serves."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""


class Server:
    """A running server; `close()` ends it. Use it in a `with` block."""

    def __init__(
        self, community: SampleCommunity, port: int = 0, control_secret: str = "", face: str = "nodebb"
    ) -> None:
        self.community = community
        self.control_secret = control_secret
        app = _app(face, community, control_secret)
        self._socket = _listen(port)
        self.port = int(self._socket.getsockname()[1])
        self.url = f"http://{_HOST}:{self.port}"
        self.face = face
        self._server = uvicorn.Server(_config(app))
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sample community", daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def close(self) -> None:
        """Stop serving at once; open connections are cut. A second call does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(10)

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        """uvicorn's own loop looks up only ten times a second, and its end takes as long; tests start many servers."""
        server = self._server
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup(sockets=[self._socket])
        self._ready.set()
        await self._over.wait()
        for listener in server.servers:
            listener.close()
        for connection in list(server.server_state.connections):
            _cut(connection)
        await asyncio.sleep(0)
        self._socket.close()


def _app(face: str, community: SampleCommunity, control_secret: str) -> App:
    if face not in FACES:
        raise ValueError(f"unknown face: {face}")
    return DiscourseApp(community, control_secret) if face == "discourse" else NodebbApp(community, control_secret)


def _config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        http="h11",
        ws="none",
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=30,
    )


def _cut(connection: object) -> None:
    transport = getattr(connection, "transport", None)
    if transport is not None:
        transport.abort()


def _listen(port: int) -> socket.socket:
    """A listening socket. asyncio sets TCP_NODELAY only where the protocol is named; without it answers wait 40 ms."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((_HOST, port))
    listener.listen(128)
    return listener


def serve(community: SampleCommunity, port: int = 0, control_secret: str = "", face: str = "nodebb") -> Server:
    """Serve on the loopback address as one of `FACES`; port 0 takes a free one.

    One community may be served as several at once. The control endpoint exists only with a secret.
    """
    return Server(community, port, control_secret, face)
