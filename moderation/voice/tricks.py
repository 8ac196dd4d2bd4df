"""What makes a text read otherwise than it is: characters without width, reversed writing, letters of other alphabets.

The other checks look at the folded text, so none of it hides anything from them; here it is said that it is there.
"""

import re
from collections.abc import Iterator

from moderation.findings import Finding, Severity, blank
from moderation.privacy.folding import FoldedText

_SIGNS = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_OTHER = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
_WORD = re.compile("[A-Za-z\u0370-\u03ff\u0400-\u04ff]{3,40}")
_LATIN = re.compile("[A-Za-z]")
_LIKE_LATIN = re.compile("[аеорсухіјѕԁһԛԝьАВЕКМНОРСТХІЈЅαορνικτυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]")
_QUOTE = re.compile(r"(?m)^[ \t]{0,3}>[^\n]*|(?s:\[quote\b.{0,20000}?\[/quote\])|https?://[^\s)\]>]{1,2000}")
MOST = 50


def said_by_us(text: str) -> str:
    """The text with blanks of the same length where others are quoted and where links lead."""
    return _QUOTE.sub(blank, text) if ">" in text or "://" in text or "[quote" in text else text


def hidden_signs(text: str) -> Iterator[Finding]:
    """Characters that nobody sees, in the text as it was typed."""
    if text.isascii():
        return
    for _, match in zip(range(MOST), _SIGNS.finditer(text), strict=False):
        yield Finding("hidden_signs", Severity.ASK, match.span(), "remove")


def mixed_letters(text: str, folded: FoldedText) -> Iterator[Finding]:
    """Words that mix Latin letters with those of other alphabets that look like them."""
    if not _OTHER.search(text):
        return
    for _, match in zip(range(MOST), _WORD.finditer(text), strict=False):
        if _LATIN.search(match[0]) and _LIKE_LATIN.search(match[0]):
            yield Finding("mixed_letters", Severity.ASK, folded.back(*match.span()), "go")
