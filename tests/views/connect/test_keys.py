"""The second step: a token of NodeBB; a code, a text to paste or a key of the site from Discourse; and who it is."""

import html
import re

import pytest
import requests
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget

from moderation.errors import SignInError
from moderation.ids import community_name
from moderation.intents import Identities
from sync.sandbox import Server
from sync.sandbox.discourse import key_wishes
from tests.views.connect.conftest import Booth

ME, MEMBER, COMPANY = "ines_lanternby", "benno_crabtree", "quillby"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One is asked to ask again after a second instead of five."""
    monkeypatch.setattr(key_wishes, "INTERVAL", 1)


def shown(widget: QWidget) -> str:
    """Everything that a person or assistive technology can read in a window."""
    texts = [widget.windowTitle()]
    for child in [widget, *widget.findChildren(QWidget)]:
        texts += [child.accessibleName(), child.accessibleDescription(), child.toolTip(), child.objectName()]
        interface = QAccessible.queryAccessibleInterface(child)
        if interface is not None:
            texts += [interface.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Value)]
    texts += [label.text() for label in widget.findChildren(QLabel)]
    texts += [line.displayText() for line in widget.findChildren(QLineEdit)]
    texts += [text.toPlainText() for text in widget.findChildren(QPlainTextEdit)]
    return "\n".join(texts)


# -- NodeBB


def test_a_token_is_checked_shown_and_remembered(booth: Booth, nodebb: Server) -> None:
    token, name = nodebb.community.token_for(ME), community_name(nodebb.url)
    booth.begin(nodebb.url)
    sheet = booth.sheet
    assert sheet.key_page.address.text.toPlainText() == f"{nodebb.url}/admin/manage/api"
    assert QApplication.focusWidget() is sheet.key_page.key.line
    booth.give(f"  {token}\n")
    assert sheet.page is sheet.person_page
    assert sheet.person_page.name.text() == ME
    assert "Moderator" in sheet.person_page.where.text()
    assert booth.remembered == {}
    booth.keep()
    assert booth.remembered[name].user == ME
    assert booth.credentials.token(name, Identities.ME) == token
    assert [row.name for row in booth.window.session.communities] == [name]
    welcome = booth.window.connect_work.welcome
    assert welcome is not None
    assert not welcome.isVisible()
    assert booth.window.lists.isVisible()
    entries = [entry.id for entry in booth.window.sidebar.communities.entries.entries]
    assert entries == ["", f"community:{name}", "do:add_community"]


def test_the_token_shows_nowhere_and_leaves_the_field(booth: Booth, nodebb: Server) -> None:
    token = nodebb.community.token_for(ME)
    booth.begin(nodebb.url)
    line = booth.sheet.key_page.key.line
    QTest.keyClicks(line, token)
    assert token not in shown(booth.sheet) + shown(booth.window)
    booth.sheet.on.click()
    booth.at_rest()
    booth.sheet.back.click()
    booth.at_rest()
    assert booth.sheet.page is booth.sheet.key_page
    assert line.text() == ""
    booth.sheet.key_page.key.eye.setChecked(True)
    QTest.keySequence(line, QKeySequence(QKeySequence.StandardKey.Undo))
    assert line.text() == ""
    written = b"".join(path.read_bytes() for path in booth.home.root.rglob("*") if path.is_file())
    assert token.encode() not in written


def test_it_can_be_looked_at_and_is_masked_again(booth: Booth, nodebb: Server) -> None:
    booth.begin(nodebb.url)
    key = booth.sheet.key_page.key
    QTest.keyClicks(key.line, "abc")
    assert key.line.displayText() != "abc"
    key.eye.click()
    assert (key.line.displayText(), key.eye.text()) == ("abc", "Hide")
    key.forget()
    assert key.line.echoMode() is QLineEdit.EchoMode.Password


@pytest.mark.parametrize("wrong", ["11111111-2222-3333-4444-555555555555", "with spaces in it", "ключ"])
def test_a_wrong_token_is_said_and_can_be_put_right(booth: Booth, nodebb: Server, wrong: str) -> None:
    booth.begin(nodebb.url)
    booth.give(wrong)
    sheet = booth.sheet
    assert "token" in sheet.notice.text.text()
    assert "marquee connect" not in sheet.notice.text.text()
    assert sheet.page is sheet.key_page
    assert QApplication.focusWidget() is sheet.key_page.key.line
    assert sheet.key_page.key.line.selectedText() != ""
    assert booth.remembered == {}
    booth.give(nodebb.community.token_for(ME))
    assert sheet.page is sheet.person_page


def test_an_ordinary_member_is_told_what_is_missing_and_nothing_is_kept(booth: Booth, nodebb: Server) -> None:
    booth.begin(nodebb.url)
    booth.give(nodebb.community.token_for(MEMBER))
    sheet = booth.sheet
    assert "ordinary member" in sheet.person_page.lacks.text.text()
    said = shown(sheet)
    assert "Missing: See and decide reports" in said
    assert "Allowed: Answer in threads" in said
    assert sheet.on.text() == "Look again"
    sheet.on.click()
    booth.at_rest()
    assert booth.remembered == {}
    sheet.person_page.other.click()
    booth.at_rest()
    booth.give(nodebb.community.token_for(ME))
    assert sheet.on.text() == "Connect for this run"


def test_the_company_account_by_a_master_token(booth: Booth, nodebb: Server) -> None:
    name = community_name(nodebb.url)
    booth.begin(nodebb.url)
    booth.give(nodebb.community.token_for(ME))
    booth.keep()
    (row,) = booth.window.session.communities
    booth.window.connect_work.company(row)
    booth.at_rest()
    booth.give(nodebb.community.master_token())
    assert "master token" in booth.sheet.notice.text.text()
    assert "--" not in booth.sheet.notice.text.text()
    assert QApplication.focusWidget() is booth.sheet.key_page.name
    booth.give(nodebb.community.master_token(), COMPANY)
    assert booth.sheet.person_page.name.text() == COMPANY
    booth.keep()
    kept = booth.remembered[name]
    assert (kept.user, kept.official_user) == (ME, COMPANY)
    assert kept.official_acts_as == str(nodebb.community.uid(COMPANY))
    assert booth.window.session.communities[0].official is not None


def test_the_company_account_by_a_token_of_its_own_needs_no_name(booth: Booth, nodebb: Server) -> None:
    booth.begin(nodebb.url)
    booth.give(nodebb.community.token_for(ME))
    booth.keep()
    booth.window.connect_work.company(booth.window.session.communities[0])
    booth.at_rest()
    booth.give(nodebb.community.token_for(COMPANY))
    booth.keep()
    kept = booth.remembered[community_name(nodebb.url)]
    assert (kept.official_user, kept.official_acts_as) == (COMPANY, "")


def test_another_person_is_refused_before_anything_is_kept(booth: Booth, nodebb: Server) -> None:
    booth.begin(nodebb.url)
    booth.give(nodebb.community.token_for(ME))
    booth.keep()
    booth.window.registry.run("sign_in")
    booth.at_rest()
    booth.give(nodebb.community.token_for("dagny_pell"))
    assert f"is connected as {ME}" in booth.sheet.notice.text.text()
    booth.give(nodebb.community.token_for(ME))
    assert booth.sheet.on.text() == "Sign in for this run"
    booth.keep()


# -- Discourse


def at_the_code(booth: Booth, server: Server) -> str:
    """Up to the code that is shown."""
    booth.begin(server.url)
    booth.until(lambda: booth.sheet.page is booth.sheet.code_page)
    return booth.sheet.code_page.code.text()


def test_a_code_is_shown_and_what_was_agreed_to_goes_on_by_itself(booth: Booth, discourse: Server) -> None:
    code = at_the_code(booth, discourse)
    sheet = booth.sheet
    assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", code)
    assert sheet.code_page.address.text.toPlainText().startswith(discourse.url)
    assert "Waiting for you to agree" in sheet.code_page.left.text()
    assert not sheet.on.isVisible()
    sheet.code_page.copy.click()
    assert QApplication.clipboard().text() == code
    assert discourse.community.agree_to_key(code, ME)
    booth.until(lambda: sheet.page is sheet.person_page)
    assert (sheet.person_page.name.text(), sheet.person_page.where.text().count("Discourse")) == (ME, 1)
    booth.keep()
    assert booth.remembered[community_name(discourse.url)].user == ME
    assert list(discourse.community.discourse.user_keys)


def test_a_code_that_ran_out_is_said_and_another_one_works(booth: Booth, discourse: Server) -> None:
    code = at_the_code(booth, discourse)
    discourse.community.clock.advance(601.0)
    sheet = booth.sheet
    booth.until(lambda: not sheet.code_page.waiting)
    assert "not valid any more" in sheet.notice.text.text() + sheet.code_page.left.text()
    assert QApplication.focusWidget() is sheet.code_page.anew
    booth.press(Qt.Key.Key_Space)
    booth.until(lambda: sheet.code_page.waiting)
    fresh = sheet.code_page.code.text()
    assert fresh != code
    assert discourse.community.agree_to_key(fresh, ME)
    booth.until(lambda: sheet.page is sheet.person_page)


def test_the_count_runs_down_by_itself(booth: Booth, discourse: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_wishes, "EXPIRES", 2)
    at_the_code(booth, discourse)
    booth.until(lambda: not booth.sheet.code_page.waiting)
    assert booth.sheet.code_page.anew.isVisible()
    assert not booth.sheet.code_page.address.isEnabled()


def test_who_refuses_in_the_browser_is_told(booth: Booth, discourse: Server) -> None:
    assert discourse.community.agree_to_key(at_the_code(booth, discourse))
    booth.until(lambda: not booth.sheet.code_page.waiting)
    assert "refused in the browser" in booth.sheet.notice.text.text()
    assert booth.remembered == {}


def test_an_answer_that_comes_too_late_troubles_nobody(booth: Booth, discourse: Server) -> None:
    at_the_code(booth, discourse)
    sheet = booth.sheet
    sheet.code_page.other.click()
    booth.at_rest()
    assert sheet.page is sheet.key_page
    sheet._poll_failed(SignInError("sign_in_denied"))
    assert sheet.notice.isHidden()
    assert QApplication.focusWidget() is sheet.key_page.key.line


def test_a_key_that_is_not_wanted_after_all_is_revoked(booth: Booth, discourse: Server) -> None:
    assert discourse.community.agree_to_key(at_the_code(booth, discourse), ME)
    booth.until(lambda: booth.sheet.page is booth.sheet.person_page)
    assert discourse.community.discourse.user_keys
    booth.press(Qt.Key.Key_Escape)
    booth.until(lambda: booth.window.sheet is None and not discourse.community.discourse.user_keys)
    assert booth.remembered == {}


def test_a_text_is_pasted_where_there_are_no_codes(booth: Booth, discourse: Server) -> None:
    discourse.community.discourse.settings.device_code = False
    booth.begin(discourse.url)
    sheet = booth.sheet
    booth.until(lambda: sheet.page is sheet.paste_page)
    address = sheet.paste_page.address.text.toPlainText()
    assert "public_key" in address
    sheet.paste_page.text.setPlainText("bm90IG91cnM=")
    sheet.on.click()
    booth.at_rest()
    assert "does not answer this sign-in" in sheet.notice.text.text()
    assert QApplication.focusWidget() is sheet.paste_page.text
    sheet.paste_page.text.setPlainText(agreed_by_form(address, ME))
    sheet.on.click()
    booth.until(lambda: sheet.page is sheet.person_page)
    assert sheet.paste_page.text.toPlainText() == ""
    booth.keep()
    assert booth.remembered


def agreed_by_form(address: str, user: str) -> str:
    """What the page shows to who agrees."""
    page = requests.get(address, timeout=20).text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    target = re.findall(r'action="([^"]+)"', page)[0]
    given = {name: html.unescape(value) for name, value in fields.items()} | {"username": user}
    answer = requests.post(html.unescape(target), data=given, timeout=20).text
    return html.unescape(re.findall(r"<textarea>(.*?)</textarea>", answer, re.DOTALL)[0])


def test_the_company_account_by_a_key_of_the_site(booth: Booth, discourse: Server) -> None:
    assert discourse.community.agree_to_key(at_the_code(booth, discourse), ME)
    booth.until(lambda: booth.sheet.page is booth.sheet.person_page)
    booth.keep()
    booth.window.connect_work.company(booth.window.session.communities[0])
    booth.at_rest()
    assert booth.sheet.key_page.name.isVisible()
    booth.give(discourse.community.admin_key(), COMPANY)
    assert "Company account" in booth.sheet.person_page.where.text()
    booth.keep()
    assert booth.remembered[community_name(discourse.url)].official_user == COMPANY


def test_where_members_get_no_keys_one_of_an_administrator_does(booth: Booth, discourse: Server) -> None:
    at_the_code(booth, discourse)
    booth.sheet.code_page.other.click()
    assert booth.sheet.page is booth.sheet.key_page
    assert not booth.sheet.code_page.waiting
    booth.give(discourse.community.admin_key(), ME)
    assert booth.sheet.person_page.name.text() == ME
    booth.keep()
    assert booth.remembered[community_name(discourse.url)].acts_as == str(discourse.community.uid(ME))
