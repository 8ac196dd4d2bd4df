"""Pictures made in code: a PNG of stripes, and PNGs that only say that they are huge."""

import struct
import zlib


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 12, height: int = 8, *, claims: tuple[int, int] | None = None) -> bytes:
    """A picture of diagonal stripes; ``claims`` is the size that its header tells instead of the true one."""
    rows = b"".join(
        b"\0" + b"".join(bytes(((x + y) % 7 * 36, x * 5 % 256, 90)) for x in range(width)) for y in range(height)
    )
    header = struct.pack(">IIBBBBB", *(claims or (width, height)), 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


GIF = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")
