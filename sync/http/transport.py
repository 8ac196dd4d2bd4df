"""Connections that keep the total deadline, know whether bytes have left, and are not reused when stale.

A small layer under ``requests``: urllib3 connection classes and an adapter that uses them with the certificates of
the operating system (truststore).
"""

import http.client
import io
import socket
import ssl
import time
from typing import Any

import truststore
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from sync.http.deadline import current_attempt

IDLE_SECONDS = 2.0
"""A connection idle for longer is not used again: Node closes after 5 s, and a write into a closing connection
would be in doubt for nothing."""


class _DeadlineReader(io.RawIOBase):
    """Reads of a socket, each bounded by what is left of the deadline of the request that it serves."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._attempt = current_attempt()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        attempt = self._attempt
        if attempt is not None:
            if attempt.over:
                raise TimeoutError("total deadline")
            self._sock.settimeout(attempt.left() + 0.001)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp: io.BufferedReader = io.BufferedReader(_DeadlineReader(self.fp.detach(), sock))


class _Mindful:
    """What both connection classes add; mixed in front of urllib3's own."""

    sock: Any
    host: str
    port: int
    _last_used = 0.0

    def _new_conn(self) -> socket.socket:
        attempt = current_attempt()
        if attempt is not None and attempt.opens is not None:
            return attempt.opens(self.host, self.port)
        made: socket.socket = super()._new_conn()  # type: ignore[misc]
        return made

    def endheaders(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        attempt = current_attempt()
        if attempt is not None:
            if attempt.cut is not None:
                attempt.cut.uses(self.sock)
            attempt.sent = True
        self._last_used = time.monotonic()
        super().endheaders(*args, **kwargs)  # type: ignore[misc]

    @property
    def is_connected(self) -> bool:
        fresh = time.monotonic() - self._last_used < IDLE_SECONDS
        return fresh and bool(super().is_connected)  # type: ignore[misc]


class _Connection(_Mindful, HTTPConnection):
    response_class = _Response


class _SecureConnection(_Mindful, HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}


class Adapter(HTTPAdapter):
    """The adapter of a session: own connections, system certificates, no retries."""

    def __init__(self, pool: int = 8) -> None:
        super().__init__(pool_connections=4, pool_maxsize=pool, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        """Use our connections, and the operating system's certificates."""
        pool_kwargs["ssl_context"] = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._pool_connections, self._pool_maxsize, self._pool_block = connections, maxsize, block
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = dict(_POOLS)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """The same through a proxy."""
        proxy_kwargs.setdefault("ssl_context", truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = dict(_POOLS)
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Verify against the system's store; a file named by the environment is taken besides it."""
        if verify is True:
            conn.cert_reqs = "CERT_REQUIRED"
        else:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
