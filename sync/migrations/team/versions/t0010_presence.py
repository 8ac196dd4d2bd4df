"""Presence cards, and what happened to them."""

import sqlalchemy as sa
from alembic import op

revision = "t0010"
down_revision = "t0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; times are microseconds since 1970."""
    op.create_table(
        "presence_card",
        sa.Column("forum", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("shape", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("states", sa.Text, nullable=False),
        sa.Column("next_digest", sa.Text, nullable=False),
        sa.Column("next_states", sa.Text, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=True),
        sa.Column("changed_at", sa.BigInteger, nullable=True),
        sa.Column("untrue_since", sa.BigInteger, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "presence_change",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("forum", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("kinds", sa.Text, nullable=False),
    )
    op.create_index("presence_change_forum", "presence_change", ["forum", "number"])
