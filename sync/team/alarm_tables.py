"""Tables of alarms in the team store, as the newest migration leaves them."""

import sqlalchemy as sa

from sync.team.tables import metadata
from sync.vault.alchemy import JsonText, UtcTime

alarm = sa.Table(
    "alarm",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("forum", sa.Text, nullable=False),
    sa.Column("facts", JsonText, nullable=False),
    sa.Column("raised_at", UtcTime, nullable=False),
    sa.Column("seen_at", UtcTime, nullable=False),
    sa.Column("clear_at", UtcTime, nullable=True),
    sa.Column("ended_at", UtcTime, nullable=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("owner_name", sa.Text, nullable=False),
    sa.Column("owned_at", UtcTime, nullable=True),
    sa.Column("silenced_by", sa.Text, nullable=False),
    sa.Column("silenced_name", sa.Text, nullable=False),
    sa.Column("silenced_at", UtcTime, nullable=True),
    sa.Column("silenced_until", UtcTime, nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Index("alarm_community", "community", "ended_at"),
    sa.Index("alarm_subject", "subject"),
)

telling = sa.Table(
    "alarm_telling",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("due_at", UtcTime, nullable=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("bundle", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=True),
    sa.Column("trouble", sa.Text, nullable=False),
    sa.Index("alarm_telling_due", "state", "channel", "due_at"),
    sa.Index("alarm_telling_bundle", "bundle"),
)
