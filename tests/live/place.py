"""The server under test: a real NodeBB named by the environment, or the sample community started here."""

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

PREFIX = "MARQUEE_LIVE_"
NEEDED = ("URL", "TOKEN", "USER")


@dataclass(frozen=True)
class Place:
    """Where to connect and as whom. ``tokens`` by role: ``ME CUSTOMER SECOND_CUSTOMER SECOND_GMOD CMOD NEWBIE COMPANY
    ADMIN MASTER``; a role that is missing skips what needs it.
    """

    url: str
    user: str
    tokens: dict[str, str] = field(repr=False)
    company: str | None = None

    def raw(self, role: str = "ME") -> "Raw":
        """Plain HTTP as somebody."""
        return Raw(self.url, self.tokens[role])


class Raw:
    """The server's own API without the connector: what the tests compare with."""

    def __init__(self, url: str, token: str | None) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str) -> Any:
        """The decoded answer of a page."""
        answer = requests.get(self._url + path, headers=self._headers, timeout=60)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:200])
        return answer.json()

    def text(self, path: str) -> str:
        """A page, empty where it is not shown."""
        answer = requests.get(self._url + path, headers=self._headers, timeout=60)
        return answer.text if answer.status_code == 200 else ""

    def try_call(self, method: str, path: str, body: dict[str, Any]) -> bool:
        """A write that may be refused."""
        return requests.request(method, self._url + path, json=body, headers=self._headers, timeout=60).ok

    def status(self, path: str) -> int:
        """Only the status."""
        return requests.get(self._url + path, headers=self._headers, timeout=60).status_code

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """A write; waits out the server's post delays, up to five minutes."""
        ends = time.monotonic() + 300
        while True:
            answer = requests.request(
                method, f"{self._url}{path}?lang=en-GB", json=body or {}, headers=self._headers, timeout=60
            )
            told_to_wait = answer.status_code == 400 and ("wait" in answer.text or "already posting" in answer.text)
            if not told_to_wait or time.monotonic() > ends:
                break
            time.sleep(2)
        assert answer.ok, (path, answer.status_code, answer.text[:300])
        return answer.json()["response"]

    def flag_total(self, state: str) -> int:
        """How many flags stand in a state."""
        return int(self.get(f"/api/flags?state={state}&perPage=1")["count"])

    def held(self) -> list[dict[str, Any]]:
        """The whole post queue."""
        first = self.get("/api/post-queue")
        pages = [
            first,
            *(self.get(f"/api/post-queue?page={n}") for n in range(2, first["pagination"]["pageCount"] + 1)),
        ]
        return [post for page in pages for post in page["posts"]]

    def thread_pages(self, cid: int | str) -> list[dict[str, Any]]:
        """All topics of a category."""
        first = self.get(f"/api/category/{cid}?page=1")
        pages = first["pagination"]["pageCount"]
        rest = [self.get(f"/api/category/{cid}?page={n}") for n in range(2, pages + 1)]
        return [topic for page in (first, *rest) for topic in page["topics"]]

    def me(self) -> dict[str, Any]:
        """The account."""
        found: dict[str, Any] = self.get("/api/self")
        return found


def word() -> str:
    """A word that no other run has used."""
    return uuid.uuid4().hex[:12]


def missing() -> list[str]:
    """What the environment lacks for a real server."""
    return [PREFIX + name for name in NEEDED if not os.environ.get(PREFIX + name)]


def real_place() -> Place:
    """The server named by the environment."""
    roles = {
        "ME": "TOKEN", "CUSTOMER": "CUSTOMER_TOKEN", "SECOND_CUSTOMER": "SECOND_CUSTOMER_TOKEN",
        "SECOND_GMOD": "SECOND_GMOD_TOKEN", "CMOD": "CMOD_TOKEN", "NEWBIE": "NEWBIE_TOKEN",
        "COMPANY": "COMPANY_TOKEN", "ADMIN": "ADMIN_TOKEN", "MASTER": "MASTER_TOKEN",
    }  # fmt: skip
    tokens = {role: os.environ[PREFIX + name] for role, name in roles.items() if os.environ.get(PREFIX + name)}
    return Place(
        os.environ[PREFIX + "URL"].rstrip("/"),
        os.environ[PREFIX + "USER"],
        tokens,
        os.environ.get(PREFIX + "COMPANY_USER"),
    )


@contextmanager
def sample_place() -> Iterator[Place]:
    """The sample community, small."""
    from sync.sandbox import SampleCommunity, Size, serve

    community = SampleCommunity.seeded(size=Size.small())
    settings = community.state.settings
    settings.post_delay = settings.initial_delay = settings.newcomer_delay = 0
    settings.notes_kept_ms = 3000
    names = {
        "ME": "ines_lanternby", "CUSTOMER": "benno_crabtree", "SECOND_CUSTOMER": "pippa_thistlewood",
        "SECOND_GMOD": "dagny_pell", "CMOD": "petra_wick", "NEWBIE": "newbie_thorne",
        "COMPANY": "quillby", "ADMIN": "osric_vale",
    }  # fmt: skip
    tokens = {role: community.token_for(name) for role, name in names.items()}
    tokens["MASTER"] = community.master_token()
    with serve(community) as server:
        yield Place(server.url, names["ME"], tokens, names["COMPANY"])
