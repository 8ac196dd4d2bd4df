"""Everything that a screen or a report shows of a period, computed once: numbers, heat map, curve, weeks, forums."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from moderation.coverage.doors import Spans
from moderation.coverage.figures import NUMBERS, Figures, Number
from moderation.coverage.heat import Cell, heat
from moderation.coverage.incidence import NOBODY, STAFF, Step, incidence, outcomes, reached, share_at, thinned
from moderation.coverage.slices import LEAST_THREADS, Slice

TIMES_S = (900, 3_600, 14_400, 86_400, 259_200, 604_800)
"""After how many seconds the curve is told in numbers: a quarter of an hour, 1 h, 4 h, 1 d, 3 d, a week."""
DAY_S, THREE_DAYS_S = 86_400, 259_200
TREND_WEEKS = 12
"""How many weeks the trend shows."""
FORUM_NUMBERS = (
    "threads", "answered_by_staff", "answered_by_community", "unanswered", "open", "first_response_median_s",
    "working_median_s", "within_goal",
)  # fmt: skip
"""What the table of forums tells."""


@dataclass(frozen=True, slots=True)
class After:
    """Of the curve, after ``seconds``: shares of all threads that the staff, or anybody, had answered first by then
    (``before``: the staff, in the time before), and how many threads these are. Shares are ``None`` under ten threads.
    """

    seconds: int
    staff: float | None
    anyone: float | None
    before: float | None
    by_staff: int
    by_anyone: int


@dataclass(frozen=True, slots=True)
class Week:
    """A week from its Monday (ms, on the forums' own clocks): of ``judged`` answers ``within`` the goal; ``share`` is
    ``None`` under ten threads.
    """

    monday: int
    threads: int
    judged: int
    within: int
    share: float | None


@dataclass(frozen=True, slots=True)
class ForumLine:
    """A forum: :data:`FORUM_NUMBERS`, the share that the staff had answered within a day (``None`` under ten threads)
    with the number of these threads, and the share within the goal in the time before.
    """

    native: str
    name: str
    numbers: Mapping[str, Number]
    why: Mapping[str, str]
    within_day: float | None
    by_staff_in_a_day: int
    goal_before: Number


@dataclass(frozen=True)
class Overview:
    """``numbers`` and ``before`` by name, ``why`` for those that are ``None`` (as :meth:`Figures.why_none`). ``steps``
    are thinned for a drawing, and empty under ten threads. ``half`` and ``nine``: after how many seconds the staff had
    answered half, and nine of ten, of all threads first (``_before``: in the time before); ``None``: not reached.
    ``goal_s`` and ``grace_s`` where they are the same in all forums.
    """

    spans: Spans
    working: bool
    numbers: Mapping[str, Number]
    before: Mapping[str, Number]
    why: Mapping[str, str]
    cells: Mapping[int, Cell]
    steps: Sequence[Step]
    earlier: Sequence[Step]
    after: Sequence[After]
    half: float | None
    nine: float | None
    weeks: Sequence[Week]
    forums: Sequence[ForumLine]
    goal_s: float | None = None
    grace_s: float = 0.0
    aim: float | None = None
    half_before: float | None = None
    nine_before: float | None = None

    @property
    def threads(self) -> int:
        """How many threads are counted."""
        return int(self.numbers.get("threads") or 0)

    @property
    def limit_s(self) -> float | None:
        """Working seconds within which an answer is within the goal."""
        return None if self.goal_s is None else self.goal_s + self.grace_s


def overview(spans: Spans, forums: Iterable[tuple[str, str]], *, working: bool = False) -> Overview:
    """Compute it; ``forums`` are native ids with names, and are told in the order of their threads, most first."""
    total, before = spans.now.total, spans.before.total if spans.before is not None else None
    steps = _steps(total, working=working)
    earlier = _steps(before, working=working) if before is not None else []
    numbers = {name: total.number(name) for name in NUMBERS}
    lines = [_forum(spans, native, name, working=working) for native, name in forums]
    return Overview(
        spans,
        working,
        numbers,
        {name: before.number(name) for name in NUMBERS} if before is not None else {},
        {name: total.why_none(name) for name, number in numbers.items() if number is None},
        heat(total.parts, working=working),
        thinned(steps),
        thinned(earlier),
        _after(total.parts, steps, earlier, working=working),
        reached(steps, 0.5),
        reached(steps, 0.9),
        _weeks(spans),
        sorted(lines, key=lambda line: -int(line.numbers["threads"] or 0)),
        *_goal(total.parts),
        half_before=reached(earlier, 0.5),
        nine_before=reached(earlier, 0.9),
    )


def _steps(figures: Figures, *, working: bool) -> list[Step]:
    """The curve; none of fewer than ten threads, of which no share is told."""
    counted = sum(len(part.threads) for part in figures.parts if not working or part.time is not None)
    return incidence(figures.parts, working=working) if counted >= LEAST_THREADS else []


def _after(parts: Sequence[Slice], steps: Sequence[Step], earlier: Sequence[Step], *, working: bool) -> list[After]:
    ends = [one for part in parts for one in outcomes(part, working=working) if one[1] != NOBODY]
    times, staff = sorted(after for after, _ in ends), sorted(after for after, kind in ends if kind == STAFF)
    made = []
    for seconds in TIMES_S:
        step, then = share_at(steps, seconds), share_at(earlier, seconds)
        told = After(
            seconds,
            step.staff if steps else None,
            step.anyone if steps else None,
            then.staff if earlier else None,
            bisect_right(staff, seconds * 1000),
            bisect_right(times, seconds * 1000),
        )
        made.append(told)
    return made


def _forum(spans: Spans, native: str, name: str, *, working: bool) -> ForumLine:
    figures = spans.now.forums.get(native, Figures(()))
    before = spans.before.forums.get(native) if spans.before is not None else None
    numbers = {one: figures.number(one) for one in FORUM_NUMBERS}
    day = share_at(incidence(figures.parts, working=working), DAY_S).staff
    told = [one for part in figures.parts for one in outcomes(part, working=working)]
    return ForumLine(
        native,
        name,
        numbers,
        {one: figures.why_none(one) for one, number in numbers.items() if number is None},
        day if len(told) >= LEAST_THREADS else None,
        sum(kind == STAFF and after <= DAY_S * 1000 for after, kind in told),
        before.number("within_goal") if before is not None else None,
    )


def _weeks(spans: Spans) -> list[Week]:
    if spans.trend is None:
        return []
    found = []
    for monday, figures in spans.trend.weeks()[-TREND_WEEKS:]:
        judged = sum(len(part.judged) for part in figures.parts)
        within, share = figures.count("answered_within_goal"), figures.number("within_goal")
        found.append(Week(monday, figures.count("threads"), judged, within, share))
    return found


def _goal(parts: Sequence[Slice]) -> tuple[float | None, float, float | None]:
    """Goal, grace and aim, each where it is the same in all forums with a goal."""
    rules = [part.rules for part in parts if part.rules.goal_s is not None and part.rules.has_hours]
    goals, graces, aims = ({getattr(one, name) for one in rules} for name in ("goal_s", "grace_s", "aim"))
    one_goal = len(goals) == len(graces) == 1
    goal, grace = (goals.pop(), graces.pop()) if one_goal else (None, 0.0)
    return goal, grace, aims.pop() if len(aims) == 1 else None
