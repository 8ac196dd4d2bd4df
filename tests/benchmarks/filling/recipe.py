"""What a large home holds: how much of everything, where it lies and when it was written."""

from dataclasses import dataclass

HERE = "big.example.org"
URL = "https://big.example.org"
KEY = bytes(range(32))
"""The key of a benchmark's stores: it protects nothing but invented text."""

VERSION = 1
"""Grows when the content changes, so that a cached home of another recipe is not used."""

NOW_MS = 1_772_366_400_000
DAY_MS = 86_400_000
FIRST_POST, FIRST_THREAD = 1_000_000, 100_000
FORUMS, PRIVATE_FORUMS = 24, 2
JAPANESE_SHARE = 0.3
POSTS_A_THREAD = 10


@dataclass(frozen=True, slots=True)
class Recipe:
    """Counts of one scale. ``pending`` items wait for somebody, ``decided`` ones are of the past."""

    scale: float

    @property
    def posts(self) -> int:
        """Posts, spread evenly over a year."""
        return max(400, int(4_000_000 * self.scale))

    @property
    def pending(self) -> int:
        """Items open, in progress or held."""
        return max(100, int(500_000 * self.scale))

    @property
    def decided(self) -> int:
        """Items resolved or dismissed."""
        return self.pending // 10

    @property
    def members(self) -> int:
        """Members."""
        return max(50, min(20_000, int(20_000 * self.scale)))

    @property
    def forums(self) -> int:
        """Forums; the last :data:`PRIVATE_FORUMS` are closed to the public."""
        return FORUMS

    @property
    def step_ms(self) -> int:
        """Time between two posts."""
        return 365 * DAY_MS // self.posts

    def post_ms(self, place: int) -> int:
        """When a post was written; every post has a millisecond of its own."""
        return NOW_MS - (self.posts - place) * self.step_ms


def is_private(forum: int) -> bool:
    """True for a forum that the public cannot see."""
    return forum > FORUMS - PRIVATE_FORUMS
