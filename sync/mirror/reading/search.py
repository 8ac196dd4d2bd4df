"""The local full text: candidates by grams, newest first, each looked at before it counts as a hit."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from moderation.ids import Kind
from moderation.queries import SearchHit
from sync.mirror.codec import encode, moment
from sync.mirror.folding import as_match, fold, plain, wanted_grams
from sync.mirror.keys import FIRST, is_thread
from sync.vault import Connection

_PIECES = re.compile(r'"([^"]*)"?|(\S+)')
_MOST_NEEDLES = 16
_BATCH = 64
_BEFORE, _AFTER = 60, 120
_VOICED = "\uff9e\uff9f"


class _Found(NamedTuple):
    key: int
    community: str
    native: str
    thread: str | None
    forum: str | None
    author_name: str | None
    created_ms: int
    text: str


def needles(text: str) -> list[str]:
    """Folded words and quoted phrases of what a person typed; all of them must occur."""
    pieces = (match[1] if match[1] is not None else match[2] for match in _PIECES.finditer(text[:1000]))
    return list(dict.fromkeys(folded for piece in pieces if (folded := fold(piece))))[:_MOST_NEEDLES]


def search(
    db: Connection,
    text: str,
    limit: int,
    communities: tuple[str, ...],
    files: tuple[str, ...],
    cancelled: Callable[[], bool] = lambda: False,
) -> list[SearchHit]:
    """Newest hits; nothing for a text of which no gram can be looked up (a lone punctuation mark)."""
    wanted = needles(text)
    grams = {gram for needle in wanted for gram in wanted_grams(needle)}
    if not grams:
        return []
    streams = [_hits(db, file, as_match(grams), wanted, communities, cancelled) for file in files]
    newest = merge(*streams, key=lambda found: -found.key)
    return [_as_hit(found, wanted) for found in islice(newest, limit)]


def _hits(
    db: Connection,
    file: str,
    match: str,
    wanted: list[str],
    communities: tuple[str, ...],
    cancelled: Callable[[], bool],
) -> Iterator[_Found]:
    sql = f"SELECT rowid FROM {file}.grams WHERE grams MATCH ? AND rowid >= ? ORDER BY rowid DESC"  # noqa: S608
    candidates = db.execute(sql, (match, FIRST))
    while (keys := [row[0] for row in candidates.fetchmany(_BATCH)]) and not cancelled():
        for found in _read(db, file, keys):
            if (not communities or found.community in communities) and _holds(found.text, wanted):
                yield found


def _read(db: Connection, file: str, keys: list[int]) -> list[_Found]:
    """Posts and threads of these numbers, highest first."""
    post_keys = [key for key in keys if not is_thread(key)]
    thread_keys = [key for key in keys if is_thread(key)]
    rows: list[tuple[Any, ...]] = []
    if post_keys:
        sql = f"""SELECT p.key, c.name, p.native, p.thread, p.forum, p.author_name, p.created_ms, p.body, p.body_html
            FROM json_each(?) AS j CROSS JOIN {file}.posts AS p ON p.key = j.value
            JOIN main.communities AS c ON c.key = p.community"""  # noqa: S608
        rows += db.execute(sql, (encode(post_keys).decode(),)).fetchall()
    if thread_keys:
        sql = f"""SELECT t.key, c.name, t.native, t.native, t.forum, t.author_name, t.created_ms, t.title, ''
            FROM json_each(?) AS j CROSS JOIN {file}.threads AS t ON t.key = j.value
            JOIN main.communities AS c ON c.key = t.community"""  # noqa: S608
        rows += db.execute(sql, (encode(thread_keys).decode(),)).fetchall()
    return [_Found._make((*row[:7], plain(row[7], row[8]))) for row in sorted(rows, reverse=True)]


def _holds(text: str, wanted: list[str]) -> bool:
    folded = fold(text)
    return all(_at(folded, needle) >= 0 for needle in wanted)


def _at(folded: str, needle: str) -> int:
    """Where a needle is; words of one or two letters count only whole, as they are indexed."""
    if len(needle) <= 2 and needle in wanted_grams(needle) and needle.isascii():
        found = re.search(rf"(?<![^\W_]){re.escape(needle)}(?![^\W_])", folded)
        return found.start() if found else -1
    return folded.find(needle)


def _as_hit(found: _Found, wanted: list[str]) -> SearchHit:
    kind = Kind.THREAD if is_thread(found.key) else Kind.POST
    prefix = found.community
    return SearchHit(
        id=f"{prefix}:{kind.value}:{found.native}",
        thread=f"{prefix}:{Kind.THREAD.value}:{found.thread}" if found.thread is not None else None,
        forum=f"{prefix}:{Kind.FORUM.value}:{found.forum}" if found.forum is not None else None,
        author_name=found.author_name,
        at=moment(found.created_ms),
        excerpt=excerpt(found.text, wanted),
    )


def excerpt(text: str, wanted: list[str]) -> str:
    """One line around the first hit, each hit between ``\\x02`` and ``\\x03``."""
    line = " ".join(text.replace("\x02", "").replace("\x03", "").split())
    folded, origin = _folded_with_origin(line[: _reach(line, wanted)])
    spots = sorted((at, at + len(needle)) for needle in wanted if (at := _at(folded, needle)) >= 0)
    if not spots:
        return line[: _BEFORE + _AFTER]
    start = max(0, origin[spots[0][0]] - _BEFORE)
    end = start + _BEFORE + _AFTER
    marked, done = "", start
    for first, last in spots:
        begin, finish = origin[first], origin[last - 1] + 1
        if begin >= done and finish <= end:
            marked += f"{line[done:begin]}\x02{line[begin:finish]}\x03"
            done = finish
    return f"{'…' if start else ''}{marked}{line[done:end]}{'…' if end < len(line) else ''}"


def _reach(line: str, wanted: list[str]) -> int:
    """How much of a long text has to be looked at closely: up to a little past its last needle."""
    folded = fold(line)
    last = max((_at(folded, needle) + len(needle) for needle in wanted), default=0)
    return len(line) if len(folded) != len(line) else last + _AFTER


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """The folded text and, for each of its characters, the place of the character that it came from."""
    folded: list[str] = []
    origin: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and (unicodedata.combining(text[end]) or text[end] in _VOICED):
            continue
        part = " " if text[start:end] == " " else fold(text[start:end])
        folded.append(part)
        origin.extend([start] * len(part))
        start = end
    return "".join(folded), origin
