"""Tables of the team store, as the newest migration leaves them (a test compares the two)."""

import sqlalchemy as sa

from sync.vault.alchemy import JsonText, UtcTime

metadata = sa.MetaData()

claim = sa.Table(
    "claim",
    metadata,
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("member_name", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

turn = sa.Table(
    "turn",
    metadata,
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("intent", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

note = sa.Table(
    "note",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("author_name", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Index("note_item", "item", "at"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("item", sa.Text),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("intent", sa.Text, nullable=False),
    sa.Column("facts", JsonText, nullable=False),
    sa.UniqueConstraint("intent", "outcome", name="audit_once"),
    sa.Index("audit_item", "item", "at"),
    sa.Index("audit_at", "at"),
)

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
