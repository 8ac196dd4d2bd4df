"""What the item pane says: reports, author, notes, marks, verbs."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from moderation.content import Identity
from moderation.ids import Kind, Ref
from moderation.items import Change, HistoryEntry, Report
from tests.views.conftest import Opens
from tests.views.keys import press
from tests.views.sample import EN, NOW, ROWS, Records, community
from views.buttons import Look
from views.item.marks import marked
from views.words import Words

COLOURS = ("#111111", "#222222")


def go_to(stage, window, text: str) -> None:
    """Make the item whose excerpt begins so the current one."""
    from PySide6.QtWidgets import QApplication

    model = window.session.feed.model
    window.panel.table.go_to(next(n for n in range(model.rowCount()) if model.peek(n).excerpt.startswith(text)))
    stage.settle(QApplication.instance())


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("write to a.b@c.example now", ["mail"]),
        ("call 01632 960 118 after six", ["phone"]),
        ("order QB-48213, from 192.0.2.44", ["order", "address"]),
        ("version 4.12 of 2026-11-22 costs 49.90", []),
        ('<a href="mailto:a@b.example">a@b.example</a>', []),
        ("a &lt;b&gt; &amp; c@d.example", ["mail"]),
    ],
)
def test_personal_data_is_marked_with_its_kind(text: str, kinds: list[str]) -> None:
    html = marked(f"<p>{text}</p>", Words(), COLOURS)
    assert [kind for kind in ("mail", "phone", "order", "address") if f'marquee:tag/{kind}"' in html] == kinds
    if not kinds:
        assert html == f"<p>{text}</p>"
    assert "<b>" not in html


def test_three_reporters_are_shown_and_the_rest_counted(opens: Opens) -> None:
    stage, window = opens()
    go_to(stage, window, "CHEAP")
    why = window.queue_work.facts().why
    assert why.head == "Reported 6 times"
    assert [line.left for line in why.lines] == ["Pippa Thistlewood", "Jory Pennyfeather"]
    assert why.more == 4
    assert len(window.queue_work.facts().reports) == 6
    assert "Shift" in window.registry.key("history")


def test_hostile_names_and_reasons_are_neutralised(opens: Opens) -> None:
    stage, window = opens(ROWS[:1])
    item = Records(EN, ROWS[:1]).items[0]
    nasty = Report("<b>bold</b>\u202e reason\nsecond", None, "Evil\u202eName\u0007 😀", NOW)
    stage.news(EN, items=[replace(item, version="8", reports=(nasty,), report_count=1)])
    go_to(stage, window, "My order")
    line = window.queue_work.facts().reports[0]
    assert line.left == "EvilName 😀"
    assert "\u202e" not in line.middle
    assert "\n" not in line.middle


def test_the_note_stands_in_the_drawer(opens: Opens) -> None:
    stage, window = opens()
    go_to(stage, window, "My order")
    sections = window.queue_work.facts().drawer
    assert any(section.note.startswith("Prefers mail") for section in sections)


def test_a_held_post_has_its_own_verbs(opens: Opens) -> None:
    stage, window = opens()
    go_to(stage, window, "First post")
    shown = [name for name, button in window.pane.bar.buttons.items() if button.isVisible()]
    assert shown == ["note", "claim", "more", "approve", "reject"]
    assert "Held for approval" in window.pane.posts.toPlainText()


def test_what_the_person_may_not_do_is_disabled_with_the_reason(opens: Opens) -> None:
    row = community()
    member = Identity(row.identity.member, row.identity.name, row.identity.roles, may=frozenset({"dismiss", "resolve"}))
    _, window = opens(connected=replace(row, identity=member))
    assert not window.registry.possible("hide")
    assert window.registry.why_not("hide")
    assert "‹" not in window.registry.why_not("hide")
    assert window.registry.possible("keep")
    window.registry.run("hide")
    assert not window.reasons.isVisible()


def test_the_consequence_is_said_before(opens: Opens) -> None:
    stage, window = opens()
    go_to(stage, window, "My order")
    window.pane.bar.point("hide")
    assert window.pane.bar.line.text == "takes 1 post out of public view and closes 3 reports. Can be restored."


def test_a_key_before_the_item_is_painted_does_nothing_and_says_so(opens: Opens) -> None:
    stage, window = opens()
    window.pane._blank()
    window.queue_work.do("keep")
    assert stage.journal.unfinished() == []
    assert "still being read" in window.pane.bar.line.text


def test_the_painted_item_is_decided_even_when_it_changed_since(opens: Opens) -> None:
    """The decision names the version that was before the person's eyes, not the newest one."""
    stage, window = opens(ROWS[:1])
    item = Records(EN, ROWS[:1]).items[0]
    stage.apply(EN, items=[replace(item, version="8")])
    window.registry.run("keep")
    from PySide6.QtWidgets import QApplication

    stage.settle(QApplication.instance())
    assert stage.journal.unfinished()[0].seen_version == "7"


def test_offline_is_said_in_the_bar_and_decisions_go_on(opens: Opens) -> None:
    from PySide6.QtWidgets import QApplication

    from moderation.ports import CommunityStatus

    stage, window = opens()
    stage.engine.statuses = [CommunityStatus(EN, "offline", read_at=NOW, since=NOW)]
    window.session.watch.look()
    assert window.bar.ground == "staff_tint"
    assert window.panel.sub_header.said == "As of 10:40"
    assert "kept here" in window.pane.bar.line.text
    window.registry.run("keep")
    stage.settle(QApplication.instance())
    assert len(stage.journal.unfinished()) == 1
    entries = {entry.id: entry for entry in window.sidebar.communities.entries.entries}
    assert entries[f"community:{EN}"].dot == "offline"


def test_the_menus_come_from_the_registry(opens: Opens) -> None:
    from PySide6.QtWidgets import QMenu

    _, window = opens()
    window.registry.run("menu")
    (menu,) = [child for child in window.findChildren(QMenu) if child.isVisible()]
    listed = {action.objectName() for part in menu.findChildren(QMenu) for action in part.actions()}
    assert {"keep", "hide", "undo", "palette", "keys", "reply"} <= listed
    assert "reason" not in listed
    menu.close()
    window.registry.run("more")
    (menu,) = [child for child in window.findChildren(QMenu) if child.isVisible()]
    assert "resolve" in {action.objectName() for action in menu.actions()}
    menu.close()


def test_an_error_of_ours_reaches_the_crash_dialogue(opens: Opens) -> None:
    _, window = opens()
    with pytest.raises(ZeroDivisionError):
        window.work.fail(ZeroDivisionError())


def test_a_final_verb_asks_with_the_focus_on_cancel(opens: Opens) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    from moderation.actions import Action
    from tests.views.keys import CONTROL, SHIFT, press

    stage, window = opens()
    press(stage, Qt.Key.Key_B, modifiers=CONTROL | SHIFT)
    press(stage, Qt.Key.Key_3)
    dialog = window.popups.dialog
    assert dialog is not None
    assert dialog.cancel.isDefault()
    assert not dialog.verb.isDefault()
    dialog.reject()
    stage.settle(QApplication.instance())
    assert stage.journal.unfinished() == []
    window.activateWindow()  # the offscreen platform has no window manager that would
    stage.settle(QApplication.instance())
    press(stage, Qt.Key.Key_B, modifiers=CONTROL | SHIFT)
    press(stage, Qt.Key.Key_3)
    window.popups.dialog.verb.click()
    stage.settle(QApplication.instance())
    (intent,) = stage.journal.unfinished()
    assert intent.action is Action.BAN
    assert intent.payload["until"].startswith("2026-11-23")
    assert intent.payload["policy"] == "3.1"


def test_while_a_reason_is_asked_for_the_line_says_what_the_verb_will_do(opens: Opens) -> None:
    from PySide6.QtCore import Qt

    from tests.views.keys import SHIFT, press

    stage, window = opens()
    press(stage, Qt.Key.Key_H, modifiers=SHIFT)
    line = window.pane.bar.line
    assert line.head == "Hide"
    assert "out of public view" in line.text
    press(stage, Qt.Key.Key_Escape)
    assert line.head == "Keep"


def test_marked_text_is_quoted_without_the_tags(opens: Opens) -> None:
    stage, window = opens()
    go_to(stage, window, "My order number")
    window.pane.posts.selectAll()
    marked_text = window.pane.posts.marked_text()
    assert "QB-48213 and you can reach" in marked_text
    assert "\ufffc" not in marked_text


def test_a_servers_own_names_of_texts_become_readable(opens: Opens) -> None:
    stage, window = opens(ROWS[:1])
    item = Records(EN, ROWS[:1]).items[0]
    new = HistoryEntry("1", NOW, None, "Maren", {Change.OTHER: "[[user:new-thing]]=maren_o"})
    muted = HistoryEntry("2", NOW, None, "Gina", {Change.MUTED: ""})
    stage.news(EN, items=[replace(item, version="8", history=(new, muted))])
    go_to(stage, window, "My order")
    assert [line.middle for line in window.queue_work.facts().history] == ["new thing: maren_o", "muted"]


def test_a_report_about_a_member_is_not_a_post_that_never_comes(opens: Opens) -> None:
    stage, window = opens(ROWS[:1])
    item = Records(EN, ROWS[:1]).items[0]
    nothing = {"post": None, "thread": None, "forum": None, "thread_title": None, "body": None, "body_html": None}
    stage.news(EN, items=[replace(item, id=Ref(EN, Kind.FLAG, "900"), **nothing)])
    stage.settle(QApplication.instance())
    press(stage, Qt.Key.Key_Home)
    window.work.open_item(f"{EN}:flag:900")
    stage.settle(QApplication.instance())
    facts = window.queue_work.facts()
    assert facts.title == "Member Maren Oakhollow"
    assert facts.audience is None
    assert "not about one post" in window.pane.band.readers
    assert "This report is about the member" in window.pane.posts.toPlainText()
    assert "being fetched" not in window.pane.posts.toPlainText()


def test_what_is_mine_bears_my_name_even_if_the_server_told_none(opens: Opens) -> None:
    stage, window = opens(ROWS[:1])
    item, me = Records(EN, ROWS[:1]).items[0], community().identity
    stage.news(EN, items=[replace(item, version="8", assignee=me.member, assignee_name=None)])
    stage.settle(QApplication.instance())
    state = window.session.row_state(window.session.feed.model.peek(0))
    assert (state.face, state.mine) == ("Ines Lanternby", True)


def test_going_private_is_a_button_with_its_key_and_suggested_where_personal_data_shows(opens: Opens) -> None:
    stage, window = opens()
    button = window.pane.bar.buttons["convert"]
    go_to(stage, window, "My order")
    assert button.isVisible()
    assert (button.word, button.accessibleDescription()) == ("Go private", "P")
    assert button.look is Look.PRIMARY
    assert window.pane.bar.line.text == "opens a plan and sends nothing yet."
    go_to(stage, window, "CHEAP unlock")
    assert button.look is Look.FRAMED
    assert window.pane.bar.line.head == "Keep"
    go_to(stage, window, "First post")
    assert not button.isVisible(), "a held post is not public"
