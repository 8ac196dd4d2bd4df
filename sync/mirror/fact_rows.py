"""Facts of threads as the mirror keeps them: ids and times, no word of anybody."""

from msgspec import Struct
from msgspec.json import Decoder, Encoder

from moderation.coverage.facts import PostFact, ThreadFacts

TABLES = (
    """CREATE TABLE thread_facts(
        community INTEGER NOT NULL, native TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY(community, native))
        WITHOUT ROWID""",
    """CREATE TABLE thread_lines(
        community INTEGER NOT NULL, submitted_ms INTEGER NOT NULL, native TEXT NOT NULL, forum TEXT NOT NULL,
        stamp TEXT NOT NULL, line BLOB NOT NULL, PRIMARY KEY(community, submitted_ms, native)) WITHOUT ROWID""",
    """CREATE TABLE thread_events(
        community INTEGER NOT NULL, thread TEXT NOT NULL, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, forum TEXT,
        PRIMARY KEY(community, thread, at_ms, kind)) WITHOUT ROWID""",
    """CREATE TABLE post_marks(
        community INTEGER NOT NULL, native TEXT NOT NULL, bits INTEGER NOT NULL, seq INTEGER NOT NULL,
        PRIMARY KEY(community, native)) WITHOUT ROWID""",
)
"""``thread_facts``: what is kept of each thread that is or was public, also after the thread itself was let go of.
``thread_lines``: what follows from it for a staff (``stamp``), in the order of submission. ``thread_events``: what was
done to threads and when. ``post_marks``: what posts are besides, where they are anything."""

NAMES = ("thread_facts", "thread_lines", "thread_events", "post_marks")

FILLED = "facts.filled"
"""The cursor that says down to which row threads have facts; :data:`DONE` once all have."""
DONE = "done"


class _Post(Struct, array_like=True):
    id: str
    author: str | None
    at_ms: int
    bits: int


class _Thread(Struct, array_like=True):
    forum: str
    opener: str | None
    opening: str | None
    submitted_ms: int
    public_ms: int
    bits: int
    closed_ms: int | None
    left_ms: int | None
    posts: list[_Post]


_encode = Encoder().encode
_decode = Decoder(_Thread).decode


def encode_facts(facts: ThreadFacts) -> bytes:
    """Facts as they are stored; what the team marks is not among them."""
    posts = [_Post(post.id, post.author, post.at_ms, post.bits) for post in facts.posts]
    row = _Thread(
        facts.forum,
        facts.opener,
        facts.opening,
        facts.submitted_ms,
        facts.public_ms,
        facts.bits,
        facts.closed_ms,
        facts.left_ms,
        posts,
    )
    return _encode(row)


def decode_facts(thread: str, data: bytes) -> ThreadFacts:
    """Facts of a thread as they were stored."""
    row = _decode(data)
    return ThreadFacts(
        thread,
        row.forum,
        row.opener,
        row.opening,
        row.submitted_ms,
        row.public_ms,
        tuple(PostFact(post.id, post.author, post.at_ms, post.bits) for post in row.posts),
        row.bits,
        row.closed_ms,
        row.left_ms,
    )
