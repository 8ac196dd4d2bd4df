"""Alembic scripts of the team."""
