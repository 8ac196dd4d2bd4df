"""Tables of the journal, as the newest migration leaves them (a test compares the two)."""

import sqlalchemy as sa

from sync.vault.alchemy import JsonText, UtcTime

metadata = sa.MetaData()

plan = sa.Table(
    "plan",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
)

intent = sa.Table(
    "intent",
    metadata,
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
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("seen_version", sa.Text, nullable=False),
    sa.Column("payload", JsonText, nullable=False),
    sa.Column("hold_seconds", sa.Float, nullable=False),
    sa.Column("held_at", UtcTime),
    sa.Column("baseline", JsonText),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("looks", sa.Integer, nullable=False),
    sa.Column("sent_at", UtcTime),
    sa.Column("next_try", UtcTime),
    sa.Column("question", sa.Text),
    sa.Column("trouble", JsonText),
    sa.Column("undo_of", sa.Text),
    sa.Column("changed_at", UtcTime),
    sa.Column("closed", sa.Boolean(create_constraint=False), nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("plan", "step", name="intent_step"),
    sa.Index("intent_state", "state", "closed", "id"),
    sa.Index("intent_target", "target"),
    sa.Index("intent_item", "item"),
)

receipt = sa.Table(
    "receipt",
    metadata,
    sa.Column("intent", sa.Text, sa.ForeignKey("intent.id"), primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("server_id", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.UniqueConstraint("community", "server_id", name="receipt_once"),
    sa.Index("receipt_server_id", "server_id"),
)

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("changed_at", UtcTime, nullable=False),
    sa.Column("facts", JsonText, nullable=False),
)

generation = sa.Table(
    "generation",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", UtcTime, nullable=False),
)

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
