"""A small community on a real socket, and clients that speak as its members."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from sync.sandbox import SampleCommunity, Server, Size, serve

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET = "control-secret"
HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SHARED = ROOT.parent / "shared" / "nodebb"


@dataclass
class Client:
    """Requests as one member, without cookies."""

    server: Server
    token: str | None
    uid: int | None = None

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """One request with a JSON body."""
        sent = {"User-Agent": "Sample/1.0", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if self.uid is not None:
            if method in ("GET", "DELETE") and not body:
                path += ("&" if "?" in path else "?") + f"_uid={self.uid}"
            else:
                body = {**(body or {}), "_uid": self.uid}
        return requests.request(
            method, self.server.url + path, json=body, headers=sent, timeout=10, allow_redirects=False
        )

    def get(self, path: str, **headers: str) -> Any:
        """The JSON of a GET that must succeed; the envelope is taken off."""
        return self.json(self("GET", path, **headers))

    def put(self, path: str, body: Any = None) -> Any:
        """The JSON of a PUT that must succeed."""
        return self.json(self("PUT", path, {} if body is None else body))

    def post(self, path: str, body: Any = None) -> Any:
        """The JSON of a POST that must succeed."""
        return self.json(self("POST", path, {} if body is None else body))

    def delete(self, path: str, body: Any = None) -> Any:
        """The JSON of a DELETE that must succeed."""
        return self.json(self("DELETE", path, {} if body is None else body))

    @staticmethod
    def json(response: requests.Response) -> Any:
        """The JSON without envelope; fails on any status but success."""
        assert response.status_code in (200, 202), (response.request.url, response.status_code, response.text[:300])
        body = response.json()
        return body["response"] if isinstance(body, dict) and set(body) == {"status", "response"} else body


@dataclass
class World:
    """The community under test with its server."""

    community: SampleCommunity
    server: Server

    def client(self, user: str) -> Client:
        """Speaks as a member."""
        return Client(self.server, self.community.token_for(user))

    def guest(self) -> Client:
        """Speaks as nobody."""
        return Client(self.server, None)

    def master(self, user: str | None = None) -> Client:
        """The master token, as a member."""
        return Client(self.server, self.community.master_token(), self.community.uid(user) if user else None)

    def control(self, **order: Any) -> requests.Response:
        """One control order."""
        url = f"{self.server.url}/sandbox/control"
        return requests.post(url, json=order, headers={"X-Control-Secret": SECRET}, timeout=10)

    def forum(self, name: str) -> int:
        """A forum's id by name."""
        return next(f.id for f in self.community.state.tables.forums.values() if f.name == name)

    def thread(self, title: str) -> int:
        """A thread's id by title."""
        return next(t.id for t in self.community.state.tables.threads.values() if t.title == title)

    def post_by(self, user: str) -> int:
        """A visible post by a member in a public forum that nobody has reported."""
        uid, state = self.community.uid(user), self.community.state
        return next(p.id for p in state.tables.posts.values() if p.author == uid and not p.item and not p.hidden)

    def new_thread(
        self, user: str = "tobias_fennimore", forum: str = "Billing", text: str = "A fresh question here."
    ) -> int:
        """A thread of its own for one test."""
        return self.community.open_thread_as(user, self.forum(forum), "A thread for one test", text).id

    def first_post(self, thread: int) -> int:
        """The opening post of a thread."""
        return self.community.state.thread(thread).posts[0]


@pytest.fixture
def world() -> Iterator[World]:
    """A fresh small community; its clock stands still."""
    community = SampleCommunity.seeded(7, Size.small(), START)
    community.clock.stop()
    with serve(community, control_secret=SECRET) as server:
        yield World(community, server)


@pytest.fixture
def moderator(world: World) -> Client:
    """The demo's moderator."""
    return world.client("ines_lanternby")


@pytest.fixture
def customer(world: World) -> Client:
    """An ordinary member."""
    return world.client("tobias_fennimore")


@pytest.fixture
def admin(world: World) -> Client:
    """The administrator."""
    return world.client("osric_vale")


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return {dict: "object", list: "array", str: "string", type(None): "null"}[type(value)]


def shape_faults(recorded: Any, answered: Any, where: str, optional: frozenset[str]) -> list[str]:
    """Where an answer lacks a recorded field or has another type. null fits anything; lists are compared by element."""
    if recorded is None or answered is None:
        return []
    if _kind(recorded) != _kind(answered):
        return [f"{where}: recorded {_kind(recorded)}, answered {_kind(answered)}"]
    if isinstance(recorded, dict):
        faults = []
        for key, value in recorded.items():
            if key in answered:
                faults += shape_faults(value, answered[key], f"{where}.{key}", optional)
            elif key not in optional:
                faults.append(f"{where}.{key}: missing")
        return faults
    if isinstance(recorded, list) and recorded:
        if not answered:
            return [f"{where}: recorded elements, answered none"]
        for element in recorded:
            attempts = [shape_faults(element, one, f"{where}[]", optional) for one in answered]
            if all(attempts):
                return min(attempts, key=len)
    return []


@pytest.fixture
def faults_of_shape() -> Callable[..., list[str]]:
    """The comparison of two JSON documents by shape."""

    def compare(recorded: Any, answered: Any, optional: frozenset[str] = frozenset()) -> list[str]:
        return shape_faults(recorded, answered, "$", optional)

    return compare


@pytest.fixture
def recording() -> Callable[[str], dict[str, Any]]:
    """A recording by name: the shared one, else the trimmed copy beside the tests; skips where neither is."""

    def read(name: str) -> dict[str, Any]:
        for folder in (SHARED / "responses", HERE / "recordings"):
            path = folder / f"{name}.json"
            if path.exists():
                return json.loads(path.read_text(encoding="utf-8"))
        pytest.skip(f"recording {name} is neither in ../shared/nodebb/responses nor copied here")

    return read
