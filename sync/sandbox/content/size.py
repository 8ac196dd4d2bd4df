"""How large a sample community is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Counts to generate. `reports` are items open or in progress, `decided` are items of the past.

    Reported posts come on top of `posts`. `scenes` are threads written by hand, the same in every community.
    `office` is the share of threads that the team answers first, in its hours; without it anybody answers at any time.
    """

    threads: int = 300
    posts: int = 1500
    reports: int = 148
    decided: int = 60
    held: int = 12
    members: int = 40
    days: int = 90
    scenes: bool = True
    office: float = 0.0

    @classmethod
    def demo(cls) -> "Size":
        """What the demo shows: a queue of 148, twelve held posts, about forty people, a team that answers."""
        return cls(office=0.85)

    @classmethod
    def small(cls) -> "Size":
        """Enough for a quick test."""
        return cls(threads=40, posts=160, reports=20, decided=10, held=4, members=24, days=30)

    @classmethod
    def named(cls, name: str) -> "Size":
        """`demo`, `small`, or a number of reports such as `500000`."""
        if name.isdigit():
            return cls.for_reports(int(name))
        return {"demo": cls.demo, "small": cls.small}[name]()

    @classmethod
    def for_reports(cls, reports: int) -> "Size":
        """A community of proportion for a number of open reports."""
        posts = reports // 2
        members = max(40, min(4000, reports // 50))
        return cls(max(300, reports // 10), max(1500, posts), reports, reports // 10, 60, members, 365)
