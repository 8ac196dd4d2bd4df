"""Private data found in public posts: what waits, what is written, and that it goes with its post."""

from collections.abc import Iterator

import pytest

from moderation.errors import StoreError
from moderation.ids import Kind
from moderation.privacy.finder import Finder
from moderation.privacy.rules import Rules
from moderation.privacy.shown import Shown
from moderation.privacy.spots import Spot
from sync.mirror.spots import SpotKeeper
from sync.vault import StoreFile
from tests import factory
from tests.sync.mirror.place import Mirror

FINDER = Finder()


class Clock:
    """Goes on by a second whenever somebody looks."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


@pytest.fixture
def keeper(mirror: Mirror) -> Iterator[SpotKeeper]:
    made = SpotKeeper(mirror.vault, FINDER.find, "one", lambda: 0.0)
    yield made
    made.close()


def post(number: int, text: str, **facts: object) -> object:
    return factory.post(number, body=text, body_html=f"<p>{text}</p>", **facts)


def spots(mirror: Mirror) -> list[tuple[str, str, str]]:
    """Post, kind and snippet of all spots."""
    db = mirror.vault.connect(StoreFile.MIRROR)
    sql = """SELECT coalesce(p.native, t.native), s.kind, s.masked FROM spots AS s
        LEFT JOIN posts AS p ON p.key = s.post
        LEFT JOIN threads AS t ON t.key = s.post ORDER BY 1, s.n"""
    found = db.execute(sql).fetchall()
    db.close()
    return [tuple(row) for row in found]


def all_of(keeper: SpotKeeper) -> int:
    looked = 0
    while step := keeper.step(1.0)[0]:
        looked += step
    return looked


def test_new_posts_are_looked_at_once(mirror: Mirror, keeper: SpotKeeper) -> None:
    mirror.tell(posts=[post(1, "ask ines@example.com"), post(2, "nothing here")])
    assert keeper.lag() >= 2
    looked, records = keeper.step(1.0)
    assert looked >= 2
    assert [(record.table.value, record.ids) for record in records] == [("found", (f"{factory.HERE}:post:1",))]
    assert spots(mirror) == [("1", "email", "i…@e….com")]
    assert keeper.step(1.0) == (0, [])
    assert keeper.lag() == 0


def test_the_value_itself_is_nowhere_but_in_the_post(mirror: Mirror, keeper: SpotKeeper) -> None:
    mirror.tell(posts=[post(1, "password: Tr0ub4dor-77, ask ines@example.com")])
    all_of(keeper)
    db = mirror.vault.connect(StoreFile.MIRROR)
    rows = [str(row) for table in ("spots", "spotted", "spots_state") for row in db.execute(f"SELECT * FROM {table}")]
    db.close()
    assert rows
    assert not [row for row in rows if "Tr0ub" in row or "ines@" in row]


def test_an_edited_post_is_looked_at_again_and_only_then(mirror: Mirror, keeper: SpotKeeper) -> None:
    mirror.tell(posts=[post(1, "ask ines@example.com")])
    all_of(keeper)
    mirror.tell(posts=[post(1, "ask ines@example.com", votes=7)])
    assert all_of(keeper) == 0
    mirror.tell(posts=[post(1, "ask nobody")])
    assert all_of(keeper) == 1
    assert spots(mirror) == []


def test_titles_are_looked_at_too(mirror: Mirror, keeper: SpotKeeper) -> None:
    mirror.tell(threads=[factory.thread(5, title="Order number 7730215 lost")])
    all_of(keeper)
    assert [(native, kind) for native, kind, _ in spots(mirror)] == [("5", "order")]


def test_private_forums_have_no_candidates_and_what_turns_private_loses_them(
    mirror: Mirror, keeper: SpotKeeper
) -> None:
    mirror.tell(threads=[factory.thread(1, in_forum=1), factory.thread(2, in_forum=2)])
    mirror.tell(
        posts=[
            post(1, "ask ines@example.com", in_thread=1, in_forum=1),
            post(2, "or bo@example.com", in_thread=2, in_forum=2),
        ]
    )
    all_of(keeper)
    assert [native for native, _, _ in spots(mirror)] == ["1"]
    mirror.tell(forums=[factory.forum(1, private=True)])
    assert spots(mirror) == []
    mirror.tell(forums=[factory.forum(1, private=False)])
    all_of(keeper)
    assert [native for native, _, _ in spots(mirror)] == ["1"]


def test_what_is_erased_takes_its_spots_along(mirror: Mirror, keeper: SpotKeeper) -> None:
    mirror.tell(
        threads=[factory.thread(1)], posts=[post(1, "ask ines@example.com", in_thread=1), post(2, "a@example.com")]
    )
    mirror.tell(posts=[post(3, "not looked at yet: bo@example.com")])
    all_of(keeper)
    assert len(spots(mirror)) == 3
    mirror.tell(gone=[factory.ref(Kind.POST, 1), factory.ref(Kind.POST, 2), factory.ref(Kind.POST, 3)])
    assert spots(mirror) == []
    assert keeper.lag() == 0


def test_a_forgotten_member_leaves_no_spots(mirror: Mirror, keeper: SpotKeeper) -> None:
    mirror.tell(posts=[post(1, "ask ines@example.com", author=factory.ref(Kind.MEMBER, 7))])
    all_of(keeper)
    mirror.writer.forget_member(factory.ref(Kind.MEMBER, 7))
    assert all_of(keeper) <= 1
    assert spots(mirror) == []


def test_what_the_mirror_lets_go_of_takes_its_spots_along(mirror: Mirror, keeper: SpotKeeper) -> None:
    mirror.tell(threads=[factory.thread(1)], posts=[post(1, "ask ines@example.com"), post(2, "or bo@example.com")])
    all_of(keeper)
    assert len(spots(mirror)) == 2
    assert mirror.writer.prune(factory.HERE, factory.at(86400 * 365)) > 0
    assert spots(mirror) == []


def test_another_finder_looks_at_everything_anew_newest_first(mirror: Mirror, keeper: SpotKeeper) -> None:
    mirror.tell(posts=[post(number, f"call Ann Lee, number {number}") for number in range(1, 6)])
    all_of(keeper)
    assert spots(mirror) == []
    seen: list[str] = []

    def find(shown: Shown, salt: str) -> list[Spot]:
        seen.append(salt.rpartition(":")[2])
        return Finder(Rules(names=("Ann Lee",))).find(shown, salt)

    keeper.renew(find, "two")
    keeper.renew(find, "two")
    assert keeper.lag() >= 5
    assert all_of(keeper) >= 5
    assert [number for number in seen if number in "12345"][:5] == ["5", "4", "3", "2", "1"]
    assert len(spots(mirror)) == 5
    assert all_of(keeper) == 0


def test_the_same_finder_begins_nothing_anew_after_a_restart(mirror: Mirror, keeper: SpotKeeper) -> None:
    mirror.tell(posts=[post(1, "ask ines@example.com")])
    all_of(keeper)
    again = SpotKeeper(mirror.vault, FINDER.find, "one", lambda: 0.0)
    assert again.lag() == 0
    again.close()


def test_a_slice_ends_in_time_and_goes_on_where_it_stopped(mirror: Mirror) -> None:
    mirror.tell(posts=[post(number, "ask ines@example.com") for number in range(1, 8)])
    keeper = SpotKeeper(mirror.vault, FINDER.find, "one", Clock())
    assert keeper.step(2.0)[0] == 2
    mirror.tell(posts=[post(99, "newer: bo@example.com")])
    assert keeper.step(1.0)[0] == 1
    assert ("99", "email", "b…@e….com") in spots(mirror)
    keeper.close()
    other = SpotKeeper(mirror.vault, FINDER.find, "one", lambda: 0.0)
    all_of(other)
    assert len(spots(mirror)) == 8
    other.close()


def test_a_text_that_changes_while_it_is_looked_at_waits_on(mirror: Mirror) -> None:
    mirror.tell(posts=[post(1, "ask ines@example.com")])

    def find(shown: Shown, salt: str) -> list[Spot]:
        if "ines" in shown.text:
            mirror.tell(posts=[post(1, "ask bo@example.com")])
        return FINDER.find(shown, salt)

    keeper = SpotKeeper(mirror.vault, find, "one", lambda: 0.0)
    keeper.step(1.0)
    assert spots(mirror) == []
    all_of(keeper)
    assert spots(mirror) == [("1", "email", "b…@e….com")]
    keeper.close()


def test_a_mirror_that_was_begun_anew_gets_its_tables(mirror: Mirror, keeper: SpotKeeper) -> None:
    mirror.writer.refill()
    with pytest.raises(StoreError, match="mirror_refilled"):
        mirror.tell()
    mirror.tell(forums=[factory.forum(1)], posts=[post(1, "ask ines@example.com")])
    all_of(keeper)
    assert len(spots(mirror)) == 1
