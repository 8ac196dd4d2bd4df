"""Which threads the staff follow."""

import sqlalchemy as sa
from alembic import op

revision = "t0011"
down_revision = "t0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; times are microseconds since 1970."""
    op.create_table(
        "followed_threads",
        sa.Column("member", sa.Text, primary_key=True),
        sa.Column("community", sa.Text, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("threads", sa.Text, nullable=False),
        sa.Column("whole", sa.Integer, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_index("followed_threads_community", "followed_threads", ["community"])
