"""Joins the finder of private data, the team's rules in the home, and the mirror: for the engine."""

import logging
import time
from pathlib import Path

from moderation.changes import ChangeRecord
from moderation.errors import StoreError
from moderation.privacy.finder import Finder, fingerprint_of
from moderation.privacy.rules import NO_RULES
from sync.mirror.spots import SpotKeeper
from sync.vault import Vault

log = logging.getLogger(__name__)


class Spotter:
    """Looks for private data by the rules of a file, opened on the thread that looks; a changed file counts at once.

    Rules that are refused are told once in the log; until they are mended those before stand, or none.
    """

    def __init__(self, vault: Vault, rules: Path) -> None:
        self._vault = vault
        self._path = rules
        self._read_as: tuple[int, int] | None = None
        self._keeper: SpotKeeper | None = None

    def step(self, seconds: float) -> tuple[int, list[ChangeRecord]]:
        """Look for about that long."""
        return self._current().step(seconds)

    def _current(self) -> SpotKeeper:
        stamp = _stamp(self._path)
        if self._keeper is not None and stamp == self._read_as:
            return self._keeper
        from sync.detectors import library_detectors, versions
        from sync.detectors.rules_file import load_rules

        self._read_as = stamp
        rules = NO_RULES
        try:
            rules = load_rules(self._path)
        except StoreError as error:
            log.warning("finding private data: %s", error)
            if self._keeper is not None:
                return self._keeper
        finder, fingerprint = Finder(rules, library_detectors(rules)), fingerprint_of(rules, versions())
        if self._keeper is None:
            self._keeper = SpotKeeper(self._vault, finder.find, fingerprint, time.monotonic)
        else:
            self._keeper.renew(finder.find, fingerprint)
        return self._keeper

    def close(self) -> None:
        """Close its file."""
        if self._keeper is not None:
            self._keeper.close()


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
