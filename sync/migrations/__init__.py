"""Migrations of journal and team: upgrade only, run by the program itself when it opens a store.

``sync/migrations/<store>/versions`` holds the steps as package data of Alembic. Alembic is imported only when a
store is not at the newest revision yet.
"""

from sync.migrations.running import bring_up_to_date

__all__ = ["bring_up_to_date"]
