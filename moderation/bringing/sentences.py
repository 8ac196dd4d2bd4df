"""The sentences of a draft as a person would point at them: in English and Japanese, in lists, quotes and code."""

import re
from collections.abc import Iterator

_FENCE = re.compile(r"[ \t]{0,3}(?:```|~~~)")
_OWN_LINE = re.compile(r"[ \t]*(?:>|[-*+•・][ \t]|\d{1,3}[.)][ \t]|#{1,6}[ \t]|\||(?: {4}|\t)\S)")
_MARKER = re.compile(r"[ \t]*(?:(?:>[ \t]?)+|[-*+•・][ \t]+|\d{1,3}[.)][ \t]+|#{1,6}[ \t]+)*")
_END = re.compile(
    r"[。！？!?…]+[」』）)\"”’]*(?=[^\s。！？!?…」』）)\"”’])(?<![!?…])"
    r"|[.!?…。！？]+[\"'”’」』）)\]*_]{0,4}\s+(?=[\"'“‘「『(\[*_]{0,3}[^\sa-z])"
)
_SHORTENED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|no|nr|vs|ca|approx|inc|ltd|co|e\.g|i\.e|cf|fig|ext|tel|art|sec)\.|(?:^|\s)[A-Za-z]\.)\s*$",
    re.IGNORECASE,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence stands (end exclusive), in order; what is between them is blank or markup.

    A line of code, of a list, of a quote or of a table begins a sentence of its own; a line break inside of a paragraph
    does not.
    """
    return [span for start, end in _blocks(text) for span in _in_block(text, start, end)]


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs, and lines that stand for themselves."""
    begun: int | None = None
    at, fenced, last = 0, False, 0
    for line in text.splitlines(keepends=True):
        end = at + len(line)
        fence = _FENCE.match(line) is not None
        alone = fence or fenced or not line.strip() or _OWN_LINE.match(line) is not None
        if alone and begun is not None:
            yield begun, last
            begun = None
        if fence:
            fenced = not fenced
        elif line.strip() and (fenced or alone):
            yield at, end
        elif line.strip() and begun is None:
            begun = at
        at = last = end
    if begun is not None:
        yield begun, last


def _in_block(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    marker = _MARKER.match(text, start, end)
    at = marker.end() if marker is not None else start
    for match in _END.finditer(text, at, end):
        if not _SHORTENED.search(text[max(at, match.start() - 8) : match.end()]):
            yield from _trimmed(text, at, match.end())
            at = match.end()
    yield from _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
