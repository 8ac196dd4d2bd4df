"""House rules of the sample community: no secrets in recordings, no word to the connector, small files."""

import ast
import json
import re
from pathlib import Path

import pytest

from sync.sandbox.nodebb import app  # noqa: F401 - registers the routes
from sync.sandbox.nodebb.routes import all_routes

HERE = Path(__file__).parent
SOURCE = HERE.parents[2] / "sync" / "sandbox"
RECORDINGS = sorted((HERE / "recordings").glob("*.json"))

SECRETS = (
    re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE),
    re.compile(r"Bearer (?!TOKEN)\S"),
    re.compile(r"express\.sid=(?!TOKEN)"),
    re.compile(r"token=(?!TOKEN)\w", re.IGNORECASE),
    re.compile(r"\b[0-9a-f]{32,}\b", re.IGNORECASE),
    re.compile(r'"password": "(?!PASSWORD)'),
)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_recordings_contain_no_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [pattern.pattern for pattern in SECRETS if pattern.search(text)] == []
    assert json.loads(text)["status"]


def test_the_important_recordings_are_here() -> None:
    names = {path.stem for path in RECORDINGS}
    assert {"flags-list-default", "flag-get-page-api", "post-queue-list", "reply-ok", "topic", "recent"} <= names


def test_nothing_is_imported_from_the_connector_or_above() -> None:
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                ours = name.split(".")[0] in ("console", "views", "moderation")
                assert not ours, (path, name)
                assert not name.startswith("sync.") or name.startswith("sync.sandbox"), (path, name)


def test_the_state_knows_no_http() -> None:
    for path in (SOURCE / "state").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"starlette|uvicorn|sync\.sandbox\.nodebb", text), path


def test_every_handler_says_what_it_does() -> None:
    assert len(all_routes()) > 90
    assert [route.template for route in all_routes() if not route.handler.__doc__] == []
