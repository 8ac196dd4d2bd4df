"""Work off the window's thread: named reads where the newest cancels the older, and writes that keep their order.

The window never calls the desk on its own thread (only ``desk.clock`` and ``desk.engine``, which never block). It hands
plain functions ``fn(desk, *args)`` to :data:`RunInBackground`. The desk that is passed on is the one given to
:func:`views.build_window`; it must therefore be usable on every thread that the executor has, which the program
ensures with one bench a thread.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Protocol, TypeVar

from moderation.desk import Desk

T = TypeVar("T")


class RunInBackground(Protocol):
    """Call ``fn(*args)`` on a worker thread; the awaitable belongs to the window's event loop.

    What nobody waits for says ``later`` and goes to a thread of its own: it never stands before what a person asked.
    """

    def __call__(self, fn: Callable[..., Any], /, *args: Any, later: bool = False) -> Awaitable[Any]:
        """Start it and give a future of its result."""


@dataclass(slots=True)
class _Write:
    fn: Callable[..., Any]
    args: tuple[Any, ...]
    then: Callable[[Any], None]
    failed: Callable[[Exception], None]


@dataclass(slots=True)
class _Read:
    future: "asyncio.Future[Any]"
    stop: Event = field(default_factory=Event)


class Tasks:
    """Runs functions of the desk for one window. Callbacks arrive on the window's thread."""

    def __init__(self, desk: Desk, run_in_background: RunInBackground, failed: Callable[[Exception], None]) -> None:
        self._desk = desk
        self._run = run_in_background
        self._failed = failed
        self._reads: dict[str, _Read] = {}
        self._writes: deque[_Write] = deque()
        self._writing = False
        self._closed = False
        self._drained: list[Callable[[], None]] = []

    @property
    def busy(self) -> bool:
        """True while anything runs or waits."""
        return bool(self._reads or self.writing)

    @property
    def writing(self) -> bool:
        """True while a write runs or waits: the window must not be destroyed yet."""
        return bool(self._writes or self._writing)

    def read(
        self,
        name: str,
        fn: Callable[..., T],
        *args: Any,
        then: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        cancellable: bool = False,
        later: bool = False,
    ) -> None:
        """Call ``fn(desk, *args)``; an older read of the same name is forgotten, its answer dropped.

        With ``cancellable`` the function gets ``cancelled``, a callable that turns true when its answer is no longer
        wanted. ``later``: nobody waits for it.
        """
        if self._closed:
            return
        self.cancel(name)
        stop = Event()
        extra = (stop.is_set,) if cancellable else ()
        future = asyncio.ensure_future(self._run(fn, self._desk, *args, *extra, later=later))
        self._reads[name] = _Read(future, stop)
        future.add_done_callback(lambda done: self._read_done(name, done, then, failed or self._failed))

    def _read_done(
        self,
        name: str,
        future: "asyncio.Future[T]",
        then: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        current = self._reads.get(name)
        if current is None or current.future is not future:
            if not future.cancelled():
                future.exception()
            return
        del self._reads[name]
        _settle(future, then, failed)

    def running(self, name: str) -> bool:
        """True while a read of this name is under way."""
        return name in self._reads

    def cancel(self, name: str) -> None:
        """Drop the answer of a read that is still under way."""
        read = self._reads.pop(name, None)
        if read is not None:
            read.stop.set()

    def write(
        self,
        fn: Callable[..., T],
        *args: Any,
        then: Callable[[T], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Call ``fn(desk, *args)`` after all writes asked for before it; never dropped."""
        self._writes.append(_Write(fn, args, then, failed or self._failed))
        self._next_write()

    def _next_write(self) -> None:
        if self._writing:
            return
        if not self._writes:
            drained, self._drained = self._drained, []
            for call in drained:
                call()
            return
        self._writing = True
        write = self._writes.popleft()
        future = asyncio.ensure_future(self._run(write.fn, self._desk, *write.args))
        future.add_done_callback(lambda done: self._written(done, write))

    def _written(self, future: "asyncio.Future[Any]", write: _Write) -> None:
        self._writing = False
        try:
            _settle(future, write.then, write.failed)
        finally:
            self._next_write()

    def close(self, drained: Callable[[], None]) -> None:
        """Forget reads and take no more; ``drained`` is called once every write is done, at once if none waits."""
        self._closed = True
        for name in list(self._reads):
            self.cancel(name)
        if self.writing:
            self._drained.append(drained)
        else:
            drained()


def _settle(future: "asyncio.Future[T]", then: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
    """Hand a finished future's result or error on."""
    if future.cancelled():
        return
    error = future.exception()
    if isinstance(error, Exception):
        failed(error)
    elif error is None:
        then(future.result())
