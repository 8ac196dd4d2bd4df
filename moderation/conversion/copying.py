"""The quoted copy: who said what, as quotes, in parts that fit; never in anybody's name but the writer's."""

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from moderation.content import Post
from moderation.conversion.scene import Wording, text_of

_BREAKS = frozenset({"p", "br", "div", "li", "blockquote", "pre", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT = frozenset({"script", "style"})
_MENTION = re.compile(r"(?<![\w@.])@(?=\w)")
_UPLOAD = re.compile(r"/(?:assets/)?uploads/\S+")
_ROOM_FOR_NUMBER = 24
_QUIET_AT = "@\u2060"
"""A mention that notifies nobody: a word joiner stands behind the sign."""


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins on a line of its own; a picture stands as its address, one of an emoji as the emoji."""
        self._silent += tag in _SILENT
        if tag in _BREAKS:
            self.parts.append("\n")
        if tag == "img":
            said = dict(attrs)
            emoji = said.get("alt") if "emoji" in (said.get("class") or "") else None
            self.parts.append(emoji or said.get("src") or "")

    def handle_endtag(self, tag: str) -> None:
        """What follows a block stands below it."""
        self._silent -= tag in _SILENT and self._silent > 0
        if tag in _BREAKS and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Text."""
        if not self._silent:
            self.parts.append(data)


def plain(html: str) -> str:
    """The words of a rendered post, line by line."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    text = re.sub(r"[ \t]+\n", "\n", "".join(reader.parts))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def uploads_in(post: Post) -> list[str]:
    """Addresses of attachments in a post; hiding the post leaves them where they are."""
    return _UPLOAD.findall(f"{post.body or ''}\n{post.body_html}")


def quoted(posts: Sequence[Post], wording: Wording, head: str, limit: int) -> list[str]:
    """The copy in parts of at most ``limit`` characters: ``head``, then each post as a quote under who wrote it."""
    room = limit - _ROOM_FOR_NUMBER - len(wording.part)
    parts: list[str] = []
    current = head
    for post in posts:
        for block in _blocks(post, wording, room):
            if len(current) + 2 + len(block) > room:
                parts.append(current)
                current = block
            else:
                current = f"{current}\n\n{block}"
    parts.append(current)
    if len(parts) == 1:
        return parts
    count = len(parts)
    return [f"{wording.part.format(number=n, of=count)}\n\n{text}" for n, text in enumerate(parts, 1)]


def _blocks(post: Post, wording: Wording, room: int) -> Iterator[str]:
    """A post as quotes that fit, each under a line that says who wrote it."""
    at = post.created_at.strftime("%Y-%m-%d %H:%M UTC")
    head = wording.quote_head.format(author=_harmless(post.author_name or "?"), at=at)
    lines = list(_lines(_harmless(text_of(post)), max(40, room - len(head) - 4)))
    block: list[str] = []
    length = len(head) + 2
    for line in lines:
        if block and length + len(line) + 1 > room:
            yield "\n".join([head, "", *block])
            block, length = [], len(head) + 2
        block.append(line)
        length += len(line) + 1
    yield "\n".join([head, "", *block])


def _lines(text: str, width: int) -> Iterator[str]:
    for line in text.splitlines() or [""]:
        whole = f"> {line}"
        while len(whole) > width:
            yield whole[:width]
            whole = f"> {whole[width:]}"
        yield whole


def _harmless(text: str) -> str:
    """Names in a copy call nobody."""
    return _MENTION.sub(_QUIET_AT, text)
