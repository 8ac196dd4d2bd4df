"""Pictures that members uploaded: invented patterns, the same for the same name, made when they are asked for."""

import math
import random
import struct
import zlib
from collections.abc import Callable
from functools import lru_cache

WIDTH, HEIGHT = 420, 280
_GRAIN = 2  # pixels along the edge of the squares that the pattern is made of
Colour = tuple[int, int, int]
Shade = Callable[[float, float], float]


@lru_cache(maxsize=32)
def picture(name: str) -> bytes:
    """A PNG for a file's name: rings, waves or patches in three colours."""
    chance = random.Random(f"picture {name}")  # noqa: S311 - a pattern
    colours = [_colour(chance) for _ in range(3)]
    shade = chance.choice((_rings, _waves, _patches))(chance)
    rows = bytearray()
    for y in range(0, HEIGHT, _GRAIN):
        row = b"".join(_mixed(colours, shade(x / WIDTH, y / WIDTH)) * _GRAIN for x in range(0, WIDTH, _GRAIN))
        rows += (b"\0" + row) * _GRAIN
    return _png(bytes(rows))


def _colour(chance: random.Random) -> Colour:
    return chance.randint(40, 230), chance.randint(40, 230), chance.randint(40, 230)


def _rings(chance: random.Random) -> Shade:
    x0, y0, often = chance.random(), chance.random() * 0.6, chance.randint(5, 9)
    return lambda x, y: 0.5 + 0.5 * math.sin(math.hypot(x - x0, y - y0) * often * 6.28)


def _waves(chance: random.Random) -> Shade:
    often, tilt = chance.randint(3, 7), chance.uniform(-4, 4)
    return lambda x, y: 0.5 + 0.5 * math.sin(x * often * 6.28 + tilt * math.sin(y * 9))


def _patches(chance: random.Random) -> Shade:
    grid = [[chance.random() for _ in range(10)] for _ in range(10)]
    return lambda x, y: grid[int(y * 9.9) % 10][int(x * 9.9) % 10]


def _mixed(colours: list[Colour], at: float) -> bytes:
    first, second = (colours[0], colours[1]) if at < 0.5 else (colours[1], colours[2])
    share = at * 2 % 1.0 if at < 1.0 else 1.0
    return bytes(round(a + (b - a) * share) for a, b in zip(first, second, strict=True))


def _png(rows: bytes) -> bytes:
    """Rows of RGB, each with its filter byte, as a file (PNG specification, sections 5 and 11)."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
