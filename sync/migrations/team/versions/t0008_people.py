"""The roster, absences, owners of forums, requests between colleagues, and how following changed."""

import sqlalchemy as sa
from alembic import op

revision = "t0008"
down_revision = "t0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; times are microseconds since 1970."""
    _people()
    _calendars()
    _forums()
    _requests()
    _history()


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("languages", sa.Text, nullable=False),
        sa.Column("hours", sa.Text, nullable=False),
        sa.Column("consent", sa.Text, nullable=False),
        sa.Column("bot", sa.Integer, nullable=False),
        sa.Column("confirmed_by", sa.Text, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger, nullable=True),
    )
    op.create_table(
        "account",
        sa.Column("member", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
    )
    op.create_index("account_person", "account", ["person"])


def _calendars() -> None:
    op.create_table(
        "absence",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("start", sa.BigInteger, primary_key=True),
        sa.Column("end", sa.BigInteger, primary_key=True),
    )
    op.create_table(
        "calendar",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("imported_at", sa.BigInteger, nullable=True),
        sa.Column("covers_until", sa.BigInteger, nullable=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("tried_at", sa.BigInteger, nullable=True),
        sa.Column("trouble", sa.Text, nullable=False),
    )


def _forums() -> None:
    op.create_table(
        "staff_group",
        sa.Column("community", sa.Text, primary_key=True),
        sa.Column("native", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("members", sa.Text, nullable=False),
        sa.Column("chosen_by", sa.Text, nullable=False),
        sa.Column("chosen_at", sa.BigInteger, nullable=True),
    )
    op.create_table(
        "forum_owner",
        sa.Column("forum", sa.Text, primary_key=True),
        sa.Column("member", sa.Text, primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _requests() -> None:
    op.create_table(
        "follow_request",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("community", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("forums", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_by_name", sa.Text, nullable=False),
        sa.Column("asked_of", sa.Text, nullable=False),
        sa.Column("asked_of_name", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=True),
        sa.Column("instead_of", sa.Text, nullable=False),
        sa.Column("instead_of_name", sa.Text, nullable=False),
        sa.Column("back_at", sa.BigInteger, nullable=True),
        sa.Column("answered_at", sa.BigInteger, nullable=True),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
    )
    op.create_index("follow_request_community", "follow_request", ["community", "asked_at"])


def _history() -> None:
    op.create_table(
        "following_change",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("community", sa.Text, nullable=False),
        sa.Column("member", sa.Text, nullable=False),
        sa.Column("forum", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("following_change_member", "following_change", ["community", "member", "forum", "number"])
    op.create_index("following_change_at", "following_change", ["community", "at"])
    op.create_table(
        "people_setting",
        sa.Column("community", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
