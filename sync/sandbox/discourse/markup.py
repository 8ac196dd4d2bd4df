"""Markdown as Discourse renders it: paragraphs, hard line breaks, mentions of members as links, no raw HTML."""

import html
import re
from functools import lru_cache

from markdown_it import MarkdownIt

_BARE_LINK = re.compile(r"(?<![\w(<\"'\[=/])(https?://[^\s<>)\]`]+[^\s<>)\]`.,;:!?。、])")
_MENTION = re.compile(r"(?<![\w/@>])@([\w.-]*\w)")
_TAG = re.compile(r"<[^>]+>")

_UPLOADS = ("/assets/uploads/files/sample/", "/uploads/default/original/1X/")  # in the sample's texts, and here

_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


@lru_cache(maxsize=4096)
def render(text: str) -> str:
    """A post's text as HTML; it ends without a line break."""
    linked = text if "`" in text else _BARE_LINK.sub(r"<\1>", text)
    cooked = str(_parser.render(linked)).rstrip().replace(f'src="{_UPLOADS[0]}', f'src="{_UPLOADS[1]}')
    return _MENTION.sub(r'<a class="mention" href="/u/\1">@\1</a>', cooked)


def excerpt(text: str, most: int = 300) -> str:
    """The beginning without tags, as in a list."""
    plain = html.unescape(_TAG.sub("", render(text))).strip()
    return plain if len(plain) <= most else f"{plain[:most].rstrip()}…"
