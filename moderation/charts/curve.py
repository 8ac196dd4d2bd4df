"""The curve: what share of all threads the staff, or anybody, had answered first after some time, as steps."""

from collections.abc import Iterator, Sequence
from math import log

from moderation.charts.shapes import Anchor, Axis, Dot, Drawing, Mark, Path, Point, Say, Shape, Size, Text
from moderation.charts.words import counted, percent, share, tick
from moderation.coverage.doors import Behind, Door
from moderation.coverage.incidence import Step
from moderation.coverage.overview import TIMES_S, After, Overview

_FIRST_S, _LAST_S = 300, 604_800
_TOP, _LEFT, _BELOW, _RIGHT = 44, 46, 26, 12
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def after_said(say: Say, one: After, *, staff: bool) -> str:
    """A point of the curve in full: “After 4 h: 58 %, 239 threads, first answered by staff”."""
    part, number = (one.staff, one.by_staff) if staff else (one.anyone, one.by_anyone)
    code = "coverage_after_staff" if staff else "coverage_after_anyone"
    said = counted(say, code, number, time=tick(say, one.seconds), share=share(say, part))
    if staff and one.before is not None:
        said += say("coverage_after_before", share=percent(one.before))
    return said


def curve(say: Say, view: Overview, size: Size) -> Drawing:
    """The drawing; time is logarithmic, from five minutes to a week."""
    made = _Curve(say, view, size)
    return Drawing(size.width, size.height, say("coverage_curve"), tuple(made.shapes()), tuple(made.marks()))


class _Curve:
    def __init__(self, say: Say, view: Overview, size: Size) -> None:
        self._say, self._view, self._size = say, view, size
        scale = size.scale
        self._x = Axis(log(_FIRST_S), log(_LAST_S), _LEFT * scale, size.width - _RIGHT)
        self._y = Axis(0, 1, size.height - _BELOW * scale, _TOP * scale)

    def shapes(self) -> Iterator[Shape]:
        say, scale, view = self._say, self._size.scale, self._view
        note = counted(say, "coverage_curve_note", view.threads)
        room = self._size.width
        yield Text(0, 14 * scale, say("coverage_curve"), "strong", "text", weight=600, room=room, note=note)
        if not view.steps:
            middle = (self._size.width / 2, self._size.height / 2)
            yield Text(*middle, say("coverage_nothing_curve"), "small", "text2", "middle", room=room)
            return
        yield from self._axes()
        if limit := view.limit_s:
            x = self._at(limit)
            yield Path(((x, self._y.end), (x, self._y.start)), "text2", dashed=True)
            code = "coverage_goal" if view.working else "coverage_goal_in_hours"
            yield Text(x + 5 * scale, self._y.end + 7 * scale, say(code), colour="text")
        if view.earlier:
            yield Path(self._steps(view.earlier, "staff"), "text2", 1.5, dashed=True)
        yield Path(self._steps(view.steps, "anyone"), "heat4", 1.5)
        yield Path(self._steps(view.steps, "staff"), "heat5", 2.5)
        yield from self._points()
        yield from self._names()

    def _at(self, seconds: float) -> float:
        return self._x.at(log(max(seconds, 1)))

    def _axes(self) -> Iterator[Shape]:
        scale = self._size.scale
        for part in _SHARES:
            y = self._y.at(part)
            yield Path(((self._x.start, y), (self._x.end, y)), "line")
            yield Text(self._x.start - 6 * scale, y, f"{part * 100:.0f} %", anchor="end")
        for seconds in TIMES_S:
            x = self._at(seconds)
            yield Path(((x, self._y.start), (x, self._y.start + 4 * scale)), "line_strong")
            anchor: Anchor = "end" if seconds == _LAST_S else "middle"
            yield Text(x, self._y.start + 14 * scale, tick(self._say, seconds), anchor=anchor)

    def _steps(self, steps: Sequence[Step], name: str) -> tuple[Point, ...]:
        last, points = 0.0, [(self._x.start, self._y.at(0))]
        for step in steps:
            if step.seconds > _LAST_S:
                break
            x, share = self._at(step.seconds), float(getattr(step, name))
            points += [(x, self._y.at(last)), (x, self._y.at(share))]
            last = share
        return (*points, (self._x.end, self._y.at(last)))

    def _points(self) -> Iterator[Shape]:
        for one in self._view.after:
            for part, colour in ((one.anyone or 0, "heat4"), (one.staff or 0, "heat5")):
                yield Dot(self._at(one.seconds), self._y.at(part), 2.5 * self._size.scale, colour)

    def _names(self) -> Iterator[Shape]:
        """Names at the lines' ends, apart from each other: the lowest below its line, the others above."""
        scale, last = self._size.scale, self._view.after[-1]
        told = [(last.anyone or 0, "anyone", "text", 400), (last.staff or 0, "staff", "text", 600)]
        if last.before is not None:
            told.append((last.before, "before", "text2", 400))
        above = -1000.0
        for at, (part, name, colour, weight) in enumerate(sorted(told, reverse=True), 1):
            y = self._y.at(part) + (11 if at == len(told) else -10) * scale
            above = max(y, above + 15 * scale)
            said = self._say(f"coverage_line_{name}")
            yield Text(self._x.end - 4 * scale, above, said, colour=colour, anchor="end", weight=weight)

    def marks(self) -> Iterator[Mark]:
        """Anybody's points, then the staff's."""
        if not self._view.steps:
            return
        reach = 9 * self._size.scale
        for kind in (Behind.ANYONE, Behind.STAFF):
            staff = kind is Behind.STAFF
            for one in self._view.after:
                x, y = self._at(one.seconds), self._y.at((one.staff if staff else one.anyone) or 0)
                said = after_said(self._say, one, staff=staff)
                door = Door(kind, at=one.seconds * 1000, working=self._view.working)
                place = (x - reach, y - reach, 2 * reach, 2 * reach)
                yield Mark(*place, said, door, self._say("coverage_means_curve"))
