"""The first step: an address, whatever is behind it; and what a person sees who has nothing connected."""

import re
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from resources import messages
from sync.sandbox import Fault, Server
from tests.sync.http.wire import Heard, Wire, reply, wire
from tests.views.connect.conftest import Booth, Opens

HTML = b"<!doctype html><title>Somebody's shop</title><p>Teapots.</p>"
ESCAPE = Qt.Key.Key_Escape


def test_who_has_nothing_connected_is_welcomed_and_can_type_at_once(booth: Booth) -> None:
    welcome = booth.window.connect_work.welcome
    assert welcome is not None
    assert welcome.isVisible()
    assert not booth.window.lists.isVisible()
    assert QApplication.focusWidget() is welcome.field
    welcome.look.click()
    assert booth.samples == 1


def test_the_outbox_can_still_be_opened_and_left(booth: Booth) -> None:
    window, welcome = booth.window, booth.window.connect_work.welcome
    window.registry.run("go_outbox")
    assert window.lists.isVisible()
    window.registry.run("go_queue")
    assert welcome is not None
    assert welcome.isVisible()


def test_enter_in_the_field_opens_the_sheet_and_looks(booth: Booth, nodebb: Server) -> None:
    booth.focus().setProperty("text", nodebb.url)
    booth.press(Qt.Key.Key_Return)
    booth.at_rest()
    assert booth.sheet.page is booth.sheet.key_page
    assert booth.sheet.under.text() == nodebb.url


@pytest.mark.parametrize("press", ["add_community", "sidebar"])
def test_the_sheet_opens_by_key_and_from_the_sidebar(booth: Booth, press: str) -> None:
    if press == "sidebar":
        booth.window.sidebar.communities.opened.emit("do:add_community")
    else:
        booth.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert booth.sheet.page is booth.sheet.address_page
    booth.until(lambda: QApplication.focusWidget() is booth.sheet.address_page.field)
    assert not booth.sheet.on.isEnabled()
    booth.press(ESCAPE)
    booth.until(lambda: booth.window.sheet is None)


def test_the_palette_has_it_in_both_languages(booth: Booth) -> None:
    booth.window.registry.run("palette")
    palette = booth.window.popups.palette
    for typed, verb in (("add a comm", "add_community"), ("sign in", "sign_in"), ("追加", "add_community")):
        palette.field.setText(typed)
        assert verb in {row.verb for row in palette._rows}
    palette.reject()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """One that nobody vouches for."""
    folder: Path = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def a_shop(heard: Heard, sock: object) -> None:
    reply(sock, HTML, kind="text/html")  # type: ignore[arg-type]


def in_maintenance(heard: Heard, sock: object) -> None:
    reply(sock, HTML, "503 Service Unavailable", "text/html")  # type: ignore[arg-type]


def elsewhere(heard: Heard, sock: object) -> None:
    reply(sock, b"", "302 Found", "text/html", Location="https://127.0.0.1:1/login")  # type: ignore[arg-type]


@pytest.fixture
def serves(certificate: ssl.SSLContext) -> Iterator[Callable[..., Wire]]:
    with ExitStack() as stack:
        yield lambda handle, tls=False: stack.enter_context(wire(handle, certificate if tls else None))


@pytest.mark.parametrize(
    ("handle", "tls", "says"),
    [
        (a_shop, False, "No community that this program knows answers there"),
        (in_maintenance, False, "not available right now"),
        (elsewhere, False, "127.0.0.1"),
        (a_shop, True, "certificate"),
    ],
    ids=["not a community", "maintenance", "redirect", "self-signed"],
)
def test_what_is_no_community_is_said_and_the_address_stays(
    booth: Booth, serves: Callable[..., Wire], handle: object, tls: bool, says: str
) -> None:
    server = serves(handle, tls)
    booth.begin(server.url)
    sheet = booth.sheet
    assert says in sheet.notice.text.text()
    assert "marquee connect" not in sheet.notice.text.text()
    assert "by itself" not in sheet.notice.text.text() or tls
    assert sheet.page is sheet.address_page
    assert sheet.address_page.address == server.url
    assert QApplication.focusWidget() is sheet.address_page.field
    assert booth.remembered == {}


@pytest.mark.parametrize(
    ("typed", "says"),
    [("127.0.0.1:1", "127.0.0.1"), ("not an address", "is not the address"), ("https://a:b@x.example", "password")],
)
def test_what_cannot_be_an_address(booth: Booth, typed: str, says: str) -> None:
    booth.begin(typed)
    assert says in booth.sheet.notice.text.text()
    assert booth.sheet.page.focusWidget() is booth.sheet.address_page.field


CUT_OFF = "Exception in ASGI application"  # says the server that ends while it still lets somebody wait


def test_escape_ends_a_request_at_once_and_nothing_is_lost(
    booth: Booth, nodebb: Server, expected_logs: list[str]
) -> None:
    expected_logs.append(CUT_OFF)
    nodebb.community.faults.order(Fault("delay", seconds=60.0))
    welcome = booth.window.connect_work.welcome
    assert welcome is not None
    welcome.field.setText(nodebb.url)
    welcome.button.click()
    sheet = booth.sheet
    booth.until(lambda: sum(nodebb.community.service.requests.values()) or nodebb.community.faults.orders == [])
    assert sheet.busy.isVisible()
    began = time.monotonic()
    booth.press(ESCAPE)
    assert not sheet.busy.isVisible()
    assert sheet.notice.text.text() == "Stopped. Nothing was stored."
    assert sheet.address_page.address == nodebb.url
    assert QApplication.focusWidget() is sheet.address_page.field
    sheet.on.click()
    booth.at_rest()
    assert sheet.page is sheet.key_page
    assert time.monotonic() - began < 30
    booth.press(ESCAPE)
    booth.until(lambda: booth.window.sheet is None)
    assert booth.remembered == {}


def test_the_window_goes_on_while_a_server_takes_its_time(
    booth: Booth, nodebb: Server, expected_logs: list[str]
) -> None:
    expected_logs.append(CUT_OFF)
    nodebb.community.faults.order(Fault("delay", seconds=60.0))
    booth.window.registry.run("add_community")
    booth.sheet.address_page.field.setText(nodebb.url)
    booth.sheet.on.click()
    booth.window.session.read_communities()
    booth.stage.settle(booth.app)
    assert booth.sheet.busy.isVisible()


def test_sentences_of_the_sheet_name_no_other_facts_than_the_errors_do() -> None:
    """The same code is raised with the same facts, whoever says it."""
    table = messages.table("en")
    own = {
        code.removeprefix("connect_error_"): said for code, said in table.items() if code.startswith("connect_error_")
    }
    assert own.keys() <= table.keys()
    named = re.compile(r"{(\w+)}")
    assert [code for code, said in own.items() if not set(named.findall(said)) <= set(named.findall(table[code]))] == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_bad_news_is_said_in_the_persons_language(opens_booth: Opens, language: str) -> None:
    booth = opens_booth(language=language)
    booth.begin("not an address")
    said = booth.sheet.notice.text.text()
    assert any(ord(char) > 0x2E7F for char in said) is (language == "ja")
