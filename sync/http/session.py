"""The session of one account: its key, no cookies, proxies from the environment, a plain User-Agent."""

from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from importlib import metadata

import requests
from requests.auth import AuthBase

from moderation.errors import SignInError
from sync.http.transport import Adapter


def user_agent() -> str:
    """``Marquee/<version>``: plain, so that no server takes it for a crawler (NodeBB drops logins of those)."""
    try:
        version = metadata.version("marquee")
    except metadata.PackageNotFoundError:
        version = "0"
    return f"Marquee/{version}"


def bearer(token: str | None) -> dict[str, str]:
    """The headers of a bearer token; none without one."""
    return {"Authorization": f"Bearer {token}"} if token else {}


class _Key(AuthBase):
    """Adds the headers of the key; being given at all, it also keeps ``requests`` from asking ``.netrc``."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = dict(headers)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self._headers)
        return request

    def __repr__(self) -> str:
        return "<key>" if self._headers else "<no key>"


class Session:
    """A ``requests`` session for one key, safe to use from several threads.

    ``key`` are the headers that carry it, as the platform wants them; they show nowhere. ``None``: an anonymous
    visitor. Raises ``SignInError`` ``token_malformed`` for what no header can carry.
    """

    def __init__(self, key: Mapping[str, str] | None = None) -> None:
        if not all(value.isascii() and value.isprintable() for value in (key or {}).values()):
            raise SignInError("token_malformed")
        self._auth = _Key(key or {})
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.clear()
        self._session.headers.update(
            {"User-Agent": user_agent(), "Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
        )
        adapter = Adapter()
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def __repr__(self) -> str:
        return f"Session({self._auth!r})"

    def send(
        self, method: str, url: str, *, headers: dict[str, str], body: bytes | None, seconds: float
    ) -> requests.Response:
        """Send once and give the streamed answer; never follows a redirect. ``seconds`` bounds connecting and each
        single read; the whole is bounded by ``sync.http.deadline``.
        """
        return self._session.request(
            method,
            url,
            headers=headers,
            data=body,
            auth=self._auth,
            timeout=(min(10.0, seconds), seconds),
            allow_redirects=False,
            stream=True,
        )

    def close(self) -> None:
        """Give up sockets."""
        self._session.close()
