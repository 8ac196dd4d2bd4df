"""Forums that nobody looks after, from the matrix of the staff."""

from collections.abc import Sequence

from moderation.alarms.model import AlarmKind, Condition, Observed
from moderation.following.matrix import Gap, Matrix, Row

_KINDS = {
    Gap.NOBODY: AlarmKind.UNCOVERED,
    Gap.NOT_SEEN: AlarmKind.UNCOVERED,
    Gap.ONLY_ABSENT: AlarmKind.ONLY_ABSENT,
}
ABOUT_GAPS = (AlarmKind.UNCOVERED, AlarmKind.ONLY_ABSENT)


def gaps(matrix: Matrix, expected: Sequence[bool]) -> Observed:
    """What is not covered. ``expected``, a row each: an answer is expected there. Forums that customers cannot read are
    left out; of one of which it is not known whether it is covered nothing begins and nothing ends.
    """
    conditions: list[Condition] = []
    undecided: set[str] = set()
    for row, wanted in zip(matrix.rows, expected, strict=True):
        if not wanted or row.forum.private is not False:
            continue
        if row.gap is Gap.UNKNOWN:
            undecided |= {f"{kind}:{row.forum.id}" for kind in ABOUT_GAPS}
        elif row.gap in _KINDS:
            conditions.append(_condition(row))
    return Observed(tuple(conditions), frozenset(undecided))


def _condition(row: Row) -> Condition:
    followers = len({*row.followers, *row.owners})
    return Condition(_KINDS[row.gap], row.forum.id, row.forum.id, {"followers": followers})
