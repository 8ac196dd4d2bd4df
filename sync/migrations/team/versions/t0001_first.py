"""The team store as the spine needs it: claims, turns, notes and the audit log."""

import sqlalchemy as sa
from alembic import op

from sync.vault.alchemy import forbid_changes

revision = "t0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables; times are microseconds since 1970, JSON is text."""
    op.create_table(
        "claim",
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("member", sa.Text, nullable=False),
        sa.Column("member_name", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "turn",
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("intent", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("author_name", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("note_item", "note", ["item", "at"])
    _create_audit()
    meta = op.create_table(
        "meta",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(meta, [{"name": "version", "value": 0}])


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("item", sa.Text),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("intent", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.UniqueConstraint("intent", "outcome", name="audit_once"),
    )
    op.create_index("audit_item", "audit", ["item", "at"])
    op.create_index("audit_at", "audit", ["at"])
    for statement in forbid_changes(op.get_bind().dialect.name, "audit"):
        op.execute(statement)
