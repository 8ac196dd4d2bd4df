"""What the team has set for coverage: rules from a file of the home, the staff from the roster of the team's store."""

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moderation.errors import StoreError
from moderation.ids import Ref

if TYPE_CHECKING:
    from moderation.coverage.rules import CoverageRules
    from moderation.coverage.staff import StaffDays
    from moderation.people.roster import Person

LARGEST = 1_000_000
"""Bytes of a rules file that are read."""


class HomePromises:
    """Implements :class:`moderation.coverage.ports.Promises`. A changed file counts at once; safe on any thread.

    What it needs is imported when it is asked, which a window's first paint does not wait for.

    ``team`` is the team's store, which has a roster.
    """

    def __init__(self, path: Path, team: Any) -> None:
        self._path = path
        self._team = team
        self._lock = threading.Lock()
        self._read: tuple[tuple[int, int], CoverageRules] | None = None

    def rules(self) -> "CoverageRules":
        """The rules as they are now, the usual ones where there is no file."""
        with self._lock:
            stamp = self._stamp()
            if self._read is None or self._read[0] != stamp:
                self._read = (stamp, load_rules(self._path))
            return self._read[1]

    def staff(self, community: str, platform: Sequence[Ref]) -> "StaffDays":
        """Whom the lead has confirmed, else whom the platform has on its staff."""
        from moderation.coverage.ports import staff_of

        return staff_of(self._roster(), community, platform, self.rules().bots)

    def _roster(self) -> "StaffDays | None":
        from moderation.people.roster import staff_days

        roster: Callable[[], Iterable[Person]] | None = getattr(self._team, "roster", None)
        return staff_days(roster()) if roster is not None else None

    def _stamp(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)


def load_rules(path: Path) -> "CoverageRules":
    """Rules of a file, the usual ones where it is missing; raises ``StoreError`` ``coverage_rules_unreadable``."""
    from moderation.coverage.reading import read_rules
    from moderation.coverage.rules import CoverageRules

    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise StoreError("coverage_rules_unreadable", path=str(path), why="> 1 MB")
        source = data.decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return CoverageRules()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError("coverage_rules_unreadable", path=str(path), why=str(error)) from error
    return read_rules(source.replace("\r\n", "\n"), str(path))
