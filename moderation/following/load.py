"""Who follows too much, and who could follow a forum: those who answer there anyway."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from moderation.following.grid import Answerer
from moderation.following.matrix import Column, Matrix
from moderation.ids import Ref
from moderation.persons import Permit

MOST_FORUMS = 12
"""Who follows more forums than this follows none of them well; a setting."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one of the staff follows: ``follows`` forums, in ``present_in`` of them seen lately; ``alone`` in those that
    nobody else covers.
    """

    column: int
    follows: int
    present_in: int
    alone: int
    too_much: bool


def loads(matrix: Matrix, most: int = MOST_FORUMS) -> list[Load]:
    """One a column, in their order."""
    width = len(matrix.columns)
    follows, present, alone = [0] * width, [0] * width, [0] * width
    for row in matrix.rows:
        for at in row.followers:
            follows[at] += 1
        for at in row.present:
            present[at] += at in row.followers
            alone[at] += len(row.present) == 1
    return [Load(at, follows[at], present[at], alone[at], follows[at] > most) for at in range(width)]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody who answers in a forum. ``column`` is the place among the staff, ``None`` for a customer; ``follows``:
    already, ``there``: not away. ``answers`` and ``last_at`` are ``None`` where there is no leave to see figures of
    others.
    """

    member: Ref
    name: str
    answers: int | None
    last_at: datetime | None
    column: int | None
    follows: bool = False
    there: bool = True

    @property
    def kind(self) -> str:
        """Who that is: ``customer``, ``follower`` already, ``absent`` or another ``colleague``."""
        if self.column is None:
            return "customer"
        if self.follows:
            return "follower"
        return "colleague" if self.there else "absent"


def suggestions(matrix: Matrix, row: int, answerers: Sequence[Answerer], permit: Permit, me: Ref) -> list[Suggestion]:
    """Staff who answer there and do not follow it first, then those who do, then customers.

    With leave to see figures of others, and where as many of the staff answered as are a group, whoever answered most
    comes first. Else nobody but ``me`` has figures, and all come by name.
    """
    place = {column.account: at for at, column in enumerate(matrix.columns) if column.account is not None}
    found = [_suggested(matrix, row, one, place.get(one.member)) for one in answerers]
    staff = sum(one.column is not None for one in found)
    if permit.only is None and staff >= permit.least_group:
        return sorted(found, key=lambda one: (*_standing(one), -(one.answers or 0)))
    bare = [one if one.member == me else replace(one, answers=None, last_at=None) for one in found]
    return sorted(bare, key=lambda one: (*_standing(one), one.name.casefold(), one.member.native))


def _standing(one: Suggestion) -> tuple[bool, bool, bool]:
    return one.column is None, one.follows, not one.there


def _suggested(matrix: Matrix, row: int, one: Answerer, at: int | None) -> Suggestion:
    column: Column | None = None if at is None else matrix.columns[at]
    name = (column.name if column is not None else one.name) or one.member.native
    follows = at is not None and at in matrix.rows[row].followers
    return Suggestion(one.member, name, one.answers, one.last_at, at, follows, column is None or column.there)
