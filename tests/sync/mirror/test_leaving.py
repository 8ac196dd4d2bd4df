"""A community that is let go of leaves nothing behind; another one is not touched."""

import pytest

from moderation.queries import QueueQuery
from sync.vault import StoreFile
from tests import factory
from tests.factory import HERE, item, post, thread
from tests.sync.mirror.place import RARE, Mirror

WORDS = f"words of the community that goes {RARE}"


def filled(mirror: Mirror) -> None:
    for number, forum in enumerate((1, 2, 1), start=1):
        mirror.tell(
            threads=[thread(number, title=WORDS, in_forum=forum)],
            posts=[post(number, body=WORDS, body_html=WORDS, in_forum=forum, in_thread=number)],
            items=[item(number, body=WORDS, body_html=WORDS, thread_title=WORDS, in_forum=forum)],
            members=[factory.member(number)],
        )
    mirror.index()


@pytest.mark.parametrize("limit", [1, 200])
def test_everything_of_it_goes_whatever_the_steps(mirror: Mirror, limit: int) -> None:
    filled(mirror)
    while mirror.writer.forget_community(HERE, limit):
        pass
    mirror.indexer.purge()
    assert mirror.reader.communities() == []
    assert mirror.reader.counts(QueueQuery()).open == 0
    assert mirror.reader.search("words", private=True) == []
    for store in (StoreFile.MIRROR, StoreFile.PRIVATE):
        assert "words of the community" not in mirror.everything_in(store)
        assert not mirror.grams_hold(store)


def test_it_can_be_connected_again(mirror: Mirror) -> None:
    filled(mirror)
    while mirror.writer.forget_community(HERE):
        pass
    mirror.writer.put_community(factory.community())
    mirror.seq = 100
    mirror.tell(forums=[factory.forum(1)])
    filled(mirror)
    assert [row.name for row in mirror.reader.communities()] == [HERE]
    assert mirror.reader.counts(QueueQuery()).open == 3
