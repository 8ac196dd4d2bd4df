"""Personal data marked in what people read: addresses, telephone and order numbers. A help for the eye, no rule."""

import re
from html import escape, unescape
from urllib.parse import quote

from views.words import Words

_TAG = re.compile(r"(<[^>]*>)")
_KINDS = (
    ("mail", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}")),
    ("phone", re.compile(r"(?<![\w.:/-])(?:\+\d{1,3}[ -]?)?\(?0\d{1,4}\)?[ -]?\d{2,4}[ -]?\d{3,4}(?![\w-])")),
    ("order", re.compile(r"\b[A-Z]{1,4}-\d{4,10}(?:-\d{1,6})?\b")),
    ("address", re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")),
)
_MOST = 40


def marked(html: str, words: Words, colours: tuple[str, str]) -> str:
    """An inert body with personal data on ``mark`` and a small drawn tag that names the kind.

    ``colours``: mark, text on it. Links are left alone, and so is what comes after forty marks.
    """
    out: list[str] = []
    left, in_link = _MOST, False
    for piece in _TAG.split(html):
        if piece.startswith("<"):
            in_link = piece.startswith("<a") or (in_link and not piece.startswith("</a"))
            out.append(piece)
        elif in_link or left <= 0:
            out.append(piece)
        else:
            text, used = _mark_text(unescape(piece), words, colours, left)
            left -= used
            out.append(text if used else piece)
    return "".join(out)


def _mark_text(text: str, words: Words, colours: tuple[str, str], most: int) -> tuple[str, int]:
    mark, on_mark = colours
    found = sorted((match.start(), match.end(), kind) for kind, pattern in _KINDS for match in pattern.finditer(text))
    out: list[str] = []
    last = used = 0
    for start, end, kind in found:
        if start < last or used >= most:
            continue
        out.append(escape(text[last:start], quote=False))
        tag = quote(words.say(f"mark_{kind}"), safe="")
        out.append(
            f'<span style="background-color:{mark}; color:{on_mark}">{escape(text[start:end], quote=False)}</span>'
            f'&nbsp;<img src="marquee:tag/{tag}" style="vertical-align: middle">'
        )
        last, used = end, used + 1
    out.append(escape(text[last:], quote=False))
    return "".join(out), used
