"""What the desk asks for packs."""

from dataclasses import dataclass
from typing import Protocol

from moderation.voice.pack import Pack


@dataclass(frozen=True, slots=True)
class Voices:
    """The packs that could be read, by place. ``unread`` names those that could not (“billing.toml:12”)."""

    packs: tuple[Pack, ...] = ()
    unread: tuple[str, ...] = ()


class VoicePacks(Protocol):
    """Where packs come from. Safe on any thread."""

    def __call__(self) -> Voices:
        """All packs as they are now."""


NO_VOICES = Voices()
