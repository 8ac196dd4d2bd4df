"""What the server names itself: exactly that decides the item, under the server's labels and our keys."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from moderation.actions import Weight
from moderation.items import ItemState, Offer
from tests.views.conftest import Opens
from tests.views.keys import press
from tests.views.sample import EN, ROWS, Records

K = Qt.Key
OFFERS = (
    Offer("agree_and_keep", "resolve", "Agree and keep the post", "The report was right.", leads_to=ItemState.RESOLVED),
    Offer("disagree", "dismiss", "No, the post is fine", "Closes the reports.", leads_to=ItemState.DISMISSED),
    Offer("delete_and_agree", "x:delete_and_agree", "Delete post", "It can be recovered.", "Really delete it?",
          leads_to=ItemState.RESOLVED),
    Offer("ignore_and_do_nothing", "x:ignore_and_do_nothing", "Do nothing & go on", weight=Weight.HARMLESS,
          leads_to=ItemState.DISMISSED),
    Offer("scrub", "x:scrub", "Scrub…", client_action="scrub"),
)  # fmt: skip


@pytest.fixture
def offered(opens: Opens):
    """A window on one item whose decisions the server names."""
    stage, window = opens(())
    records = Records(EN, ROWS[:2]).all()
    first, *others = records["items"]
    stage.news(EN, **{**records, "items": [replace(first, offers=OFFERS), *others]})
    app = QApplication.instance()
    stage.settle(app)
    window.panel.table.go_to([window.session.feed.model.order.key(n) for n in range(2)].index(key_of(window, first)))
    stage.settle(app)
    return stage, window, first


def key_of(window, item) -> int:
    return window.session.feed.model.known_ids()[str(item.id)]


def menu_of(window) -> dict[str, object]:
    """The offers of the menu, by their words."""
    menu = QMenu()
    window.offers.fill(menu)
    window.menu_kept = menu
    return {action.text(): action for action in menu.actions() if not action.isSeparator()}


def intents(stage) -> list:
    return [intent for plan in stage.journal.plans() for intent in plan.intents]


def test_buttons_carry_the_servers_labels_and_what_it_does_not_offer_is_not_there(offered) -> None:
    _, window, _ = offered
    buttons = window.pane.bar.buttons
    assert buttons["keep"].word == "No, the post is fine"
    assert not buttons["keep"].isHidden()
    assert buttons["hide"].isHidden()
    assert window.pane.bar.consequence("keep") == "Closes the reports."
    assert window.registry.label("resolve") == "Agree and keep the post"


def test_another_item_gives_the_verbs_their_own_names_back(offered) -> None:
    stage, window, _ = offered
    press(stage, K.Key_J if window.panel.table.current_row() == 0 else K.Key_K)
    assert window.pane.bar.buttons["keep"].word == "Keep"
    assert not window.pane.bar.buttons["hide"].isHidden()


def test_a_usual_key_takes_the_servers_offer(offered) -> None:
    stage, window, item = offered
    press(stage, K.Key_E)
    (intent,) = intents(stage)
    assert (intent.item, intent.payload["offer"], intent.leads_to) == (item.id, "disagree", ItemState.DISMISSED)
    assert intent.seen_version == item.version
    assert window.session.decisions.titles


def test_the_others_are_in_the_menu_with_digits(offered) -> None:
    stage, window, item = offered
    menu = menu_of(window)
    assert list(menu) == ["&1  Delete post", "&2  Do nothing && go on", "&3  Scrub…"]
    assert not menu["&3  Scrub…"].isEnabled()
    assert "browser" in menu["&3  Scrub…"].toolTip()
    menu["&2  Do nothing && go on"].trigger()
    stage.settle(QApplication.instance())
    (intent,) = intents(stage)
    assert (str(intent.action), intent.item) == ("x:ignore_and_do_nothing", item.id)
    row = window.session.feed.model.known(key_of(window, item))
    assert "ignore and do nothing" in window.session.row_state(row).words


def test_what_takes_away_is_asked_for_as_the_server_wants_it(offered) -> None:
    stage, window, _ = offered
    menu_of(window)["&1  Delete post"].trigger()
    dialog = window.popups.dialog
    assert "Really delete it?" in [label.text() for label in dialog.findChildren(QLabel)]
    assert dialog.verb.text() == "Delete post"
    assert intents(stage) == []
    dialog.verb.click()
    stage.settle(QApplication.instance())
    (intent,) = intents(stage)
    assert str(intent.action) == "x:delete_and_agree"
