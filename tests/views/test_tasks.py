"""Reads and writes off the window's thread: the newest read wins, writes keep their order, nothing written is lost."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
import qasync
from pytestqt.qtbot import QtBot

from views.tasks import Tasks


class Runs:
    """An executor whose work a test lets go on when it likes."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.started: list[tuple[object, tuple[object, ...], asyncio.Future[object]]] = []

    def __call__(self, fn, /, *args, later=False):
        future: asyncio.Future[object] = self.loop.create_future()
        self.started.append((fn, args, future))
        return future

    def finish(self, number: int) -> None:
        fn, args, future = self.started[number]
        try:
            future.set_result(fn(*args))
        except Exception as error:  # noqa: BLE001 - handed on
            future.set_exception(error)


@pytest.fixture
def runs(qapp) -> Iterator[Runs]:
    loop = qasync.QEventLoop(qapp)
    asyncio.set_event_loop(loop)
    yield Runs(loop)
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def failures() -> list[Exception]:
    return []


@pytest.fixture
def tasks(runs: Runs, failures: list[Exception]) -> Tasks:
    return Tasks("desk", runs, failures.append)  # type: ignore[arg-type]


def test_the_newest_read_of_a_name_wins(qtbot: QtBot, tasks: Tasks, runs: Runs) -> None:
    got: list[str] = []
    tasks.read("search", lambda desk, text: f"{desk} {text}", "old", then=got.append)
    tasks.read("search", lambda desk, text: f"{desk} {text}", "new", then=got.append)
    runs.finish(1)
    runs.finish(0)
    qtbot.waitUntil(lambda: got == ["desk new"])
    assert not tasks.busy


def test_a_cancelled_read_is_told(tasks: Tasks, runs: Runs) -> None:
    tasks.read("index", lambda desk, cancelled: cancelled(), then=lambda _: None, cancellable=True)
    cancelled = runs.started[0][1][1]
    assert not cancelled()  # type: ignore[operator]
    tasks.cancel("index")
    assert cancelled()  # type: ignore[operator]
    runs.finish(0)


def test_writes_keep_their_order(qtbot: QtBot, tasks: Tasks, runs: Runs) -> None:
    done: list[int] = []
    for number in range(3):
        tasks.write(lambda desk, n: n, number, then=done.append)
    assert len(runs.started) == 1
    for number in range(3):
        qtbot.waitUntil(lambda number=number: len(runs.started) == number + 1)
        runs.finish(number)
    qtbot.waitUntil(lambda: done == [0, 1, 2])


def test_a_failed_write_does_not_stop_the_next(qtbot: QtBot, tasks: Tasks, runs: Runs, failures) -> None:
    done: list[str] = []

    def fails(desk: object) -> None:
        raise ValueError("no")

    tasks.write(fails)
    tasks.write(lambda desk: "written", then=done.append)
    runs.finish(0)
    qtbot.waitUntil(lambda: len(runs.started) == 2)
    runs.finish(1)
    qtbot.waitUntil(lambda: done == ["written"])
    assert [str(error) for error in failures] == ["no"]


def test_closing_waits_for_all_writes_and_forgets_reads(qtbot: QtBot, tasks: Tasks, runs: Runs) -> None:
    ended: list[str] = []
    tasks.read("r", lambda desk: "r", then=lambda _: ended.append("read"))
    tasks.write(lambda desk: ended.append("first"))
    tasks.write(lambda desk: ended.append("second"))
    tasks.close(lambda: ended.append("closed"))
    runs.finish(0)
    runs.finish(1)
    qtbot.waitUntil(lambda: len(runs.started) == 3)
    runs.finish(2)
    qtbot.waitUntil(lambda: ended == ["first", "second", "closed"])


def test_a_real_window_works_on_other_threads(opens) -> None:
    from views.item import shelf

    seen: set[int] = set()
    original = shelf.read_item

    def watched(*args: object) -> object:
        seen.add(threading.get_ident())
        return original(*args)  # type: ignore[arg-type]

    shelf.read_item = watched  # type: ignore[assignment]
    try:
        opens()
    finally:
        shelf.read_item = original
    assert seen
    assert threading.get_ident() not in seen
