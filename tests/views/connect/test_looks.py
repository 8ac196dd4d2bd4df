"""Every page in both languages and schemes: translated, fitting, each control named, all of it reached by Tab."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from moderation.actions import Action
from moderation.errors import NotAllowedError
from tests.views.connect.conftest import Booth, Opens
from tests.views.test_access import CONTROLS, met
from tests.views.test_languages import cut_off, fixed_texts
from views.connect import rights
from views.connect.aims import Leaving
from views.connect.leave_dialog import LeaveDialog
from views.connect.names import shown
from views.connect.port import Person, Place, Wish
from views.theme import Scheme

PLACE = Place(
    "https://community.example.com", "community.example.com", "nodebb",
    key_page="https://community.example.com/admin/manage/api",
)  # fmt: skip
ABLE = frozenset(action.value for action in Action)
PERSON = Person(
    "ines_lanternby", "Quillby Community", "nodebb", "4.15.1", frozenset({"forum_moderator"}),
    ABLE - {"ban", "mute"}, ABLE, forums=2, keyring="keyring_missing",
)  # fmt: skip
LONG = "https://community.example.com/user-api-key/new?" + "public_key=LS0tLS1CRUdJTiBQVUJMSUM" * 30


def address(booth: Booth) -> None:
    booth.sheet.notice.say(booth.window.session.words.say("connect_stopped"), "staff")


def key(booth: Booth) -> None:
    booth.sheet._found(PLACE)


def code(booth: Booth) -> None:
    booth.sheet._begun(Wish("https://community.example.com/activate?request=x", True, "K7QF-9XMB"))


def paste(booth: Booth) -> None:
    booth.sheet._begun(Wish(LONG, False))


def person(booth: Booth) -> None:
    booth.sheet._checked(PERSON)


def member(booth: Booth) -> None:
    booth.sheet._checked(
        Person("benno", "Quillby", "nodebb", "4.15.1", frozenset({"member"}), frozenset(), ABLE, staff=False)
    )


def locked(booth: Booth) -> None:
    person(booth)
    booth.sheet.person_page.say_keeping("keyring_locked", {"why": "Prompt dismissed"})


PAGES = {page.__name__: page for page in (address, key, code, paste, person, member, locked)}


@pytest.fixture(params=[("en", Scheme.LIGHT), ("ja", Scheme.DARK)], ids=["en light", "ja dark"])
def look(request: pytest.FixtureRequest, opens_booth: Opens) -> Booth:
    language, scheme = request.param
    booth = opens_booth(language=language, scheme=scheme)
    booth.window.registry.run("add_community")
    booth.at_rest()
    return booth


@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_are_translated_and_name_every_control(look: Booth, name: str) -> None:
    PAGES[name](look)
    look.app.processEvents()
    sheet = look.sheet
    sheet.grab()
    assert cut_off(sheet) == []
    assert cut_below(sheet) == []
    assert sheet.height() <= 760
    texts = "\n".join(fixed_texts(sheet))
    assert "‹" not in texts
    assert "{" not in texts
    if look.window.theme.language == "ja":
        assert [text for text in fixed_texts(sheet) if text and not _said_in_japanese(text)] == []
    things = list(met(QAccessible.queryAccessibleInterface(sheet)))
    assert [t.object() for t in things if t.role() in CONTROLS and not t.text(QAccessible.Text.Name).strip()] == []


def cut_below(widget: QWidget) -> list[str]:
    """Texts that wrap and whose last line is not seen."""
    labels = [label for label in widget.findChildren(QLabel) if label.isVisible() and label.wordWrap()]
    return [label.text() for label in labels if label.height() < label.heightForWidth(label.width())]


def _said_in_japanese(text: str) -> bool:
    """Names, codes and addresses are the same in every language."""
    known = text in {"ines_lanternby", "benno", "K7QF-9XMB"} or text.startswith("https://")
    return known or any(ord(char) > 0x2E7F for char in text)


@pytest.mark.parametrize("name", PAGES)
def test_a_long_sentence_above_a_page_is_read_whole(opens_booth: Opens, name: str) -> None:
    booth = opens_booth(language="ja", scale=125)
    booth.window.registry.run("add_community")
    booth.at_rest()
    PAGES[name](booth)
    error = NotAllowedError("other_person_connected", community="community.example.com", name="ines_lanternby")
    booth.sheet._failed(error)
    booth.app.processEvents()
    assert booth.sheet.notice.isVisible()
    assert cut_below(booth.sheet) == []


def test_the_welcome_names_its_controls(opens_booth: Opens) -> None:
    booth = opens_booth()
    things = list(met(QAccessible.queryAccessibleInterface(booth.window.connect_work.welcome)))
    named = [t.text(QAccessible.Text.Name) for t in things if t.role() in CONTROLS]
    assert named == ["Address of the community", "Connect", "Try the sample community"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("key", ["Token or key", "Show", "Back", "Cancel", "Address in full", "Open in browser", "Copy"]),
        ("code", ["Open in browser", "Copy", "Code K 7 Q F - 9 X M B", "Copy code", "Back", "Cancel"]),
        ("locked", ["Try the keyring again", "For this run only", "Back", "Cancel"]),
    ],
)
def test_tab_reaches_everything_in_the_order_of_the_eye(opens_booth: Opens, name: str, wanted: list[str]) -> None:
    booth = opens_booth()
    booth.window.registry.run("add_community")
    booth.at_rest()
    PAGES[name](booth)
    booth.app.processEvents()
    visited: list[str] = []
    for _ in range(20):
        focused = QApplication.focusWidget()
        assert focused is not None
        visited.append(focused.accessibleName() or focused.property("text"))
        booth.press(Qt.Key.Key_Tab)
    assert [each for each in dict.fromkeys(visited) if each in wanted] == wanted


@pytest.mark.parametrize("what", list(Leaving))
@pytest.mark.parametrize("waiting", [0, 1, 7])
def test_before_leaving_it_is_said_what_goes_and_what_waits(look: Booth, what: Leaving, waiting: int) -> None:
    window, work = look.window, look.window.connect_work
    assert work._connecting is not None
    community = ("c.example", "Quillby", "nodebb")
    dialog = LeaveDialog(work._connecting, window.theme, window.session.words, what, community, waiting, parent=window)
    dialog.open()
    look.app.processEvents()
    assert cut_off(dialog) == []
    assert cut_below(dialog) == []
    assert dialog.yes.isEnabled() is (what is Leaving.SIGN_OUT or not waiting)
    texts = "\n".join(fixed_texts(dialog))
    assert "‹" not in texts
    assert str(waiting) in texts or waiting < 2
    dialog.reject()


def test_names_from_a_server_steer_nothing() -> None:
    assert shown("a\u202eb\n c ines_lanternby") == "ab c ines_lanternby"
    assert len(shown("x" * 500)) == 60


def test_rights_are_had_or_missing_and_never_both() -> None:
    assert rights.missing(PERSON) == ["connect_may_mute", "connect_may_ban"]
    assert not set(rights.found(PERSON)) & set(rights.missing(PERSON))
    assert rights.role(PERSON) == "role_forum_moderator"


def test_what_the_platform_cannot_do_is_not_missing() -> None:
    person = Person("x", "t", "p", "1", frozenset({"moderator"}), frozenset({"resolve"}), frozenset({"resolve"}))
    assert (rights.found(person), rights.missing(person)) == (["connect_may_reports"], [])


def test_a_small_window_shows_the_whole_welcome(opens_booth: Opens) -> None:
    booth = opens_booth(size=(1024, 640), language="ja", scale=150)
    welcome = booth.window.connect_work.welcome
    assert welcome is not None
    for widget in (welcome.field, welcome.button, welcome.look):
        assert welcome.rect().contains(widget.mapTo(welcome, QPoint(widget.width() - 1, widget.height() - 1)))
    assert cut_off(welcome) == []
    assert cut_below(welcome) == []
