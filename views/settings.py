"""What a person chose for the window: a port that the program implements, and typed reading of it."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from views.theme import Scheme
from views.words import LANGUAGES, Language


class SettingsPort(Protocol):
    """Small text values that survive the program, by name."""

    def get(self, name: str) -> str | None:
        """The kept value, or ``None``."""

    def set(self, name: str, value: str) -> None:
        """Keep a value."""


@dataclass(slots=True)
class MemorySettings:
    """Settings that end with the process: for tests and for runs without a home."""

    values: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        """The kept value, or ``None``."""
        return self.values.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a value."""
        self.values[name] = value


class PictureChoice(StrEnum):
    """When pictures of posts are loaded, and how they are shown: only when asked for, and blurred; those of the
    community itself with the post, blurred; the same, clearly.
    """

    ASKED = "asked"
    BLURRED = "blurred"
    SHOWN = "shown"


SCALES = (80, 90, 100, 110, 125, 150, 175, 200)


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices of the settings screen."""

    scale: int = 100
    compact: bool = False
    scheme: Scheme = Scheme.SYSTEM
    language: Language = "en"
    status_colours: bool = True
    reduced_motion: bool = False
    pictures: PictureChoice = PictureChoice.ASKED

    @classmethod
    def read(cls, port: SettingsPort, language: Language = "en") -> "Preferences":
        """The kept choices; what is missing or does not fit is the default."""
        scale = port.get("window.scale") or "100"
        scheme = port.get("window.scheme") or ""
        kept = port.get("window.language") or ""
        pictures = port.get("window.pictures") or ""
        return cls(
            scale=int(scale) if scale.isdigit() and int(scale) in SCALES else 100,
            compact=port.get("window.compact") == "yes",
            scheme=Scheme(scheme) if scheme in Scheme._value2member_map_ else Scheme.SYSTEM,
            language=next((known for known in LANGUAGES if known == kept), language),
            status_colours=port.get("window.status_colours") != "no",
            reduced_motion=port.get("window.reduced_motion") == "yes",
            pictures=next((choice for choice in PictureChoice if choice == pictures), PictureChoice.ASKED),
        )

    def write(self, port: SettingsPort) -> None:
        """Keep these choices."""
        port.set("window.scale", str(self.scale))
        port.set("window.compact", _yes(self.compact))
        port.set("window.scheme", str(self.scheme))
        port.set("window.language", self.language)
        port.set("window.status_colours", _yes(self.status_colours))
        port.set("window.reduced_motion", _yes(self.reduced_motion))
        port.set("window.pictures", str(self.pictures))

    def but(self, **changes: object) -> "Preferences":
        """A copy with other choices."""
        return replace(self, **changes)  # type: ignore[arg-type]


def _yes(value: bool) -> str:
    return "yes" if value else "no"
