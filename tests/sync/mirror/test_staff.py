"""What only the staff can read, and what the staff follow."""

from dataclasses import replace

import pytest

from moderation.content import Following, Level
from moderation.ids import Kind
from sync.mirror import MirrorReader, MirrorWriter, fact_rows, schema
from sync.vault import StoreFile
from tests.factory import HERE, at, forum, member, post, ref, thread
from tests.sync.mirror.place import RARE, Mirror

WORDS = f"he has been warned twice {RARE}"


def whispered(mirror: Mirror, in_forum: int = 1) -> None:
    """A thread of three posts, the second one for the staff alone."""
    mirror.tell(
        threads=[thread(1, in_forum=in_forum, post_count=2)],
        posts=[
            post(number, in_forum=in_forum, created_at=at(number), body=WORDS if number == 2 else "hello",
                 staff_only=number == 2)
            for number in (1, 2, 3)
        ],
    )  # fmt: skip
    mirror.index()


def shown(mirror: Mirror, **how: bool) -> list[str]:
    return [one.id.native for one in mirror.reader.posts(ref("thread", 1), **how)]


@pytest.mark.parametrize("in_forum", [1, 2], ids=["public", "private"])
def test_a_whisper_is_shown_to_the_staff_alone_and_counts_nowhere(mirror: Mirror, in_forum: int) -> None:
    whispered(mirror, in_forum)
    assert shown(mirror) == ["1", "3"]
    assert shown(mirror, staff=True) == ["1", "2", "3"]
    found = mirror.reader.posts(ref("thread", 1), around=ref("post", 3), limit=2, staff=True)
    assert [(one.id.native, one.staff_only) for one in found] == [("2", True), ("3", False)]
    assert mirror.known.threads([ref("thread", 1)])[ref("thread", 1)].stored_posts == 2
    assert mirror.writer.totals(HERE)["posts"] == 2
    assert ref("post", 2) not in dict(mirror.writer.anchors(HERE))


def test_a_whisper_in_a_public_thread_lies_in_the_private_file(mirror: Mirror) -> None:
    whispered(mirror)
    mirror.indexer.purge()
    assert "warned" not in mirror.everything_in(StoreFile.MIRROR)
    assert not mirror.grams_hold(StoreFile.MIRROR)
    assert mirror.reader.search("warned") == []
    assert [hit.id for hit in mirror.reader.search("warned", private=True)] == [f"{HERE}:post:2"]


def test_it_stays_there_whatever_the_forum_becomes(mirror: Mirror) -> None:
    whispered(mirror)
    for private in (True, False):
        mirror.tell(forums=[forum(1, private=private)])
        assert shown(mirror, staff=True) == ["1", "2", "3"]
    mirror.tell(threads=[thread(1, in_forum=2, post_count=2)])
    mirror.tell(threads=[thread(1, in_forum=1, post_count=2)])
    assert shown(mirror, staff=True) == ["1", "2", "3"]
    assert "warned" not in mirror.everything_in(StoreFile.MIRROR)


def test_a_post_may_become_a_whisper_and_a_whisper_a_post(mirror: Mirror) -> None:
    whispered(mirror)
    mirror.tell(posts=[post(1, created_at=at(1), body="hello", staff_only=True)])
    assert shown(mirror) == ["3"]
    mirror.tell(posts=[post(1, created_at=at(1), body="hello")])
    assert shown(mirror) == ["1", "3"]


def test_a_whisper_goes_with_its_thread(mirror: Mirror) -> None:
    whispered(mirror)
    mirror.tell(gone=[ref("thread", 1)])
    assert shown(mirror, staff=True) == []
    assert "warned" not in mirror.everything_in(StoreFile.PRIVATE)


def test_an_old_thread_is_forgotten_with_its_whispers(mirror: Mirror) -> None:
    whispered(mirror)
    mirror.now_ms += 10**12
    while mirror.writer.prune(HERE, at(10**9)):
        pass
    assert mirror.reader.post(ref("post", 2)) is None


def follows(member_id: int, **levels: Level) -> list[Following]:
    who = ref(Kind.MEMBER, member_id)
    return [Following(who, ref(Kind.FORUM, name[1:]), level, at(5)) for name, level in levels.items()]


def test_who_follows_what_is_replaced_as_a_whole(mirror: Mirror) -> None:
    one, two = ref(Kind.MEMBER, 7), ref(Kind.MEMBER, 8)
    told = [*follows(7, f1=Level.WATCHING, f2=Level.MUTED), *follows(8, f1=Level.TRACKING)]
    mirror.tell(followers=[one, two], following=told)
    assert mirror.reader.following(HERE) == [told[0], told[2], told[1]]
    assert mirror.reader.followers(HERE) == {one: at(5), two: at(5)}
    assert mirror.writer.totals(HERE)["following"] == 3
    changes = mirror.tell(followers=[one], following=follows(7, f2=Level.WATCHING_FIRST))
    assert [record.ids for record in changes] == [(str(one),)]
    levels = {(str(each.member), each.forum.native): each.level for each in mirror.reader.following(HERE)}
    assert levels == {(str(one), "2"): Level.WATCHING_FIRST, (str(two), "1"): Level.TRACKING}
    mirror.tell(followers=[two])
    assert two in mirror.reader.followers(HERE)
    assert mirror.writer.totals(HERE)["following"] == 1


def test_an_older_answer_says_nothing_of_it_any_more(mirror: Mirror) -> None:
    who = [ref(Kind.MEMBER, 7)]
    mirror.tell(seq=9, followers=who, following=follows(7, f1=Level.WATCHING))
    mirror.tell(seq=3, followers=who, following=follows(7, f1=Level.MUTED))
    assert [each.level for each in mirror.reader.following(HERE)] == [Level.WATCHING]


@pytest.mark.parametrize("kind", [Kind.MEMBER, Kind.FORUM])
def test_it_goes_with_the_member_and_with_the_forum(mirror: Mirror, kind: Kind) -> None:
    mirror.tell(members=[member(7)], followers=[ref(Kind.MEMBER, 7)], following=follows(7, f1=Level.WATCHING))
    mirror.tell(gone=[ref(kind, 7 if kind is Kind.MEMBER else 1)])
    assert mirror.reader.following(HERE) == []


def test_a_community_that_is_left_takes_it_along(mirror: Mirror) -> None:
    whispered(mirror)
    mirror.tell(followers=[ref(Kind.MEMBER, 7)], following=follows(7, f1=Level.WATCHING))
    while mirror.writer.forget_community(HERE):
        pass
    assert mirror.reader.following(HERE) == []
    assert mirror.reader.post(ref("post", 2)) is None


def test_files_of_the_shape_before_are_brought_to_this_one(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has to be pulled again."""
    mirror.tell(threads=[thread(1)], posts=[post(1)])
    mirror.tell(threads=[thread(9, in_forum=2)], posts=[post(9, in_thread=9, in_forum=2)])
    mirror.writer.close()
    mirror.reader.close()
    mirror.known.close()
    for store in (StoreFile.MIRROR, StoreFile.PRIVATE):
        connection = mirror.vault.connect(store)
        connection.execute("ALTER TABLE posts DROP COLUMN staff")
        if store is StoreFile.MIRROR:
            connection.execute("DROP TABLE followers")
            for table in ("following", "presence", "unreadable", "groups", *fact_rows.NAMES):
                connection.execute(f"DROP TABLE {table}")
            connection.execute("DELETE FROM meta WHERE name = 'presence'")
        connection.execute("PRAGMA user_version = 1")
        connection.close()
    assert schema.VERSION == 4
    mirror.writer, mirror.reader = MirrorWriter(mirror.vault), MirrorReader(mirror.vault)
    assert mirror.reader.post(ref("post", 1)) == replace(post(1), staff_only=False)
    author = post(1).author
    assert author is not None
    grid = mirror.reader.grid([ref(Kind.FORUM, 1), ref(Kind.FORUM, 2)], [author])
    assert [grid.last(row, 0) for row in range(2)] == [post(1).created_at, post(9).created_at]
    whispered(mirror)
    assert shown(mirror, staff=True) == ["1", "2", "3"]
