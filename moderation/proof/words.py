"""Texts in the one form in which they are compared: letters and digits only.

Whatever a server puts around or into a text (tags, entities, markdown, line ends, JSON or URL escapes, full-width
digits) falls away on both sides, so that a quotation is found wherever it was put.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html import unescape
from urllib.parse import unquote

END = "\n"
"""Stands between texts that have nothing to do with each other, so that no fragment reaches over it."""
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_CONTROL = re.compile(r'\\[nrt"\\/bf]')
_TAG = re.compile(r"<!\[CDATA\[|\]\]>|<[/!?a-zA-Z][^<>]{0,4000}>")
_VALUE = re.compile(r"""=\s*("[^"]{4,4000}"|'[^']{4,4000}')""")
_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL | re.IGNORECASE)


def plain(text: str) -> str:
    """Letters and digits of a text: one width, one case, no marks. A CJK character counts twice, as it says more."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    return _CJK.sub(lambda found: found[0] * 2, "".join(filter(_kept, normal)))


def _kept(char: str) -> bool:
    return char.isalnum() or char == END


def readings(text: str) -> Iterator[str]:
    """The ways in which a text of a page may be read: what its tags enclose, and what they carry (``alt``, ``content``,
    ``href``).
    """
    opened = _unescaped(text)
    yield _TAG.sub("", opened)
    yield from (found[1][1:-1] for found in _VALUE.finditer(opened))


def shown(text: str) -> str:
    """What a reader sees of a text, on one line."""
    return " ".join(_TAG.sub(" ", _unescaped(text)).split())


def joined(texts: Iterable[str]) -> str:
    """All readings of these texts in the compared form, kept apart."""
    return END.join(plain(_flat(reading)) for text in texts for reading in readings(text))


def enclosed(text: str) -> str:
    """What a text says between its tags, in the compared form: what its author wrote."""
    return plain(_flat(next(readings(text))))


def _flat(text: str) -> str:
    return " ".join(text.split(END))


def _unescaped(text: str) -> str:
    """Entities (also those of a page within a page), escapes of JSON in a script, and percent signs."""
    if "<style" in text:
        text = _STYLE.sub("", text)
    if "\\" in text:
        text = _CONTROL.sub(" ", _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))
    for _ in range(3):
        if "&" not in text:
            break
        text = unescape(text)
    return unquote(text) if "%" in text else text


def masked(text: str, start: int, end: int, around: int = 24) -> str:
    """A part of a text that shows where it was found and not what it says: first letters stay, digits never do."""
    begin, stop = max(0, start - around), min(len(text), end + around)
    words = " ".join(text[begin:stop].split())
    hidden = re.sub(r"\w+", lambda found: _first_letter(found[0]), words)
    return ("…" if begin else "") + hidden + ("…" if stop < len(text) else "")


def _first_letter(word: str) -> str:
    head = word[0] if not word[0].isdigit() else "•"
    return head + "•" * min(len(word) - 1, 12)
