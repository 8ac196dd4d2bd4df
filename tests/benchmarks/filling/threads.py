"""Which thread each post belongs to: new threads all the time, a few long ones, most short."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.benchmarks.filling.recipe import FORUMS, JAPANESE_SHARE, POSTS_A_THREAD, Recipe

_LATELY = 200
_HOT_SHARE = 0.02


@dataclass(slots=True)
class Planned:
    """A thread while it is filled; ``posts`` counts them, ``first`` and ``last`` are places of posts."""

    number: int
    forum: int
    author: int
    japanese: bool
    first: int
    last: int
    posts: int = 0


@dataclass(slots=True)
class Plan:
    """Gives each post its thread, in the order of time, and keeps all threads."""

    recipe: Recipe
    chance: random.Random
    threads: list[Planned] = field(default_factory=list)
    _hot: Planned | None = None

    def posts(self) -> Iterator[tuple[int, Planned]]:
        """Places of posts with their threads."""
        for place in range(self.recipe.posts):
            thread = self._thread_for(place)
            thread.posts += 1
            thread.last = place
            yield place, thread

    def _thread_for(self, place: int) -> Planned:
        if place % POSTS_A_THREAD == 0:
            return self._new(place)
        if self._hot is None or place % 20_000 == 1:
            self._hot = self.threads[-1]
        if self.chance.random() < _HOT_SHARE:
            return self._hot
        reach = min(len(self.threads), _LATELY)
        return self.threads[-1 - int(reach * self.chance.random() ** 2)]

    def _new(self, place: int) -> Planned:
        number = len(self.threads)
        forum = 1 + int(FORUMS * self.chance.random() ** 1.5)
        author = self.chance.randrange(self.recipe.members)
        thread = Planned(number, forum, author, self.chance.random() < JAPANESE_SHARE, place, place)
        self.threads.append(thread)
        return thread
