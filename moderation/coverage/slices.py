"""The threads of one forum in one period, and the rows behind every figure of them.

A row is the place of a thread in the :class:`~moderation.coverage.lines.Lines`. What happened after the end of the
period (``cut``) has not happened; of a lock nobody knows the time of, it is taken that it was there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from operator import not_

from moderation.coverage.deriving import LineBit
from moderation.coverage.hours import WorkingTime, Zone, promised_slots
from moderation.coverage.lines import Lines
from moderation.coverage.rules import ForumRules

Rows = list[int]
LEAST_THREADS = 10
"""Under so many threads no share is told."""


@dataclass(frozen=True)
class Slice:
    """``threads`` are the counted ones. ``cut`` is the end of the period (ms), ``now`` whether the lines stand as of
    it: what is only known of the newest state is ``None`` otherwise.
    """

    forum: str
    lines: Lines
    threads: Rows
    cut: int
    rules: ForumRules
    zone: Zone
    time: WorkingTime | None
    now: bool = True

    def part(self, threads: Rows) -> "Slice":
        """The same for some of the threads."""
        return replace(self, threads=threads)

    def _happened(self, column: Sequence[int], rows: Rows) -> Rows:
        cut = self.cut
        return [row for row in rows if 0 < column[row] <= cut]

    def _without(self, column: Sequence[int], rows: Rows) -> Rows:
        cut = self.cut
        return [row for row in rows if not 0 < column[row] <= cut]

    def _split(self, column: Sequence[int], rows: Rows) -> tuple[Rows, Rows]:
        """Both at once: in which it happened, in which not."""
        cut = self.cut
        flags = [0 < at <= cut for at in map(column.__getitem__, rows)]
        return list(compress(rows, flags)), list(compress(rows, map(not_, flags)))

    @cached_property
    def _by_staff(self) -> tuple[Rows, Rows]:
        return self._split(self.lines.staff, self.threads)

    @cached_property
    def _by_others(self) -> tuple[Rows, Rows]:
        return self._split(self.lines.other, self.without_staff)

    @cached_property
    def answered_by_staff(self) -> Rows:
        """With an answer by the staff."""
        return self._by_staff[0]

    @cached_property
    def without_staff(self) -> Rows:
        """Without one."""
        return self._by_staff[1]

    @cached_property
    def answered_by_community(self) -> Rows:
        """Answered by another member, and not by the staff."""
        return self._by_others[0]

    @cached_property
    def unanswered(self) -> Rows:
        """Answered by nobody."""
        return self._by_others[1]

    @cached_property
    def taken_private(self) -> Rows:
        """Taken private, or gone on in private."""
        return self._happened(self.lines.left, self.threads)

    @cached_property
    def unanswered_taken_private(self) -> Rows:
        """Those of the unanswered that were taken private."""
        return self._happened(self.lines.left, self.unanswered)

    @cached_property
    def touched(self) -> Rows:
        """In which the staff wrote anything at all."""
        return self._happened(self.lines.touch, self.threads)

    @cached_property
    def open(self) -> Rows:
        """No answer of the staff, and not closed, solved or taken private."""
        return self._loose(self.without_staff)

    def _loose(self, rows: Rows) -> Rows:
        for column in (self.lines.closed, self.lines.solved, self.lines.left):
            rows = self._without(column, rows)
        return rows

    @cached_property
    def waiting(self) -> Rows | None:
        """In which a customer had the last word, and which are not over; ``None`` for a period that is past."""
        return self._loose(self._happened(self.lines.waits, self.threads)) if self.now else None

    @cached_property
    def solved(self) -> Rows:
        """With a post that is marked as the solution."""
        return self._happened(self.lines.solved, self.threads)

    @cached_property
    def solved_by_customers(self) -> Rows:
        """Those of which it is a customer's, the asker's too."""
        bits = self.lines.bits
        return [row for row in self.solved if not bits[row] & LineBit.BY_STAFF]

    @cached_property
    def reopened(self) -> Rows:
        """Unlocked again, or the asker wrote after the solution."""
        bits, either = self.lines.bits, LineBit.REOPENED | LineBit.BACK
        return [row for row in self.threads if bits[row] & either]

    @cached_property
    def first_by_staff(self) -> Rows:
        """In which the staff answered before any other member did."""
        staff, other = self.lines.staff, self.lines.other
        return [row for row in self.answered_by_staff if not 0 < other[row] < staff[row]]

    @cached_property
    def held(self) -> Rows:
        """That had to wait for approval."""
        submitted, public = self.lines.submitted, self.lines.public
        return [row for row in self.threads if public[row] > submitted[row]]

    @cached_property
    def partial(self) -> Rows:
        """Of which not all posts were read: their figures may change."""
        bits = self.lines.bits
        return [row for row in self.threads if bits[row] & LineBit.PARTIAL]

    # Working time

    @cached_property
    def answered_in_hours(self) -> Rows:
        """Answered by the staff, in a forum with working hours."""
        return self.answered_by_staff if self.time is not None else []

    @cached_property
    def judged(self) -> Rows:
        """Answered by the staff, in a forum with working hours and a goal."""
        return self.answered_in_hours if self.rules.goal_s is not None else []

    @cached_property
    def threads_judged(self) -> Rows:
        """All threads of such a forum."""
        return self.threads if self.time is not None and self.rules.goal_s is not None else []

    @cached_property
    def working(self) -> dict[int, int]:
        """Working milliseconds from submission to the staff's answer, by row."""
        if self.time is None:
            return {}
        rows = self.answered_by_staff
        asked, answered = self.values(self.lines.submitted, rows), self.values(self.lines.staff, rows)
        return dict(zip(rows, self.time.spans(asked, answered), strict=True))

    @cached_property
    def answered_within_goal(self) -> Rows:
        """Answered within the goal and the customers' grace time, exactly both included."""
        if self.rules.goal_s is None:
            return []
        working, most = self.working, (self.rules.goal_s + self.rules.grace_s) * 1000
        return [row for row in self.judged if working[row] <= most]

    @cached_property
    def too_soon(self) -> Rows:
        """Answered by the staff before the customers' grace time was over, and before any of them had answered."""
        working, least = self.working, self.rules.grace_s * 1000
        return [row for row in self.first_by_staff if row in working and working[row] < least]

    # Values

    @staticmethod
    def values(column: Sequence[int], rows: Rows) -> list[int]:
        """What a column holds in these rows."""
        return list(map(column.__getitem__, rows))

    def since_submission(self, column: Sequence[int], rows: Rows) -> list[int]:
        """Milliseconds from submission to what a column tells."""
        submitted = self.lines.submitted
        return [column[row] - submitted[row] for row in rows]

    @cached_property
    def posts_by(self) -> tuple[int, int]:
        """Public posts in these threads: by the staff, by customers."""
        lines, rows = self.lines, self.threads
        return sum(self.values(lines.staff_posts, rows)), sum(self.values(lines.customer_posts, rows))

    @cached_property
    def promised(self) -> frozenset[int]:
        """Hours of the week that are promised."""
        return promised_slots(self.rules.hours)

    @cached_property
    def touched_slots(self) -> set[int]:
        """Hours of the week in which the staff first wrote in some thread."""
        return self.zone.slots(self.values(self.lines.touch, self.touched)) if self.promised else set()

    def once(self, name: str, compute: Callable[[], list[int]]) -> list[int]:
        """Values by name, sorted, computed once."""
        if name not in self._sorted:
            self._sorted[name] = sorted(compute())
        return self._sorted[name]

    def kept(self, name: str, compute: Callable[[], list[int]]) -> list[int]:
        """Values by name as they are, computed once."""
        if name not in self._sorted:
            self._sorted[name] = compute()
        return self._sorted[name]

    @cached_property
    def _sorted(self) -> dict[str, list[int]]:
        return {}
