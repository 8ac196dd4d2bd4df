"""The finder of private data for the desk: with the team's rules and the libraries, made when it is first asked."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from moderation.privacy.spots import Spot

if TYPE_CHECKING:
    from moderation.privacy.finder import Finder


class HomeFinder:
    """Finds private data in a plain text by the rules of a file; a changed file counts at once. Usable on any thread.

    Raises what the rules are refused with (:func:`sync.detectors.rules_file.load_rules`): an answer must not leave
    because nobody looked at it.
    """

    def __init__(self, rules: Path) -> None:
        self._path = rules
        self._read_as: tuple[int, int] | None = None
        self._finder: Finder | None = None
        self._lock = threading.Lock()

    def __call__(self, text: str) -> list[Spot]:
        """Spots in the order of the text."""
        return self._current().find_in(text)

    def _current(self) -> "Finder":
        with self._lock:
            stamp = self._stamp()
            if self._finder is None or stamp != self._read_as:
                from moderation.privacy.finder import Finder
                from sync.detectors import library_detectors
                from sync.detectors.rules_file import load_rules

                rules = load_rules(self._path)
                self._finder, self._read_as = Finder(rules, library_detectors(rules)), stamp
            return self._finder

    def _stamp(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)
