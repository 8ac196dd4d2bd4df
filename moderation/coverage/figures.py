"""Figures: numbers, each with exactly the rows that it counts.

A figure is a count of rows, or a statistic over a value of each of them. Durations are seconds, shares 0 to 1; ``None``
where there is nothing to tell. The definitions stand at the rows (:mod:`~moderation.coverage.slices`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from moderation.coverage.slices import LEAST_THREADS, Rows, Slice
from moderation.coverage.statistics import percentile, share

Number = int | float | None
Values = Callable[[Slice, Rows], list[int]]
Statistic = Callable[[Sequence[int]], float | None]

COUNTS: Mapping[str, str] = {name: name for name in (
    "threads", "answered_by_staff", "answered_by_community", "unanswered", "taken_private",
    "unanswered_taken_private", "touched", "open", "waiting", "solved", "solved_by_customers", "reopened",
    "first_by_staff", "held", "partial", "answered_within_goal", "too_soon",
)}  # fmt: skip
"""Counts by name: rows of the same name."""


def _to_staff(part: Slice, rows: Rows) -> list[int]:
    return part.since_submission(part.lines.staff, rows)


def _to_touch(part: Slice, rows: Rows) -> list[int]:
    return part.since_submission(part.lines.touch, rows)


def _to_other(part: Slice, rows: Rows) -> list[int]:
    return part.since_submission(part.lines.other, rows)


def _to_public(part: Slice, rows: Rows) -> list[int]:
    return part.since_submission(part.lines.public, rows)


def _working(part: Slice, rows: Rows) -> list[int]:
    return list(map(part.working.__getitem__, rows))


def _oldest(part: Slice, rows: Rows) -> list[int]:
    return [part.cut - first for first in _first(part.values(part.lines.submitted, rows))]


def _longest(part: Slice, rows: Rows) -> list[int]:
    return [part.cut - first for first in _first(part.values(part.lines.waits, rows))]


def _first(times: list[int]) -> list[int]:
    """The earliest alone: of ages only the greatest is asked for."""
    return [min(times)] if times else []


def _median(values: Sequence[int]) -> float | None:
    return percentile(values, 0.5)


def _p90(values: Sequence[int]) -> float | None:
    return percentile(values, 0.9)


def _most(values: Sequence[int]) -> float | None:
    return values[-1] if values else None


DURATIONS: Mapping[str, tuple[str, Values, Statistic]] = {
    "first_response_median_s": ("answered_by_staff", _to_staff, _median),
    "first_response_p90_s": ("answered_by_staff", _to_staff, _p90),
    "working_median_s": ("answered_in_hours", _working, _median),
    "working_p90_s": ("answered_in_hours", _working, _p90),
    "first_touch_median_s": ("touched", _to_touch, _median),
    "first_touch_p90_s": ("touched", _to_touch, _p90),
    "community_median_s": ("answered_by_community", _to_other, _median),
    "approval_median_s": ("held", _to_public, _median),
    "oldest_open_s": ("open", _oldest, _most),
    "longest_wait_s": ("waiting", _longest, _most),
}
"""Durations by name: their rows, the value of each (ms), and what is made of them once they are sorted."""

SHARES: Mapping[str, str] = {
    "within_goal": "judged",
    "first_by_staff_share": "threads",
    "staff_post_share": "threads",
    "promised_covered": "touched",
}
"""Shares by name, with the rows that they are computed from."""

NUMBERS = (*COUNTS, *DURATIONS, *SHARES)
_NEED_HOURS = frozenset({"working_median_s", "working_p90_s", "within_goal", "promised_covered"})
_OF_NOW = frozenset({"waiting", "longest_wait_s", "staff_post_share"})


@dataclass(frozen=True)
class Figures:
    """Figures of one forum, or of several together. Each is computed when it is asked for."""

    parts: tuple[Slice, ...]

    def number(self, name: str) -> Number:
        """A figure by name; raises ``KeyError`` for one that there is not."""
        if name in COUNTS:
            found = [getattr(part, COUNTS[name]) for part in self.parts]
            return None if None in found else sum(map(len, found))
        if name in DURATIONS:
            return self._duration(*DURATIONS[name])
        return _SHARES[name](self)

    def rows(self, name: str) -> list[str]:
        """The threads (native ids) that a figure counts or is computed from."""
        source = COUNTS.get(name) or (DURATIONS[name][0] if name in DURATIONS else SHARES[name])
        threads = self.parts[0].lines.threads if self.parts else []
        return [threads[row] for row in self._rows(source) or ()]

    def count(self, name: str) -> int:
        """A count, 0 where it is not known."""
        found = self.number(name)
        return found if isinstance(found, int) else 0

    def why_none(self, name: str) -> str:
        """Why there is nothing to tell of a figure: ``hours`` or ``goal`` not set, ``few`` threads (under ten),
        ``past`` (only known of now), ``none`` (no rows); empty where there is something.
        """
        if self.number(name) is not None:
            return ""
        if name in _NEED_HOURS and all(part.time is None for part in self.parts):
            return "hours"
        if name == "within_goal" and all(part.rules.goal_s is None for part in self.parts):
            return "goal"
        if name in _OF_NOW and not all(part.now for part in self.parts):
            return "past"
        asked = {
            "within_goal": sum(len(part.threads_judged) for part in self.parts),
            "first_by_staff_share": self.count("threads") - self.count("unanswered"),
        }
        return "few" if asked.get(name, LEAST_THREADS) < LEAST_THREADS else "none"

    def _rows(self, source: str) -> Rows | None:
        found = [getattr(part, source) for part in self.parts]
        return None if None in found else list(chain.from_iterable(found))

    def _duration(self, source: str, values: Values, statistic: Statistic) -> float | None:
        runs = []
        for part in self.parts:
            rows = getattr(part, source)
            if rows is None:
                return None
            runs.append(part.once(f"{source} {values.__name__}", partial(values, part, rows)))
        told = statistic(runs[0] if len(runs) == 1 else sorted(chain.from_iterable(runs)))
        return None if told is None else told / 1000

    def _within_goal(self) -> float | None:
        """Of the answers of the staff; where goals and hours are set. ``None`` under ten threads there."""
        if sum(len(part.threads_judged) for part in self.parts) < LEAST_THREADS:
            return None
        return share(self.count("answered_within_goal"), sum(len(part.judged) for part in self.parts))

    def _first_by_staff(self) -> float | None:
        """Of the threads that anybody answered; ``None`` under ten of those."""
        answered = self.count("threads") - self.count("unanswered")
        return share(self.count("first_by_staff"), answered) if answered >= LEAST_THREADS else None

    def _staff_posts(self) -> float | None:
        """The staff's share of all public posts in these threads; ``None`` for a period that is past."""
        if not all(part.now for part in self.parts):
            return None
        staff = sum(part.posts_by[0] for part in self.parts)
        return share(staff, sum(sum(part.posts_by) for part in self.parts))

    def _promised(self) -> float | None:
        """Of the hours of the week that are promised, those in which the staff first wrote in some thread at least
        once; over all forums with hours.
        """
        promised = met = 0
        for part in self.parts:
            promised += len(part.promised)
            met += len(part.promised & part.touched_slots)
        return share(met, promised)


_SHARES: Mapping[str, Callable[[Figures], float | None]] = {
    "within_goal": Figures._within_goal,
    "first_by_staff_share": Figures._first_by_staff,
    "staff_post_share": Figures._staff_posts,
    "promised_covered": Figures._promised,
}
