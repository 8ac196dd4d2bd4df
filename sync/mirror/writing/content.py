"""Threads and posts: upserts by native id, each row by the newest answer, each in the file where it belongs."""

from collections.abc import Iterable, Sequence
from typing import Any

from moderation.content import Post, Thread
from moderation.ids import Kind
from sync.mirror.codec import ms, native, words
from sync.mirror.writing.people import note_presence
from sync.mirror.writing.shelves import POSTS, THREADS, Found, Row, change, confirm, find, insert, move
from sync.mirror.writing.work import Work, as_json

_KEPT_OF_THREAD = [
    THREADS.at(name) for name in ("forum", "author", "author_name", "last_post_ms", "first_post", "permitted", "url")
]
_KEPT_OF_POST = [POSTS.at(name) for name in ("thread", "forum", "author", "author_name", "editor", "reply_to", "url")]
_COMPLETE, _POST_COUNT, _FORUM = THREADS.at("complete"), THREADS.at("post_count"), THREADS.at("forum")
_BODY, _HTML, _EDITED = POSTS.at("body"), POSTS.at("body_html"), POSTS.at("edited_ms")
_AUTHOR, _CREATED = POSTS.at("author"), POSTS.at("created_ms")
_POST_THREAD, _POST_FORUM, _STAFF = POSTS.at("thread"), POSTS.at("forum"), POSTS.at("staff")


def write_threads(work: Work, seq: int, threads: Iterable[Thread], read: set[str]) -> None:
    """Store threads; those in ``read`` came with their posts and were therefore read as a whole."""
    given = {thread.id.native: _thread_row(thread) for thread in threads}
    stored = find(work, THREADS, list(given))
    same: list[Found] = []
    for name, row in given.items():
        found = stored.get(name)
        if found is None:
            insert(work, THREADS, work.is_private(row[_FORUM]), seq, row)
            _fetch_posts_home(work, name, work.is_private(row[_FORUM]), seq)
        elif found.seq > seq:
            continue
        elif (merged := _merged_thread(found.row, row)) == found.row and not _misplaced(work, found):
            same.append(found)
            continue
        else:
            _replace_thread(work, found, seq, merged)
        work.changes(Kind.THREAD, name)
    confirm(work, THREADS, same, seq)
    _mark_read(work, read & given.keys())


def _misplaced(work: Work, found: Found) -> bool:
    return work.is_private(found.row[_FORUM]) is not found.private


def _replace_thread(work: Work, found: Found, seq: int, row: Row) -> None:
    private = work.is_private(row[_FORUM])
    if private is found.private:
        change(work, THREADS, found, seq, row)
    else:
        move_thread(work, found, private, seq, row)


def move_thread(work: Work, found: Found, private: bool, seq: int, row: Row) -> None:
    """Take a thread with all its posts into the other file."""
    move(work, THREADS, found, private, seq, row)
    _fetch_posts_home(work, row[0], private, seq)


def _fetch_posts_home(work: Work, thread: str, private: bool, seq: int) -> None:
    """Posts of a thread that lie in the other file (their forum was not known, or has changed) follow it."""
    other = work.side(not private)
    sql = "SELECT native FROM posts WHERE community = ? AND thread = ?"
    natives = [row[0] for row in other.execute(sql, (work.key, thread))]
    for found in find(work, POSTS, natives).values():
        bring_post_home(work, found, private)


def bring_post_home(work: Work, found: Found, private: bool) -> None:
    """Take a post where its thread belongs; one for the staff alone is private in any case."""
    wanted = private or bool(found.row[_STAFF])
    if found.private is not wanted:
        move(work, POSTS, found, wanted, found.seq, found.row)


def _mark_read(work: Work, read: set[str]) -> None:
    if not read:
        return
    sql = "UPDATE threads SET read_ms = ? WHERE community = ? AND native IN (SELECT value FROM json_each(?))"
    for file in (work.main, work.private):
        file.execute(sql, (work.now_ms, work.key, as_json(sorted(read))))


def _thread_row(thread: Thread) -> Row:
    return (
        thread.id.native,
        native(thread.forum),
        thread.title,
        native(thread.author),
        thread.author_name,
        ms(thread.created_at),
        ms(thread.last_post_at),
        thread.post_count,
        thread.view_count,
        native(thread.first_post),
        int(thread.locked),
        int(thread.pinned),
        int(thread.hidden),
        int(thread.complete),
        words(thread.permitted),
        thread.url,
        0,
    )


def _merged_thread(old: Row, new: Row) -> Row:
    """What the answer does not tell stays; a thread that was read to its end stays so while no post was added."""
    merged = _keep(old, new, _KEPT_OF_THREAD)
    if old[_COMPLETE] and not merged[_COMPLETE] and merged[_POST_COUNT] == old[_POST_COUNT]:
        merged[_COMPLETE] = 1
    return tuple(merged)


def _keep(old: Row, new: Row, places: Sequence[int]) -> list[Any]:
    merged = list(new)
    for place in places:
        if merged[place] is None:
            merged[place] = old[place]
    return merged


def write_posts(work: Work, seq: int, posts: Iterable[Post]) -> None:
    """Store posts; each lies where its thread's forum belongs, or where its own does while its thread is unknown.

    What is for the staff alone lies in the private file.
    """
    given = {post.id.native: _post_row(post) for post in posts}
    stored = find(work, POSTS, list(given))
    merged = {name: _merged_post(stored[name].row, row) if name in stored else row for name, row in given.items()}
    homes = _forums_of_threads(work, {row[_POST_THREAD] for row in merged.values() if row[_POST_THREAD]})
    same: list[Found] = []
    present: dict[tuple[str, str], int] = {}
    for name, row in merged.items():
        found = stored.get(name)
        private = bool(row[_STAFF]) or work.is_private(homes.get(row[_POST_THREAD]) or row[_POST_FORUM])
        if found is None:
            insert(work, POSTS, private, seq, row)
        elif found.seq > seq:
            continue
        elif found.private is not private:
            move(work, POSTS, found, private, seq, row)
        elif row == found.row:
            same.append(found)
            continue
        else:
            change(work, POSTS, found, seq, row)
        work.changes(Kind.POST, name)
        _be_present(present, row, homes)
    confirm(work, POSTS, same, seq)
    if present:
        note_presence(work, present)


def _be_present(present: dict[tuple[str, str], int], row: Row, homes: dict[str, str | None]) -> None:
    forum = homes.get(row[_POST_THREAD]) or row[_POST_FORUM]
    if row[_AUTHOR] is not None and forum is not None:
        key = (row[_AUTHOR], forum)
        present[key] = max(present.get(key, 0), row[_CREATED])


def _forums_of_threads(work: Work, threads: set[str]) -> dict[str, str | None]:
    return {name: found.row[_FORUM] for name, found in find(work, THREADS, sorted(threads)).items()}


def _post_row(post: Post) -> Row:
    return (
        post.id.native,
        native(post.thread),
        native(post.forum),
        native(post.author),
        post.author_name,
        ms(post.created_at),
        post.body_html,
        post.body,
        ms(post.edited_at),
        native(post.editor),
        native(post.reply_to),
        post.position,
        int(post.hidden),
        post.votes,
        post.url,
        0,
        int(post.staff_only),
    )


def _merged_post(old: Row, new: Row) -> Row:
    """What the answer does not tell stays; the typed text only while the rendered one is the same."""
    merged = _keep(old, new, _KEPT_OF_POST)
    if not new[_HTML] and new[_BODY] is None:
        merged[_HTML], merged[_BODY] = old[_HTML], old[_BODY]
    elif new[_BODY] is None and new[_HTML] == old[_HTML]:
        merged[_BODY] = old[_BODY]
    return tuple(merged)
