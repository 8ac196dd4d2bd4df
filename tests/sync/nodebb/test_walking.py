"""A walk over everything, again and again by an engine that runs for weeks."""

from sync.nodebb.pull.details import FlagDetails
from sync.nodebb.pull.everything import Pull
from tests.conformance.memory import MemoryMirror
from tests.sync.nodebb.world import HORIZON, World


def test_where_reported_posts_stand_is_remembered_until_it_was_looked_at(world: World) -> None:
    pull, mirror = Pull(world.connect()._context), MemoryMirror()
    details: FlagDetails = pull._details
    walk = pull.catch_up(mirror, HORIZON)
    for batch in walk:
        mirror.apply(batch)
        if details.threads:
            break
    assert details.threads, "reports have been read by then"
    mirror.take(walk)
    assert not details.threads
