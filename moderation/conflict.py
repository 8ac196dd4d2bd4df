"""Was somebody else first? Judged from the server's history after the version that the person saw (DESIGN section 5,
point 8).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from moderation.ids import Ref
from moderation.items import Change, HistoryEntry, ItemState


class Judgement(StrEnum):
    """What follows for the decision."""

    CLEAR = "clear"
    CONFLICT = "conflict"
    SAME = "same"
    LOOK_AGAIN = "look_again"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement with the entry that decided it: who did what, when (for both sides of the comparison)."""

    judgement: Judgement
    entry: HistoryEntry | None = None
    changed: tuple[tuple[str, str], ...] = ()

    @property
    def clear(self) -> bool:
        """True when the decision may go out."""
        return self.judgement is Judgement.CLEAR

    def facts(self) -> dict[str, str | None]:
        """For the journal: JSON."""
        facts: dict[str, str | None] = {"code": str(self.judgement), **{f"now_{k}": v for k, v in self.changed}}
        if self.entry is not None:
            facts |= {"by": str(self.entry.by) if self.entry.by else None, "by_name": self.entry.by_name}
            facts |= {
                "at": self.entry.at.isoformat(),
                **{f"their_{what}": value for what, value in self.entry.changes.items()},
            }
        return facts


def judge(
    entries: Sequence[HistoryEntry],
    *,
    me: Ref,
    wanted: ItemState | None,
    state_now: ItemState | None,
    already: bool = False,
    gone: bool = False,
    changed: Mapping[str, str] | None = None,
) -> Verdict:
    """Compare what happened since the person looked with what the person wants.

    ``entries`` are the history entries after the seen version, in any order. A change of state or assignee by another
    account is a conflict, even beneath a newer entry of one's own; ``same`` when that colleague already made the
    wanted state. A further report asks to look again. Entries of one's own, and notes, change nothing. ``changed``
    names fields of things without a history.
    """
    if gone:
        return Verdict(Judgement.GONE)
    others = sorted((entry for entry in entries if entry.by != me), key=lambda entry: entry.at)
    decided = [entry for entry in others if Change.STATE in entry.changes or Change.ASSIGNEE in entry.changes]
    reported = [entry for entry in others if Change.REPORT in entry.changes]
    differing = tuple(sorted((changed or {}).items()))
    if decided:
        last = decided[-1]
        same = wanted is not None and last.changes.get(Change.STATE) == wanted and state_now in {wanted, None}
        return Verdict(Judgement.SAME if same else Judgement.CONFLICT, last, differing)
    if differing:
        return Verdict(Judgement.CONFLICT, None, differing)
    if already:
        return Verdict(Judgement.SAME, None)
    if reported:
        return Verdict(Judgement.LOOK_AGAIN, reported[-1])
    return Verdict(Judgement.CLEAR)
