"""Versions of flags: what a person saw, so that a later reading shows what is new.

Opaque outside of this package. With history: ``h<ms>.<n>.<total>`` (time of the newest entry, how many entries have
that time, how many in all), else ``r``; then state, assignee, number of reports, and when the reported post was
edited (ms, 0 for never or unknown).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from moderation.items import Change, HistoryEntry
from sync.parts.times import in_ms

_SHAPE = re.compile(r"(?:r|h(\d+)\.(\d+)\.(\d+))!([a-z_]*)!([^!]*)!(\d+)!(\d+)")


@dataclass(frozen=True, slots=True)
class FlagVersion:
    """A version taken apart. ``newest`` in ms, ``None`` for a list row, which tells no history."""

    state: str
    assignee: str
    heat: int
    newest: int | None = None
    at_newest: int = 0
    total: int = 0
    edited: int = 0

    def __str__(self) -> str:
        head = "r" if self.newest is None else f"h{self.newest}.{self.at_newest}.{self.total}"
        return f"{head}!{self.state}!{self.assignee}!{self.heat}!{self.edited}"

    @classmethod
    def parse(cls, text: str) -> "FlagVersion | None":
        """Read a version; ``None`` for text that is none (another platform's, a post's, empty)."""
        found = _SHAPE.fullmatch(text)
        if found is None:
            return None
        newest, at_newest, total, state, assignee, heat, edited = found.groups()
        if newest is None:
            return cls(state, assignee, int(heat))
        return cls(state, assignee, int(heat), int(newest), int(at_newest), int(total), int(edited))

    @classmethod
    def of(cls, state: str, assignee: str, heat: int, history: Sequence[HistoryEntry], edited: int) -> "FlagVersion":
        """The version of a flag with its history, in any order."""
        times = [in_ms(entry.at) for entry in history]
        newest = max(times, default=0)
        return cls(state, assignee, heat, newest, times.count(newest), len(times), edited)


def entries_after(
    seen: FlagVersion | None, now: FlagVersion, history: Sequence[HistoryEntry]
) -> tuple[HistoryEntry, ...]:
    """Entries that the person cannot have seen, newest first, as ``history`` must be.

    Where what was seen is a list row, which tells no history: the newest entries that lead from what was seen to what
    is ``now``. Where entries share the newest time seen and more of them are there now, all of that time: rather one
    too many than one unseen.
    """
    if seen is None:
        return ()
    if seen.newest is None:
        return _since_row(seen, now, history)
    same = tuple(entry for entry in history if in_ms(entry.at) == seen.newest)
    newer = tuple(entry for entry in history if in_ms(entry.at) > seen.newest)
    return newer + same if len(same) > seen.at_newest else newer


def _since_row(seen: FlagVersion, now: FlagVersion, history: Sequence[HistoryEntry]) -> tuple[HistoryEntry, ...]:
    reports = max(0, now.heat - seen.heat)
    assignments = int(now.assignee != seen.assignee)
    state = now.state
    if (state, reports, assignments) == (seen.state, 0, 0):
        return ()
    for index, entry in enumerate(history):
        if state == seen.state and reports <= 0 and assignments <= 0:
            return tuple(history[:index])
        reports -= Change.REPORT in entry.changes
        assignments -= Change.ASSIGNEE in entry.changes
        if Change.STATE in entry.changes:
            state = _state_before(history[index + 1 :])
    return tuple(history)


def _state_before(older: Sequence[HistoryEntry]) -> str:
    return next((entry.changes[Change.STATE] for entry in older if Change.STATE in entry.changes), "open")
