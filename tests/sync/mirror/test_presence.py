"""When staff wrote last in a forum, of whom it cannot be read what they follow, groups, and who answers where."""

from moderation.content import Following, Group, Level, Unreadable
from moderation.ids import Kind, Ref
from tests.factory import HERE, at, forum, member, post, ref, thread
from tests.sync.mirror.place import Mirror

PUBLIC, PRIVATE = ref(Kind.FORUM, 1), ref(Kind.FORUM, 2)


def who(number: int) -> Ref:
    return ref(Kind.MEMBER, number)


def written(mirror: Mirror, number: int, by: int, seconds: float, in_forum: int = 1) -> None:
    posts = [post(number, in_thread=in_forum, in_forum=in_forum, author=who(by), created_at=at(seconds))]
    mirror.tell(threads=[thread(in_forum, in_forum=in_forum)], posts=posts)


def test_the_newest_post_of_a_member_in_a_forum_counts(mirror: Mirror) -> None:
    written(mirror, 1, 7, 100)
    written(mirror, 2, 7, 50)
    written(mirror, 3, 8, 300, in_forum=2)
    grid = mirror.reader.grid([PUBLIC, PRIVATE], [who(7), who(8), who(9)])
    last = [[grid.last(row, column) for column in range(3)] for row in range(2)]
    assert last == [[at(100), None, None], [None, at(300), None]]


def test_a_thread_that_moved_counts_where_it_stands(mirror: Mirror) -> None:
    written(mirror, 1, 7, 100)
    mirror.tell(forums=[forum(3)], threads=[thread(1, in_forum=3)])
    mirror.tell(posts=[post(1, in_forum=3, author=who(7), created_at=at(100))])
    assert mirror.reader.grid([ref(Kind.FORUM, 3)], [who(7)]).last(0, 0) == at(100)


def test_levels_stand_beside_it(mirror: Mirror) -> None:
    mirror.tell(followers=[who(7)], following=[Following(who(7), PRIVATE, Level.WATCHING_FIRST, at(5))])
    grid = mirror.reader.grid([PUBLIC, PRIVATE], [who(7), who(8)])
    assert [grid.level(row, 0) for row in range(2)] == [None, Level.WATCHING_FIRST]
    assert grid.level(1, 1) is None


def test_who_cannot_be_read_any_more_is_unknown(mirror: Mirror) -> None:
    mirror.tell(seq=5, followers=[who(7)], following=[Following(who(7), PUBLIC, Level.WATCHING, at(5))])
    mirror.tell(seq=4, unreadable=[Unreadable(who(7), "right_missing", at(4))])
    assert who(7) in mirror.reader.followers(HERE)  # an older answer
    mirror.tell(seq=6, unreadable=[Unreadable(who(7), "right_missing", at(6))])
    assert mirror.reader.unreadable(HERE) == [Unreadable(who(7), "right_missing", at(6))]
    assert mirror.reader.followers(HERE) == {}
    assert mirror.reader.grid([PUBLIC], [who(7)]).level(0, 0) is None
    mirror.tell(seq=7, followers=[who(7)], following=[Following(who(7), PUBLIC, Level.MUTED, at(7))])
    assert mirror.reader.unreadable(HERE) == []


def test_groups_are_what_the_server_lists(mirror: Mirror) -> None:
    helpers, staff = Group("helpers", "Helpers", 2, members=(who(7), who(8))), Group("staff", "Quillby team", 1)
    mirror.tell(groups=[helpers, staff], groups_listed=["helpers", "staff"])
    assert mirror.reader.groups(HERE) == [helpers, staff]
    mirror.tell(groups=[Group("support", "Support", 2)], groups_listed=["support", "staff"])
    assert [group.native for group in mirror.reader.groups(HERE)] == ["staff", "support"]


def test_whoever_is_gone_is_nowhere_any_more(mirror: Mirror) -> None:
    written(mirror, 1, 7, 100)
    mirror.tell(members=[member(7)], groups=[Group("staff", "Staff", 2, members=(who(7), who(8)))])
    mirror.tell(unreadable=[Unreadable(who(7), "right_missing", at(6))])
    mirror.tell(gone=[who(7)])
    assert mirror.reader.grid([PUBLIC], [who(7)]).last(0, 0) is None
    assert mirror.reader.unreadable(HERE) == []
    assert mirror.reader.groups(HERE)[0].members == (who(8),)


def test_a_forum_that_is_gone_has_nobody(mirror: Mirror) -> None:
    written(mirror, 1, 7, 100)
    mirror.tell(gone=[PUBLIC])
    assert mirror.reader.grid([PUBLIC], [who(7)]).last(0, 0) is None


def test_who_answers_is_counted_by_answers_to_others(mirror: Mirror) -> None:
    asker = thread(1).author
    posts = [post(1, author=asker, created_at=at(1))]
    posts += [post(number, author=who(7), author_name="Tamsin", created_at=at(number)) for number in (2, 3)]
    posts += [post(4, author=who(8), created_at=at(4)), post(5, author=asker, created_at=at(5))]
    posts += [post(6, author=who(8), created_at=at(6), hidden=True)]
    mirror.tell(threads=[thread(1, last_post_at=at(6), post_count=6)], posts=posts)
    found = mirror.reader.answerers(PUBLIC, at(0))
    assert [(one.member, one.name, one.answers, one.last_at) for one in found] == [
        (who(7), "Tamsin", 2, at(3)),
        (who(8), found[1].name, 1, at(4)),
    ]
    assert [one.member for one in mirror.reader.answerers(PUBLIC, at(4))] == [who(8)]


def test_a_large_matrix_is_read_in_one_go(mirror: Mirror) -> None:
    """300 × 200, each with a level: what it costs is measured by ``make bench``, here only that it is whole."""
    people, places = [who(number) for number in range(100, 400)], [ref(Kind.FORUM, n) for n in range(10, 210)]
    rows = [Following(one, place, Level.TRACKING, at(5)) for one in people for place in places]
    mirror.tell(followers=people, following=rows)
    grid = mirror.reader.grid(places, people)
    assert set(grid.levels) == {3}
    assert len(grid.levels) == 60_000


def test_a_cell_opens_what_was_written_there(mirror: Mirror) -> None:
    for number, by, seconds in ((1, 7, 10), (2, 7, 30), (3, 8, 40), (4, 7, 5)):
        written(mirror, number, by, seconds)
    written(mirror, 5, 7, 50, in_forum=2)
    whisper = post(6, author=who(7), created_at=at(60), staff_only=True)
    mirror.tell(threads=[thread(1, last_post_at=at(60))], posts=[whisper])
    there = [one.id.native for one in mirror.reader.posts_there(who(7), PUBLIC, at(6))]
    assert there == ["6", "2", "1"]
    assert [one.id.native for one in mirror.reader.posts_there(who(7), PRIVATE, at(0))] == ["5"]
    assert len(mirror.reader.posts_there(who(7), PUBLIC, at(0), limit=2)) == 2
