"""Fetching a calendar: from a file, an address, or standard input, and never showing what an address holds."""

import io
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from console import calendars
from console.calendars import fetch, shown_as
from moderation.errors import NotAllowedError, StoreError, TryLaterError, UnreachableError

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/secret-token/away.ics" if self.path == "/moved" else "/moved/again")
            self.end_headers()
            return
        body = {"/secret-token/away.ics": CALENDAR, "/large.ics": b"x" * 200}.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Nothing on the screen."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    found = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{found.server_port}"
    found.shutdown()
    found.server_close()


NOTHING = io.BytesIO


def test_a_file_says_how_old_it_is(tmp_path: Path) -> None:
    file = tmp_path / "away.ics"
    file.write_bytes(CALENDAR)
    then = datetime(2025, 6, 1, tzinfo=UTC)
    os.utime(file, (then.timestamp(), then.timestamp()))
    found = fetch(str(file), NOTHING)
    assert (found.data, found.shown, found.made_at) == (CALENDAR, "away.ics", then)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="file_unreadable"):
        fetch(str(tmp_path / "nothing.ics"), NOTHING)
    with pytest.raises(StoreError, match="file_unreadable"):
        fetch(str(tmp_path), NOTHING)


@pytest.mark.parametrize("path", ["/secret-token/away.ics", "/moved"])
def test_an_address_is_followed_and_only_its_host_is_kept(server: str, path: str) -> None:
    found = fetch(server + path, NOTHING)
    assert (found.data, found.shown, found.made_at) == (CALENDAR, "127.0.0.1", None)
    assert "secret" not in repr(found)
    assert shown_as(server + path) == "127.0.0.1"
    assert shown_as("webcal://calendar.example.org/secret/a.ics") == "calendar.example.org"


def test_an_address_may_come_by_standard_input(server: str) -> None:
    address = f"{server}/secret-token/away.ics\n".encode()
    assert fetch("-", lambda: io.BytesIO(address)).shown == "127.0.0.1"
    given = fetch("-", lambda: io.BytesIO(CALENDAR))
    assert (given.data, given.shown) == (CALENDAR, "-")


def test_what_gives_no_calendar(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TryLaterError, match="calendar_unreachable") as caught:
        fetch(f"{server}/secret-token/other.ics", NOTHING)
    assert caught.value.facts == {"seconds": 0.0, "host": "127.0.0.1", "status": 404}
    with pytest.raises(TryLaterError, match="calendar_unreachable"):
        fetch(f"{server}/moved/again", NOTHING)
    with pytest.raises(NotAllowedError, match="calendar_address"):
        fetch("https://user:word@calendar.example.org/a.ics", NOTHING)
    monkeypatch.setattr(calendars, "LARGEST", 100)
    with pytest.raises(NotAllowedError, match="calendar_too_large"):
        fetch(f"{server}/large.ics", NOTHING)


def test_a_host_that_does_not_answer() -> None:
    with pytest.raises(UnreachableError):
        fetch("http://127.0.0.1:1/away.ics", NOTHING)
