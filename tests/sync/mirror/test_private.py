"""What the public cannot see stays in its own file, whatever moves where, and is still found by those who may."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.ids import Kind
from moderation.queries import QueueQuery
from sync.mirror import MirrorWriter
from sync.vault import StoreFile
from tests import factory
from tests.factory import HERE, item, post, ref, thread
from tests.sync.mirror.place import RARE, Mirror

SECRET = f"a matter of contracts 契約の件 {RARE}"


def leaked(mirror: Mirror) -> bool:
    """True when the main file holds the secret words, or its full text their grams once it was rewritten."""
    mirror.indexer.purge()
    return "contracts" in mirror.everything_in(StoreFile.MIRROR) or mirror.grams_hold(StoreFile.MIRROR)


def tell_all(mirror: Mirror, forum: int | None) -> None:
    mirror.tell(
        threads=[thread(1, title=f"title: {SECRET}", in_forum=forum)],
        posts=[post(1, in_forum=forum, body=SECRET), post(2, in_forum=None, body_html=f"<p>{SECRET}</p>")],
        items=[
            item(
                1,
                in_forum=forum,
                body=SECRET,
                thread_title=SECRET,
                reports=(factory.report(SECRET),),
                notes=(factory.note(SECRET),),
            )
        ],
    )
    mirror.index()


def check_readable(mirror: Mirror) -> None:
    found = mirror.reader.thread(ref("thread", 1))
    assert found is not None
    assert SECRET in found.title
    assert [each.id.native for each in mirror.reader.posts(ref("thread", 1))] == ["1", "2"]
    one = mirror.reader.post(ref("post", 1))
    assert one is not None
    assert one.body == SECRET
    told = mirror.reader.item(ref("flag", 1))
    assert told is not None
    assert (told.body, told.reports[0].text, told.notes[0].text) == (SECRET,) * 3
    (row,) = mirror.reader.page(QueueQuery())
    assert (row.excerpt, row.reason) == (SECRET, SECRET)
    assert mirror.reader.count(QueueQuery(text="契約")) == 1
    hits = mirror.reader.search("契約の件 contracts", private=True)
    assert {hit.id for hit in hits} == {f"{HERE}:thread:1", f"{HERE}:post:1", f"{HERE}:post:2"}


@pytest.mark.parametrize("forum", [2, 77, None])
def test_private_or_unknown_forums_never_reach_the_main_file(mirror: Mirror, forum: int | None) -> None:
    tell_all(mirror, forum)
    assert not leaked(mirror)
    check_readable(mirror)
    assert mirror.reader.search("contracts") == []


def test_the_check_can_see_a_leak(mirror: Mirror) -> None:
    tell_all(mirror, 1)
    assert leaked(mirror)
    check_readable(mirror)
    assert len(mirror.reader.search("contracts")) == 3


@pytest.mark.parametrize("fed", [True, False])
def test_a_forum_that_turns_private_is_scrubbed_from_the_main_file(mirror: Mirror, fed: bool) -> None:
    tell_all(mirror, 1)
    if not fed:
        mirror.tell(posts=[post(3, in_thread=None, body=SECRET)])
    mirror.tell(forums=[factory.forum(1, private=True)])
    assert not leaked(mirror)
    mirror.index()
    assert not leaked(mirror)
    if fed:
        check_readable(mirror)


def test_a_forum_that_turns_public_moves_over(mirror: Mirror) -> None:
    tell_all(mirror, 2)
    mirror.tell(forums=[factory.forum(2, private=False)])
    mirror.index()
    check_readable(mirror)
    assert len(mirror.reader.search("contracts")) == 3
    assert "contracts" not in mirror.everything_in(StoreFile.PRIVATE)


def test_a_forum_of_which_nothing_was_known(mirror: Mirror) -> None:
    tell_all(mirror, 5)
    mirror.tell(forums=[factory.forum(5)])
    mirror.index()
    check_readable(mirror)
    assert len(mirror.reader.search("contracts")) == 3


def test_a_thread_that_is_taken_private(mirror: Mirror) -> None:
    tell_all(mirror, 1)
    head = thread(1, title=f"title: {SECRET}", in_forum=2)
    mirror.tell(threads=[head], items=[replace(item(1), forum=ref(Kind.FORUM, 2))])
    posts = mirror.reader.posts(ref("thread", 1))
    assert [each.id.native for each in posts] == ["1", "2"]
    mirror.tell(items=[item(1, in_forum=2, body=SECRET, thread_title=SECRET, reports=(factory.report(SECRET),))])
    mirror.index()
    assert not leaked(mirror)
    mirror.tell(posts=[post(1, in_forum=1, body=SECRET, votes=3)])
    assert not leaked(mirror)


def test_the_thread_decides_where_its_posts_lie(mirror: Mirror) -> None:
    mirror.tell(posts=[post(1, in_forum=1, body=SECRET)])
    mirror.tell(threads=[thread(1, in_forum=2)])
    mirror.index()
    assert not leaked(mirror)
    assert [each.id.native for each in mirror.reader.posts(ref("thread", 1))] == ["1"]


def crash_before_the_main_file(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next transaction is committed in the private file alone; then the program starts again."""
    mirror.writer.close()

    class Crashing(MirrorWriter):
        def _open(self) -> None:
            super()._open()
            self._main = _NeverCommits(self._main)  # type: ignore[assignment]

    mirror.writer = Crashing(mirror.vault)


class _NeverCommits:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *values: Any) -> Any:
        if sql == "COMMIT":
            raise KeyboardInterrupt
        return self._connection.execute(sql, *values)


def restart(mirror: Mirror) -> None:
    mirror.writer.close()
    mirror.writer = MirrorWriter(mirror.vault)
    mirror.index()


@pytest.mark.parametrize("private_before", [True, False])
def test_a_crash_between_the_two_files_is_mended_at_the_next_start(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch, private_before: bool
) -> None:
    tell_all(mirror, 2 if private_before else 1)
    moved = [factory.forum(2, private=False)] if private_before else [factory.forum(1, private=True)]
    crash_before_the_main_file(mirror, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        mirror.tell(forums=moved)
    check_readable(mirror)
    restart(mirror)
    check_readable(mirror)
    assert ("contracts" in mirror.everything_in(StoreFile.PRIVATE)) is private_before
    assert leaked(mirror) is not private_before
    mirror.tell(forums=moved)
    mirror.index()
    check_readable(mirror)
    assert ("contracts" in mirror.everything_in(StoreFile.PRIVATE)) is not private_before
    assert leaked(mirror) is private_before


def test_what_was_left_in_the_private_file_goes_at_the_next_start(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The main file has the rows already, and the crash came before they left the private one."""
    tell_all(mirror, 2)
    with monkeypatch.context() as crash:
        crash.setattr(MirrorWriter, "_leave_private", lambda self, work: None)
        mirror.tell(forums=[factory.forum(2, private=False)])
    assert "contracts" in mirror.everything_in(StoreFile.PRIVATE)
    mirror.index()
    check_readable(mirror)
    restart(mirror)
    check_readable(mirror)
    assert "contracts" not in mirror.everything_in(StoreFile.PRIVATE)


def test_files_cannot_be_read_without_the_key(mirror: Mirror) -> None:
    tell_all(mirror, 1)
    tell_all(mirror, 2)
    kept = b"".join(file.read_bytes() for file in mirror.vault.home.iterdir())
    assert b"contracts" not in kept
    assert "契約".encode() not in kept
    assert b"member-1" not in kept
