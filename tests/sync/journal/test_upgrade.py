"""Opening: checked, backed up before an upgrade, refused when it is newer; migrations give what the code expects."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from moderation.errors import StoreError
from sync.journal import open_journal
from sync.journal import tables as journal_tables
from sync.migrations import running
from sync.team import open_team
from sync.team import tables as team_tables
from sync.vault import StoreFile, Vault
from sync.vault.alchemy import reading, store_engine, unhurt, writing
from tests import factory

pytestmark = pytest.mark.usefixtures("made_by_alembic")
TABLES = {StoreFile.JOURNAL: journal_tables.metadata, StoreFile.TEAM: team_tables.metadata}
OPEN: dict[StoreFile, Callable[[Vault], Any]] = {StoreFile.JOURNAL: open_journal, StoreFile.TEAM: open_team}


def set_revision(vault: Vault, store: StoreFile, revision: str) -> None:
    engine = store_engine(vault, store)
    with writing(engine) as db:
        db.execute(sa.text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
    engine.dispose()


@pytest.mark.parametrize("store", TABLES)
def test_the_newest_revision_is_the_one_that_the_code_names(store: StoreFile) -> None:
    scripts = ScriptDirectory.from_config(running.configuration(store))
    assert scripts.get_heads() == [running.HEADS[store]]


@pytest.mark.parametrize("store", TABLES)
def test_migrations_give_the_tables_of_the_code(vault: Vault, store: StoreFile) -> None:
    OPEN[store](vault).close()
    engine = store_engine(vault, store)
    with reading(engine) as db:
        assert compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), TABLES[store]) == []
    engine.dispose()


@pytest.mark.parametrize("store", TABLES)
def test_a_newer_store_is_refused_and_left_as_it_is(vault: Vault, store: StoreFile) -> None:
    OPEN[store](vault).close()
    set_revision(vault, store, "z9999")
    before = vault.path(store).read_bytes()
    with pytest.raises(StoreError) as caught:
        OPEN[store](vault)
    assert (caught.value.code, caught.value.facts["revision"]) == ("store_newer", "z9999")
    assert vault.path(store).read_bytes() == before


@pytest.fixture
def next_revision(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A journal migration that is to come, in a copy of the scripts."""
    config = running.configuration

    def with_one_more(store: StoreFile) -> object:
        found = config(store)
        source = Path(str(found.get_main_option("script_location")))
        target = tmp_path / "scripts"
        (target / "versions").mkdir(parents=True, exist_ok=True)
        for file in ("env.py", "versions/j0001_first.py"):
            (target / file).write_text((source / file).read_text())
        (target / "versions" / "j0002_next.py").write_text(
            'import sqlalchemy as sa\nfrom alembic import op\nrevision = "j0002"\ndown_revision = "j0001"\n'
            'def upgrade():\n    op.add_column("plan", sa.Column("mood", sa.Text))\n'
        )
        found.set_main_option("script_location", str(target))
        return found

    monkeypatch.setattr(running, "configuration", with_one_more)
    monkeypatch.setitem(running.HEADS, StoreFile.JOURNAL, "j0002")
    return "j0002"


def test_a_journal_is_copied_before_it_is_upgraded(
    vault: Vault, next_revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setitem(running.HEADS, StoreFile.JOURNAL, "j0001")
        before.setattr(running, "_upgrade", lambda db, store: _only_first(db))
        old = open_journal(vault)
        old.add(factory.plan(1))
        old.close()
    new = open_journal(vault)
    assert [plan.id for plan in new.plans()] == [factory.new_id(1)]
    new.close()
    (copy,) = vault.home.glob("journal.sqlite.before-j0001-*")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert b"plan 1" not in copy.read_bytes()
    copy.rename(vault.path(StoreFile.TEAM))
    engine = store_engine(vault, StoreFile.TEAM)
    with reading(engine) as db:
        assert db.execute(sa.text("SELECT title FROM plan")).scalars().all() == ["plan 1"]
        assert running.stored_revision(db) == "j0001"
    engine.dispose()


def _only_first(db: sa.Connection) -> None:
    from alembic import command

    config = running.configuration(StoreFile.JOURNAL)
    config.attributes["connection"] = db
    command.upgrade(config, "j0001")


def test_an_upgrade_that_fails_changes_nothing(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    old = open_journal(vault)
    old.add(factory.plan(1))
    old.close()

    def half(db: sa.Connection, store: StoreFile) -> None:
        db.execute(sa.text("ALTER TABLE plan ADD COLUMN mood TEXT"))
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as during:
        during.setitem(running.HEADS, StoreFile.JOURNAL, "j0002")
        during.setattr(running, "_upgrade", half)
        with pytest.raises(OSError, match="No space"):
            open_journal(vault)
    again = open_journal(vault)
    assert [plan.title for plan in again.plans()] == ["plan 1"]
    again.close()


def test_only_the_last_copies_are_kept(vault: Vault) -> None:
    from sync.journal.opening import keep_copy

    open_journal(vault).close()
    kept = [keep_copy(vault, "j0001", factory.at(number)) for number in range(5)]
    assert [copy.exists() for copy in kept] == [False, False, True, True, True]


def test_a_damaged_journal_is_said_so_and_left_as_it_is(vault: Vault) -> None:
    journal = open_journal(vault)
    for number in range(40):
        journal.add(factory.plan(number, payload={"text": "x" * 3000}))
    journal.close()
    path = vault.path(StoreFile.JOURNAL)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(9000))
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        open_journal(vault)
    assert caught.value.code == "store_damaged"
    assert path.read_bytes() == before


@pytest.mark.parametrize("lasting", [False, True])
def test_a_page_that_was_read_in_halves_is_not_damage(vault: Vault, lasting: bool) -> None:
    """Another process writes pages back from its log while they are looked at."""
    journal = open_journal(vault)
    for number in range(40):
        journal.add(factory.plan(number, payload={"text": "x" * 3000}))
    journal.close()
    path = vault.path(StoreFile.JOURNAL)
    with path.open("r+b", buffering=0) as file:
        page = path.stat().st_size // 4096 - 2
        whole = os.pread(file.fileno(), 4096, page * 4096)

        def write(content: bytes) -> None:
            os.pwrite(file.fileno(), content, page * 4096)

        write(whole[:2048] + os.urandom(2048))
        engine = store_engine(vault, StoreFile.JOURNAL)
        found = unhurt(engine, pause=lambda: write(whole[:2048] + os.urandom(2048) if lasting else whole))
        engine.dispose()
    assert found is not lasting
