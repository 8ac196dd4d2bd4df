"""Cases: which thread of whom went into private, and the steps with their receipts."""

import sqlalchemy as sa
from alembic import op

revision = "t0002"
down_revision = "t0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of cases; times are microseconds since 1970, JSON is text."""
    op.create_table(
        "cases",
        sa.Column("community", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("customer_name", sa.Text, nullable=False),
        sa.Column("shape", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("opened_by_name", sa.Text, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_index("cases_thread", "cases", ["thread"])
    op.create_table(
        "case_step",
        sa.Column("intent", sa.Text, primary_key=True),
        sa.Column("community", sa.Text, nullable=False),
        sa.Column("case", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("made", sa.Text, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=True),
        sa.Column("facts", sa.Text, nullable=False),
    )
    op.create_index("case_step_case", "case_step", ["community", "case"])
