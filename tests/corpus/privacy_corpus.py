"""Reads the bilingual corpus of private data and measures what a finder finds of it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from moderation.privacy.spots import Spot

FOLDER = Path(__file__).parent / "privacy"
SETS = ("tuned", "untouched", "unseen")
LANGUAGES = ("en", "ja")
_MARK = re.compile(r"⟦([a-z_]+)(~?):([^⟧]*)⟧")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A marked place: ``quiet`` may be found, and must not alarm."""

    kind: str
    start: int
    end: int
    quiet: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A text without its marks, and where it stands."""

    place: str
    text: str
    wanted: tuple[Wanted, ...]


@dataclass(slots=True)
class Score:
    """Found rightly, found wrongly, missed."""

    hits: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.wrong) if self.hits + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    def add(self, other: "Score") -> None:
        self.hits += other.hits
        self.wrong += other.wrong
        self.missed += other.missed


@dataclass(slots=True)
class Result:
    """Scores by kind, texts judged as a whole (is it a candidate?), and each fault in words."""

    texts: int = 0
    kinds: dict[str, Score] = field(default_factory=dict)
    candidates: Score = field(default_factory=Score)
    faults: list[str] = field(default_factory=list)

    @property
    def total(self) -> Score:
        whole = Score()
        for score in self.kinds.values():
            whole.add(score)
        return whole


def texts(which: str, language: str) -> list[Text]:
    """The texts of one part."""
    path = FOLDER / f"{which}-{language}.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_text(f"{path.name}:{n}", line) for n, line in enumerate(lines, 1) if line and not line.startswith("#")]


def everything() -> list[Text]:
    """All parts in both languages."""
    return [text for which in SETS for language in LANGUAGES for text in texts(which, language)]


def _text(place: str, line: str) -> Text:
    line = line.replace("\\n", "\n")
    plain, wanted, last = "", [], 0
    for match in _MARK.finditer(line):
        plain += line[last : match.start()]
        if match[3]:
            wanted.append(Wanted(match[1], len(plain), len(plain) + len(match[3]), bool(match[2])))
        plain += match[3]
        last = match.end()
    return Text(place, plain + line[last:], tuple(wanted))


def measure(parts: Iterable[Text], find: Callable[[str], list[Spot]]) -> Result:
    """Compare: a mark counts as found where an alarming spot of its kind overlaps it; other alarms are wrong."""
    result = Result()
    for text in parts:
        result.texts += 1
        alarms = [spot for spot in find(text.text) if spot.alarms]
        loud = [wanted for wanted in text.wanted if not wanted.quiet]
        _judge(result, text, alarms, loud)
        result.candidates.hits += bool(alarms and loud)
        result.candidates.wrong += bool(alarms and not loud)
        result.candidates.missed += bool(loud and not alarms)
    return result


def _judge(result: Result, text: Text, alarms: list[Spot], loud: list[Wanted]) -> None:
    for wanted in loud:
        score = result.kinds.setdefault(wanted.kind, Score())
        if any(_same(spot, wanted) for spot in alarms):
            score.hits += 1
        else:
            score.missed += 1
            result.faults.append(f"{text.place}: missed {wanted.kind} {text.text[wanted.start : wanted.end]!r}")
    for spot in alarms:
        if not any(_same(spot, wanted) for wanted in loud):
            result.kinds.setdefault(spot.kind.value, Score()).wrong += 1
            said = text.text[spot.start : spot.end]
            result.faults.append(f"{text.place}: wrong {spot.kind.value} {said!r} ({spot.reason})")


def _same(spot: Spot, wanted: Wanted) -> bool:
    """Of the kind, and at least half of either lies in the other."""
    if spot.kind.value != wanted.kind:
        return False
    common = min(spot.end, wanted.end) - max(spot.start, wanted.start)
    return common * 2 >= max(spot.end - spot.start, wanted.end - wanted.start)
