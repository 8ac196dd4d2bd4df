"""The sample community as a Discourse on a real socket, and clients that speak as its members."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests

from sync.sandbox import SampleCommunity, Size, serve
from tests.sync.sandbox.conftest import SECRET, START, World

ROOT = Path(__file__).resolve().parents[4]
SCHEMAS = ROOT.parent / "shared" / "discourse" / "schemas"
RESPONSES = ROOT.parent / "shared" / "discourse" / "responses"
MODERATOR, COLLEAGUE, ADMIN, CUSTOMER = "ines_lanternby", "dagny_pell", "osric_vale", "tobias_fennimore"


@dataclass
class Client:
    """Requests with the headers of a key."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """One request; a body goes as JSON."""
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return requests.request(method, self.url + path, json=body, headers=sent, timeout=10, allow_redirects=False)

    def get(self, path: str) -> Any:
        """The JSON of a GET that must succeed."""
        return self._json(self("GET", path))

    def post(self, path: str, body: Any) -> Any:
        """The JSON of a POST that must succeed."""
        return self._json(self("POST", path, body))

    def put(self, path: str, body: Any = None) -> Any:
        """The JSON of a PUT that must succeed; None for an empty body."""
        return self._json(self("PUT", path, body))

    @staticmethod
    def _json(answer: requests.Response) -> Any:
        assert answer.status_code == 200, (answer.request.url, answer.status_code, answer.text[:300])
        return answer.json() if answer.content else None


@dataclass
class Discourse(World):
    """The community under test as a Discourse."""

    def as_user(self, name: str) -> Client:
        """Speaks by a member's key."""
        return Client(self.server.url, {"User-Api-Key": self.community.user_key_for(name)})

    def as_site(self, name: str) -> Client:
        """Speaks by the key of the site, as a member."""
        return Client(self.server.url, {"Api-Key": self.community.admin_key(), "Api-Username": name})

    def as_nobody(self) -> Client:
        """Speaks without a key."""
        return Client(self.server.url)

    @property
    def settings(self) -> Any:
        """How the face is set."""
        return self.community.discourse.settings

    def report(self, user: str = CUSTOMER, reason: str = "Spam", author: str = "wren_sallowfield") -> int:
        """A fresh report on a post of its own thread; gives the item's id."""
        thread = self.community.open_thread_as(author, self.forum("Billing"), "A thread to report", "Buy cheap things!")
        reply = self.community.reply_as(author, thread.id, "Really cheap things, buy them here now")
        return self.community.report(user, reply.id, reason).id


@pytest.fixture
def site() -> Iterator[Discourse]:
    """A fresh small community; its clock stands still."""
    community = SampleCommunity.seeded(7, Size.small(), START)
    community.clock.stop()
    with serve(community, control_secret=SECRET, face="discourse") as server:
        yield Discourse(community, server)


@pytest.fixture
def mod(site: Discourse) -> Client:
    """The demo's moderator."""
    return site.as_user(MODERATOR)


@pytest.fixture
def customer(site: Discourse) -> Client:
    """An ordinary member."""
    return site.as_user(CUSTOMER)


@pytest.fixture
def admin(site: Discourse) -> Client:
    """The administrator."""
    return site.as_user(ADMIN)


def _relaxed(schema: Any) -> Any:
    """A published schema as wide as the server is (`overrides.json`): more keys, and null, come and go."""
    if isinstance(schema, list):
        return [_relaxed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _relaxed(value) for key, value in schema.items() if key != "additionalProperties"}
    if "properties" in kept:
        wide = {
            "reply_to_post_number": {"type": ["integer", "null"]},
            "name": {"type": ["string", "null"]},
            "reviewable_id": {"type": ["integer", "null"]},
            "flair_group_id": {"type": ["integer", "null"]},
            "topic_timer": {"type": ["object", "null"]},
            "topic_status_update": {"type": ["object", "null"]},
            "deleted_by": {"type": ["object", "string", "null"]},
        }
        for name in ("image_url", "thumbnails", "bookmarked", "liked", "last_poster_username"):
            wide[name] = {"type": ["string", "array", "boolean", "null"]}
        narrow = {name for name, one in kept["properties"].items() if one.get("type") != "integer" or "flair" in name}
        narrow.add("reviewable_id") if "reviewable_id" in kept["properties"] else None
        kept["properties"] |= {name: wider for name, wider in wide.items() if name in narrow}
        if "posters" in kept["properties"] or "post_stream" in kept["properties"]:
            kept["properties"]["category_id"] = {"type": ["integer", "null"]}
        loose = ("suggested_topics", "timeline_lookup")
        required = [n for n in kept.get("required", []) if not n.startswith("can_") and n not in loose]
        kept["required"] = required
    return kept


def faults(name: str, answer: Any, status: str = "200") -> list[str]:
    """Where an answer does not fit a schema; skips where the schemas are not at hand."""
    path = SCHEMAS / f"{name}.json"
    if not path.exists():
        pytest.skip(f"schema {name} is not in ../shared/discourse/schemas")
    document = json.loads(path.read_text(encoding="utf-8"))
    responses = document["responses"]
    schema = responses.get(status) or responses[next(iter(responses))]
    schema = _relaxed(schema.get("schema", schema))
    found = jsonschema.Draft7Validator(schema).iter_errors(answer)
    return [f"{'.'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in found]


@pytest.fixture
def fits() -> Callable[..., None]:
    """Asserts that an answer fits a schema."""

    def check(name: str, answer: Any, status: str = "200") -> None:
        assert faults(name, answer, status) == []

    return check


@pytest.fixture
def same_keys() -> Callable[[str, Any], None]:
    """Asserts that an answer has every key of a constructed one, with values of the same kind."""
    from tests.sync.sandbox.conftest import shape_faults

    def check(name: str, answer: Any, optional: frozenset[str] = frozenset()) -> None:
        path = RESPONSES / f"{name}.json"
        if not path.exists():
            pytest.skip(f"{name} is not in ../shared/discourse/responses")
        body = json.loads(path.read_text(encoding="utf-8"))["body"]
        assert shape_faults(body, answer, "$", optional) == []

    return check
