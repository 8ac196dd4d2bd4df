"""Staff × forums: how each follows each, who covers a forum, and in which way it is not covered (DESIGN section 9).

A forum is covered by a named owner, or by a follower at *watching* (at *tracking* only where that is not the site's
default), who wrote there within the last days (:data:`ACTIVE_DAYS`, a setting) and is not away. Levels are literal: who
watches a forum does not follow those below it, wherever it is moved. What could not be read is unknown, never green;
but only of somebody who could cover the forum at all, so that one person who cannot be read does not hide every gap.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from moderation.content import Forum, Level
from moderation.following.grid import CODE, CODES, Grid
from moderation.ids import Ref

ACTIVE_DAYS = 14


class Shown(StrEnum):
    """What a cell shows. ``no_choice``: nothing was chosen, or what cannot be told from that, the site's default."""

    WATCHING = "watching"
    WATCHING_FIRST = "watching_first"
    TRACKING = "tracking"
    NORMAL = "normal"
    MUTED = "muted"
    NO_CHOICE = "no_choice"
    UNKNOWN = "unknown"


SHOWN = tuple(Shown)
"""What a byte of :attr:`Matrix.cells` means."""
_FOLLOWS = frozenset({SHOWN.index(Shown.WATCHING), SHOWN.index(Shown.TRACKING)})
_UNKNOWN = SHOWN.index(Shown.UNKNOWN)


class Gap(StrEnum):
    """How a forum stands: the first two are covered."""

    COVERED = "covered"
    ONE_ONLY = "one_only"
    NOT_SEEN = "not_seen"
    ONLY_ABSENT = "only_absent"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


_COVERED = frozenset({Gap.COVERED, Gap.ONE_ONLY})


@dataclass(frozen=True, slots=True)
class Column:
    """One of the staff. ``account`` is ``None`` for a person who has none in this community. ``read_at`` is when it was
    read what the account follows, ``None``: it is unknown, ``why`` names the code of what stands in the way.

    ``absent_until`` is set while the person is away, ``barred`` when the account may not write now (muted or banned).
    """

    person: str
    account: Ref | None
    name: str
    team: str = ""
    read_at: datetime | None = None
    why: str = ""
    absent_until: datetime | None = None
    barred: bool = False

    @property
    def there(self) -> bool:
        """True for one who could answer now."""
        return self.absent_until is None and not self.barred


@dataclass(frozen=True, slots=True)
class Row:
    """A forum with how it is covered. ``followers``, ``present`` and ``owners`` are columns: who follows it, who of
    them and of the owners covers it, who is named.
    """

    forum: Forum
    gap: Gap
    last_there: datetime | None
    followers: tuple[int, ...] = ()
    present: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()

    @property
    def covered(self) -> bool | None:
        """``None``: unknown."""
        return None if self.gap is Gap.UNKNOWN else self.gap in _COVERED


@dataclass(frozen=True, slots=True)
class Rules:
    """``default`` is the level that the site gives whoever chose none; ``active`` is how long a post says that somebody
    is there; ``complete_since`` down to when the mirror knows all threads, ``None``: nobody knows.
    """

    default: Level | None
    active: timedelta = timedelta(days=ACTIVE_DAYS)
    complete_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows × columns, row by row. ``cells`` are places in :data:`SHOWN`; ``seen`` is 1 where the person wrote there
    lately, 2 where that is not known; ``last_ms`` is when (Unix ms, 0: not known).
    """

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    cells: bytes
    seen: bytes
    last_ms: Sequence[int] = field(default_factory=tuple)

    def shown(self, row: int, column: int) -> Shown:
        """What a cell shows."""
        return SHOWN[self.cells[row * len(self.columns) + column]]

    def last(self, row: int, column: int) -> datetime | None:
        """When the person wrote there last."""
        at = self.last_ms[row * len(self.columns) + column]
        return datetime.fromtimestamp(0, tz=UTC) + timedelta(milliseconds=at) if at else None

    def gaps(self) -> list[Row]:
        """Rows that are not covered, for certain."""
        return [row for row in self.rows if row.covered is False]

    def unread(self) -> list[Column]:
        """Of whom it is not known what they follow."""
        return [column for column in self.columns if column.account is not None and column.read_at is None]


def matrix(
    forums: Sequence[Forum],
    columns: Sequence[Column],
    grid: Grid,
    owners: Mapping[Ref, Sequence[Ref]],
    rules: Rules,
    now: datetime,
) -> Matrix:
    """Put it together; ``grid`` is of these forums and of the accounts of these columns, in their order. Owners that
    are in no column are not shown and cover nothing.
    """
    width = len(columns)
    place = {column.account: at for at, column in enumerate(columns) if column.account is not None}
    known = {member: at for at, member in enumerate(grid.members)}
    where = [known.get(column.account, -1) if column.account is not None else -1 for column in columns]
    whole = where == list(range(len(grid.members)))
    cells, seen, last_ms = bytearray(), bytearray(), []
    table = _translation(rules.default)
    maybe = 2 if rules.complete_since is None or rules.complete_since > now - rules.active else 0
    oldest = round((now - rules.active).timestamp() * 1000)
    unread = [at for at, column in enumerate(columns) if column.read_at is None]
    rows: list[Row] = []
    for number, forum in enumerate(forums):
        start = number * len(grid.members)
        levels = grid.levels[start : start + len(grid.members)].translate(table)
        last = grid.last_ms[start : start + len(grid.members)]
        shown = levels if whole else bytearray(levels[at] if at >= 0 else _UNKNOWN for at in where)
        for at in unread:
            shown[at] = _UNKNOWN
        when = list(last) if whole else [last[at] if at >= 0 else 0 for at in where]
        active = bytearray(1 if at >= oldest else maybe for at in when)
        named = tuple(place[owner] for owner in owners.get(forum.id, ()) if owner in place)
        rows.append(_row(forum, columns, bytes(shown), bytes(active), when, named))
        cells += shown
        seen += active
        last_ms += when
    assert len(cells) == width * len(forums)
    return Matrix(tuple(rows), tuple(columns), bytes(cells), bytes(seen), last_ms)


def _translation(default: Level | None) -> bytes:
    """From codes of a grid to what is shown: what cannot be told from no choice is none, watching apart."""
    table = bytearray(256)
    for code, level in enumerate(CODES):
        none = level is None or (level == default and level is not Level.WATCHING)
        table[code] = SHOWN.index(Shown.NO_CHOICE if none or level is None else Shown(level.value))
    assert CODE[None] == 0
    return bytes(table)


def _row(
    forum: Forum, columns: Sequence[Column], shown: bytes, active: bytes, when: Sequence[int], named: tuple[int, ...]
) -> Row:
    followers = tuple(at for at, code in enumerate(shown) if code in _FOLLOWS)
    candidates = tuple(dict.fromkeys((*named, *followers)))
    present = tuple(at for at in candidates if columns[at].there and active[at] == 1)
    newest = max(when, default=0)
    last = datetime.fromtimestamp(0, tz=UTC) + timedelta(milliseconds=newest) if newest else None
    gap = _gap(columns, candidates, present, shown, active)
    return Row(forum, gap, last, followers, present, named)


def _gap(
    columns: Sequence[Column], candidates: tuple[int, ...], present: tuple[int, ...], shown: bytes, active: bytes
) -> Gap:
    if present:
        return Gap.COVERED if len(present) > 1 else Gap.ONE_ONLY
    if any(columns[at].there and active[at] for at in _possible(columns, candidates, shown)):
        return Gap.UNKNOWN
    if not candidates:
        return Gap.NOBODY
    return Gap.NOT_SEEN if any(columns[at].there for at in candidates) else Gap.ONLY_ABSENT


def _possible(columns: Sequence[Column], candidates: tuple[int, ...], shown: bytes) -> Iterator[int]:
    """Who may cover it: those who do follow it, and those with an account of whom it is not known."""
    yield from candidates
    for at, code in enumerate(shown):
        if code == _UNKNOWN and columns[at].account is not None:
            yield at
