"""The community's own life: seeded, by steps or by itself."""

import threading
import time
from typing import Any

from sync.sandbox.life import Life


def test_steps_are_seeded_and_true(world: Any) -> None:
    life = Life(world.community, seed=3)
    kinds = [life.step() for _ in range(60)]
    assert {"reply", "report", "decide", "hold"} <= set(kinds)
    done = [effect["verb"] for effect in world.community.effects()]
    assert done.count("report") == kinds.count("report")
    assert done.count("decide") == kinds.count("decide")
    assert done.count("hold") == kinds.count("hold")


def test_the_same_seed_lives_the_same_life(world: Any) -> None:
    world.community.save_backup()
    first = [Life(world.community, seed=5).step() for _ in range(1)] + _kinds(world, 20)
    world.community.restore_backup()
    assert [Life(world.community, seed=5).step() for _ in range(1)] + _kinds(world, 20) == first


def test_new_reports_reach_the_moderators(world: Any, moderator: Any) -> None:
    before = moderator.get("/api/flags?state=open")["count"]
    life = Life(world.community, seed=1)
    while life.step() != "report":
        pass
    assert moderator.get("/api/flags?state=open")["count"] >= before
    assert moderator.get("/api/notifications")["notifications"][0]["type"] in ("new-post-flag", "post-queue")


def test_it_starts_and_stops(world: Any) -> None:
    life = Life(world.community, seed=2, mean_seconds=0.01)
    life.start()
    until = time.monotonic() + 10
    while not world.community.effects() and time.monotonic() < until:
        time.sleep(0.05)
    life.stop()
    assert world.community.effects()
    assert not [thread for thread in threading.enumerate() if thread.name == "sample life"]


def _kinds(world: Any, count: int) -> list[str]:
    life = Life(world.community, seed=9)
    return [life.step() for _ in range(count)]
