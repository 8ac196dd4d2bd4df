"""`marquee show` for people: everything that there is to read."""

import io
from pathlib import Path
from typing import Any

import pytest

from console.cli import show
from console.cli.context import Context
from console.home import Home
from console.settings import Settings

AT = "2026-11-22T10:00:00Z"
POST = {"id": "c.example:post:7", "author_name": "odo", "created_at": AT, "text": "Words in the thread", "html": None}
ITEM = {"id": "c.example:held:1", "post": None, "author_name": "mila", "created_at": AT, "body": None, "html": None}
NOTE = {"id": "1", "author": "c.example:member:2", "author_name": "ines", "at": AT, "text": "Asked the team"}


def said(tmp_path: Path, document: dict[str, Any]) -> str:
    out = io.StringIO()
    show._print(Context(Home(tmp_path), Settings(), "en", out=out, err=io.StringIO()), document)
    return out.getvalue()


@pytest.mark.parametrize("named", ["body", "html"])
def test_the_text_of_a_held_post(tmp_path: Path, named: str) -> None:
    shown = said(tmp_path, ITEM | {named: "Words that nobody has read", "posts": [POST]})
    assert shown.index("mila") < shown.index("Words that nobody has read") < shown.index("Words in the thread")


def test_a_reported_post_is_printed_once(tmp_path: Path) -> None:
    shown = said(tmp_path, ITEM | {"post": POST["id"], "body": POST["text"], "posts": [POST]})
    assert shown.count("Words in the thread") == 1


def test_a_post_by_itself(tmp_path: Path) -> None:
    assert said(tmp_path, POST).count("Words in the thread") == 1


def test_notes_of_the_server_and_of_the_team(tmp_path: Path) -> None:
    mine = NOTE | {"text": "Called them\u202e", "author_name": "dagny"}
    shown = said(tmp_path, ITEM | {"notes": [NOTE], "team_notes": [mine]})
    assert "note by ines" in shown
    assert shown.index("Asked the team") < shown.index("dagny") < shown.index("Called them")
    assert "\u202e" not in shown
