"""The whole order, read by a process of its own: the same as read here, with what is laid over, and nothing left."""

import threading
import time
from pathlib import Path

import pytest

from moderation.errors import StoreError
from moderation.intents import IntentState
from moderation.ports import Pending
from moderation.queries import QueueQuery
from sync.mirror import ordering
from sync.mirror.ordering import read_order
from tests.factory import item
from tests.sync.mirror.place import Mirror


@pytest.fixture
def filled(mirror: Mirror) -> Mirror:
    """A mirror with a hundred items."""
    mirror.tell(items=[item(number) for number in range(1, 101)])
    return mirror


def test_it_is_the_same_as_read_here(filled: Mirror) -> None:
    here, there = filled.reader.index(QueueQuery()), read_order(filled.vault, QueueQuery(), ())
    assert len(here) == 100
    assert list(there.keys) == list(here.keys)
    assert list(there.priorities) == list(here.priorities)
    assert list(there.created_ms) == list(here.created_ms)
    assert there.oldest_ms == min(here.created_ms)
    assert {key for key in range(len(there.bits) * 8) if there.bits[key >> 3] >> (key & 7) & 1} == set(here.keys)


def test_what_is_pending_is_laid_over(filled: Mirror) -> None:
    whole = read_order(filled.vault, QueueQuery(), ())
    row = filled.reader.rows([whole.keys[0]])[0]
    pending = Pending("i1", row.id, "resolve", IntentState.HELD, "resolved")
    assert list(read_order(filled.vault, QueueQuery(), [pending]).keys) == list(whole.keys)[1:]


def test_nobody_waits_for_what_is_not_wanted_any_more(filled: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = filled.vault.home / "hanging.py"
    hanging.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(ordering, "COMMAND", (str(hanging),))
    over = threading.Event()
    threading.Timer(0.3, over.set).start()
    begun = time.monotonic()
    assert len(read_order(filled.vault, QueueQuery(), (), over.is_set)) == 0
    assert time.monotonic() - begun < 30


def test_a_process_that_dies_is_a_store_error(filled: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dying = tmp_path / "dying.py"
    dying.write_text("print('{\"rows\": 3}')\n")
    monkeypatch.setattr(ordering, "COMMAND", (str(dying),))
    with pytest.raises(StoreError) as told:
        read_order(filled.vault, QueueQuery(), ())
    assert told.value.code == "order_not_read"


def test_a_wrong_key_is_told_as_such(filled: Mirror) -> None:
    other = type(filled.vault)(filled.vault.home, bytes(32))
    with pytest.raises(StoreError) as told:
        read_order(other, QueueQuery(), ())
    assert told.value.code == "store_wrong_key"
