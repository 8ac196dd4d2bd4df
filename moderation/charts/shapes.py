"""What a drawing is made of. Lengths are pixels at 100 % text size times the text scale; the origin is top left.

Colours are names of design tokens; ``on:NAME`` is the colour of text on a ground of that name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from moderation.coverage.doors import Door

Say: TypeAlias = Callable[..., str]
"""``say(code, **facts)``: the words of a code."""
Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; without ``fill`` only its outline."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A ring: a point of a line."""

    x: float
    y: float
    radius: float
    stroke: str
    fill: str = "surface"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text around its middle height; ``room`` is the width that it has, 0 for any. ``note`` follows it in
    smaller, paler letters.
    """

    x: float
    y: float
    text: str
    role: str = "caption"
    colour: str = "text2"
    anchor: Anchor = "start"
    weight: int = 400
    room: float = 0
    note: str = ""


Shape: TypeAlias = Box | Path | Dot | Text


@dataclass(frozen=True, slots=True)
class Mark:
    """A number in a drawing: where it stands, what it says in full, the door to its rows, and what it means."""

    x: float
    y: float
    width: float
    height: float
    said: str
    door: Door
    means: str = ""

    @property
    def centre(self) -> Point:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes from back to front, and the numbers among them in reading order."""

    width: float
    height: float
    title: str
    shapes: tuple[Shape, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """Room for a drawing, and the text scale (1 is 100 %)."""

    width: float
    height: float
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale along one direction: values from ``low`` to ``high`` lie from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value lies; what is beyond the scale lies at its end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 2)


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB`` (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def colour_of(name: str, colours: Mapping[str, str]) -> str:
    """The colour of a name as ``#RRGGBB``: on a ground that of text or surface, whichever can be read better."""
    if not name.startswith("on:"):
        return colours[name]
    ground = colours[name.removeprefix("on:")]
    return max((colours["text"], colours["surface"]), key=lambda one: contrast(one, ground))


def names_of(shapes: Sequence[Shape]) -> set[str]:
    """Names of all colours that shapes use."""
    found: set[str] = set()
    for shape in shapes:
        match shape:
            case Box() | Dot():
                found |= {shape.fill, shape.stroke}
            case Path() | Text():
                found.add(shape.colour)
    return found - {""}
