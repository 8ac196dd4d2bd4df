"""Background revisits: what cannot be read does not stand in the way of the rest."""

from datetime import UTC, datetime

from moderation.ids import Kind, Ref
from sync.parts.revisits import Revisits
from tests.conformance.memory import MemoryMirror

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LONG_AGO = datetime(2026, 2, 1, tzinfo=UTC)


class Readings(MemoryMirror):
    """Threads in the order of their last reading; ``read`` puts one at the end."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.order = [Ref("sample", Kind.THREAD, str(number)) for number in range(count)]

    def stale_threads(self, before: datetime, limit: int, since: datetime) -> list[Ref]:
        return self.order[:limit]

    def read(self, ref: Ref) -> None:
        self.order.remove(ref)


def test_threads_that_cannot_be_read_let_the_others_have_their_turn() -> None:
    mirror, revisits = Readings(7), Revisits(2)
    unreadable, reached = set(mirror.order[:3]), list[Ref]()
    for _ in range(6):
        due = revisits.due(mirror, NOW, LONG_AGO)
        for ref in [one for one in due if one not in unreadable]:
            mirror.read(ref)
            reached.append(ref)
        revisits.looked_at(due, mirror, NOW, LONG_AGO)
    assert len(reached) == 4
    assert set(mirror.order) == unreadable


def test_what_could_not_be_read_is_tried_again_after_all_others() -> None:
    mirror, revisits = Readings(2), Revisits(2)
    turns = []
    for _ in range(3):
        turns.append(revisits.due(mirror, NOW, LONG_AGO))
        revisits.looked_at(turns[-1], mirror, NOW, LONG_AGO)
    assert turns == [mirror.order, [], mirror.order]
