"""Pictures of posts in words and boxes: what stands in a document where a post has one. Text in, text out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape

from moderation.errors import MarqueeError
from views.item.inert import Picture, host_of
from views.words import Words

ADDRESS = "picture/"
"""What the path of a picture's own link begins with (``marquee:picture/3``)."""


class Stage(StrEnum):
    """How far a picture is."""

    ABSENT = "absent"
    COMING = "coming"
    FAILED = "failed"
    BLURRED = "blurred"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class PictureNow:
    """A picture as it stands. ``name`` is that of its drawing (``marquee:drawn/NAME``), in ``width`` × ``height``
    device-independent pixels.
    """

    stage: Stage = Stage.ABSENT
    trouble: MarqueeError | None = None
    name: str = ""
    width: int = 0
    height: int = 0

    @property
    def shown(self) -> bool:
        """True where there is something to look at."""
        return self.stage in {Stage.BLURRED, Stage.CLEAR}


@dataclass(frozen=True, slots=True)
class PicturesAtHand:
    """The pictures of what stands before the person: ``item`` is an item's id, or a case's name."""

    item: str
    community: str
    pictures: tuple[Picture, ...]


NOT_LOADED = PictureNow()
_GAP = "&nbsp;&nbsp; "
_ACTS = {
    Stage.ABSENT: "picture_load",
    Stage.FAILED: "picture_again",
    Stage.BLURRED: "picture_reveal",
    Stage.CLEAR: "picture_blur",
}


@dataclass(frozen=True, slots=True)
class PictureBoxes:
    """Writes boxes. ``now`` is how pictures stand, by address; ``key`` is HTML of the cap that loads them."""

    words: Words
    colours: Mapping[str, str]
    key: str = ""
    now: Mapping[str, PictureNow] = field(default_factory=dict)

    def box(self, picture: Picture, number: int) -> str:
        """One picture, the ``number``-th of its page: a box that says what would be there, or the picture itself."""
        now = self.now.get(picture.address, NOT_LOADED)
        if now.shown:
            return self._shown(picture, now, number)
        icon = "alert-triangle" if now.stage is Stage.FAILED else "photo-off"
        said = self.words.error(now.trouble) if now.trouble is not None else self._said(picture, now)
        key = self.key if now.stage is Stage.ABSENT else ""
        line, ground = self.colours["line"], self.colours["surface"]
        return (
            f'<table width="100%" cellspacing="0" cellpadding="0" border="1" class="picture" bgcolor="{ground}" '
            f'style="border-color: {line}; border-style: solid; border-collapse: collapse"><tr>'
            f'<td class="pictured"><p class="alt">{_image(f"icon/{icon}/text3")}&nbsp; {self._alt(picture)}</p>'
            f'<p class="told">{escape(said)} {key}{_GAP}{self._acts(picture, now, number)}</p></td></tr></table>'
        )

    def _shown(self, picture: Picture, now: PictureNow, number: int) -> str:
        drawn = (
            f'<a href="marquee:{ADDRESS}{number}"><img src="marquee:drawn/{now.name}" '
            f'width="{now.width}" height="{now.height}"></a>'
        )
        alt = f"{self._alt(picture)}{_GAP}" if picture.alt else ""
        said = escape(self._said(picture, now))
        return (
            f'<p class="drawn">{drawn}</p><p class="told under">{alt}{said}{_GAP}{self._acts(picture, now, number)}</p>'
        )

    def _said(self, picture: Picture, now: PictureNow) -> str:
        return self.words.say(f"picture_{now.stage}", host=host_of(picture.address))

    def _alt(self, picture: Picture) -> str:
        alt = picture.alt or self.words.say("picture_no_alt")
        return f'<span class="alt">{escape(alt, quote=False)}</span>'

    def _acts(self, picture: Picture, now: PictureNow, number: int) -> str:
        acts = [(f"marquee:{ADDRESS}{number}", self.words.say(_ACTS[now.stage]))] if now.stage in _ACTS else []
        acts.append((picture.address, self.words.say("picture_browser")))
        if picture.link:
            acts.append((picture.link, self.words.say("picture_leads", host=host_of(picture.link))))
        return _GAP.join(f'<a href="{escape(href)}" class="act">{_unbroken(said)}</a>' for href, said in acts)


def styles(colours: Mapping[str, str], small: int, line: int) -> str:
    """The style sheet of boxes and pictures."""
    plain = "font-weight: 400; font-style: normal; text-decoration: none"
    return (
        "table.picture { margin: 2px 0 8px 0; }"
        "td.pictured { padding: 8px 12px 8px 12px; }"
        f"p.alt {{ margin: 0; line-height: {line}px; }}"
        f"p.told {{ margin: 0; color: {colours['text2']}; font-size: {small}px; line-height: {line}px; {plain}; }}"
        "p.under { margin-bottom: 8px; }"
        f".alt {{ color: {colours['text']}; font-size: {small + 1}px; {plain}; font-weight: 600; }}"
        f"a.act {{ color: {colours['text']}; font-size: {small}px; font-weight: 400; font-style: normal; }}"
        "p.drawn { margin: 6px 0 2px 0; line-height: 100%; }"
    )


def _image(what: str) -> str:
    return f'<img src="marquee:{what}" style="vertical-align: middle">'


def _unbroken(said: str) -> str:
    return escape(said).replace(" ", "&nbsp;")
