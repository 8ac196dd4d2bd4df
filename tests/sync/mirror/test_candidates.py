"""The queue "should be private?": which posts are in it, in which order, with which numbers."""

import pytest

from moderation.ids import Kind
from moderation.intents import IntentState
from moderation.ports import NOT_PRIVATE, Pending
from moderation.privacy.finder import Finder
from moderation.queries import Level, QueueQuery
from sync.mirror.spots import SpotKeeper
from tests import factory
from tests.factory import HERE
from tests.sync.mirror.place import Mirror

EXPOSED = QueueQuery(exposed=True)
MAIL, CARD, ORDER, INSIDE = "ask ines@example.com", "card 4111 1111 1111 1111", "order number 7730215", "at 192.168.1.7"


@pytest.fixture
def looked(mirror: Mirror) -> Mirror:
    mirror.tell(threads=[factory.thread(1, title="A question"), factory.thread(2, title="Staff", in_forum=2)])
    texts = {1: MAIL, 2: CARD, 3: ORDER, 4: INSIDE, 5: "nothing", 6: f"{CARD} and {MAIL}"}
    mirror.tell(posts=[post(number, text) for number, text in texts.items()])
    mirror.tell(posts=[post(7, MAIL, in_thread=2, in_forum=2)])
    look(mirror)
    return mirror


def post(number: int, text: str, **facts: object) -> object:
    return factory.post(number, body_html=f"<p>{text}</p>", **facts)


def look(mirror: Mirror) -> None:
    keeper = SpotKeeper(mirror.vault, Finder().find, "one", lambda: 0.0)
    while keeper.step(1.0)[0]:
        pass
    keeper.close()


def ids(mirror: Mirror, query: QueueQuery = EXPOSED) -> list[str]:
    """Native ids of the queue; its numbers must agree in every way to ask."""
    rows = mirror.reader.page(query)
    keys = [row.key for row in rows]
    assert mirror.reader.count(query) == len(rows)
    assert list(mirror.reader.index(query).keys) == keys
    assert mirror.reader.matching(query, keys) == set(keys)
    assert [row.id for row in mirror.reader.rows(keys)] == [row.id for row in rows]
    assert {row.id for row in mirror.reader.find([row.id for row in rows])} == {row.id for row in rows}
    if not (query.forums or query.text):
        assert mirror.reader.counts(QueueQuery(communities=query.communities)).exposed == len(rows)
    return [row.id.rpartition(":")[2] for row in rows]


def test_before_the_engine_looked_there_are_none(mirror: Mirror) -> None:
    mirror.tell(posts=[post(1, MAIL)])
    assert ids(mirror) == []
    assert mirror.reader.found([factory.ref(Kind.POST, 1)]) == {}
    assert mirror.reader.finder_lag() == 0


def test_the_gravest_come_first_then_the_newest(looked: Mirror) -> None:
    assert ids(looked) == ["6", "2", "1", "3"]
    rows = looked.reader.page(EXPOSED)
    assert [row.level for row in rows] == [Level.HIGH, Level.HIGH, Level.NORMAL, Level.LOW]
    assert rows[0].why == ("private:card:1", "private:email:1")
    assert rows[0].id == f"{HERE}:post:6"


def test_pages_follow_one_another(looked: Mirror) -> None:
    first = looked.reader.page(EXPOSED, limit=2)
    second = looked.reader.page(EXPOSED, after=first[-1].page_key, limit=2)
    assert [row.id.rpartition(":")[2] for row in [*first, *second]] == ["6", "2", "1", "3"]
    assert looked.reader.page(EXPOSED, after=second[-1].page_key) == []


def test_the_line_of_the_queue_gives_nothing_away(looked: Mirror) -> None:
    rows = looked.reader.page(EXPOSED)
    assert rows[2].excerpt == "ask i…@e….com"
    assert not [row for row in rows if "4111 1111" in str(row) or "ines@" in str(row)]


def test_a_title_is_a_row_of_its_own(looked: Mirror) -> None:
    looked.tell(threads=[factory.thread(3, title=f"Lost: {MAIL}")])
    look(looked)
    row = next(row for row in looked.reader.page(EXPOSED) if ":thread:" in row.id)
    assert (row.id, row.thread, row.post) == (f"{HERE}:thread:3", f"{HERE}:thread:3", None)
    assert "3" in ids(looked)


def test_only_what_more_than_staff_can_read_is_a_candidate(looked: Mirror) -> None:
    looked.tell(posts=[post(6, f"{CARD} and {MAIL}", hidden=True)])
    assert ids(looked) == ["2", "1", "3"]
    looked.tell(threads=[factory.thread(1, title="A question", hidden=True)])
    assert ids(looked) == []
    looked.tell(threads=[factory.thread(1, title="A question")])
    assert ids(looked) == ["2", "1", "3"]
    looked.tell(forums=[factory.forum(1, private=True)])
    assert ids(looked) == []


def test_what_is_erased_is_gone_at_once(looked: Mirror) -> None:
    looked.tell(gone=[factory.ref(Kind.POST, 2)])
    assert ids(looked) == ["6", "1", "3"]


def test_forum_community_and_words_narrow_it(looked: Mirror) -> None:
    assert ids(looked, QueueQuery(exposed=True, communities=("elsewhere",))) == []
    assert ids(looked, QueueQuery(exposed=True, forums=(f"{HERE}:forum:1",))) == ["6", "2", "1", "3"]
    assert ids(looked, QueueQuery(exposed=True, forums=(f"{HERE}:forum:2",))) == []
    assert ids(looked, QueueQuery(exposed=True, text="order")) == ["3"]


def test_what_is_not_private_leaves_and_comes_back(looked: Mirror) -> None:
    (found,) = looked.reader.found([factory.ref(Kind.POST, 1)]).values()
    said = Pending(found.spots[0].print.hex(), found.post, NOT_PRIVATE, IntentState.CONFIRMED, None)
    looked.reader.lay_over([said])
    assert ids(looked) == ["6", "2", "3"]
    (after,) = looked.reader.found([factory.ref(Kind.POST, 1)]).values()
    assert (after.spots, after.standing) == (found.spots, ())
    looked.reader.lay_over([])
    assert ids(looked) == ["6", "2", "1", "3"]


def test_one_of_two_finds_dismissed_leaves_the_other(looked: Mirror) -> None:
    (found,) = looked.reader.found([factory.ref(Kind.POST, 6)]).values()
    card = next(spot for spot in found.spots if spot.kind == "card")
    looked.reader.lay_over([Pending(card.print.hex(), found.post, NOT_PRIVATE, IntentState.CONFIRMED, None)])
    row = next(row for row in looked.reader.page(EXPOSED) if row.id.endswith(":6"))
    assert row.why == ("private:email:1",)


def test_finds_of_a_text_that_was_not_looked_at_yet_are_not_known(looked: Mirror) -> None:
    looked.tell(posts=[post(1, "now ask bo@example.com")])
    assert looked.reader.found([factory.ref(Kind.POST, 1)]) == {}
    assert looked.reader.finder_lag() == 1
    assert looked.reader.found([factory.ref(Kind.POST, 5)])[f"{HERE}:post:5"].spots == ()


def test_the_items_are_as_they_were(looked: Mirror) -> None:
    looked.tell(items=[factory.item(1)])
    assert len(looked.reader.page(QueueQuery())) == 1
    assert looked.reader.counts(QueueQuery()).open == 1
