"""What people type or paste as the address of a community, made into base URLs to try."""

import ipaddress
from urllib.parse import urlsplit, urlunsplit

from moderation.errors import NotAllowedError

MOST = 5


def candidates(text: str) -> list[str]:
    """Base URLs that the text may mean, the longest path first, without a slash at the end.

    A name without a scheme gets ``https``, on this very machine ``http``. Raises :class:`NotAllowedError`:
    ``url_malformed``, ``url_with_password``.
    """
    cleaned = text.strip()
    try:
        parts = urlsplit(cleaned if "://" in cleaned else f"{_scheme(cleaned)}://{cleaned}")
        host, port = parts.hostname, parts.port
    except ValueError:  # a bracket too few, a port beyond all ports
        raise NotAllowedError("url_malformed", url=cleaned[:200]) from None
    if parts.scheme not in {"http", "https"} or not host or any(c.isspace() for c in host):
        raise NotAllowedError("url_malformed", url=cleaned[:200])
    if parts.username or parts.password:
        raise NotAllowedError("url_with_password", host=host)
    place = f"[{host}]" if ":" in host else host
    netloc = place if port is None else f"{place}:{port}"
    words = [word for word in parts.path.split("/") if word]
    paths = ["".join(f"/{word}" for word in words[:count]) for count in range(len(words), -1, -1)]
    return [urlunsplit((parts.scheme, netloc, path, "", "")) for path in [*paths[: MOST - 1], *paths[MOST - 1 :][-1:]]]


def is_local(url: str) -> bool:
    """True when nothing leaves this machine on the way there."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _scheme(text: str) -> str:
    return "http" if is_local(f"http://{text}") else "https"
