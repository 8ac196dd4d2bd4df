"""One reader a thread, one overlay for all of them."""

import threading
from concurrent.futures import ThreadPoolExecutor

from console.readers import MirrorPerThread
from moderation.intents import IntentState
from moderation.ports import Mirror, Pending
from moderation.queries import QueueQuery
from tests.fakes.desk import FakeMirror


class Watched(FakeMirror):
    """Remembers on which threads it was used."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[int] = set()
        self.closed = False

    def count(self, query: QueueQuery) -> int:
        self.threads.add(threading.get_ident())
        return len(self.overlay)

    def close(self) -> None:
        self.closed = True


def pending(number: int) -> Pending:
    return Pending(f"i{number}", f"c.example:flag:{number}", "resolve", IntentState.HELD, "resolved")


def test_each_thread_has_its_own_and_sees_the_newest_overlay() -> None:
    made: list[Watched] = []

    def open_reader() -> Mirror:
        made.append(Watched())
        return made[-1]

    mirror = MirrorPerThread(open_reader)
    both = threading.Barrier(2)

    def count() -> int:
        both.wait(20)
        return mirror.count(QueueQuery())

    with ThreadPoolExecutor(2) as pool:
        for known in ([], [pending(1)], [pending(1), pending(2)], []):
            mirror.lay_over(known)
            counted = [future.result(20) for future in [pool.submit(count), pool.submit(count)]]
            assert counted == [len(known)] * 2
    assert len(made) == 2
    assert all(len(reader.threads) == 1 for reader in made)
    mirror.close()
    assert all(reader.closed for reader in made)


def test_everything_of_the_port_is_passed_on() -> None:
    names = {name for base in Mirror.__mro__ for name in vars(base) if not name.startswith("_")}
    assert len(names) > 15
    assert names <= set(vars(MirrorPerThread))
