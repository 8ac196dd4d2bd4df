"""Following the thread of the item at hand: what is offered, and that it is an intent which can be taken back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from moderation.actions import Action
from moderation.following.threads import FollowedThreads
from moderation.ids import Kind
from moderation.people import Person
from tests.views.conftest import Opens
from tests.views.keys import ALT, press
from tests.views.sample import NOW
from tests.views.stage import Stage

K = Qt.Key


def rest(stage: Stage) -> None:
    stage.settle(QApplication.instance())


def test_a_thread_is_followed_ignored_or_neither(opens: Opens) -> None:
    stage, window = opens()
    thread = window.queue_work.facts().thread
    assert thread is not None
    other = thread.sibling(Kind.MEMBER, 4711)
    stage.team.keep_person(Person("p1", "Tamsin Vole", (other,), confirmed_by="lead"))
    stage.team.keep_followed_threads(FollowedThreads(other, NOW, (thread,)))
    press(stage, K.Key_F, modifiers=ALT)
    rest(stage)
    sheet = window.following_thread.sheet
    assert sheet is not None
    assert sheet.isVisible()
    assert "Tamsin Vole" in sheet.sentence.text()
    assert [sheet.list.item(at).text()[:10] for at in range(sheet.list.count())] == [
        "1   Follow", "2   Ignore", "3   Neithe",
    ]  # fmt: skip
    press(stage, K.Key_2)
    rest(stage)
    (intent,) = stage.journal.unfinished()
    assert (intent.action, intent.target, intent.payload["level"]) == (Action.FOLLOW, thread, "muted")
    assert window.session.title_of(intent) == window.queue_work.facts().title
    press(stage, K.Key_Z)
    rest(stage)
    assert stage.journal.unfinished() == []
