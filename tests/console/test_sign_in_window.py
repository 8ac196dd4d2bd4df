"""From a window with nothing connected to a decision on the server, and through a revoked key, without a restart."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from console import app
from console.cli.context import Context
from console.settings import change, load
from moderation.intents import IntentState
from sync.sandbox import SampleCommunity, Server, Size, serve
from sync.sandbox.discourse import key_wishes
from tests.console.conftest import MODERATOR
from tests.support.program import Program
from views import MainWindow

WITHOUT_LIMITS = Path(__file__).parents[1] / "conversion" / "without_limits"


@pytest.fixture
def window(marquee: Program, qapp: QApplication) -> Iterator[tuple[app.Program, MainWindow]]:
    marquee.home.prepare()
    quick = {"undo_seconds": 1.0, "poll_seconds": 1.0, "idle_seconds": 5.0}
    change(marquee.home.settings, lambda settings: replace(settings, **quick))  # type: ignore[arg-type]
    context = Context(marquee.home, load(marquee.home.settings), "en", environment=marquee.environment)
    with app.opened(context, app.make_application(), app.credentials_for(context)) as program:
        opened = program.open()
        yield program, opened
        opened.close()


@pytest.fixture(params=["nodebb", "discourse"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Its engine does not wait for the next minute of a Discourse key: how it lasts is shown elsewhere."""
    monkeypatch.setattr(key_wishes, "INTERVAL", 1)
    known = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(WITHOUT_LIMITS), known])))
    with serve(SampleCommunity.seeded(7, Size.small()), face=request.param) as running:
        yield running


async def until(so: Callable[[], object], seconds: float = 60.0) -> None:
    """Let things happen until something is so."""
    limit = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < limit, so
        await asyncio.sleep(0.02)


async def sign_in(window: MainWindow, server: Server) -> None:
    """From an open sheet that knows the address to the community in the sidebar."""
    sheet = window.sheet
    assert sheet is not None
    if server.face == "discourse":
        await until(lambda: sheet.page is sheet.code_page)
        assert server.community.agree_to_key(sheet.code_page.code.text(), MODERATOR)
    else:
        await until(lambda: sheet.page is sheet.key_page and not sheet.asking.busy)
        sheet.key_page.key.line.setText(server.community.token_for(MODERATOR))
        sheet.on.click()
    await until(lambda: sheet.page is sheet.person_page)
    sheet.on.click()
    await until(lambda: window.sheet is None)


def revoke(server: Server) -> None:
    """Whatever key the moderator has is worth nothing any more."""
    community = server.community
    for key in list(community.discourse.user_keys):
        assert community.revoke_token(key)
    if server.face == "nodebb":
        assert community.revoke_token(community.token_for(MODERATOR))


def decided(server: Server) -> list[str]:
    return [effect["target"] for effect in server.community.effects() if effect["verb"] in {"decide", "perform"}]


def test_connected_revoked_and_signed_in_again_without_a_restart(
    window: tuple[app.Program, MainWindow], server: Server
) -> None:
    program, opened = window
    session = opened.session

    def in_sidebar() -> list[str]:
        return [entry.label for entry in opened.sidebar.communities.entries.entries]

    async def walk() -> None:
        await until(lambda: session.communities_known)
        welcome = opened.connect_work.welcome
        assert welcome is not None
        assert welcome.isVisible()
        welcome.field.setText(server.url)
        welcome.button.click()
        await sign_in(opened, server)
        await until(lambda: session.feed.model.rowCount() > 0 and opened.queue_work.facts() is not None)
        await until(lambda: any(status.state == "connected" for status in session.watch.statuses))
        revoke(server)
        before = decided(server)
        await until(lambda: opened.registry.possible("resolve") or opened.registry.possible("keep"))
        opened.registry.run("resolve" if opened.registry.possible("resolve") else "keep")
        await until(lambda: session.decisions.state.open == 1)
        await until(lambda: "Sign in again…" in in_sidebar())
        assert session.decisions.state.open == 1
        assert decided(server) == before
        opened.registry.run("sign_in")
        await sign_in(opened, server)
        await until(lambda: session.decisions.state.open == 0)
        await until(lambda: "Sign in again…" not in in_sidebar())
        entries = program.workplace.desk.outbox.groups().done
        assert [entry.intent.state for entry in entries] == [IntentState.CONFIRMED]
        assert len(decided(server)) == len(before) + 1

    program.run_until(walk())
