"""Posts that sound unhappy: one of the words is in them. Counted by forum and hour, and never shown by post or person.

A word list knows nothing of irony. It is good enough to see that an hour is unlike others, and for nothing else: no
item, decision or priority comes from it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

Unhappy = Callable[[str], bool]
_TAG = re.compile(r"<[^<>]{0,2000}>")
_QUOTED = re.compile(r"(?s)<(blockquote|aside)\b.*?</\1>|^>.*?$", re.MULTILINE)
_LONGEST = 4000
"""Characters of a post that are looked at."""


def finder(words: Iterable[str]) -> Unhappy:
    """Says of a post's text (as typed, or HTML) whether one of the words or phrases is in it; what is quoted does not
    count. Latin words match at the beginning of a word, others anywhere.
    """
    known = sorted({_folded(word) for word in words if word.strip()}, key=len, reverse=True)
    if not known:
        return lambda text: False
    found = re.compile("|".join(rf"\b{re.escape(one)}" if one[0].isascii() else re.escape(one) for one in known))
    return lambda text: found.search(_folded(_TAG.sub(" ", _QUOTED.sub(" ", text[:_LONGEST])))) is not None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'").split())
