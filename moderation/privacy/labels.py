"""Finding words fast: patterns that begin with one of many words are tried only where such a word begins."""

import re
from collections.abc import Iterator

WORDS_BETWEEN = r"(?:[ \t](?:for|to|of)[ \t][^\s:=]{1,24}(?:[ \t][^\s:=]{1,24}){0,3})?"
""""for the guest network": what may stand between a word and its value."""


def listed(words: str) -> frozenset[str]:
    """The words of a text that lists them with blanks between."""
    return frozenset(words.split())


def either(words: str) -> str:
    """A pattern for one of these words; ``_`` in a word stands for a blank."""
    return "|".join(word.replace("_", " ") for word in words.split())


def behind_words(text: str, lowered: str, heads: re.Pattern[str], whole: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Matches of ``whole`` in ``text`` that begin where ``heads`` finds a word of ``lowered``, not inside of a word.

    Without a flag and without looking back, ``heads`` lets the matcher skip along; that is ten times as fast as one
    pattern of all words. Lower case must not change lengths (:mod:`moderation.privacy.folding` sees to that).
    """
    done = 0
    for head in heads.finditer(lowered):
        at = head.start()
        if at < done or (at and lowered[at - 1].isascii() and lowered[at - 1].isalnum()):
            continue
        match = whole.match(text, at)
        if match is not None:
            done = match.end()
            yield match
