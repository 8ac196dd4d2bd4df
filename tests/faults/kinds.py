"""What can go wrong between a client and a server, and for which requests."""

import random
import re
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """One fault of the way. ``..._after``: the server has acted on the request."""

    DELAY = "delay"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    LATE = "late"
    SILENCE_LATE = "silence_late"
    TOO_MANY = "too_many"
    TOO_MANY_SECONDS = "too_many_seconds"
    TOO_MANY_DATE = "too_many_date"
    ERROR_500 = "error_500"
    ERROR_500_AFTER = "error_500_after"
    HTML_502 = "html_502"
    HTML_502_AFTER = "html_502_after"
    UNAVAILABLE_503 = "unavailable_503"
    TRUNCATED = "truncated"
    CUT_OFF = "cut_off"
    WRONG_JSON = "wrong_json"
    DRIP = "drip"
    STORED_400 = "stored_400"


ACTED = frozenset(
    {
        Kind.DELAY,
        Kind.DROP_AFTER,
        Kind.RESET_AFTER,
        Kind.ERROR_500_AFTER,
        Kind.HTML_502_AFTER,
        Kind.TRUNCATED,
        Kind.CUT_OFF,
        Kind.WRONG_JSON,
        Kind.DRIP,
        Kind.STORED_400,
    }
)
"""Faults after which the server has acted when the client hears of it."""

LATER = frozenset({Kind.LATE, Kind.SILENCE_LATE})
"""Faults in which the server acts only after the client gave up."""

QUICK = tuple(kind for kind in Kind if kind not in {Kind.DELAY, Kind.DRIP, Kind.SILENCE_LATE})
"""Faults that cost no real time."""


TELLING = (Kind.LATE, Kind.DROP_BEFORE, Kind.DROP_AFTER, Kind.STORED_400)
"""Faults after which nobody but the server can tell; half of all random ones are of these."""


@dataclass(slots=True)
class Rule:
    """A fault for requests whose method and path match, ``times`` times, after ``skip`` matches.

    ``seconds``: length of a delay, of the pause between two bytes of a drip, of the ``Retry-After``, or until a late
    request arrives.
    """

    kind: Kind
    path: str = ".*"
    method: str = ".*"
    times: int = 1
    skip: int = 0
    seconds: float = 0.0

    def takes(self, method: str, path: str) -> bool:
        """Whether this request is meant; counts."""
        if not self.times or not re.fullmatch(self.method, method) or not re.search(self.path, path):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass(slots=True)
class Chance:
    """Random faults by seed: what happens to the n-th request for a path depends on seed, path and n alone.

    So a run is the same whatever the order in which threads come. ``reads`` and ``writes`` are shares from 0 to 1.
    """

    seed: int
    reads: float
    writes: float
    kinds: tuple[Kind, ...] = QUICK
    latest: float = 60.0
    _counts: dict[str, int] = field(default_factory=dict)

    def rule(self, method: str, path: str) -> Rule | None:
        """What happens to this request."""
        name = f"{method} {path}"
        number = self._counts[name] = self._counts.get(name, 0) + 1
        dice = random.Random(f"{self.seed} {name} {number}")
        if dice.random() >= (self.reads if method == "GET" else self.writes):
            return None
        telling = [kind for kind in TELLING if kind in self.kinds] or self.kinds
        kind = dice.choice(telling if dice.random() < 0.5 else self.kinds)
        if method == "GET" and kind in LATER:
            return None
        return Rule(kind, seconds=round(dice.uniform(1.0, self.latest), 3))
