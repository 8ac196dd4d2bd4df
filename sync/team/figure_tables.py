"""Tables beside the figures in the team store: who looked at those of persons, and the goals of departments."""

import sqlalchemy as sa

from sync.team.tables import metadata
from sync.vault.alchemy import JsonText, UtcTime

look = sa.Table(
    "figure_look",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("scope", JsonText, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Index("figure_look_at", "community", "at"),
)

goal = sa.Table(
    "goal",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("department", sa.Text, nullable=False),
    sa.Column("goal", sa.Text, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("forums", JsonText, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)
