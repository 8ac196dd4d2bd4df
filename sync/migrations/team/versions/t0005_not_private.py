"""Finds in public posts that are not private."""

import sqlalchemy as sa
from alembic import op

revision = "t0005"
down_revision = "t0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; times are microseconds since 1970, prints hexadecimal."""
    op.create_table(
        "not_private",
        sa.Column("post", sa.Text, primary_key=True),
        sa.Column("print", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
