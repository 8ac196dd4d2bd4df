"""Tables of the roster and of following in the team store, as the newest migration leaves them."""

import sqlalchemy as sa

from sync.team.tables import metadata
from sync.vault.alchemy import JsonText, UtcTime

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("terms", JsonText, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("languages", JsonText, nullable=False),
    sa.Column("hours", JsonText, nullable=False),
    sa.Column("consent", sa.Text, nullable=False),
    sa.Column("bot", sa.Integer, nullable=False),
    sa.Column("confirmed_by", sa.Text, nullable=False),
    sa.Column("confirmed_at", UtcTime, nullable=True),
)

account = sa.Table(
    "account",
    metadata,
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Index("account_person", "person"),
)

absence = sa.Table(
    "absence",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("start", UtcTime, primary_key=True),
    sa.Column("end", UtcTime, primary_key=True),
)

calendar = sa.Table(
    "calendar",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("imported_at", UtcTime, nullable=True),
    sa.Column("covers_until", UtcTime, nullable=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("tried_at", UtcTime, nullable=True),
    sa.Column("trouble", sa.Text, nullable=False),
)

staff_group = sa.Table(
    "staff_group",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("native", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("members", JsonText, nullable=False),
    sa.Column("chosen_by", sa.Text, nullable=False),
    sa.Column("chosen_at", UtcTime, nullable=True),
)

forum_owner = sa.Table(
    "forum_owner",
    metadata,
    sa.Column("forum", sa.Text, primary_key=True),
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

follow_request = sa.Table(
    "follow_request",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("forums", JsonText, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_by_name", sa.Text, nullable=False),
    sa.Column("asked_of", sa.Text, nullable=False),
    sa.Column("asked_of_name", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("asked_at", UtcTime, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=True),
    sa.Column("instead_of", sa.Text, nullable=False),
    sa.Column("instead_of_name", sa.Text, nullable=False),
    sa.Column("back_at", UtcTime, nullable=True),
    sa.Column("answered_at", UtcTime, nullable=True),
    sa.Column("before", JsonText, nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Index("follow_request_community", "community", "asked_at"),
)

following_change = sa.Table(
    "following_change",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("forum", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("following_change_member", "community", "member", "forum", "number"),
    sa.Index("following_change_at", "community", "at"),
)

followed_threads = sa.Table(
    "followed_threads",
    metadata,
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("seen_at", UtcTime, nullable=False),
    sa.Column("threads", JsonText, nullable=False),
    sa.Column("whole", sa.Integer, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Index("followed_threads_community", "community"),
)

people_setting = sa.Table(
    "people_setting",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", JsonText, nullable=False),
)
