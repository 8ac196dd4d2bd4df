"""A journal that comes from a backup is recognised, and nothing in it is sent by itself."""

import shutil
from pathlib import Path

from moderation.intents import IntentState
from sync.journal import open_journal
from sync.journal.store import SqlJournal
from sync.vault import StoreFile, Vault
from tests import factory

S = IntentState


def test_numbers_grow(journal: SqlJournal) -> None:
    assert journal.generation() == 0
    assert [journal.bump_generation() for _ in range(3)] == [1, 2, 3]
    assert journal.generation() == 3


def test_a_journal_that_is_not_older_is_trusted(journal: SqlJournal) -> None:
    journal.add(factory.plan(1))
    journal.bump_generation()
    for noted in (0, 1):
        assert journal.check_generation(noted) == []
    assert [intent.state for intent in journal.unfinished()] == [S.WAITING]


def test_restored_from_a_backup(journal: SqlJournal, vault: Vault, tmp_path: Path) -> None:
    """The intent was sent after the backup was made; in the restored journal it waits as if it never had been."""
    chain = factory.plan(1, steps=2)
    held, decided = factory.plan(2, state=S.HELD), factory.plan(3)
    for plan in (chain, held, decided):
        journal.add(plan)
    journal.move(decided.intents[0].id, S.WAITING, S.CANCELLED)
    journal.bump_generation()
    journal.close()
    backup = shutil.copytree(vault.home, tmp_path / "backup")
    used = open_journal(vault)
    noted = used.bump_generation()
    used.move(chain.intents[0].id, S.WAITING, S.SENDING)
    used.move(chain.intents[0].id, S.SENDING, S.CONFIRMED, receipt=factory.receipt())
    used.close()

    restored = open_journal(Vault(backup, vault.key))
    version = restored.version()
    doubtful = restored.check_generation(noted)
    assert [(intent.id, intent.state, intent.question) for intent in doubtful] == [
        (factory.new_id(number), S.IN_DOUBT, "restored") for number in (100, 101, 200)
    ]
    assert restored.generation() == noted
    assert restored.version() > version
    assert restored.check_generation(noted) == []
    assert restored.intent(decided.intents[0].id).state is S.CANCELLED  # type: ignore[union-attr]
    restored.close()


def test_a_lost_journal_is_older_too(vault: Vault) -> None:
    opened = open_journal(vault)
    opened.close()
    for file in vault.home.glob(f"{StoreFile.JOURNAL}.sqlite*"):
        file.unlink()
    fresh = open_journal(vault)
    assert fresh.check_generation(7) == []
    assert fresh.generation() == 7
    fresh.close()
