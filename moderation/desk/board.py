"""Several communities on one board: a row a forum, a column a colleague, whatever accounts the colleague has where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import chain

from moderation.content import Forum, Level
from moderation.desk.following import Followed
from moderation.following.matrix import SHOWN, Column, Gap, Row, Shown
from moderation.ids import Ref

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Look(StrEnum):
    """What a cell of the board is drawn as: what :class:`Shown` says, and whether who follows was seen there lately.

    ``no_account``: the person has none in the forum's community.
    """

    WATCHING = "watching"
    WATCHING_UNSEEN = "watching_unseen"
    WATCHING_FIRST = "watching_first"
    TRACKING = "tracking"
    TRACKING_UNSEEN = "tracking_unseen"
    NORMAL = "normal"
    MUTED = "muted"
    NO_CHOICE = "no_choice"
    UNKNOWN = "unknown"
    NO_ACCOUNT = "no_account"


LOOKS = tuple(Look)
"""What a byte of :attr:`Board.looks` means."""
_NO_ACCOUNT = LOOKS.index(Look.NO_ACCOUNT)
_UNSEEN = {Shown.WATCHING: Look.WATCHING_UNSEEN, Shown.TRACKING: Look.TRACKING_UNSEEN}
_NOT_SEEN = 128
_ABSENCE = bytes(_NOT_SEEN if seen == 0 else 0 for seen in range(256))
"""From a byte of a matrix's ``seen`` to what is added to that of its ``cells``."""
_TABLE = bytes(
    LOOKS.index(_UNSEEN.get(shown, Look(shown.value)) if code >= _NOT_SEEN else Look(shown.value))
    for code in range(256)
    for shown in (SHOWN[code % _NOT_SEEN % len(SHOWN)],)
)
"""From the sum of both to a look."""


class Standing(StrEnum):
    """How a forum stands on the board: its gap, or that the team expects no answer there and nobody has to cover it."""

    COVERED = "covered"
    ONE_ONLY = "one_only"
    NOT_SEEN = "not_seen"
    ONLY_ABSENT = "only_absent"
    NOBODY = "nobody"
    UNKNOWN = "unknown"
    NOT_EXPECTED = "not_expected"


GAPS = frozenset({Standing.NOT_SEEN, Standing.ONLY_ABSENT, Standing.NOBODY})
_RANK = {
    standing: rank
    for rank, standing in enumerate(
        (
            Standing.NOBODY, Standing.ONLY_ABSENT, Standing.NOT_SEEN, Standing.UNKNOWN, Standing.ONE_ONLY,
            Standing.COVERED, Standing.NOT_EXPECTED,
        )
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colleague:
    """A column of the board. ``key`` is the person's id in the roster, else the account's; ``columns`` are those of the
    communities' own matrices, by community.
    """

    key: str
    name: str
    team: str
    columns: Mapping[str, Column]

    def account(self, community: str) -> Ref | None:
        """The account in a community, ``None`` without one there."""
        column = self.columns.get(community)
        return column.account if column is not None else None

    @property
    def absent_until(self) -> datetime | None:
        """Set while the person is away."""
        return next((column.absent_until for column in self.columns.values() if column.absent_until), None)

    @property
    def unread(self) -> list[Column]:
        """Accounts of which it is not known what they follow."""
        return [one for one in self.columns.values() if one.account is not None and one.read_at is None]


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the board. ``followers``, ``present`` and ``owners`` are columns of the board."""

    forum: Forum
    standing: Standing
    last_there: datetime | None
    followers: tuple[int, ...] = ()
    present: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()

    @property
    def community(self) -> str:
        """Where the forum is."""
        return self.forum.id.community

    @property
    def is_gap(self) -> bool:
        """Nobody covers it, for certain, and somebody should."""
        return self.standing in GAPS


@dataclass(frozen=True, slots=True)
class Board:
    """Places × people, row by row. ``looks`` are places in :data:`LOOKS`, ``last_ms`` when the person wrote there last
    (Unix ms, 0: not known). ``told`` is what the communities said, in their order. ``wanted`` are cells whose level is
    on its way to the server, by their place in ``looks``: they change nothing of what is counted.
    """

    places: tuple[Place, ...] = ()
    people: tuple[Colleague, ...] = ()
    looks: bytes = b""
    last_ms: Sequence[int] = ()
    told: tuple[Followed, ...] = ()
    totals: tuple[int, ...] = field(default_factory=tuple)
    wanted: Mapping[int, Look] = field(default_factory=dict)

    def on_its_way(self, place: int, person: int) -> Look | None:
        """What a cell is going to be, while that is on its way."""
        return self.wanted.get(place * len(self.people) + person)

    def look(self, place: int, person: int) -> Look:
        """What a cell is drawn as."""
        return LOOKS[self.looks[place * len(self.people) + person]]

    def last(self, place: int, person: int) -> datetime | None:
        """When the person wrote there last."""
        at = self.last_ms[place * len(self.people) + person]
        return _EPOCH + timedelta(milliseconds=at) if at else None

    def gaps(self) -> int:
        """How many forums nobody covers."""
        return sum(place.is_gap for place in self.places)

    def followed(self, community: str) -> Followed:
        """What a community said."""
        return next(one for one in self.told if one.community == community)

    def watched(self, person: int, community: str) -> int:
        """How many forums of a community somebody watches: what could be handed over."""
        looks = (self.look(at, person) for at, place in enumerate(self.places) if place.community == community)
        return sum(look in {Look.WATCHING, Look.WATCHING_UNSEEN} for look in looks)

    def position(self, forum: str) -> int:
        """Row of a forum (id), -1 where it is not here."""
        return next((at for at, place in enumerate(self.places) if str(place.forum.id) == forum), -1)

    def column(self, key: str) -> int:
        """Column of a person, -1 for one who is not here."""
        return next((at for at, person in enumerate(self.people) if person.key == key), -1)


def board(told: Sequence[Followed], expected: Sequence[Sequence[bool]]) -> Board:
    """Put communities together, their forums one after the other; ``expected`` says of each row of each of them whether
    an answer is expected there.
    """
    people, ways = _people(told)
    places: list[Place] = []
    looks, last_ms = bytearray(), list[int]()
    totals = [0] * len(people)
    for one, wanted, way in zip(told, expected, ways, strict=True):
        alike = way == list(range(len(one.matrix.columns)))
        back = None if alike else {column: at for at, column in enumerate(way) if column >= 0}
        places += [_place(one, number, row, back, wanted=wanted[number]) for number, row in enumerate(one.matrix.rows)]
        for at, column in enumerate(way):
            totals[at] += one.loads[column].follows if column >= 0 else 0
        looks += _looks(one, None if alike else way)
        last_ms += one.matrix.last_ms if alike else _lasts(one, way)
    return Board(tuple(places), tuple(people), bytes(looks), last_ms, tuple(told), tuple(totals))


def laid_over(found: Board, wanted: Mapping[tuple[Ref, Ref], Level]) -> Board:
    """The board with levels that are on their way, by forum and account."""
    cells: dict[int, Look] = {}
    for (forum, account), level in wanted.items():
        place = found.position(str(forum))
        person = next((at for at, one in enumerate(found.people) if one.account(forum.community) == account), -1)
        if place >= 0 and person >= 0:
            cells[place * len(found.people) + person] = Look(level.value)
    return replace(found, wanted=cells) if cells else found


def _people(told: Sequence[Followed]) -> tuple[list[Colleague], list[list[int]]]:
    """Everybody once, in the order met; and by community, for each of them, the column there (-1: no account)."""
    columns: dict[str, dict[str, Column]] = {}
    numbers: list[dict[str, int]] = []
    for one in told:
        known: dict[str, int] = {}
        for at, column in enumerate(one.matrix.columns):
            key = column.person or str(column.account)
            columns.setdefault(key, {})[one.community] = column
            known[key] = at
        numbers.append(known)
    people = [_colleague(key, found) for key, found in columns.items()]
    ways = [
        [_way(one, known.get(person.key, -1)) for person in people] for one, known in zip(told, numbers, strict=True)
    ]
    return people, ways


def _colleague(key: str, found: Mapping[str, Column]) -> Colleague:
    first = next(iter(found.values()))
    return Colleague(key, first.name, first.team, found)


def _way(one: Followed, column: int) -> int:
    return column if column >= 0 and one.matrix.columns[column].account is not None else -1


def _place(one: Followed, number: int, row: Row, back: Mapping[int, int] | None, *, wanted: bool) -> Place:
    def here(columns: tuple[int, ...]) -> tuple[int, ...]:
        if back is None:
            return columns
        return tuple(sorted(back[at] for at in columns if at in back))

    standing = Standing(str(row.gap if one.confirmed else Gap.UNKNOWN))
    if not wanted and one.covered(number) is not True:
        standing = Standing.NOT_EXPECTED
    present = here(row.present) if one.confirmed else ()
    return Place(row.forum, standing, row.last_there, here(row.followers), present, here(row.owners))


def _looks(one: Followed, way: Sequence[int] | None) -> bytes:
    """What all cells of a community are drawn as, with the board's columns; without a way these are its own.

    Cells are added as one long number: no byte of it grows past 255, and that is a hundred times as quick as a loop.
    """
    width, size = len(one.matrix.columns), len(one.matrix.cells)
    both = int.from_bytes(one.matrix.cells) + int.from_bytes(one.matrix.seen.translate(_ABSENCE))
    plain = both.to_bytes(size).translate(_TABLE)
    if way is None:
        return plain
    rows = (plain[number * width : (number + 1) * width] for number in range(len(one.matrix.rows)))
    return b"".join(bytes([row[at] if at >= 0 else _NO_ACCOUNT for at in way]) for row in rows)


def _lasts(one: Followed, way: Sequence[int]) -> list[int]:
    width = len(one.matrix.columns)
    rows = (one.matrix.last_ms[number * width : (number + 1) * width] for number in range(len(one.matrix.rows)))
    return list(chain.from_iterable([row[at] if at >= 0 else 0 for at in way] for row in rows))


class Order(StrEnum):
    """How rows are sorted: as the community has them, the worst first, by name, whoever was missed longest first."""

    COMMUNITY = "community"
    STANDING = "standing"
    NAME = "name"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What of a board is shown, and in which order. ``text`` narrows forums and people down by name or team, ``team``
    people by their whole team; ``gaps``: only what nobody covers.
    """

    order: Order = Order.COMMUNITY
    text: str = ""
    team: str = ""
    gaps: bool = False

    @property
    def narrowed(self) -> bool:
        """True when something is left out."""
        return bool(self.text or self.team or self.gaps)


def arranged(found: Board, how: Arrangement) -> tuple[list[int], list[int]]:
    """Places and people to be shown, in their order.

    A text that fits forums narrows these down, one that fits people them; one that fits both does both, one that fits
    nothing leaves nothing.
    """
    rows = [at for at, place in enumerate(found.places) if not how.gaps or place.is_gap]
    columns = [at for at, person in enumerate(found.people) if not how.team or person.team == how.team]
    wanted = " ".join(how.text.casefold().split())
    if wanted:
        named = [at for at in rows if wanted in found.places[at].forum.name.casefold()]
        meant = [at for at in columns if _fits(found.people[at], wanted)]
        rows = named if named or not meant else rows
        columns = meant or columns
    keys = {
        Order.STANDING: lambda at: (_RANK[found.places[at].standing], at),
        Order.NAME: lambda at: (found.places[at].forum.name.casefold(), at),
        Order.LAST: lambda at: (found.places[at].last_there or _EPOCH, at),
    }
    return (sorted(rows, key=keys[how.order]) if how.order in keys else rows), columns


def _fits(person: Colleague, wanted: str) -> bool:
    return wanted in person.name.casefold() or wanted in person.team.casefold()


def teams(found: Board) -> list[str]:
    """Names of all teams."""
    return sorted({person.team for person in found.people if person.team}, key=str.casefold)
