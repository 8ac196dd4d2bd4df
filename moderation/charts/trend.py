"""The trend: the share of the staff's answers within the goal, week by week."""

from collections.abc import Iterator
from datetime import UTC, datetime
from math import floor

from moderation.charts.shapes import Anchor, Axis, Dot, Drawing, Mark, Path, Point, Say, Shape, Size, Text
from moderation.charts.words import goal, percent
from moderation.coverage.doors import Behind, Door
from moderation.coverage.overview import Overview, Week

_TOP, _LEFT, _BELOW, _RIGHT = 44, 46, 26, 26
_LABEL = 76
_QUARTERS = 4


def week_number(week: Week) -> int:
    """Number of the week in its year (ISO 8601)."""
    return datetime.fromtimestamp(week.monday / 1000, UTC).isocalendar().week


def week_said(say: Say, week: Week) -> str:
    """A week in full: “Week 47: 78 % within the goal, 18 of 23 answers by staff”."""
    number = week_number(week)
    if week.share is None:
        return say("coverage_week_few", week=number, n=week.judged, threads=week.threads)
    return say("coverage_week", week=number, share=percent(week.share), within=week.within, n=week.judged)


def trend(say: Say, view: Overview, size: Size) -> Drawing:
    """The drawing; a week with fewer than ten threads has no point."""
    made = _Trend(say, view, size)
    return Drawing(size.width, size.height, say("coverage_trend"), tuple(made.shapes()), tuple(made.marks()))


class _Trend:
    def __init__(self, say: Say, view: Overview, size: Size) -> None:
        self._say, self._view, self._size = say, view, size
        shares = [week.share for week in view.weeks if week.share is not None]
        low = min([0.5, *(floor((share - 0.04) * _QUARTERS) / _QUARTERS for share in shares)])
        self._y = Axis(max(0.0, low), 1, size.height - _BELOW * size.scale, _TOP * size.scale)
        last = max(1, len(view.weeks) - 1)
        self._x = Axis(0, last, (_LEFT + 12) * size.scale, size.width - _RIGHT * size.scale)

    def shapes(self) -> Iterator[Shape]:
        say, scale, view = self._say, self._size.scale, self._view
        aimed = goal(say, view)
        note = say("coverage_trend_note", goal=aimed) if aimed else ""
        room = self._size.width
        yield Text(0, 14 * scale, say("coverage_trend"), "strong", "text", weight=600, room=room, note=note)
        if not any(week.share is not None for week in view.weeks):
            yield from self._nothing()
            return
        yield from self._axes()
        if view.aim is not None:
            y = self._y.at(view.aim)
            yield Path(((_LEFT * scale, y), (self._size.width - _RIGHT * scale, y)), "text2", dashed=True)
            said = say("coverage_aim", share=percent(view.aim))
            yield Text((_LEFT + 2) * scale, y - 9 * scale, said)
        for run in self._runs():
            yield Path(tuple(run), "heat5", 2.5)
        for at, week in enumerate(view.weeks):
            if week.share is not None:
                yield Dot(self._x.at(at), self._y.at(week.share), 3.5 * scale, "heat5")

    def _nothing(self) -> Iterator[Shape]:
        why = self._view.why.get("within_goal", "few")
        said = self._say(f"coverage_nothing_{why}" if why in {"hours", "goal"} else "coverage_nothing_few")
        middle = (self._size.width / 2, self._size.height / 2)
        yield Text(*middle, said, "small", "text2", "middle", room=self._size.width)

    def _axes(self) -> Iterator[Shape]:
        scale = self._size.scale
        for quarter in range(floor(self._y.low * _QUARTERS), _QUARTERS + 1):
            y = self._y.at(quarter / _QUARTERS)
            yield Path(((_LEFT * scale, y), (self._size.width - _RIGHT * scale, y)), "line")
            yield Text((_LEFT - 6) * scale, y, f"{quarter * 25} %", anchor="end")
        weeks = len(self._view.weeks)
        step = max(1, -(-weeks * int(_LABEL * scale) // max(1, int(self._x.end - self._x.start))))
        for at in range(weeks - 1, -1, -step):
            number = week_number(self._view.weeks[at])
            anchor: Anchor = "end" if at == weeks - 1 and weeks > 1 else "middle"
            x = self._x.at(at) + (_RIGHT * scale / 2 if anchor == "end" else 0)
            yield Text(x, self._y.start + 14 * scale, self._say("coverage_week_tick", week=number), anchor=anchor)

    def _runs(self) -> Iterator[list[Point]]:
        """Weeks with a point that follow each other."""
        run: list[Point] = []
        for at, week in enumerate(self._view.weeks):
            if week.share is None:
                if len(run) > 1:
                    yield run
                run = []
            else:
                run.append((self._x.at(at), self._y.at(week.share)))
        if len(run) > 1:
            yield run

    def marks(self) -> Iterator[Mark]:
        reach = 9 * self._size.scale
        for at, week in enumerate(self._view.weeks):
            if week.share is not None:
                x, y = self._x.at(at), self._y.at(week.share)
                door = Door(Behind.WEEK, "within_goal", at=week.monday)
                said = week_said(self._say, week)
                means = self._say("coverage_means_within_goal")
                yield Mark(x - reach, y - reach, 2 * reach, 2 * reach, said, door, means)
