"""A text reduced to what stays when somebody retypes it: letters and digits of one case and one width, each with its
place.

Blanks, line breaks, punctuation, markup, accents and characters without width are gone; katakana reads as hiragana, and
letters of other alphabets that look like Latin ones read as those. Two texts that differ in nothing else are equal.
"""

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass

from moderation.privacy.folding import fold

_KATAKANA = range(ord("ァ"), ord("ヶ") + 1)
_TO_HIRAGANA = ord("ァ") - ord("ぁ")
_LOOKALIKES = dict(zip("аеорсухіјѕԁһԛԝьαοερνικτυ", "aeopcyxijsdhqwbaoepviktu", strict=True))
_LATIN, _KANA, _KANJI = 2, 3, 5


class _Reduced(dict[str, str]):
    """Characters by what is left of them, worked out once each."""

    def __missing__(self, char: str) -> str:
        left = _reduced(char)
        if len(self) < 70_000:
            self[char] = left
        return left


def _reduced(char: str) -> str:
    small = char.casefold()
    if ord(char) in _KATAKANA:
        return chr(ord(char) - _TO_HIRAGANA)
    if ord(char) < 0x2E80:
        small = "".join(_LOOKALIKES.get(one, one) for one in unicodedata.normalize("NFD", small))
    return "".join(one for one in small if one.isalnum())


_REDUCED = _Reduced()


def weight(char: str) -> int:
    """How much a character tells: a Latin letter or a digit 2, kana 3, kanji and other scripts of that kind 5."""
    code = ord(char)
    if code < 0x2E80:
        return _LATIN
    return _KANA if 0x3040 <= code <= 0x30FF else _KANJI


@dataclass(frozen=True, slots=True)
class Skeleton:
    """``text`` is what is left; ``places`` says for each of its characters where it stood in the whole text."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the skeleton that stand in this piece of the whole text."""
        return bisect_left(self.places, start), bisect_left(self.places, end)

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """The piece of the whole text from the first to the last of these characters of the skeleton."""
        return self.places[start], self.places[end - 1] + 1

    @property
    def weight(self) -> int:
        """How much all of it tells, see :func:`weight`."""
        return sum(map(weight, self.text))


def skeleton(text: str) -> Skeleton:
    """The skeleton of a text."""
    folded = fold(text)
    left: list[str] = []
    places: list[int] = []
    for at, char in enumerate(folded.text):
        reduced = _REDUCED[char]
        if reduced:
            place = folded.back(at, at + 1)[0]
            left.append(reduced)
            places.extend([place] * len(reduced))
    return Skeleton("".join(left), tuple(places))


def bare(text: str) -> str:
    """What is left of a text, without places."""
    return "".join(reduced(fold(text).text))


def reduced(folded: str) -> list[str]:
    """What is left of each character of a folded text, in its order."""
    return list(map(_REDUCED.__getitem__, folded))
