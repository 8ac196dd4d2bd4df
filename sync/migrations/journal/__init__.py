"""Alembic scripts of the journal."""
