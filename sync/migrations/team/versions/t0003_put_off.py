"""Items that a person has put off."""

import sqlalchemy as sa
from alembic import op

revision = "t0003"
down_revision = "t0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; times are microseconds since 1970."""
    op.create_table(
        "put_off",
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("member", sa.Text, primary_key=True),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("reports", sa.Integer, nullable=False),
    )
