"""Several communities in one window: each row and each item says whose it is; one alone says nothing."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from moderation.changes import ChangeRecord, Table
from moderation.ports import CommunityRow, CommunityStatus
from tests.views.conftest import Opens
from tests.views.keys import press
from tests.views.sample import EN, JA, NOW, ROWS, Records, community
from views.communities import badges, in_order

K = Qt.Key
WORKSHOP = "workshop.quillby.example"


def on_discourse(row: CommunityRow) -> CommunityRow:
    return replace(row, info=replace(row.info, platform="discourse"))


def test_letters_are_those_in_which_titles_differ() -> None:
    ours = community()
    assert badges([ours]) == {}
    two = badges([community(WORKSHOP, "Quillby Workshop"), ours])
    assert {name: badge.letter for name, badge in two.items()} == {EN: "C", WORKSHOP: "W"}
    japanese = badges([ours, community(JA, "Quillby 日本")])
    assert japanese[JA].letter == "日"
    alike = badges([ours, community(JA, "Quillby Corner")])
    assert sorted(badge.letter for badge in alike.values()) == ["1", "2"]
    nested = badges([community(EN, "Quillby"), community(JA, "Quillby Workshop")])
    assert {badge.letter for badge in nested.values()} == {"Q", "W"}


def test_the_platform_is_named_where_there_are_several() -> None:
    ours, theirs = community(), community(WORKSHOP, "Quillby Workshop")
    assert badges([ours, theirs])[WORKSHOP].name == "Quillby Workshop"
    assert badges([ours, on_discourse(theirs)])[WORKSHOP].name == "Quillby Workshop (Discourse)"
    assert [row.name for row in in_order([theirs, ours])] == [EN, WORKSHOP]


def test_one_community_alone_says_nothing_of_itself(opens: Opens) -> None:
    _, window = opens()
    row = window.session.feed.model.peek(0)
    assert window.session.badge_of(row).letter == ""
    assert window.pane.header.forum == row.forum_name
    assert [entry.mark for entry in window.sidebar.communities.entries.entries if entry.dot] == [""]


def test_rows_items_and_the_sidebar_say_whose_they_are(opens: Opens, qapp: QApplication) -> None:
    stage, window = opens(ROWS[1:3])
    stage.connect(on_discourse(community(WORKSHOP, "Quillby Workshop")))
    stage.apply(WORKSHOP, **Records(WORKSHOP, ROWS[:1]).all())
    stage.engine.tell([ChangeRecord(Table.COMMUNITY, everything=True), ChangeRecord(Table.ITEM, everything=True)])
    stage.settle(qapp)
    press(stage, K.Key_Home)
    seen = set()
    for _ in range(3):
        row = next(row for row in stage.desk.triage.find([str(window.queue_work.facts().ref)]))
        badge = window.session.badge_of(row)
        seen.add(badge.letter)
        assert badge.name in window.panel.describe(row)
        assert badge.name in window.panel.tip(row)
        assert window.pane.header.forum == f"{badge.name} › {row.forum_name}"
        press(stage, K.Key_J)
    assert seen == {"C", "W"}
    entries = [entry for entry in window.sidebar.communities.entries.entries if entry.dot]
    assert [(entry.label, entry.mark) for entry in entries] == [("Quillby Community", "C"), ("Quillby Workshop", "W")]
    assert entries[1].tip == "Quillby Workshop (Discourse)"


def test_who_is_away_is_named_and_only_its_items_say_so(opens: Opens, qapp: QApplication) -> None:
    stage, window = opens(ROWS[1:3])
    stage.connect(on_discourse(community(WORKSHOP, "Quillby Workshop")))
    stage.apply(WORKSHOP, **Records(WORKSHOP, ROWS[:1]).all())
    stage.engine.tell([ChangeRecord(Table.COMMUNITY, everything=True), ChangeRecord(Table.ITEM, everything=True)])
    away = CommunityStatus(WORKSHOP, "offline", read_at=NOW, since=NOW)
    stage.engine.statuses = [CommunityStatus(EN, "connected", read_at=NOW), away]
    stage.settle(qapp)
    window.session.watch.look()
    press(stage, K.Key_Home)
    assert "Quillby Workshop (Discourse) · Offline since" in window.bar.accessibleName()
    for _ in range(3):
        offline = window.pane.bar.line.head == window.session.words.say("offline")
        assert offline is (window.queue_work.facts().ref.community == WORKSHOP)
        press(stage, K.Key_J)
