"""What two texts have in common: short runs of letters (shingles) of their skeletons, whoever wrote them.

A shingle tells about as much as eight Latin letters, six kana or four kanji. A change inside of a sentence costs only
the shingles that it touches: the others go on telling where the sentence came from.
"""

from collections.abc import Iterable, Iterator

from moderation.bringing.skeleton import Skeleton, skeleton, weight

TELLS = 16
"""The weight of a shingle, see :func:`moderation.bringing.skeleton.weight`."""


def shingles(text: str) -> Iterator[tuple[int, int]]:
    """Every shingle of a skeleton's text: from each character the shortest run that tells enough."""
    weights = [weight(char) for char in text]
    end, told = 0, 0
    for start in range(len(text)):
        while told < TELLS and end < len(text):
            told += weights[end]
            end += 1
        if told < TELLS:
            return
        yield start, end
        told -= weights[start]


class Shingles:
    """The shingles of many texts, each with the marks (bits) of those whose words they are."""

    def __init__(self, texts: Iterable[tuple[str, int]], without: Iterable[str] = ()) -> None:
        self._marks: dict[str, int] = {}
        for text, mark in texts:
            bones = skeleton(text).text
            for start, end in shingles(bones):
                run = bones[start:end]
                self._marks[run] = self._marks.get(run, 0) | mark
        for text in without:
            bones = skeleton(text).text
            for start, end in shingles(bones):
                self._marks.pop(bones[start:end], None)

    def __len__(self) -> int:
        return len(self._marks)

    def covered(self, bones: Skeleton) -> list[int]:
        """For each character of a skeleton the marks of all shingles over it that are known, 0 for none."""
        found = [0] * len(bones.text)
        for start, end in shingles(bones.text):
            mark = self._marks.get(bones.text[start:end], 0)
            if mark:
                for at in range(start, end):
                    found[at] |= mark
        return found


def told(bones: Skeleton, covered: list[int], marks: int, start: int, end: int) -> tuple[int, int, int]:
    """Of the characters ``start`` to ``end``: the weight of all, of those with one of these marks, and of the longest
    run of such.
    """
    whole = marked = longest = run = 0
    for at in range(start, end):
        weighs = weight(bones.text[at])
        whole += weighs
        if covered[at] & marks:
            marked += weighs
            run += weighs
            longest = max(longest, run)
        else:
            run = 0
    return whole, marked, longest
