"""The thread around an item as one document: posts before, the reported post, posts after, the policy it touches.

Everything here is text in, text out, and runs off the window's thread. Only ``marquee:`` addresses are loaded by the
document, and they name drawings of our own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from itertools import pairwise
from urllib.parse import quote

from moderation.content import Post, Thread
from moderation.desk.triage import ItemContext
from moderation.ids import ITEM_KINDS, Kind
from moderation.items import Item
from moderation.privacy.dismissals import Found
from moderation.privacy.shown import shown
from moderation.text import one_line
from resources.policies import Policy
from views.item.inert import BRIEF, FULL, Inert, Picture, inert_html, inert_text, with_pictures
from views.item.marks import Finds, marked, marked_finds, reason
from views.item.pictures import PictureBoxes, PictureNow, styles
from views.words import Words, initials

SHOWN_AFTER = 1
LONG = 20
"""Posts that a thread lacks here before that is said: fewer come with the next reading."""
_LISTED = 8
_GAP = "&nbsp;&nbsp; "
_FOLD_PAD = 12
_TELLING = 6
_LINE_END = re.compile(r"<(?:br|/p|/li|/div|/blockquote|/pre|/h\d|/td)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_AIR = '<p class="air">&nbsp;</p>'


@dataclass(frozen=True, slots=True)
class Look:
    """Colours (``#RRGGBB`` by token), sizes in pixels and key labels for a document."""

    colours: Mapping[str, str]
    post: int
    line: int
    small: int
    caption: int
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """The document's HTML, its pictures in order, whether they are loaded or not, the author's own words, and the lines
    that only the staff can read.
    """

    html: str
    pictures: tuple[Picture, ...]
    own_words: str
    staff_lines: frozenset[str] = frozenset()

    def tells_of_staff(self, marked: str) -> bool:
        """True when marked text holds, or is part of, a line that only the staff can read."""
        return any(line in own or own in line for line in _lines(marked) for own in self.staff_lines)


def _lines(text: str) -> set[str]:
    """Lines long enough to say something, as they compare."""
    lines = (" ".join(line.split()).casefold() for line in text.splitlines())
    return {line for line in lines if len(line) >= _TELLING}


@dataclass(frozen=True, slots=True)
class Unfolded:
    """What the person has unfolded in this thread."""

    before: bool = False
    after: bool = False


def about_member(item: Item) -> bool:
    """True for a report about a member as such: there is no post, and none will come."""
    return item.detail and item.kind is Kind.FLAG and item.post is None and item.thread is None


class PageWriter:
    """Writes the document of one item."""

    def __init__(
        self, words: Words, look: Look, base: str, now: datetime, pictures: Mapping[str, PictureNow] | None = None
    ) -> None:
        self._words = words
        self._look = look
        self._base = base
        self._now = now
        self._pictures: list[Picture] = []
        self._boxes = PictureBoxes(words, look.colours, self._key("pictures"), pictures or {})
        self._own_words = ""
        self._staff_lines: set[str] = set()
        self._found: Mapping[str, Found] = {}
        self._mark = "mark_reported"

    def write(self, context: ItemContext, policy: Policy | None, unfolded: Unfolded) -> Page:
        """The whole page."""
        item, posts = context.item, context.posts
        self._found = context.found
        self._mark = "mark_reported" if item.kind in ITEM_KINDS else "mark_exposed"
        at = next((n for n, post in enumerate(posts) if post.id == item.post), None)
        parts: list[str] = []
        if at is None:
            parts += [_AIR, *self._held_or_missing(context)]
            parts += self._after(posts, unfolded, 0) if item.post is None else []
        else:
            parts += self._before(posts[:at], unfolded) or [_AIR]
            parts.append(self._post(posts[at], reported=True))
            parts += self._after(posts[at + 1 :], unfolded, SHOWN_AFTER)
        parts += self._in_part(context.thread, posts)
        if policy is not None:
            parts.append(self._policy(policy))
        body = "".join(parts)
        return Page(self._styled(body), tuple(self._pictures), self._own_words, frozenset(self._staff_lines))

    # -- parts -----------------------------------------------------------------------------------------------------
    def _before(self, posts: Sequence[Post], unfolded: Unfolded) -> list[str]:
        if not posts or unfolded.before:
            return [self._post(post) for post in posts]
        opening = posts[0].position in {0, 1} and len(posts) == 1
        names = list(dict.fromkeys(post.author_name or "?" for post in posts))
        said = self._words.say("fold_opening", name=names[0]) if opening else self._folded_names(len(posts), names)
        return [self._fold(said, "before")]

    def _folded_names(self, n: int, names: list[str]) -> str:
        if len(names) == 1:
            return self._words.count("fold_before_by", n, name=names[0])
        return self._words.count("fold_before", n)

    def _after(self, posts: Sequence[Post], unfolded: Unfolded, shown: int) -> list[str]:
        if unfolded.after or len(posts) <= shown:
            return [self._post(post) for post in posts]
        parts = [self._post(post) for post in posts[:shown]]
        return [*parts, self._fold(self._words.count("fold_after", len(posts) - shown), "after")]

    def _in_part(self, thread: Thread | None, posts: Sequence[Post]) -> list[str]:
        """Of a long thread that is read a part at a time: which part is not here yet, as far as its posts tell."""
        if thread is None or thread.complete or thread.post_count - len(posts) < LONG:
            return []
        places = [post.position for post in posts]
        gaps = [(one + 1, other - 1) for one, other in pairwise(places) if other - one > LONG]
        facts = {"n": self._words.number(thread.post_count)}
        if not gaps:
            return [self._line(self._words.say("thread_in_part", **facts))]
        facts |= {"first": self._words.number(gaps[0][0]), "last": self._words.number(gaps[0][1])}
        return [self._line(self._words.say("thread_in_part_gap", **facts))]

    def _held_or_missing(self, context: ItemContext) -> list[str]:
        """An item whose post is not among the posts: held for approval, or not read yet."""
        item = context.item
        if about_member(item):
            return [self._line(self._words.say("about_member", key=self._look.keys.get("drawer", "")))]
        if item.body_html is None and item.body is None:
            return [self._line(self._words.say("post_not_read"))]
        body = self._inert(item.body_html, item.body, FULL)
        name = item.author_name or ""
        held = item.post is None
        mark = self._words.say("mark_held" if held else "mark_reported")
        when = self._words.moment(item.created_at, self._now)
        self._own_words = one_line(item.body or "", 400)
        return [self._block(name, [when], mark, self._body(body), reported=True)]

    def _post(self, post: Post, *, reported: bool = False) -> str:
        body = self._inert(post.body_html or None, post.body, FULL if reported else BRIEF)
        facts = [self._words.moment(post.created_at, self._now)]
        if post.edited_at is not None:
            facts.append(self._words.say("post_edited", when=self._words.moment(post.edited_at, self._now)))
        marks = [(self._mark, reported), ("mark_staff", post.staff_only), ("mark_hidden", post.hidden)]
        mark = " · ".join(self._words.say(code) for code, holds in marks if holds)
        if reported:
            self._own_words = one_line(post.body or "", 400)
        if post.staff_only:
            self._staff_lines |= _lines(unescape(_TAG.sub("", _LINE_END.sub("\n", body.html))))
        name = post.author_name or "?"
        written = self._body(body, self._finds(post))
        return self._block(name, facts, mark, written, reported=reported, staff=post.staff_only)

    def _finds(self, post: Post) -> Finds | None:
        """What was found in it and stands; ``None`` where nobody has looked at this text yet."""
        found = self._found.get(str(post.id))
        if found is None or not found.spots:
            return None if found is None else Finds()
        text = shown(post.body_html, post.body)
        return Finds.of(found, text.text) if text.digest == found.digest else None

    def _inert(self, rendered: str | None, typed: str | None, limit: int) -> Inert:
        if rendered:
            return inert_html(rendered, base=self._base, limit=limit)
        return inert_text(typed or "", limit=limit)

    def _body(self, body: Inert, finds: Finds | None = None) -> str:
        notes: list[str] = self._listed(finds) if finds is not None else []
        if body.more_pictures:
            notes.append(escape(self._words.count("pictures_more", body.more_pictures)))
        if body.cut:
            notes.append(escape(self._words.say("post_cut", n=self._words.number(body.cut))))
        if body.folded_quotes:
            notes.append(escape(self._words.count("quotes_folded", body.folded_quotes)))
        lines = "".join(f'<p class="note">{note}</p>' for note in notes)
        first = len(self._pictures)
        self._pictures += body.pictures
        placed = with_pictures(self._marked(body.html, finds), lambda n: self._boxes.box(body.pictures[n], first + n))
        return f"{placed}{lines}"

    def _marked(self, html: str, finds: Finds | None) -> str:
        colours = (self._look.colours["mark"], self._look.colours["on_mark"])
        if finds is None:
            return marked(html, self._words, colours)
        return marked_finds(html, finds, self._words, colours)

    def _listed(self, finds: Finds) -> list[str]:
        """Each find in words, for those who do not see the marks; the head names the key."""
        if not finds.spots:
            return []
        head = f"<b>{escape(self._words.say('found_title'))}</b> {self._key('not_private')}"
        lines = [
            escape(self._words.say("found_line", n=number, snippet=spot.masked, why=reason(spot, self._words)))
            for number, spot in enumerate(finds.spots[:_LISTED], 1)
        ]
        more = len(finds.spots) - len(lines)
        return [head, *lines, *([escape(self._words.count("found_more", more))] if more else [])]

    def _block(
        self, name: str, facts: Sequence[str], mark: str, body: str, *, reported: bool = False, staff: bool = False
    ) -> str:
        colours = self._look.colours
        ground = f' bgcolor="{colours["staff_tint" if staff else "window"]}"' if reported or staff else ""
        bar = f' bgcolor="{colours["danger" if reported else "staff"]}"' if reported or staff else ""
        meta = _GAP.join(escape(fact) for fact in facts)
        right = f'<span class="{"staff" if staff else "mark"}">{escape(mark)}</span>' if mark else ""
        face = quote(initials(name), safe="")
        return (
            f'<table width="100%" cellspacing="0" cellpadding="0"{ground}><tr>'
            f'<td width="4"{bar}></td>'
            f'<td width="52" class="face"><img src="marquee:face/{face}"></td>'
            f'<td class="post"><table width="100%" cellspacing="0" cellpadding="0"><tr>'
            f'<td><span class="name">{escape(name)}</span><span class="meta">{_GAP}{meta}</span></td>'
            f'<td align="right">{right}</td></tr></table>{body}</td></tr></table>'
        )

    @property
    def _fold_pad(self) -> int:
        """Air above and below a fold line; the ground with its hairline must end below the text's own block."""
        return max(_FOLD_PAD, self._look.line // 2 + 1)

    def _fold(self, said: str, which: str) -> str:
        gap = '<span class="over">&nbsp;&nbsp;&nbsp;</span>'
        return (
            '<table width="100%" cellspacing="0" cellpadding="0"><tr><td width="20"></td>'
            f'<td background="marquee:rule/{self._fold_pad + self._look.line // 2}" class="fold" align="center">'
            f'<p style="white-space: nowrap">{gap}'
            f'<a href="marquee:{which}" class="quiet over">{escape(said)}</a>'
            f'<span class="over">&nbsp;&nbsp;</span>{self._key(which)}{gap}</p></td><td width="20"></td></tr></table>'
        )

    def _line(self, said: str) -> str:
        return f'<table width="100%" cellspacing="0"><tr><td class="post alone">{escape(said)}</td></tr></table>'

    def _policy(self, policy: Policy) -> str:
        words = self._words.say("policy_touched")
        number = f"{policy.number} " if policy.number else ""
        return (
            '<table width="100%" cellspacing="0" cellpadding="0"><tr><td class="policy">'
            f'<p class="label">{escape(words)}</p>'
            f'<p class="rule"><b>{escape(number + policy.title)}{self._words.say("policy_stop")}</b> '
            f"{escape(policy.text)}</p>"
            "</td></tr></table>"
        )

    def _key(self, verb: str) -> str:
        label = self._look.keys.get(verb, "")
        return f'<img src="marquee:key/{quote(label, safe="")}" style="vertical-align: middle">' if label else ""

    def _styled(self, body: str) -> str:
        look, c = self._look, self._look.colours
        return (
            "<style>"
            f"body, td {{ color: {c['text']}; font-size: {look.post}px; }}"
            f"p, li {{ margin: 0 0 6px 0; line-height: {look.line}px; }}"
            f"p.air {{ font-size: 1px; line-height: {_FOLD_PAD}px; margin: 0; }}"
            "ul, ol { margin: 0 0 6px 0; }"
            f"blockquote {{ margin: 0 0 6px 16px; color: {c['text2']}; }}"
            f"pre, code {{ font-family: monospace; font-size: {look.post - 1}px; }}"
            f"a {{ color: {c['text']}; text-decoration: underline; }}"
            f"a.quiet {{ color: {c['text2']}; text-decoration: none; font-size: {look.small}px; }}"
            ".name { font-weight: 600; font-size: %dpx; }"
            % (look.small + 1)
            + f".meta {{ color: {c['text2']}; font-size: {look.small}px; }}"
            f".mark {{ color: {c['danger']}; font-weight: 600; font-size: {look.small}px; }}"
            f".staff {{ color: {c['staff']}; font-weight: 600; font-size: {look.small}px; }}"
            f".note {{ color: {c['text2']}; font-size: {look.small}px; line-height: {look.line}px; }}"
            "td.face { padding-top: 12px; padding-left: 12px; }"
            "td.post { padding-top: 12px; padding-right: 20px; padding-bottom: 8px; }"
            "td.alone { padding-left: 20px; }"
            f"td.fold {{ padding: {self._fold_pad}px 0 {self._fold_pad}px 0; }}"
            f".over {{ background-color: {c['surface']}; font-size: {look.small}px; }}"
            + styles(c, look.small, look.line)
            + f"td.policy {{ padding: 20px; color: {c['text2']}; }}"
            f"p.rule {{ font-size: {look.small + 1}px; line-height: {look.line - 2}px; }}"
            f".label {{ font-size: {look.caption}px; font-weight: 600; color: {c['text3']}; }}"
            f"</style><body>{body}</body>"
        )
