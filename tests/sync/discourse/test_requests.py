"""What this connector writes, against the published descriptions of requests, where they lie beside this project."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest

from moderation.actions import Action
from sync.http import Session
from tests.sync.discourse.deeds import DEEDS
from tests.sync.discourse.face import small_face
from tests.sync.discourse.test_calls import known

Write = tuple[str, str, dict[str, Any]]
FOLDER = Path(__file__).parents[4] / "shared" / "discourse" / "schemas"
TAKEN_FROM_SOURCE = frozenset(
    {"nested_post", "auto_track", "whisper", "original_text", "original_title", "original_tags"}
)
"""Fields that the server's source has and the published description lacks (API.md sections 3 and 4)."""


@cache
def described() -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    """Requests with a body: method, path, schema."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        told = json.loads(path.read_text())
        if "request" in told and told["method"] != "GET":
            pattern = re.compile(re.sub(r"\{\w+\}", r"[^/]+", told["path"]) + "$")
            found.append((told["method"], pattern, told["request"]["schema"]))
    return found


def unfitting(method: str, path: str, body: dict[str, Any]) -> list[str]:
    """What a request has that its description does not allow; nothing where there is no description."""
    for wanted, pattern, schema in described():
        if wanted == method and pattern.match(path):
            inner = body.get("post", body) if "post" in body else body
            plain = {name: value for name, value in inner.items() if name not in TAKEN_FROM_SOURCE}
            given = body | {"post": plain} if "post" in body else plain
            return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(given)]
    return []


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[Write]:
    """Writes as they leave, in order."""
    found: list[Write] = []
    send = Session.send

    def noting(session: Session, method: str, url: str, *, body: bytes | None, **facts: Any) -> Any:
        if body is not None:
            found.append((method, urlsplit(url).path, json.loads(body)))
        return send(session, method, url, body=body, **facts)

    monkeypatch.setattr(Session, "send", noting)
    return found


@pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/discourse/schemas is not here")
@pytest.mark.parametrize("action", DEEDS, ids=str)
def test_a_write_fits_its_description(action: Action, writes: list[Write]) -> None:
    with small_face() as world:
        actor = world.actor()
        deed = DEEDS[action](world, actor)
        actor.act(action, deed.target, deed.item, **deed.payload)
    assert writes
    assert [(method, path) for method, path, _ in writes if known(method, path) is None] == []
    assert [(write, wrong) for write in writes if (wrong := unfitting(*write))] == []
