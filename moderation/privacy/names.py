"""Names that the team gave: whole words in Latin scripts, anywhere in Japanese, with or without the blank between."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from moderation.privacy.spots import PrivateKind, Raw, Sureness

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_APART = re.compile(r"([一-龥]) ([ぁ-んァ-ヶ一-龥])")
_IS_CJK = re.compile(r"[ぁ-んァ-ヶ一-龥]")
_FEW = 300
_GAP = re.compile(r"[ ,.\t\n]{1,3}")


class Names:
    """A detector for a list of names; thousands of them cost no more than a few."""

    def __init__(self, names: Sequence[str]) -> None:
        self._words: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._starts: dict[str, list[str]] = defaultdict(list)
        for name in names:
            if _IS_CJK.search(name):
                bare = name.replace(" ", "").replace("・", "")
                self._starts[bare[:2]].append(bare)
            else:
                self._add(tuple(_WORD.findall(name.casefold())))
        for words in self._words.values():
            words.sort(key=len, reverse=True)
        for spelt in self._starts.values():
            spelt.sort(key=len, reverse=True)

    def _add(self, words: tuple[str, ...]) -> None:
        if not words:
            return
        self._words[words[0]].append(words)
        if len(words) == 2:
            self._words[words[1]].append((words[1], words[0]))

    def __call__(self, text: str) -> Iterator[Raw]:
        """Names in a folded text."""
        if self._words:
            yield from self._latin(text)
        if self._starts and not text.isascii():
            yield from self._japanese(text)

    def _latin(self, text: str) -> Iterator[Raw]:
        if not self._occur(text):
            return
        done = 0
        for match in _WORD.finditer(text):
            word = match[0].casefold()
            heads = self._words.get(word) or self._words.get(word.removesuffix("'s").removesuffix("’s"))
            if heads is None or match.start() < done:
                continue
            for words in heads:
                end = _after(text, match, words)
                if end:
                    done = end
                    yield Raw(
                        PrivateKind.NAME, match.start(), end, "name_given", Sureness.CERTAIN, " ".join(sorted(words))
                    )
                    break

    def _occur(self, text: str) -> bool:
        """Does any first word stand there at all? Most texts name nobody."""
        lowered = text.casefold()
        if len(self._words) <= _FEW:
            return any(word in lowered for word in self._words)
        said = set(_WORD.findall(lowered))
        return not self._words.keys().isdisjoint(said) or "'" in lowered or "’" in lowered

    def _japanese(self, text: str) -> Iterator[Raw]:
        done = 0
        for at in sorted(self._places(text)):
            start = text[at : at + 3].replace(" ", "")[:2]
            end = next((end for name in self._starts.get(start, ()) if (end := _spelt(text, at, name))), 0)
            if end and at >= done:
                done = end
                yield Raw(PrivateKind.NAME, at, end, "name_given", Sureness.CERTAIN, text[at:end].replace(" ", ""))

    def _places(self, text: str) -> set[int]:
        """Where the first two characters of a name stand, together or with a blank between."""
        pairs = set(self._starts)
        if len(pairs) > _FEW:
            pairs = pairs & ({text[at : at + 2] for at in range(len(text))} | {a + b for a, b in _APART.findall(text)})
        found: set[int] = set()
        for pair in pairs:
            for written in (pair, f"{pair[:1]} {pair[1:]}"):
                at = text.find(written)
                while at >= 0:
                    found.add(at)
                    at = text.find(written, at + 1)
        return found


def _after(text: str, first: re.Match[str], words: tuple[str, ...]) -> int:
    """Where these words end if they stand here one after the other; 0 where they do not."""
    end = first.end() if len(words) > 1 else first.start() + len(words[0])
    for wanted in words[1:]:
        gap = _GAP.match(text, end)
        match = _WORD.match(text, gap.end()) if gap else None
        if match is None or match[0].casefold().removesuffix("'s").removesuffix("’s") != wanted:
            return 0
        end = match.start() + len(wanted)
    return end


def _spelt(whole: str, at: int, name: str) -> int:
    """Where a name ends that begins there, blanks inside left out; 0 where it does not stand there."""
    for char in name:
        if whole[at : at + 1] == " ":
            at += 1
        if whole[at : at + 1] != char:
            return 0
        at += 1
    return at
