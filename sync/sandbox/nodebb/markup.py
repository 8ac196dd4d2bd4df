"""Markdown as NodeBB's plugin renders it: paragraphs with a direction, hard line breaks, no raw HTML."""

import html
import re
from functools import lru_cache

from markdown_it import MarkdownIt

_BARE_LINK = re.compile(r"(?<![\w(<\"'\[=/])(https?://[^\s<>)\]`]+[^\s<>)\]`.,;:!?。、])")
_TAG = re.compile(r"<[^>]+>")
_IMAGE = re.compile(r'<img [^>]*?alt="([^"]*)"[^>]*>')

_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def _open_paragraph(self: object, tokens: list, index: int, options: object, env: object) -> str:  # type: ignore[type-arg]
    if tokens[index].hidden:
        return ""
    return '<p dir="auto">'


def _open_link(self: object, tokens: list, index: int, options: object, env: object) -> str:  # type: ignore[type-arg]
    return f'<a href="{html.escape(tokens[index].attrs.get("href", ""))}" rel="nofollow ugc">'


_parser.add_render_rule("paragraph_open", _open_paragraph)
_parser.add_render_rule("link_open", _open_link)


@lru_cache(maxsize=4096)
def render(text: str) -> str:
    """A post's text as HTML."""
    linked = text if "`" in text else _BARE_LINK.sub(r"<\1>", text)
    return str(_parser.render(linked))


def plain(text: str) -> str:
    """Rendered text with all tags taken out, as in a teaser; entities stay."""
    return _TAG.sub("", _IMAGE.sub(r"\1", render(text)))
