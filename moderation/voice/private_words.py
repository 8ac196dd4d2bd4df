"""Words of private texts in a text for outsiders: runs of eight letters of their skeletons, and whole numbers.

Made once for a thread. Line breaks, markup, case, width, accents and characters without width hide nothing; other
words do, see docs/voice.md for the measured reach.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from moderation.bringing.guard import RUN
from moderation.bringing.model import PrivateText, Whose
from moderation.bringing.skeleton import bare, reduced, weight
from moderation.findings import Finding, Severity
from moderation.privacy.folding import FoldedText, fold

GRAM = 8
"""Characters of a skeleton that are compared at once."""
_STEP = 3
"""A run that tells enough has ten characters, so that one of three pieces in a row is one of its."""
MOST = 2_000_000
"""Characters of private texts that are compared; what is older than that is left out."""
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z](?:[0-9A-Za-z]|[-_./#](?=[0-9A-Za-z])){4,39}(?![0-9A-Za-z])")
_DIGITS = 4
_ORDER = (Whose.NOTE, Whose.CUSTOMER, Whose.OTHERS, Whose.STAFF)
_COMMON = (
    "Thank you very much for your patience and your understanding. Thank you for getting in touch with us.",
    "We are sorry for the inconvenience that this has caused you. Please let us know if you have any questions.",
    "If you have any further questions, please do not hesitate to contact us. We look forward to hearing from you.",
    "お問い合わせいただきありがとうございます。ご連絡いただきありがとうございます。ご不便をおかけして申し訳ございません。",
    "ご迷惑をおかけし誠に申し訳ございません。ご不明な点がございましたらお気軽にお問い合わせください。",
    "今後ともどうぞよろしくお願いいたします。引き続きよろしくお願い申し上げます。ご確認のほどよろしくお願いいたします。",
)
"""What everybody writes tells of nobody."""


@dataclass(frozen=True)
class _Bones:
    """The skeleton of a text, and what of it each character of the folded one gave."""

    text: str
    pieces: list[str]
    folded: FoldedText

    @cached_property
    def ends(self) -> list[int]:
        return list(accumulate(map(len, self.pieces)))

    def place(self, start: int, end: int) -> tuple[int, int]:
        return self.folded.back(self._at(start), self._at(end - 1) + 1)

    def _at(self, place: int) -> int:
        return bisect_right(self.ends, place)


class PrivateWords:
    """Private texts, made ready to be looked for. What stands in ``public`` too is not private."""

    def __init__(self, private: Iterable[PrivateText], public: Iterable[str] = ()) -> None:
        self._grams: dict[str, Whose] = {}
        self._numbers: dict[str, Whose] = {}
        left = MOST
        for one in sorted(private, key=lambda one: _ORDER.index(one.whose)):
            self._add(one.text[:left], one.whose)
            left -= min(left, len(one.text))
        for text in (*public, *_COMMON):
            for gram in _grams(bare(text)):
                self._grams.pop(gram, None)
            for number in _numbers(text):
                self._numbers.pop(number, None)

    def _add(self, text: str, whose: Whose) -> None:
        for gram in _grams(bare(text)):
            self._grams.setdefault(gram, whose)
        for number in _numbers(text):
            self._numbers.setdefault(number, whose)

    @property
    def empty(self) -> bool:
        """True when there is nothing to compare with."""
        return not self._grams and not self._numbers

    def look(self, folded: FoldedText) -> list[Finding]:
        """What of a text stands in private: the words of others than the staff block, those of the staff ask."""
        if self.empty:
            return []
        pieces = reduced(folded.text)
        bones = _Bones("".join(pieces), pieces, folded)
        found = [
            _finding(f"private_words_{whose}", whose, bones.place(*span)) for *span, whose in self._runs(bones.text)
        ]
        for number, whose in self._numbers.items():
            at = bones.text.find(number)
            if at >= 0 and _alone(bones.text, at, at + len(number)):
                found.append(_finding("private_number", whose, bones.place(at, at + len(number))))
        return found

    def _runs(self, text: str) -> Iterator[tuple[int, int, Whose]]:
        """Runs that are covered by known pieces and tell enough."""
        grams = self._grams
        last = len(text) - GRAM + 1
        if not any(text[at : at + GRAM] in grams for at in range(0, last, _STEP)):
            return
        start, end, whose = 0, -1, Whose.STAFF
        for at in range(last):
            known = grams.get(text[at : at + GRAM])
            if known is None:
                continue
            if at > end:
                yield from _enough(text, start, end, whose)
                start, whose = at, known
            whose = min(whose, known, key=_ORDER.index)
            end = at + GRAM
        yield from _enough(text, start, end, whose)


def _enough(text: str, start: int, end: int, whose: Whose) -> Iterator[tuple[int, int, Whose]]:
    if end > start and sum(map(weight, text[start:end])) >= RUN:
        yield start, end, whose


def _grams(text: str) -> Iterator[str]:
    return (text[at : at + GRAM] for at in range(len(text) - GRAM + 1))


def _numbers(text: str) -> Iterator[str]:
    """Numbers and codes, by their skeleton."""
    for written in _CODE.findall(fold(text).text):
        value = bare(written)
        if sum(map(str.isdigit, value)) >= _DIGITS:
            yield value


def _alone(text: str, start: int, end: int) -> bool:
    """No digit goes on before or behind it."""
    return not text[max(0, start - 1) : start].isdigit() and not text[end : end + 1].isdigit()


def _finding(rule: str, whose: Whose, place: tuple[int, int]) -> Finding:
    severity = Severity.ASK if whose is Whose.STAFF else Severity.BLOCK
    return Finding(rule, severity, place, "remove")
