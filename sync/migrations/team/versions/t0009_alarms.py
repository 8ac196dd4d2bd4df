"""Alarms and where they were told, who looked at figures of persons, and the goals of departments."""

import sqlalchemy as sa
from alembic import op

from sync.vault.alchemy import forbid_changes

revision = "t0009"
down_revision = "t0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; times are microseconds since 1970."""
    _alarms()
    _tellings()
    _looks()
    _goals()


def _alarms() -> None:
    op.create_table(
        "alarm",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("community", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("forum", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("raised_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("clear_at", sa.BigInteger, nullable=True),
        sa.Column("ended_at", sa.BigInteger, nullable=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("owner_name", sa.Text, nullable=False),
        sa.Column("owned_at", sa.BigInteger, nullable=True),
        sa.Column("silenced_by", sa.Text, nullable=False),
        sa.Column("silenced_name", sa.Text, nullable=False),
        sa.Column("silenced_at", sa.BigInteger, nullable=True),
        sa.Column("silenced_until", sa.BigInteger, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("alarm_community", "alarm", ["community", "ended_at"])
    op.create_index("alarm_subject", "alarm", ["subject"])


def _tellings() -> None:
    op.create_table(
        "alarm_telling",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("bundle", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=True),
        sa.Column("trouble", sa.Text, nullable=False),
    )
    op.create_index("alarm_telling_due", "alarm_telling", ["state", "channel", "due_at"])
    op.create_index("alarm_telling_bundle", "alarm_telling", ["bundle"])


def _looks() -> None:
    op.create_table(
        "figure_look",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("community", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
    )
    op.create_index("figure_look_at", "figure_look", ["community", "at"])
    for statement in forbid_changes(op.get_bind().dialect.name, "figure_look"):
        op.execute(statement)


def _goals() -> None:
    op.create_table(
        "goal",
        sa.Column("community", sa.Text, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("goal", sa.Text, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("forums", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
