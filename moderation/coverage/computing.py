"""Coverage of a period: which threads are counted, in which forum each."""

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from moderation.coverage.deriving import LineBit
from moderation.coverage.figures import Figures
from moderation.coverage.hours import WorkingTime, Zone
from moderation.coverage.lines import Lines
from moderation.coverage.rules import CoverageRules, ForumRules
from moderation.coverage.slices import Rows, Slice

_DAY = 86_400_000


@dataclass(frozen=True)
class Covered:
    """Figures by forum (native id) and of all of them together, over ``since`` ≤ submitted < ``until`` (ms)."""

    since: int
    until: int
    forums: Mapping[str, Figures] = field(default_factory=dict)
    total: Figures = field(default_factory=lambda: Figures(()))

    def weeks(self) -> list[tuple[int, Figures]]:
        """Figures of all forums by week, each with the Monday (ms, on the forums' own clocks) on which it began."""
        found: dict[int, list[Slice]] = {}
        for part in self.total.parts:
            by_week: dict[int, Rows] = {}
            for row in part.threads:
                by_week.setdefault(part.zone.week(part.lines.submitted[row]), []).append(row)
            for monday, rows in by_week.items():
                found.setdefault(monday, []).append(part.part(rows))
        return [(monday, Figures(tuple(parts))) for monday, parts in sorted(found.items())]


class Clocks:
    """Zones and working time of forums between two instants, made once each."""

    def __init__(self, start_ms: int, end_ms: int) -> None:
        self._range = (start_ms - _DAY, end_ms + _DAY)
        self._zones: dict[str, Zone] = {}
        self._times: dict[object, WorkingTime] = {}

    def zone(self, rules: ForumRules) -> Zone:
        """The forum's clock."""
        name = rules.hours.zone
        if name not in self._zones:
            self._zones[name] = Zone(name, *self._range)
        return self._zones[name]

    def time(self, rules: ForumRules) -> WorkingTime | None:
        """Its working time; ``None`` where it has no hours."""
        if not rules.has_hours:
            return None
        if rules.hours not in self._times:
            self._times[rules.hours] = WorkingTime(rules.hours, self.zone(rules))
        return self._times[rules.hours]


def cover(
    lines: Lines,
    since: int,
    until: int,
    rules: Mapping[str, ForumRules],
    *,
    forums: Collection[str] | None = None,
    now: bool = True,
    clocks: Clocks | None = None,
) -> Covered:
    """Figures of the threads submitted in a period, as they stood at its end.

    ``rules`` are by forum (native id): a forum that has none there is left out, and so is one in which no answer is
    expected. ``forums``: only these. ``now``: the lines stand as of ``until``.
    """
    clocks = clocks or Clocks(since, until)
    found: dict[str, Rows] = {
        forum: [] for forum, one in rules.items() if one.answers and (forums is None or forum in forums)
    }
    _sort(lines, since, until, found)
    parts = {
        forum: Slice(forum, lines, rows, until, rules[forum], clocks.zone(rules[forum]), clocks.time(rules[forum]), now)
        for forum, rows in found.items()
    }
    return Covered(
        since, until, {forum: Figures((part,)) for forum, part in parts.items()}, Figures(tuple(parts.values()))
    )


def _sort(lines: Lines, since: int, until: int, found: dict[str, Rows]) -> None:
    """Counted threads of the period into their forums."""
    first, last = bisect_left(lines.submitted, since), bisect_left(lines.submitted, until)
    bits, forums, public = lines.bits, lines.forums, lines.public
    counted = LineBit.COUNTED
    told = zip(bits[first:last], public[first:last], forums[first:last], strict=True)
    for row, (bit, shown, forum) in enumerate(told, first):
        if bit & counted and shown <= until and forum in found:
            found[forum].append(row)


def rules_by_forum(rules: CoverageRules, forums: Mapping[str, str]) -> dict[str, ForumRules]:
    """The rules by native id; ``forums`` gives the id text of each."""
    return {native: rules.of(text) for native, text in forums.items()}
