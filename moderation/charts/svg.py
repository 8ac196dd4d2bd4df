"""A drawing as SVG: nothing is loaded, no script runs, and it can be read where styles are taken away."""

from collections.abc import Mapping
from html import escape

from moderation.charts.shapes import Box, Dot, Drawing, Path, Shape, Text, colour_of
from moderation.text import neutralise

SIZES = {"caption": 11, "small": 12, "body": 13, "strong": 13, "pane": 14, "figure": 24}
"""Pixels of type roles."""
_FONT = 'system-ui, "Yu Gothic UI", "Hiragino Sans", "Noto Sans CJK JP", sans-serif'
_SPACE = "http://www.w3.org/2000/svg"
_EDGE = 12


def svg(drawing: Drawing, colours: Mapping[str, str], *, scale: float = 1.0, inside: bool = False) -> str:
    """The drawing; ``inside`` a page its colours are also those of the page's styles, which know dark schemes."""
    body = "".join(_Writer(colours, scale, inside).shape(shape) for shape in drawing.shapes)
    if inside:
        marks = "".join(
            f'<rect x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.width)}" height="{_n(mark.height)}" '
            f'fill="none" pointer-events="all"><title>{_safe(mark.said)}</title></rect>'
            for mark in drawing.marks
        )
        size = f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}"'
        return f'<svg {size} role="img" aria-label="{_safe(drawing.title)}">{body}{marks}</svg>'
    wide, high = _n(drawing.width + 2 * _EDGE), _n(drawing.height + 2 * _EDGE)
    return (
        f'<svg xmlns="{_SPACE}" width="{wide}" height="{high}" viewBox="-{_EDGE} -{_EDGE} {wide} {high}" role="img" '
        f'font-family="{escape(_FONT)}"><title>{_safe(drawing.title)}</title><rect x="-{_EDGE}" y="-{_EDGE}" '
        f'width="{wide}" height="{high}" fill="{colours["surface"]}"/>{body}</svg>\n'
    )


class _Writer:
    def __init__(self, colours: Mapping[str, str], scale: float, inside: bool) -> None:
        self._colours, self._scale, self._inside = colours, scale, inside

    def shape(self, shape: Shape) -> str:
        """One shape."""
        match shape:
            case Box():
                place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" height="{_n(shape.height)}"'
                return f"<rect {place}{self._paint(fill=shape.fill or 'none', stroke=shape.stroke)}/>"
            case Path():
                points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
                dashes = ' stroke-dasharray="3 3"' if shape.dashed else ""
                paint = self._paint(fill="none", stroke=shape.colour)
                return f'<polyline points="{points}"{paint} stroke-width="{shape.width}"{dashes}/>'
            case Dot():
                place = f'cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}" stroke-width="1.5"'
                return f"<circle {place}{self._paint(fill=shape.fill, stroke=shape.stroke)}/>"
            case Text():
                return self._text(shape)

    def _text(self, text: Text) -> str:
        size = SIZES[text.role] * self._scale
        anchor = f' text-anchor="{text.anchor}"' if text.anchor != "start" else ""
        weight = f' font-weight="{text.weight}"' if text.weight != 400 else ""
        note = ""
        if text.note:
            style = f'dx="{_n(8 * self._scale)}" font-size="{_n(12 * self._scale)}" font-weight="400"'
            note = f"<tspan {style}{self._paint(fill='text2')}>{_safe(text.note)}</tspan>"
        place = f'x="{_n(text.x)}" y="{_n(text.y + size * 0.36)}" font-size="{_n(size)}"'
        return f"<text {place}{anchor}{weight}{self._paint(fill=text.colour)}>{_safe(text.text)}{note}</text>"

    def _paint(self, **names: str) -> str:
        """Colours of fill and stroke by name (``none``: not filled), and by which names a page's styles know them."""
        told = {what: name for what, name in names.items() if name}
        plain = "".join(
            f' {what}="{name if name == "none" else colour_of(name, self._colours)}"' for what, name in told.items()
        )
        known = ";".join(f"{what}:var(--{name.replace(':', '-')})" for what, name in told.items() if name != "none")
        return f'{plain} style="{known}"' if self._inside and known else plain


def variables(colours: Mapping[str, str]) -> str:
    """Declarations for a page's styles: all colours by name, and those of text on the grounds of the heat map."""
    named = {name: colours[name] for name in _OF_PAGES}
    grounds = (*(f"heat{step}" for step in range(6)), "surface")
    named |= {f"on-{ground}": colour_of(f"on:{ground}", colours) for ground in grounds}
    return "".join(f"--{name}:{value};" for name, value in named.items())


_OF_PAGES = (
    *("surface", "window", "text", "text2", "text3", "line", "line_strong"),
    *(f"heat{step}" for step in range(6)),
)


def _n(value: float) -> str:
    """A number without needless decimals."""
    return f"{value:.1f}".removesuffix(".0")


def _safe(text: str) -> str:
    return escape(neutralise(text))
