"""The team's voice packs: the files `*.toml` in the folder `voice` of the home."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from moderation.errors import StoreError

if TYPE_CHECKING:
    from moderation.voice.pack import Pack
    from moderation.voice.ports import Voices
    from moderation.voice.reading import Problem

LARGEST = 2_000_000
"""Bytes of a pack's file that are read; the longest pack has fewer."""
MOST = 100
"""Files that are read."""
_Stamp = tuple[tuple[str, int, int], ...]


class HomeVoices:
    """Implements :class:`moderation.voice.ports.VoicePacks`. A changed file counts at once; safe on any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._read: tuple[_Stamp, Voices] | None = None

    def __call__(self) -> "Voices":
        """All packs as they are now; none where the folder is missing."""
        with self._lock:
            stamp = _stamp(self._folder)
            if self._read is None or self._read[0] != stamp:
                self._read = (stamp, _voices(self._folder))
            return self._read[1]


def pack_files(folder: Path) -> list[Path]:
    """The files of packs, by name."""
    try:
        return sorted(folder.glob("*.toml"))[:MOST]
    except OSError:
        return []


def examine_file(path: Path) -> "tuple[Pack | None, list[Problem]]":
    """A pack and what is wrong with it; raises ``StoreError`` ``voice_pack_unreadable``."""
    from moderation.voice.reading import examine

    try:
        with path.open("rb") as file:
            source = file.read(LARGEST).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise StoreError("voice_pack_unreadable", path=str(path), why=why) from error
    return examine(source.replace("\r\n", "\n"), path.name)


def _voices(folder: Path) -> "Voices":
    from moderation.voice.ports import Voices

    packs, unread = [], []
    for path in pack_files(folder):
        try:
            pack, problems = examine_file(path)
        except StoreError:
            unread.append(path.name)
            continue
        if pack is not None:
            packs.append(pack)
        else:
            unread.append(f"{path.name}:{problems[0].line}")
    return Voices(tuple(packs), tuple(unread))


def _stamp(folder: Path) -> _Stamp:
    found = []
    for path in pack_files(folder):
        try:
            stat = path.stat()
        except OSError:
            continue
        found.append((path.name, stat.st_mtime_ns, stat.st_size))
    return tuple(found)
