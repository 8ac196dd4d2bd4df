"""Several communities on one board: everybody once, whatever accounts they have; what is shown, in which order."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from moderation.content import Forum, Level
from moderation.desk.board import Arrangement, Board, Look, Order, Standing, arranged, board, laid_over, teams
from moderation.desk.following import Followed
from moderation.following.grid import CODE, Grid
from moderation.following.load import loads
from moderation.following.matrix import Column, Rules, matrix
from moderation.ids import Kind, Ref

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ONE, TWO = "one.example", "two.example"
RULES = Rules(Level.NORMAL, complete_since=NOW - timedelta(days=90))


def column(name: str, where: str, number: int, *, team: str = "", away: bool = False, account: bool = True) -> Column:
    """One of the staff in a community."""
    ref = Ref(where, Kind.MEMBER, str(number)) if account else None
    until = NOW + timedelta(days=3) if away else None
    return Column(name.lower(), ref, name, team, NOW if account else None, "" if account else "no_account", until)


def told(
    where: str, columns: Sequence[Column], forums: Mapping[str, Mapping[str, tuple[Level, float]]],
    *, confirmed: bool = True,
) -> Followed:  # fmt: skip
    """What a community says: by forum and person the level, and how many days ago the person wrote there."""
    places = [Forum(Ref(where, Kind.FORUM, str(at)), name) for at, name in enumerate(forums, 1)]
    members = [one.account for one in columns if one.account is not None]
    grid = Grid.empty([place.id for place in places], members)
    for row, follows in enumerate(forums.values()):
        for person, (level, days) in follows.items():
            at = next(n for n, one in enumerate(c for c in columns if c.account) if one.person == person)
            grid.levels[row * len(members) + at] = CODE[level]
            grid.last_ms[row * len(members) + at] = round((NOW - timedelta(days=days)).timestamp() * 1000)
    found = matrix(places, columns, grid, {}, RULES, NOW)
    return Followed(where, found, tuple(loads(found)), confirmed, True, Level.NORMAL, 14, NOW, RULES.complete_since)


W, T = Level.WATCHING, Level.TRACKING
HERE = [
    column("Ada", ONE, 1, team="Care"),
    column("Bo", ONE, 2, away=True),
    column("Cy", ONE, 3, team="Lines", account=False),
]
THERE = [column("Cy", TWO, 9, team="Lines"), column("Ada", TWO, 8, team="Care"), column("Bo", TWO, 7, account=False)]
FORUMS = {"Billing": {"ada": (W, 1)}, "Mesh": {"bo": (W, 2)}, "Mobile": {"ada": (T, 30)}, "Hello": {}}


def both(*, confirmed: bool = True, expected: Sequence[bool] = (True,) * 4) -> Board:
    """Two communities; Bo is away and has no account in the second one, Cy none in the first."""
    first = told(ONE, HERE, FORUMS, confirmed=confirmed)
    second = told(TWO, THERE, {"請求": {"cy": (W, 1), "ada": (W, 2)}})
    return board([first, second], [expected, [True]])


def test_everybody_has_one_column_and_every_forum_one_row() -> None:
    found = both()
    assert [person.name for person in found.people] == ["Ada", "Bo", "Cy"]
    assert [place.forum.name for place in found.places] == ["Billing", "Mesh", "Mobile", "Hello", "請求"]
    assert found.people[0].account(ONE) == Ref(ONE, Kind.MEMBER, "1")
    assert found.people[0].account(TWO) == Ref(TWO, Kind.MEMBER, "8")
    assert found.people[2].account(ONE) is None
    assert [found.look(4, at) for at in range(3)] == [Look.WATCHING, Look.NO_ACCOUNT, Look.WATCHING]
    assert found.look(0, 2) is Look.NO_ACCOUNT
    assert found.places[4].present == (0, 2)
    assert found.last(4, 2) == NOW - timedelta(days=1)
    assert found.totals == (3, 1, 1)
    assert (found.watched(0, ONE), found.watched(0, TWO), found.watched(1, TWO)) == (1, 1, 0)


def test_what_is_on_its_way_is_laid_over_and_counts_for_nothing() -> None:
    found = both()
    forum, elsewhere = found.places[3].forum.id, Ref(ONE, Kind.FORUM, "99")
    account = found.people[0].account(ONE)
    assert account is not None
    over = laid_over(found, {(forum, account): W, (elsewhere, account): W, (forum, Ref(ONE, Kind.MEMBER, "99")): W})
    assert (over.on_its_way(3, 0), over.look(3, 0)) == (Look.WATCHING, found.look(3, 0))
    assert [over.on_its_way(place, 0) for place in (0, 1, 2, 4)] == [None] * 4
    assert (over.gaps(), over.totals) == (found.gaps(), found.totals)
    assert laid_over(found, {}) is found


def test_a_follower_who_was_not_seen_looks_otherwise() -> None:
    found = both()
    assert found.look(2, 0) is Look.TRACKING_UNSEEN
    assert found.look(0, 0) is Look.WATCHING
    assert found.look(3, 0) is Look.NO_CHOICE


def test_gaps_are_what_nobody_covers_where_an_answer_is_expected() -> None:
    assert [place.standing for place in both().places] == [
        Standing.ONE_ONLY, Standing.ONLY_ABSENT, Standing.NOT_SEEN, Standing.NOBODY, Standing.COVERED,
    ]  # fmt: skip
    assert both().gaps() == 3
    found = both(expected=(False, True, True, False))
    assert [place.standing for place in found.places][::3] == [Standing.ONE_ONLY, Standing.NOT_EXPECTED]
    assert found.gaps() == 2


def test_before_the_staff_is_confirmed_nothing_is_a_gap() -> None:
    found = both(confirmed=False)
    assert {place.standing for place in found.places[:4]} == {Standing.UNKNOWN}
    assert found.places[0].present == ()
    assert found.gaps() == 0


def test_a_community_without_anybody_has_its_forums_all_the_same() -> None:
    found = board(
        [told(ONE, [], {name: {} for name in FORUMS}), told(TWO, THERE, {"請求": {"cy": (W, 1)}})], [[True] * 4, [True]]
    )
    assert len(found.looks) == len(found.last_ms) == len(found.places) * len(found.people) == 15
    assert found.look(0, 0) is Look.NO_ACCOUNT
    assert found.look(4, 0) is Look.WATCHING


def names(found: Board, how: Arrangement) -> tuple[list[str], list[str]]:
    rows, columns = arranged(found, how)
    return [found.places[at].forum.name for at in rows], [found.people[at].name for at in columns]


def test_rows_are_sorted_the_worst_first_by_name_or_by_who_was_missed_longest() -> None:
    found = both()
    assert names(found, Arrangement(Order.STANDING))[0] == ["Hello", "Mesh", "Mobile", "Billing", "請求"]
    assert names(found, Arrangement(Order.NAME))[0] == ["Billing", "Hello", "Mesh", "Mobile", "請求"]
    assert names(found, Arrangement(Order.LAST))[0] == ["Hello", "Mobile", "Mesh", "Billing", "請求"]


def test_a_text_narrows_down_forums_or_people_whichever_it_fits() -> None:
    found = both()
    assert names(found, Arrangement(text=" MESH ")) == (["Mesh"], ["Ada", "Bo", "Cy"])
    assert names(found, Arrangement(text="lines")) == (names(found, Arrangement())[0], ["Cy"])
    assert names(found, Arrangement(text="nothing"))[0] == []
    assert names(found, Arrangement(team="Care", gaps=True)) == (["Mesh", "Mobile", "Hello"], ["Ada"])
    assert teams(found) == ["Care", "Lines"]
