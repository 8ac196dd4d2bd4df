"""The total deadline of one request.

``requests`` bounds each single read only: a server that drips one byte a second would hold a request for hours. The
thread that makes a request sets its :class:`Attempt`; the connection (``sync.http.transport``) consults it before
every read.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

Opens = Callable[[str, int], socket.socket]


class Cut:
    """Ends a request that another thread has under way, and lets none begin afterwards. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._over = False
        self._socket: Any = None

    def uses(self, sock: Any) -> None:
        """A request goes over this socket; raises ``TimeoutError`` once it was cut."""
        with self._lock:
            self._socket = sock
            if self._over:
                raise TimeoutError("cut off")

    def now(self) -> None:
        """Whoever waits on the socket hears that it is closed."""
        with self._lock:
            self._over = True
            with suppress(OSError, TypeError):  # the base class's own: that of TLS is not for another thread
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class Attempt:
    """One request on its way: until when, and whether bytes of it have left this machine.

    ``opens`` makes its connection to a host and port, where that is not left to urllib3. ``cut`` may end it earlier.
    """

    def __init__(self, seconds: float, opens: Opens | None = None, cut: Cut | None = None) -> None:
        self.seconds = seconds
        self.opens = opens
        self.cut = cut
        self.sent = False
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until the deadline, never below zero."""
        return max(0.0, self._ends - time.monotonic())

    @property
    def over(self) -> bool:
        """True once the deadline has passed."""
        return time.monotonic() >= self._ends


class _Current(threading.local):
    attempt: Attempt | None = None


_current = _Current()


def current_attempt() -> Attempt | None:
    """The attempt of this thread, ``None`` outside of a request."""
    return _current.attempt


@contextmanager
def attempting(seconds: float, opens: Opens | None = None, cut: Cut | None = None) -> Iterator[Attempt]:
    """Bound everything that this thread sends and reads within by a total of so many seconds."""
    attempt = Attempt(seconds, opens, cut)
    before, _current.attempt = _current.attempt, attempt
    try:
        yield attempt
    finally:
        _current.attempt = before
