"""Tickets of cases: which one it is, how it stands, and where the customer confirmed an address."""

import sqlalchemy as sa
from alembic import op

revision = "t0007"
down_revision = "t0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; times are microseconds since 1970."""
    op.create_table(
        "case_ticket",
        sa.Column("community", sa.Text, primary_key=True),
        sa.Column("case", sa.Text, primary_key=True),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("ticket", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("last_by", sa.Text, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=True),
        sa.Column("updated_at", sa.BigInteger, nullable=True),
        sa.Column("read_at", sa.BigInteger, nullable=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("others", sa.Text, nullable=False),
        sa.Column("confirmed_in", sa.Text, nullable=False),
        sa.Column("confirmed_by", sa.Text, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger, nullable=True),
    )
