"""Tables of the team store, as the newest migration leaves them (a test compares the two)."""

import sqlalchemy as sa

from sync.vault.alchemy import JsonText, UtcTime

metadata = sa.MetaData()

claim = sa.Table(
    "claim",
    metadata,
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("member_name", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

turn = sa.Table(
    "turn",
    metadata,
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("intent", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

put_off = sa.Table(
    "put_off",
    metadata,
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("member", sa.Text, primary_key=True),
    sa.Column("until", UtcTime, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("reports", sa.Integer, nullable=False),
)

not_private = sa.Table(
    "not_private",
    metadata,
    sa.Column("post", sa.Text, primary_key=True),
    sa.Column("print", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
)

note = sa.Table(
    "note",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("author_name", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Index("note_item", "item", "at"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("item", sa.Text),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("intent", sa.Text, nullable=False),
    sa.Column("facts", JsonText, nullable=False),
    sa.UniqueConstraint("intent", "outcome", name="audit_once"),
    sa.Index("audit_item", "item", "at"),
    sa.Index("audit_at", "at"),
)

cases = sa.Table(
    "cases",
    metadata,
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
    sa.Column("opened_at", UtcTime, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Index("cases_thread", "thread"),
)

case_step = sa.Table(
    "case_step",
    metadata,
    sa.Column("intent", sa.Text, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("case", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("made", sa.Text, nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=True),
    sa.Column("facts", JsonText, nullable=False),
    sa.Index("case_step_case", "community", "case"),
)

case_note = sa.Table(
    "case_note",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("case", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("author_name", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Index("case_note_case", "community", "case", "at"),
)

case_ticket = sa.Table(
    "case_ticket",
    metadata,
    sa.Column("community", sa.Text, primary_key=True),
    sa.Column("case", sa.Text, primary_key=True),
    sa.Column("system", sa.Text, nullable=False),
    sa.Column("ticket", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("last_by", sa.Text, nullable=False),
    sa.Column("last_at", UtcTime, nullable=True),
    sa.Column("updated_at", UtcTime, nullable=True),
    sa.Column("read_at", UtcTime, nullable=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("others", JsonText, nullable=False),
    sa.Column("confirmed_in", sa.Text, nullable=False),
    sa.Column("confirmed_by", sa.Text, nullable=False),
    sa.Column("confirmed_at", UtcTime, nullable=True),
)

proof = sa.Table(
    "proof",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("thread", sa.Text, nullable=False),
    sa.Column("subject", JsonText, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", UtcTime, nullable=False),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("checks", sa.Integer, nullable=False),
    sa.Column("first_at", UtcTime, nullable=True),
    sa.Column("checked_at", UtcTime, nullable=True),
    sa.Column("due_at", UtcTime, nullable=True),
    sa.Column("taken_until", UtcTime, nullable=True),
    sa.Column("findings", JsonText, nullable=False),
    sa.Index("proof_due", "community", "due_at"),
    sa.Index("proof_thread", "thread"),
)

evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("proof", sa.Text, primary_key=True),
    sa.Column("check_number", sa.Integer, primary_key=True),
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("viewer", sa.Text, primary_key=True),
    sa.Column("finding", JsonText, nullable=False),
)

incident = sa.Table(
    "incident",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("proof", sa.Text, nullable=False),
    sa.Column("community", sa.Text, nullable=False),
    sa.Column("thread", sa.Text, nullable=False),
    sa.Column("posts", JsonText, nullable=False),
    sa.Column("opened_at", UtcTime, nullable=False),
    sa.Column("places", JsonText, nullable=False),
    sa.Column("gone_at", UtcTime, nullable=True),
    sa.Column("closed_at", UtcTime, nullable=True),
    sa.Column("closed_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Index("incident_proof", "proof"),
)

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
