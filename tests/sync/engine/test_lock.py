"""The lock: one engine a home, given back by the system however the process ends."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from moderation.errors import StoreError
from sync.engine.lock import NAME, EngineLock, holder

_HOLD = """
import sys, time
from pathlib import Path
from sync.engine.lock import EngineLock
print(EngineLock(Path(sys.argv[1])).acquire() and "held", flush=True)
time.sleep(60)
"""


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    first, second = EngineLock(tmp_path), EngineLock(tmp_path)
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_the_holder_is_known_by_its_process_and_gone_when_it_is_killed(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    assert holder(tmp_path) == process.pid
    assert not EngineLock(tmp_path).acquire()
    process.kill()
    process.wait()
    process.stdout.close()
    assert holder(tmp_path) is None
    lock = EngineLock(tmp_path)
    assert lock.acquire()
    lock.release()


def test_nobody_holds_what_is_not_there(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    assert not EngineLock(tmp_path).still_ours()


def test_those_who_only_look_keep_nobody_from_starting(tmp_path: Path) -> None:
    """``doctor`` and starting windows ask who holds it; each look takes the lock for a moment."""
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.0005):
            holder(tmp_path)

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    try:
        for _ in range(200):
            lock = EngineLock(tmp_path)
            assert lock.acquire()
            lock.release()
    finally:
        ended.set()
        for looker in lookers:
            looker.join()


def test_a_home_that_was_removed_or_replaced_is_noticed(tmp_path: Path) -> None:
    lock = EngineLock(tmp_path)
    assert lock.acquire()
    assert lock.still_ours()
    (tmp_path / NAME).unlink()
    assert not lock.still_ours()
    other = EngineLock(tmp_path)
    assert other.acquire()
    assert not lock.still_ours()
    lock.release()
    other.release()


def test_a_home_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as trouble:
        EngineLock(tmp_path / "nowhere").acquire()
    assert trouble.value.code == "home_unusable"
