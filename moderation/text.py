"""Text of members made fit for one line: control and direction characters neutralised, quotes skipped, cut at a
length.
"""

import re
import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEEP = frozenset("\n\t")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""
# Every repetition is bounded to a line or a length: members may post a hundred thousand brackets or empty lines.
_QUOTED = re.compile(
    r"^[ \t]*(?:>|&gt;).*$|^[ \t]*@?\S{1,80}[ \t](?:said|wrote|さんの発言)(?: in \S{1,300})?:?[ \t]*$", re.MULTILINE
)
_LINK = r"!?\[([^\[\]\n]{0,200})\]\([^()\s]{0,500}(?:[ \t][^()\n]{0,200})?\)"
_MARKUP = re.compile(_LINK + r"|(?<!\w)[*_`~#]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}(?!\w)")


def neutralise(text: str) -> str:
    """The text without characters that steer a terminal or the direction of a line; lone surrogates become U+FFFD."""
    if text.isprintable():
        return text
    return "".join(
        "\ufffd"
        if "\ud800" <= char <= "\udfff"
        else ""
        if char in _BIDI or (unicodedata.category(char) == "Cc" and char not in _KEEP)
        else char
        for char in text
    )


def one_line(text: str, limit: int = 160) -> str:
    """First ``limit`` characters of the author's own words on one line: leading quotes and light markup are skipped."""
    head = text[: limit * 40]
    own = _QUOTED.sub("", head)
    plain = _MARKUP.sub(lambda match: match[1] or "", own if own.strip() else head)
    line = " ".join(neutralise(plain).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def canonical(text: str) -> str:
    """The form in which two texts are the same post: line ends unified, trailing space gone (NodeBB trims it on
    storing).
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
