"""Text as it is searched: plain, folded, and cut into the grams that the full text holds.

Folding is NFKC and case folding, for every language alike, so that half-width and full-width forms are one. A text is
cut into runs of Chinese, Japanese and Korean characters and runs of anything else. Of the former every character and
every pair becomes a gram, so that words of one and two characters are found; of the latter every three characters, and
words of one or two letters whole.
"""

import html
import re
import unicodedata
from collections.abc import Iterable

LONGEST = 65_536
"""Characters of a text that are searched; a post of megabytes is found by its beginning."""

_CJK = (
    "\u3005-\u3007\u3041-\u309f\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_CJK_RUN = re.compile(f"[{_CJK}]+")
_RUNS = re.compile(f"([{_CJK}]+)|([^{_CJK}]+)")
_SHORT_WORDS = re.compile(r"(?<![^\W_])[^\W_]{1,2}(?![^\W_])")
_INLINE_TAG = re.compile(r"</?(?:a|b|i|u|s|em|strong|span|code|del|sub|sup|mark)(?:\s[^<>]{0,2000})?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_PICTURE = re.compile(r"<img\s[^<>]{0,2000}>", re.IGNORECASE)
_OF_EMOJI = re.compile(r"\sclass=[\"'][^\"']*emoji", re.IGNORECASE)
_INSTEAD = re.compile(r"\salt=(?:\"([^\"]{1,64})\"|'([^']{1,64})')", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u200b\u2060\ufeff]")
_BETWEEN = "\n"
_SHIFTED = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum() and chr(code) != _BETWEEN}
"""Separators inside grams become private-use characters, which FTS5's ``ascii`` tokenizer takes for letters."""


def plain(body: str | None, body_html: str | None) -> str:
    """The words of a post: what its author typed where that is known, else the server's rendering without its tags.

    Servers draw an emoji as a picture; it stands as itself here, for it may be all that a post says.
    """
    if body is not None:
        return body[: LONGEST * 2]
    rendered = (body_html or "")[: LONGEST * 2]
    if "emoji" in rendered:
        rendered = _PICTURE.sub(_emoji, rendered)
    return html.unescape(_TAG.sub(" ", _INLINE_TAG.sub("", rendered)))


def _emoji(picture: re.Match[str]) -> str:
    instead = _INSTEAD.search(picture[0]) if _OF_EMOJI.search(picture[0]) else None
    return (instead[1] or instead[2]) if instead is not None else picture[0]


def fold(text: str) -> str:
    """The form in which texts are compared, at most :data:`LONGEST` characters of it."""
    text = _UNSAFE.sub("", text[:LONGEST])
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _SPACE.sub(" ", text.casefold()).strip()[:LONGEST]


def grams(folded: str) -> set[str]:
    """The grams of a folded text."""
    found: set[str] = set()
    for match in _RUNS.finditer(folded):
        run = match[0]
        if match[1] is not None:
            found.update(run)
            found.update(_windows(run, 2))
        else:
            found.update(_windows(run, 3))
            found.update(_SHORT_WORDS.findall(run))
    return found


def wanted_grams(needle: str) -> set[str]:
    """Grams that every text with this folded needle in it must hold; may be empty where nothing can be told."""
    found: set[str] = set()
    for match in _RUNS.finditer(needle):
        run = match[0]
        if match[1] is not None:
            found.update(_cover(run, 2) if len(run) > 1 else run)
        elif len(run) >= 3:
            found.update(_cover(run, 3))
        elif run == needle and _SHORT_WORDS.fullmatch(run):
            found.add(run)
    return found


def substring_grams(needle: str) -> set[str]:
    """The same, but for a needle that may begin and end inside words: short words tell nothing then."""
    return {gram for gram in wanted_grams(needle) if len(gram) == 3 or _CJK_RUN.fullmatch(gram)}


def _cover(run: str, width: int) -> Iterable[str]:
    """As few grams as cover the run: each is looked up, and what they let through is looked at anyway."""
    return [*(run[start : start + width] for start in range(0, len(run) - width, width)), run[-width:]]


def _windows(run: str, width: int) -> Iterable[str]:
    return (run[start : start + width] for start in range(len(run) - width + 1))


def as_document(found: Iterable[str]) -> str:
    """Grams as one text for the tokenizer."""
    return _BETWEEN.join(found).translate(_SHIFTED)


def as_match(found: Iterable[str]) -> str:
    """Grams as a full-text query that wants all of them; no text of a person reaches the query language unquoted."""
    return " AND ".join(f'"{gram.translate(_SHIFTED)}"' for gram in sorted(found, key=len, reverse=True))
