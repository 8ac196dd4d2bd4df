"""Bringing stores up to date, several at once."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sync.journal import open_journal
from sync.team import open_team
from sync.vault import Vault


def test_journal_and_team_may_be_made_at_the_same_time(tmp_path: Path) -> None:
    """The window opens both late, on whichever threads ask first."""
    troubles: list[BaseException] = []

    def make(open_store: Callable[[Vault], Any], vault: Vault, together: threading.Barrier) -> None:
        together.wait(30)
        try:
            open_store(vault).close()
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            troubles.append(error)

    for turn in range(6):
        vault, together = Vault(tmp_path / str(turn), bytes(32)), threading.Barrier(2)
        threads = [threading.Thread(target=make, args=(each, vault, together)) for each in (open_journal, open_team)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert troubles == []
