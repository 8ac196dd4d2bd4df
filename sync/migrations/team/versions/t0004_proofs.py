"""Proofs that a text can no longer be read, their evidence, and incidents."""

import sqlalchemy as sa
from alembic import op

revision = "t0004"
down_revision = "t0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; times are microseconds since 1970, JSON is text."""
    op.create_table(
        "proof",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("community", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("checks", sa.Integer, nullable=False),
        sa.Column("first_at", sa.BigInteger, nullable=True),
        sa.Column("checked_at", sa.BigInteger, nullable=True),
        sa.Column("due_at", sa.BigInteger, nullable=True),
        sa.Column("taken_until", sa.BigInteger, nullable=True),
        sa.Column("findings", sa.Text, nullable=False),
    )
    op.create_index("proof_due", "proof", ["community", "due_at"])
    op.create_index("proof_thread", "proof", ["thread"])
    _create_evidence()
    op.create_table(
        "incident",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("proof", sa.Text, nullable=False),
        sa.Column("community", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("posts", sa.Text, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("places", sa.Text, nullable=False),
        sa.Column("gone_at", sa.BigInteger, nullable=True),
        sa.Column("closed_at", sa.BigInteger, nullable=True),
        sa.Column("closed_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("incident_proof", "incident", ["proof"])


def _create_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("proof", sa.Text, primary_key=True),
        sa.Column("check_number", sa.Integer, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("viewer", sa.Text, primary_key=True),
        sa.Column("finding", sa.Text, nullable=False),
    )
