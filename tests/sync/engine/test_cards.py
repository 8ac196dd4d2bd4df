"""When the engine looks at presence cards: after changes of the team's store, and now and then."""

from collections.abc import Sequence

from moderation.ids import Kind, Ref
from sync.engine.cards import EVERY, LOOK_EVERY, READ_EVERY, CardWatch
from tests.fakes.clock import FakeClock
from tests.fakes.factory import ref

POST = ref(Kind.POST, 9)


class Keeping:
    """Counts looks."""

    def __init__(self) -> None:
        self.store, self.looks, self.begun = 1, 0, 0

    def version(self) -> int:
        return self.store

    def keep_true(self) -> tuple[int, Sequence[Ref]]:
        self.looks += 1
        return self.begun, [POST]

    def close(self) -> None:
        """Nothing."""


def test_it_looks_when_something_changed_and_reads_cards_hourly() -> None:
    keeping, clock, woken, wanted = Keeping(), FakeClock(), [], []
    watch = CardWatch(keeping, clock, lambda: woken.append(1), wanted.extend)
    for _ in range(3):
        watch.step()
        clock.advance(EVERY)
    assert (keeping.looks, woken, wanted) == (1, [], [POST])
    keeping.store, keeping.begun = 2, 1
    watch.step()
    assert (keeping.looks, woken, wanted) == (2, [1], [POST])
    clock.advance(LOOK_EVERY)
    watch.step()
    assert keeping.looks == 3
    clock.advance(READ_EVERY)
    watch.step()
    assert wanted == [POST, POST]
    watch.look()
    watch.step()
    assert keeping.looks == 5
