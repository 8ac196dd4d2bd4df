"""The session of one account: its key, no cookies, proxies from the environment, a plain User-Agent."""

from http.cookiejar import DefaultCookiePolicy
from importlib import metadata

import requests
from requests.auth import AuthBase

from sync.http.transport import Adapter


def user_agent() -> str:
    """``Marquee/<version>``: plain, so that no server takes it for a crawler (NodeBB drops logins of those)."""
    try:
        version = metadata.version("marquee")
    except metadata.PackageNotFoundError:
        version = "0"
    return f"Marquee/{version}"


class _Bearer(AuthBase):
    """Adds the key; being given at all, it also keeps ``requests`` from asking ``.netrc``."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return "<key>" if self._token else "<no key>"


class Session:
    """A ``requests`` session for one key (``None``: an anonymous visitor). Safe to use from several threads."""

    def __init__(self, token: str | None) -> None:
        self._auth = _Bearer(token)
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
