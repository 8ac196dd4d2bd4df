"""The engine's ear: a local socket, a thread a client, and a broadcast to all of them."""

import contextlib
import logging
import queue
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sync.engine.protocol import encode, messages, socket_path

log = logging.getLogger(__name__)

Reply = Callable[[dict[str, Any]], None]
Handler = Callable[[dict[str, Any], Reply], None]
_BACKLOG = 256


class _Client:
    """One connected client: what is said to it waits in a queue, so that a sleeping window stops nobody."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._out: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def say(self, message: dict[str, Any]) -> None:
        """Queue a message; a client that does not listen loses what is said to everybody, and progress.

        The stores are the truth for those; the end of what it asked for itself is kept, for it waits for that.
        """
        may_be_lost = "id" not in message or "progress" in message
        if not may_be_lost or self._out.qsize() < _BACKLOG:
            self._out.put(encode(message))

    def write_all(self) -> None:
        with contextlib.suppress(OSError):
            while (line := self._out.get()) is not None:
                self.connection.sendall(line)

    def close(self) -> None:
        self._out.put(None)
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()


class Server:
    """Listens at :func:`~sync.engine.protocol.socket_path`.

    Every message goes to ``handle`` on the client's own thread.
    """

    def __init__(self, home: Path, handle: Handler) -> None:
        self._path = socket_path(home)
        self._handle = handle
        self._clients: set[_Client] = set()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def start(self) -> None:
        """Listen.

        Only the holder of ``engine.lock`` may call this: what a dead engine left at the path is removed.
        """
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(self._path))
        self._path.chmod(0o600)
        self._socket.listen(16)
        threading.Thread(target=self._accept, name="ear", daemon=True).start()

    @property
    def clients(self) -> int:
        """How many are connected."""
        return len(self._clients)

    def broadcast(self, message: dict[str, Any]) -> None:
        """Say something to everybody."""
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            client.say(message)

    def close(self) -> None:
        """Stop listening and hang up."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            client.close()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()

    def _accept(self) -> None:
        assert self._socket is not None
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                client = _Client(connection)
                with self._lock:
                    self._clients.add(client)
                threading.Thread(target=client.write_all, name="mouth", daemon=True).start()
                threading.Thread(target=self._listen, args=(client,), name="client", daemon=True).start()

    def _listen(self, client: _Client) -> None:
        try:
            for message in messages(client.connection):
                self._answer(message, client)
        except OSError:
            pass
        finally:
            with self._lock:
                self._clients.discard(client)
            client.close()

    def _answer(self, message: dict[str, Any], client: _Client) -> None:
        try:
            self._handle(message, client.say)
        except Exception:
            log.exception("a message broke: %s", message.get("do"))
