"""Facts of threads are kept with the posts that they are about, and hold no word of anybody."""

from datetime import date

from moderation.content import Deed, Mark, Thread, ThreadEvent
from moderation.coverage.deriving import LineBit, line_of
from moderation.coverage.facts import PostBit, ThreadBit, ThreadFacts
from moderation.coverage.lines import stamp_of
from moderation.coverage.staff import Crew, StaffDays, Term
from moderation.ids import Kind
from moderation.items import ItemState
from sync.mirror import MirrorReader
from sync.mirror.codec import sure_ms
from sync.vault import StoreFile
from tests import factory
from tests.factory import HERE, at, ref
from tests.sync.mirror.place import Mirror

ASKER, HELPER, STAFF = (ref(Kind.MEMBER, number) for number in (1, 2, 9))
FOREVER = 1 << 60


def ms(seconds: float) -> int:
    return sure_ms(at(seconds))


def asked(mirror: Mirror, native: int = 1, **facts: object) -> Thread:
    """A thread with its opening post, read whole."""
    given = {"first_post": ref(Kind.POST, native * 100), "complete": True, "created_at": at(100)} | facts
    head = factory.thread(native, **given)  # type: ignore[arg-type]
    post = factory.post(native * 100, in_thread=native, created_at=head.created_at, author=ASKER)
    mirror.tell(threads=[head], posts=[post])
    return head


def kept(mirror: Mirror, native: int = 1) -> ThreadFacts | None:
    return next(iter(mirror.reader.thread_facts(HERE, [str(native)])), None)


def sure(mirror: Mirror, native: int = 1) -> ThreadFacts:
    found = kept(mirror, native)
    assert found is not None
    return found


def answer(mirror: Mirror, native: int, seconds: float, by: object = STAFF, **facts: object) -> None:
    mirror.tell(posts=[factory.post(native, author=by, created_at=at(seconds), **facts)])  # type: ignore[arg-type]


def test_who_wrote_when_is_kept_and_what_they_wrote_is_not(mirror: Mirror) -> None:
    asked(mirror, title="The unmistakable title")
    answer(mirror, 2, 160, body_html="<p>unmistakable words</p>")
    facts = sure(mirror)
    assert (facts.forum, facts.opener, facts.opening, facts.submitted_ms) == ("1", "1", "100", ms(100))
    assert [(post.id, post.author, post.at_ms) for post in facts.posts] == [("100", "1", ms(100)), ("2", "9", ms(160))]
    connection = mirror.vault.connect(StoreFile.MIRROR)
    stored = str(
        [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("thread_facts", "thread_lines")]
    )
    connection.close()
    assert "unmistakable" not in stored


def test_a_private_thread_has_no_facts(mirror: Mirror) -> None:
    asked(mirror, 1, in_forum=2)
    asked(mirror, 2, in_forum=None)
    assert kept(mirror, 1) is None
    assert kept(mirror, 2) is None


def test_deleted_hidden_and_restored_posts_follow(mirror: Mirror) -> None:
    asked(mirror)
    answer(mirror, 2, 160)
    answer(mirror, 2, 160, hidden=True)
    assert [post.bits for post in sure(mirror).posts] == [0, PostBit.AWAY]
    answer(mirror, 2, 160)
    assert [post.bits for post in sure(mirror).posts] == [0, 0]
    mirror.tell(gone=[ref(Kind.POST, 2)])
    assert [post.bits for post in sure(mirror).posts] == [0, PostBit.AWAY]
    mirror.tell(gone=[ref(Kind.THREAD, 1)])
    assert sure(mirror).bits & ThreadBit.AWAY


def test_an_older_answer_changes_nothing(mirror: Mirror) -> None:
    asked(mirror)
    answer(mirror, 2, 160, marks=(Mark.ANSWER,))
    late = mirror.seq - 1
    mirror.tell(late, posts=[factory.post(2, author=STAFF, created_at=at(160), hidden=True)])
    mirror.seq += 5
    assert sure(mirror).posts[1].bits == PostBit.ANSWER


def test_marks_of_posts_come_and_go_though_the_post_stays_as_it_is(mirror: Mirror) -> None:
    asked(mirror)
    answer(mirror, 2, 160)
    answer(mirror, 2, 160, marks=(Mark.ANSWER,))
    assert sure(mirror).posts[1].bits == PostBit.ANSWER
    answer(mirror, 2, 160, marks=(Mark.NOTE, Mark.AUTOMATIC))
    assert sure(mirror).posts[1].bits == PostBit.NOTE | PostBit.AUTOMATIC
    answer(mirror, 2, 160)
    assert sure(mirror).posts[1].bits == 0


def test_whispers_are_no_posts(mirror: Mirror) -> None:
    asked(mirror)
    answer(mirror, 2, 160, staff_only=True)
    assert [post.id for post in sure(mirror).posts] == ["100"]


def test_a_moved_thread_stands_where_it_stands(mirror: Mirror) -> None:
    mirror.tell(forums=[factory.forum(3)])
    head = asked(mirror)
    mirror.tell(threads=[factory.thread(1, in_forum=3, complete=True, first_post=head.first_post, created_at=at(100))])
    assert (sure(mirror).forum, sure(mirror).left_ms) == ("3", None)


def test_a_thread_that_went_private_keeps_its_last_public_forum(mirror: Mirror) -> None:
    asked(mirror)
    moved = ThreadEvent(ref(Kind.THREAD, 1), Deed.MOVED, at(200), ref(Kind.FORUM, 1))
    head = factory.thread(1, in_forum=2, complete=True, first_post=ref(Kind.POST, 100), created_at=at(100))
    mirror.tell(threads=[head], events=[moved])
    answer(mirror, 2, 300, in_forum=2)
    facts = sure(mirror)
    assert (facts.forum, facts.left_ms) == ("1", ms(200))
    assert line_of(facts, StaffDays.of_groups([STAFF]).crew(HERE)).staff == 0
    assert "Thread 1" not in mirror.everything_in(StoreFile.MIRROR)
    mirror.tell(threads=[factory.thread(1, complete=True, first_post=head.first_post, created_at=at(100))])
    assert sure(mirror).left_ms is None


def test_when_nobody_told_it_left_when_that_was_seen(mirror: Mirror) -> None:
    asked(mirror)
    head = factory.thread(1, in_forum=2, complete=True, first_post=ref(Kind.POST, 100), created_at=at(100))
    mirror.tell(threads=[head])
    seen = mirror.now_ms
    mirror.now_ms += 60_000
    answer(mirror, 2, 300, in_forum=2)
    assert sure(mirror).left_ms == seen


def test_a_thread_that_was_public_before_it_was_known_has_facts_too(mirror: Mirror) -> None:
    moved = ThreadEvent(ref(Kind.THREAD, 1), Deed.MOVED, at(200), ref(Kind.FORUM, 1))
    head = factory.thread(1, in_forum=2, complete=True, first_post=ref(Kind.POST, 100), created_at=at(100))
    mirror.tell(threads=[head], posts=[factory.post(100, in_forum=2, author=ASKER, created_at=at(100))], events=[moved])
    assert (sure(mirror).forum, sure(mirror).left_ms) == ("1", ms(200))


def test_a_forum_that_turns_private_takes_its_threads_along(mirror: Mirror) -> None:
    asked(mirror)
    mirror.tell(forums=[factory.forum(1, private=True)])
    assert (sure(mirror).forum, sure(mirror).left_ms) == ("1", mirror.now_ms)
    mirror.tell(forums=[factory.forum(1)])
    assert sure(mirror).left_ms is None


def test_locked_and_unlocked(mirror: Mirror) -> None:
    asked(mirror, locked=True)
    assert (sure(mirror).bits, sure(mirror).closed_ms) == (ThreadBit.LOCKED, None)
    thread = ref(Kind.THREAD, 1)
    mirror.tell(events=[ThreadEvent(thread, Deed.CLOSED, at(300)), ThreadEvent(thread, Deed.OPENED, at(400))])
    mirror.tell(events=[ThreadEvent(thread, Deed.CLOSED, at(500)), ThreadEvent(thread, Deed.CLOSED, at(300))])
    assert (sure(mirror).bits, sure(mirror).closed_ms) == (ThreadBit.LOCKED | ThreadBit.REOPENED, ms(500))


def test_a_held_reply_answers_when_it_became_public(mirror: Mirror) -> None:
    asked(mirror)
    held = factory.item("reply-1", kind=Kind.HELD, state=ItemState.HELD, created_at=at(160), author=HELPER, post=None)
    mirror.tell(items=[held])
    mirror.now_ms = ms(900)
    gone = factory.item("reply-1", kind=Kind.HELD, state=ItemState.RESOLVED, created_at=at(160), author=HELPER)
    mirror.tell(items=[gone])
    mirror.now_ms = ms(5000)
    answer(mirror, 2, 160.001, HELPER)
    assert sure(mirror).posts[-1].at_ms == ms(900)
    mirror.now_ms = ms(9000)
    answer(mirror, 2, 160.001, HELPER, votes=3)
    assert sure(mirror).posts[-1].at_ms == ms(900)


def test_a_rejected_reply_says_nothing_of_another_one(mirror: Mirror) -> None:
    asked(mirror)
    rejected = factory.item("reply-1", kind=Kind.HELD, state=ItemState.DISMISSED, created_at=at(160), author=HELPER)
    mirror.tell(items=[rejected])
    answer(mirror, 2, 160.5, HELPER)
    assert sure(mirror).posts[-1].at_ms == ms(160.5)


def test_a_held_thread_was_submitted_before_it_was_public(mirror: Mirror) -> None:
    mirror.now_ms = ms(700)
    held = factory.item(
        "topic-1", kind=Kind.HELD, state=ItemState.RESOLVED, created_at=at(100), author=ASKER, thread=None, post=None
    )
    mirror.tell(items=[held])
    asked(mirror)
    assert (sure(mirror).submitted_ms, sure(mirror).public_ms) == (ms(100), ms(700))


def test_where_the_platform_dates_it_anew_the_review_tells_when_it_was_submitted(mirror: Mirror) -> None:
    given = {"kind": Kind.REVIEW, "author": ASKER, "post": None}
    review = factory.item(5, state=ItemState.RESOLVED, created_at=at(40), **given)
    undecided = factory.item(6, state=ItemState.OPEN, created_at=at(20), **given)
    of_another = factory.item(7, state=ItemState.RESOLVED, created_at=at(20), **given | {"author": HELPER})
    mirror.tell(items=[review, undecided, of_another])
    asked(mirror)
    assert (sure(mirror).submitted_ms, sure(mirror).public_ms) == (ms(40), ms(100))


def test_a_part_of_a_thread_is_known_as_a_part(mirror: Mirror) -> None:
    asked(mirror, complete=False, post_count=40)
    assert sure(mirror).bits & ThreadBit.PARTIAL
    head = factory.thread(1, complete=True, post_count=40, first_post=ref(Kind.POST, 100), created_at=at(100))
    mirror.tell(threads=[head])
    assert not sure(mirror).bits & ThreadBit.PARTIAL


def test_where_no_list_names_the_opening_post_it_is_the_first_by_number(mirror: Mirror) -> None:
    mirror.tell(posts=[factory.post(2, author=STAFF, created_at=at(160), position=2)])
    mirror.tell(threads=[factory.thread(1, created_at=at(100))])
    assert sure(mirror).opening is None, "not read yet: the second post is not it"
    mirror.tell(posts=[factory.post(100, author=ASKER, created_at=at(100), position=1)])
    assert sure(mirror).opening == "100"
    assert line_of(sure(mirror), Crew()).bits & LineBit.COUNTED


# Lines


def lines(mirror: Mirror, crew: Crew) -> tuple[list[str], list[int]]:
    found = mirror.reader.thread_lines(HERE, 0, FOREVER, stamp_of(crew))
    return found.lines.threads, list(found.stale)


def count(mirror: Mirror, limit: int = 3) -> int:
    total = 0
    while done := mirror.writer.count_again(HERE, limit):
        assert done <= limit
        total += done
    return total


def test_lines_are_those_of_the_staff_that_was_set(mirror: Mirror) -> None:
    staff = StaffDays({str(STAFF): (Term(None, date(2026, 3, 1)),)}, confirmed=True)
    crew = staff.crew(HERE)
    for number in range(1, 8):
        asked(mirror, number, created_at=at(number))
    answer(mirror, 2, 160, in_thread=2)
    assert len(lines(mirror, crew)[1]) == 7
    mirror.writer.set_staff(HERE, staff)
    assert count(mirror) == 7
    assert count(mirror) == 0
    mirror.writer.set_staff(HERE, StaffDays.of_groups([HELPER]))
    assert count(mirror) == 7
    mirror.writer.set_staff(HERE, staff)
    assert count(mirror) == 7
    names, stale = lines(mirror, crew)
    assert (names, stale) == ([str(number) for number in range(1, 8)], [])
    found = mirror.reader.thread_lines(HERE, 0, FOREVER, stamp_of(crew)).lines
    for place, name in enumerate(names):
        assert found.line(place) == line_of(sure(mirror, int(name)), crew)
    assert found.line(1).staff == ms(160)
    assert found.line(1).bits & LineBit.COUNTED
    answer(mirror, 3, 170, HELPER, in_thread=3)
    assert lines(mirror, crew)[1] == []


def test_threads_of_a_mirror_from_before_get_their_facts_a_part_at_a_time(mirror: Mirror) -> None:
    for number in range(1, 6):
        asked(mirror, number, created_at=at(number))
    connection = mirror.vault.connect(StoreFile.MIRROR)
    for table in ("thread_facts", "thread_lines"):
        connection.execute(f"DELETE FROM {table}")
    connection.close()
    assert not mirror.reader.thread_lines(HERE, 0, FOREVER, "").filled
    assert mirror.writer.count_again(HERE, 2) == 2
    assert [kept(mirror, number) is not None for number in range(1, 6)] == [False, False, False, True, True]
    count(mirror)
    found = mirror.reader.thread_lines(HERE, 0, FOREVER, stamp_of(Crew()))
    assert (found.filled, found.lines.threads) == (True, ["1", "2", "3", "4", "5"])


def test_facts_outlive_the_thread_and_are_let_go_of_in_the_end(mirror: Mirror) -> None:
    asked(mirror, last_post_at=at(100))
    answer(mirror, 2, 160)
    before = sure(mirror)
    mirror.now_ms = ms(200 * 86_400)
    while mirror.writer.prune(HERE, at(150 * 86_400)):
        pass
    assert mirror.reader.thread(ref(Kind.THREAD, 1)) is None
    assert kept(mirror) == before
    mirror.now_ms = ms(500 * 86_400)
    while mirror.writer.prune(HERE, at(150 * 86_400)):
        pass
    assert kept(mirror) is None
    assert lines(mirror, Crew())[0] == []


def test_a_forgotten_member_is_somebody_else_without_a_name(mirror: Mirror) -> None:
    staff = StaffDays.of_groups([STAFF])
    mirror.writer.set_staff(HERE, staff)
    asked(mirror)
    answer(mirror, 2, 160)
    answer(mirror, 3, 170, HELPER)
    count(mirror)
    mirror.writer.forget_member(HELPER)
    assert [post.author for post in sure(mirror).posts] == ["1", "9", None]
    assert lines(mirror, staff.crew(HERE))[1] == [0]
    count(mirror)
    assert lines(mirror, staff.crew(HERE))[1] == []
    mirror.writer.forget_member(ASKER)
    assert sure(mirror).opener is None


def test_a_member_is_told_which_times_are_kept(mirror: Mirror) -> None:
    asked(mirror)
    answer(mirror, 2, 160, HELPER)
    answer(mirror, 12, 170)
    times = mirror.reader.export_member(HELPER)["times"]
    assert [(one["thread"], one["post"]) for one in times] == [("1", "2")]


def test_a_community_that_is_left_leaves_no_facts(mirror: Mirror) -> None:
    asked(mirror)
    answer(mirror, 2, 160, marks=(Mark.NOTE,))
    mirror.tell(events=[ThreadEvent(ref(Kind.THREAD, 1), Deed.CLOSED, at(300))])
    while mirror.writer.forget_community(HERE):
        pass
    connection = mirror.vault.connect(StoreFile.MIRROR)
    for table in ("thread_facts", "thread_lines", "thread_events", "post_marks"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    connection.close()


def test_the_platforms_staff_are_those_of_whom_it_is_read_and_who_look_after_a_forum(mirror: Mirror) -> None:
    mirror.tell(forums=[factory.forum(1, moderators=(HELPER,))], followers=[ref(Kind.MEMBER, 7)])
    reader = MirrorReader(mirror.vault)
    assert reader.platform_staff(HERE) == [HELPER, ref(Kind.MEMBER, 7), STAFF]
    reader.close()
