"""Threads and posts in bulk: the schema's own tables, prepared statements, secondary indexes built at the end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sync.mirror.keys import time_key
from sync.mirror.schema import CONTENT
from sync.vault import Connection, StoreFile, Vault
from tests.benchmarks.filling.people import member_name
from tests.benchmarks.filling.recipe import FIRST_POST, FIRST_THREAD, NOW_MS, Recipe, is_private
from tests.benchmarks.filling.texts import Texts
from tests.benchmarks.filling.threads import Plan, Planned

COMMUNITY = 1
_SEQ = 1
_AT_ONCE = 20_000
_BUILT_LATER = tuple(sql for sql in CONTENT if sql.startswith(("CREATE INDEX threads_", "CREATE INDEX posts_")))

Row = tuple[Any, ...]


def bulk(vault: Vault, store: StoreFile) -> Connection:
    """A connection without durability: a home that was not finished is thrown away."""
    connection = vault.connect(store)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -524288", "secure_delete = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def fill_content(vault: Vault, recipe: Recipe, plan: Plan, texts: Texts) -> None:
    """All threads and posts; afterwards ``plan.threads`` is complete."""
    files = {False: bulk(vault, StoreFile.MIRROR), True: bulk(vault, StoreFile.PRIVATE)}
    for file in files.values():
        _drop_indexes(file)
    for rows in _chunks(_post_rows(recipe, plan, texts)):
        _write(files, "posts", rows)
    for rows in _chunks(_thread_rows(recipe, plan.threads, texts)):
        _write(files, "threads", rows)
    for file in files.values():
        for statement in _BUILT_LATER:
            file.execute(statement)
        file.execute("PRAGMA journal_mode = WAL")
        file.close()


def author_of(place: int, thread: Planned, recipe: Recipe) -> int:
    """Who wrote the post at this place."""
    return thread.author if place == thread.first else (place * 48_271 + 11) % recipe.members


def _post_rows(recipe: Recipe, plan: Plan, texts: Texts) -> Iterator[tuple[bool, Row]]:
    for place, thread in plan.posts():
        native, created = str(FIRST_POST + place), recipe.post_ms(place)
        author = author_of(place, thread, recipe)
        key = time_key(created, COMMUNITY, native, thread=False, taken=_never)
        row = (
            key, COMMUNITY, _SEQ, native, str(FIRST_THREAD + thread.number), str(thread.forum), str(author),
            member_name(author), created, texts.html(place, thread.japanese), None, None, None, None,
            thread.posts - 1, 0, place % 5, f"/post/{native}", 0,
        )  # fmt: skip
        yield is_private(thread.forum), row


def _thread_rows(recipe: Recipe, threads: Iterable[Planned], texts: Texts) -> Iterator[tuple[bool, Row]]:
    for thread in threads:
        native, created = str(FIRST_THREAD + thread.number), recipe.post_ms(thread.first)
        key = time_key(created, COMMUNITY, native, thread=True, taken=_never)
        row = (
            key, COMMUNITY, _SEQ, native, str(thread.forum), texts.title(thread.number, thread.japanese),
            str(thread.author), member_name(thread.author), created, recipe.post_ms(thread.last), thread.posts,
            thread.number % 900, str(FIRST_POST + thread.first), 0, 0, 0, 1, None, f"/topic/{native}", 0, NOW_MS,
        )  # fmt: skip
        yield is_private(thread.forum), row


def _never(key: int) -> bool:
    """Every post and every thread has a millisecond of its own."""
    return False


_COLUMNS = {
    "posts": """key, community, seq, native, thread, forum, author, author_name, created_ms, body_html, body,
        edited_ms, editor, reply_to, position, hidden, votes, url, gone""",
    "threads": """key, community, seq, native, forum, title, author, author_name, created_ms, last_post_ms, post_count,
        view_count, first_post, locked, pinned, hidden, complete, permitted, url, gone, read_ms""",
}


@dataclass(slots=True)
class _Chunk:
    rows: dict[bool, list[Row]] = field(default_factory=lambda: {False: [], True: []})


def _chunks(rows: Iterator[tuple[bool, Row]]) -> Iterator[_Chunk]:
    chunk = _Chunk()
    for count, (private, row) in enumerate(rows, 1):
        chunk.rows[private].append(row)
        if count % _AT_ONCE == 0:
            yield chunk
            chunk = _Chunk()
    yield chunk


def _write(files: dict[bool, Connection], table: str, chunk: _Chunk) -> None:
    columns = _COLUMNS[table]
    marks = ", ".join("?" * len(columns.split(",")))
    for private, rows in chunk.rows.items():
        files[private].execute("BEGIN")
        files[private].executemany(f"INSERT INTO {table}({columns}) VALUES ({marks})", rows)
        files[private].execute("COMMIT")


def _drop_indexes(file: Connection) -> None:
    for statement in _BUILT_LATER:
        file.execute(f"DROP INDEX {statement.split()[2]}")
