"""The journal as the spine needs it: plans, intents, receipts, drafts, generations."""

import sqlalchemy as sa
from alembic import op

revision = "j0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables; times are microseconds since 1970, JSON is text."""
    op.create_table(
        "plan",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
    )
    _create_intent()
    op.create_table(
        "receipt",
        sa.Column("intent", sa.Text, sa.ForeignKey("intent.id"), primary_key=True),
        sa.Column("community", sa.Text, nullable=False),
        sa.Column("server_id", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("community", "server_id", name="receipt_once"),
    )
    op.create_index("receipt_server_id", "receipt", ["server_id"])
    _create_small_tables()


def _create_intent() -> None:
    op.create_table(
        "intent",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("plan", sa.Text, sa.ForeignKey("plan.id"), nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("community", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("item", sa.Text),
        sa.Column("thread", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("seen_version", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("hold_seconds", sa.Float, nullable=False),
        sa.Column("held_at", sa.BigInteger),
        sa.Column("baseline", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("next_try", sa.BigInteger),
        sa.Column("question", sa.Text),
        sa.Column("trouble", sa.Text),
        sa.Column("undo_of", sa.Text),
        sa.Column("changed_at", sa.BigInteger),
        sa.Column("closed", sa.Boolean(create_constraint=False), nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("plan", "step", name="intent_step"),
    )
    op.create_index("intent_state", "intent", ["state", "closed", "id"])
    op.create_index("intent_target", "intent", ["target"])
    op.create_index("intent_item", "intent", ["item"])


def _create_small_tables() -> None:
    op.create_table(
        "draft",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
    op.create_table(
        "generation",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    meta = op.create_table(
        "meta",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(meta, [{"name": "version", "value": 0}])
