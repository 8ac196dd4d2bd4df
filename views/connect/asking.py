"""Questions to the program off the window's thread: one at a time, and each can be dropped."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from views.connect.port import Connecting

T = TypeVar("T")


class Asking:
    """Runs one question of a sign-in. Answers arrive on the window's thread, unless they were dropped before."""

    def __init__(self, connecting: Connecting) -> None:
        self._connecting = connecting
        self._current: asyncio.Future[Any] | None = None

    @property
    def busy(self) -> bool:
        """True while an answer is awaited."""
        return self._current is not None

    def ask(
        self,
        fn: Callable[..., T],
        *args: Any,
        then: Callable[[T], None],
        failed: Callable[[Exception], None],
        **named: Any,
    ) -> None:
        """Call ``fn(*args)``; the answer to an earlier question is not wanted any more."""
        future = asyncio.ensure_future(self._connecting.run(partial(fn, *args, **named)))
        self._current = future
        future.add_done_callback(lambda done: self._answered(done, then, failed))

    def _answered(
        self, future: "asyncio.Future[T]", then: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        error = None if future.cancelled() else future.exception()
        if future is not self._current or future.cancelled():
            return
        self._current = None
        if isinstance(error, Exception):
            failed(error)
        elif error is None:
            then(future.result())

    def drop(self) -> None:
        """The answer is not wanted any more; what is under way is ended."""
        if self._current is not None:
            self._current = None
            self._connecting.sign_in.stop()

    def end(self) -> None:
        """The sheet closes: let go of everything, without waiting for it."""
        self.drop()
        future = asyncio.ensure_future(self._connecting.run(self._connecting.sign_in.give_up))
        future.add_done_callback(lambda done: None if done.cancelled() else done.exception())
