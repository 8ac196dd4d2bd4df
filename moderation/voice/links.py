"""Links that will not be links: an empty target, a blank inside or before it, a bracket or a scheme that is wrong."""

import re
from collections.abc import Iterator

from moderation.findings import Finding, Severity
from moderation.privacy.folding import FoldedText

_WORDS = r"\[[^\[\]\n]{1,200}\]"
_BROKEN = re.compile(
    rf"{_WORDS}\(\s{{0,4}}(?:https?://)?\s{{0,4}}\)"
    rf"|{_WORDS}[ \t]{{1,3}}\((?=https?://)[^)\n]{{0,400}}\)"
    rf"|{_WORDS}\((?=https?://|www\.|/)[^()\s]{{1,400}}(?=\n|\Z)"
    rf"|{_WORDS}\((?=https?://|www\.|/)[^()\s\"]{{1,400}}[ \t]+(?![\"'])[^()\n]{{0,200}}\)"
    r"|(?<![a-z])(?:https?:/(?!/)|https?//|https?:[ \t]+//|https?:\\\\|(?:h?ttps?|htps?|hhttps?|httpss|hxxps?)"
    r"(?<!http)(?<!https)://)\S{0,200}"
    r"|https?://(?=[\s)>\]]|\Z)",
    re.IGNORECASE,
)


def broken_links(text: str, folded: FoldedText) -> Iterator[Finding]:
    """In a folded text without its code."""
    if "](" not in text and "] (" not in text and "tp" not in text.lower() and "hxx" not in text.lower():
        return
    for match in _BROKEN.finditer(text):
        yield Finding("broken_link", Severity.ASK, folded.back(*match.span()), "go")
