"""Threads that wait too long: by the forum's goal, or by what is usual in a forum that has none.

Times are those of the last reading of the community, not of this machine's clock: of what was said since nobody knows.
"""

from collections.abc import Collection, Iterable, Iterator

from moderation.alarms.model import ABOUT_THREADS, AlarmKind, Condition, Observed
from moderation.coverage.figures import Figures
from moderation.coverage.slices import LEAST_THREADS, Rows, Slice
from moderation.coverage.statistics import percentile
from moderation.ids import Kind, Ref

SOON = 0.25
"""The last part of a goal in which a thread is due soon."""
SOON_LEAST_S, SOON_MOST_S = 900.0, 4 * 3600.0
"""But at least and at most so many working seconds."""
UNUSUAL = 2.0
"""Times what nine of ten first answers need."""
UNUSUAL_LEAST_S = 3600.0
"""Nobody is told of less."""
MOST_A_FORUM = 50
"""Threads of each kind, the newest: a forum in which more are overdue needs no list, it needs somebody."""


def waiting(community: str, figures: Figures, forums: Collection[str]) -> Observed:
    """What waits in these forums (native ids). In a forum with hours and a goal only working time counts, and only the
    goal. Of threads that were not read to their end nothing is said, nor of more than :data:`MOST_A_FORUM`.
    """
    found: list[Condition] = []
    undecided: set[str] = set()
    for part in figures.parts:
        if part.forum in forums:
            told, left = _by_goal(community, part) if part.threads_judged else _by_usual(community, part)
            found += told
            threads = (Ref(community, Kind.THREAD, part.lines.threads[row]) for row in (*left, *part.partial))
            undecided |= {f"{kind}:{thread}" for thread in threads for kind in ABOUT_THREADS}
    return Observed(tuple(one for one in found if one.key not in undecided), frozenset(undecided))


def _by_goal(community: str, part: Slice) -> tuple[list[Condition], Rows]:
    """Rows are in the order of submission, so that whatever is older than an overdue one is overdue too."""
    if part.time is None or part.rules.goal_s is None:
        return [], []
    most = part.rules.goal_s + part.rules.grace_s
    soon = min(max(part.rules.goal_s * SOON, SOON_LEAST_S), SOON_MOST_S, most)
    due: list[Condition] = []
    overdue: list[Condition] = []
    for place, row in _newest_first(part.open):
        worked = part.time.between(part.lines.submitted[row], part.cut) / 1000
        if worked > most and len(overdue) == MOST_A_FORUM:
            return due + overdue, part.open[: place + 1]
        if worked > most:
            overdue.append(_about(community, part, row, AlarmKind.OVERDUE, late_s=worked - most, goal_s=most))
        elif worked >= most - soon:
            due.append(_about(community, part, row, AlarmKind.DUE_SOON, left_s=most - worked, goal_s=most))
    return due + overdue, []


def _by_usual(community: str, part: Slice) -> tuple[list[Condition], Rows]:
    """Only threads that nobody answered: where customers answer each other the staff need not."""
    usual = usual_s(part)
    if usual is None:
        return [], []
    limit = max(UNUSUAL * usual, UNUSUAL_LEAST_S)
    unanswered = set(part.unanswered)
    rows = [row for row in part.open if row in unanswered]
    spans = _spans(part, rows, [part.cut] * len(rows))
    told: list[Condition] = []
    for place, row in _newest_first(rows):
        if spans[place] <= limit:
            continue
        if len(told) == MOST_A_FORUM:
            return told, rows[: place + 1]
        told.append(_about(community, part, row, AlarmKind.UNUSUAL_WAIT, waits_s=spans[place], usual_s=usual))
    return told, []


def _newest_first(rows: Rows) -> Iterator[tuple[int, int]]:
    """Places and rows, from the last submitted on."""
    return zip(range(len(rows) - 1, -1, -1), reversed(rows), strict=True)


def usual_s(part: Slice) -> float | None:
    """Seconds within which nine of ten first answers came, by whomever; ``None`` where too few are known."""
    staff, other = part.lines.staff, part.lines.other
    told = {row: _first(staff[row], other[row]) for row in part.threads}
    rows = [row for row, at in told.items() if 0 < at <= part.cut]
    if len(rows) < LEAST_THREADS:
        return None
    return percentile(sorted(_spans(part, rows, [told[row] for row in rows])), 0.9)


def _first(one: int, other: int) -> int:
    return min(one, other) if one and other else one or other


def _spans(part: Slice, rows: list[int], ends: Iterable[int]) -> list[float]:
    """Seconds from submission, working ones in a forum with hours."""
    asked = part.values(part.lines.submitted, rows)
    if part.time is not None:
        return [span / 1000 for span in part.time.spans(asked, list(ends))]
    return [(end - start) / 1000 for start, end in zip(asked, ends, strict=True)]


def _about(community: str, part: Slice, row: int, kind: AlarmKind, **facts: float) -> Condition:
    thread, forum = Ref(community, Kind.THREAD, part.lines.threads[row]), Ref(community, Kind.FORUM, part.forum)
    return Condition(kind, thread, forum, facts)
