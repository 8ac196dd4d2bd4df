"""What both faces need of the ASGI server."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PROXY_PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>nginx</body></html>"


def hang_up(send: Send) -> None:
    """Close the connection without a word. The transport is uvicorn's own; the ASGI protocol has no such message."""
    cycle = getattr(send, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is None:
        raise RuntimeError("the server does not let go of its connection")
    cycle.disconnected = True  # type: ignore[union-attr]
    transport.abort()
