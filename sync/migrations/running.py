"""Bringing a store to the newest revision, or refusing one that is newer than this program."""

import threading
from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from moderation.errors import StoreError
from sync.vault import StoreFile
from sync.vault.alchemy import reading, writing

if TYPE_CHECKING:
    from alembic.config import Config

HEADS = {StoreFile.JOURNAL: "j0001", StoreFile.TEAM: "t0011"}
"""Newest revision of each store; a test compares it with the scripts."""

_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps the connection that it works on in globals of the process: two stores must not be upgraded at once."""


def bring_up_to_date(engine: Engine, store: StoreFile, before: Callable[[str], object] = lambda revision: None) -> None:
    """Run the missing migrations in one transaction.

    ``before`` is called with the old revision when a store that holds something is about to change. Raises
    :class:`StoreError` ``store_newer`` when the store was written by a newer program.
    """
    with reading(engine) as connection:
        revision = stored_revision(connection)
    if revision == HEADS[store]:
        return
    if revision is not None:
        _refuse_newer(store, revision)
        before(revision)
    with writing(engine) as connection:
        if stored_revision(connection) != HEADS[store]:
            _upgrade(connection, store)


def stored_revision(connection: Connection) -> str | None:
    """The revision that a store is at, ``None`` for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def configuration(store: StoreFile) -> "Config":
    """Alembic's configuration for a store; the scripts lie in this package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files("sync.migrations") / store.value))
    return config


def _refuse_newer(store: StoreFile, revision: str) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(configuration(store)).walk_revisions()}
    if revision not in known:
        raise StoreError("store_newer", store=store.value, revision=revision)


def _upgrade(connection: Connection, store: StoreFile) -> None:
    from alembic import command

    config = configuration(store)
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")
