"""A community that does not know one any more, signing out, and letting go."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from moderation.ids import community_name
from moderation.ports import CommunityStatus
from sync.sandbox import Server
from tests.views.connect.conftest import Booth
from tests.views.connect.test_keys import ME, at_the_code
from views.connect.aims import Leaving


def connected(booth: Booth, server: Server) -> str:
    """Sign in there; gives the community's name."""
    if server.face == "discourse":
        assert server.community.agree_to_key(at_the_code(booth, server), ME)
        booth.until(lambda: booth.sheet.page is booth.sheet.person_page)
    else:
        booth.begin(server.url)
        booth.give(server.community.token_for(ME))
    booth.keep()
    return community_name(server.url)


def unknown(booth: Booth, name: str) -> None:
    """The engine says that the community does not know this person any more."""
    trouble = {"code": "token_not_accepted", "endpoint": "/api/self"}
    booth.stage.engine.statuses = [CommunityStatus(name, "sign_in", trouble=trouble)]
    booth.window.session.watch.look()


def labels(booth: Booth) -> list[str]:
    return [entry.label for entry in booth.window.sidebar.communities.entries.entries]


def test_a_revoked_key_is_said_in_sidebar_and_bar_and_leads_to_the_right_step(booth: Booth, nodebb: Server) -> None:
    name = connected(booth, nodebb)
    assert "Sign in again…" not in labels(booth)
    unknown(booth, name)
    assert "Sign in again…" in labels(booth)
    assert "Sign in again" in booth.window.bar.accessibleName()
    booth.window.sidebar.communities.opened.emit(f"do:sign_in:{name}")
    booth.at_rest()
    sheet = booth.sheet
    assert sheet.page is sheet.key_page
    assert sheet.windowTitle() == "Sign in again"
    assert not sheet.back.isVisible()
    booth.give(nodebb.community.token_for(ME))
    assert sheet.person_page.person is not None
    assert sheet.person_page.person.again
    booth.keep()
    assert "Signed in" in booth.window.bar.accessibleName()


def test_the_key_for_it_goes_to_the_one_that_needs_it(booth: Booth, nodebb: Server, discourse: Server) -> None:
    names = [connected(booth, nodebb)]
    booth.window.registry.run("add_community")
    booth.sheet.address_page.field.setText(discourse.url)
    booth.sheet.on.click()
    booth.until(lambda: booth.sheet.page is booth.sheet.code_page)
    assert discourse.community.agree_to_key(booth.sheet.code_page.code.text(), ME)
    booth.until(lambda: booth.sheet.page is booth.sheet.person_page)
    booth.keep()
    names.append(community_name(discourse.url))
    assert sorted(booth.remembered) == sorted(names)
    unknown(booth, names[1])
    booth.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    booth.until(lambda: booth.sheet.page is booth.sheet.code_page)
    assert booth.sheet.under.text() == f"{discourse.url} · {ME}"


@pytest.mark.parametrize("face", ["nodebb", "discourse"])
def test_signing_out_forgets_the_key_and_keeps_the_rest(
    booth: Booth, face: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(face)
    name = connected(booth, server)
    (row,) = booth.window.session.communities
    booth.window.connect_work.leave(row, Leaving.SIGN_OUT)
    booth.until(lambda: booth.window.sheet is not None)
    booth.until(lambda: QApplication.focusWidget() is booth.leaving.cancel)
    booth.leaving.yes.click()
    booth.until(lambda: booth.window.sheet is None)
    assert name in booth.remembered
    assert booth.credentials.for_engine().tokens == {}
    assert [row.name for row in booth.window.session.communities] == [name]
    said = booth.window.bar.accessibleName()
    assert ("revoked" in said) is (face == "discourse")
    assert not server.community.discourse.user_keys


def test_letting_go_deletes_what_was_read_and_welcomes_again(booth: Booth, nodebb: Server) -> None:
    name = connected(booth, nodebb)
    (row,) = booth.window.session.communities
    booth.window.connect_work.leave(row, Leaving.DISCONNECT)
    booth.until(lambda: booth.window.sheet is not None)
    booth.leaving.yes.click()
    booth.until(lambda: booth.window.sheet is None)
    booth.until(lambda: not booth.window.session.communities)
    assert name not in booth.remembered
    welcome = booth.window.connect_work.welcome
    assert welcome is not None
    booth.until(welcome.isVisible)


def test_escape_leaves_everything_as_it_is(booth: Booth, nodebb: Server) -> None:
    name = connected(booth, nodebb)
    booth.window.connect_work.leave(booth.window.session.communities[0], Leaving.DISCONNECT)
    booth.until(lambda: booth.window.sheet is not None)
    booth.press(Qt.Key.Key_Escape)
    booth.until(lambda: booth.window.sheet is None)
    assert name in booth.remembered


def test_a_community_has_a_menu_by_mouse_and_by_key(booth: Booth, nodebb: Server) -> None:
    connected(booth, nodebb)
    wanted = ["Sign in again…", "Company account…", "Sign out…", "Let go of this community…"]
    listed = booth.window.sidebar.communities
    at = listed.visualRect(listed.model().index(1, 0)).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, listed.viewport().mapToGlobal(at))
    listed.contextMenuEvent(event)
    work = booth.window.connect_work
    assert [action.text() for action in work.menu.actions()] == wanted
    work.menu.close()
    booth.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert [action.text() for action in work.menu.actions()] == wanted
    work.menu.close()
    listed.setFocus()
    listed.setCurrentIndex(listed.model().index(1, 0))
    by_key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    listed.contextMenuEvent(by_key)
    assert work.menu.isVisible()
    work.menu.actions()[0].trigger()
    work.menu.close()
    booth.at_rest()
    assert booth.sheet.page is booth.sheet.key_page


def test_an_open_sheet_outlives_another_look_of_the_window(booth: Booth, nodebb: Server) -> None:
    from views.theme import Scheme

    booth.begin(nodebb.url)
    sheet = booth.sheet
    sheet.key_page.key.line.setText(nodebb.community.token_for(ME))
    booth.window.theme.choose(scheme=Scheme.DARK)
    booth.stage.settle(booth.app)
    assert booth.sheet is sheet
    sheet.on.click()
    booth.at_rest()
    booth.keep()
    assert "is connected" in booth.window.bar.accessibleName()
