"""Tables of presence cards in the team store, as the newest migration leaves them."""

import sqlalchemy as sa

from sync.team.tables import metadata
from sync.vault.alchemy import JsonText, UtcTime

presence_card = sa.Table(
    "presence_card",
    metadata,
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
    sa.Column("states", JsonText, nullable=False),
    sa.Column("next_digest", sa.Text, nullable=False),
    sa.Column("next_states", JsonText, nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=True),
    sa.Column("changed_at", UtcTime, nullable=True),
    sa.Column("untrue_since", UtcTime, nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
)

presence_change = sa.Table(
    "presence_change",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("forum", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("kinds", JsonText, nullable=False),
    sa.Index("presence_change_forum", "forum", "number"),
)
