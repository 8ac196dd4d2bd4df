"""Bringing stores up to date, several at once."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sync.journal import open_journal
from sync.team import open_team
from sync.vault import StoreFile, Vault
from tests.support.migrated import by_alembic, replayed

OPEN: dict[StoreFile, Callable[[Vault], Any]] = {StoreFile.JOURNAL: open_journal, StoreFile.TEAM: open_team}


def contents(vault: Vault, store: StoreFile) -> list[tuple[Any, ...]]:
    """Everything that a new store has: what it is made of, and its rows."""
    OPEN[store](vault).close()
    connection = vault.connect(store)
    made = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    rows = [
        (name, *row)
        for kind, name, _ in made
        if kind == "table"
        for row in connection.execute(f'SELECT * FROM "{name}"').fetchall()
    ]
    connection.close()
    return made + rows


@pytest.mark.parametrize("store", OPEN)
def test_what_tests_make_without_alembic_is_what_alembic_makes(tmp_path: Path, store: StoreFile) -> None:
    with replayed():
        kept = [contents(Vault(tmp_path / str(turn), bytes(32)), store) for turn in range(2)]
    with by_alembic():
        real = contents(Vault(tmp_path / "real", bytes(32)), store)
    assert len(real) > 6
    assert kept == [real, real]


@pytest.mark.usefixtures("made_by_alembic")
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
