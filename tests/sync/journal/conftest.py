"""A journal in a fresh home."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.journal import open_journal
from sync.journal.store import SqlJournal
from sync.vault import Vault
from tests import factory

KEY = bytes(range(32))


@pytest.fixture
def vault(home_folder: Path) -> Vault:
    return Vault(home_folder, KEY)


@pytest.fixture
def journal(vault: Vault) -> Iterator[SqlJournal]:
    opened = open_journal(vault, lambda: factory.at(1000))
    yield opened
    opened.close()
