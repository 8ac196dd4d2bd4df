"""The look: colours, fonts and measures from the design tokens, and the palette made of them."""

import json
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPalette, QPen, QPixmap

from views.words import Language

_DRAWINGS = 512


class Scheme(StrEnum):
    """Which set of colours; ``system`` follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@cache
def tokens() -> dict[str, Any]:
    """The design tokens: colours by scheme, type, sizes in device-independent pixels, times in milliseconds."""
    loaded: dict[str, Any] = json.loads((files("resources") / "theme" / "tokens.json").read_text(encoding="utf-8"))
    return loaded


_GROUPS = (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled)


class Theme(QObject):
    """One look for the whole window; ``changed`` tells that everything has to be painted anew.

    ``scale`` is the text size in percent (80 to 200): it multiplies type, and heights grow by what their lines grow.
    """

    changed = Signal()

    def __init__(
        self,
        scheme: Scheme = Scheme.SYSTEM,
        *,
        scale: int = 100,
        language: Language = "en",
        status_colours: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._wanted = scheme
        self.scale = scale
        self.language: Language = language
        self.status_colours = status_colours
        self.revision = 0
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[str, int], QFont] = {}
        self._metrics: dict[tuple[str, int], QFontMetrics] = {}
        self._pens: dict[tuple[str, float], QPen] = {}
        self._drawings: dict[tuple[str, float], QPixmap] = {}
        self._family = QGuiApplication.font().family()
        # The hints and their child must stay referenced: the wrapper of a temporary is gone before it is asked.
        self._hints = QGuiApplication.styleHints()
        self._assistive = self._hints.accessibility()
        self._hints.colorSchemeChanged.connect(self._system_changed)
        self._assistive.contrastPreferenceChanged.connect(self._system_changed)
        self.scheme = self._resolved()

    # -- what a person chooses -------------------------------------------------------------------------------------
    def choose(
        self,
        *,
        scheme: Scheme | None = None,
        scale: int | None = None,
        language: Language | None = None,
        status_colours: bool | None = None,
    ) -> None:
        """Take other choices and tell it through ``changed``; what is left out stays."""
        self._wanted = self._wanted if scheme is None else scheme
        self.scale = self.scale if scale is None else scale
        self.language = self.language if language is None else language
        self.status_colours = self.status_colours if status_colours is None else status_colours
        self._renew()

    def _system_changed(self, *_: object) -> None:
        if self._wanted is Scheme.SYSTEM and self._resolved() is not self.scheme:
            self._renew()

    def _renew(self) -> None:
        self.scheme = self._resolved()
        self.revision += 1
        for cached in (self._colours, self._fonts, self._metrics, self._pens, self._drawings):
            cached.clear()
        self.changed.emit()

    def _resolved(self) -> Scheme:
        if self._wanted is not Scheme.SYSTEM:
            return self._wanted
        if self._assistive.contrastPreference() is Qt.ContrastPreference.HighContrast:
            return Scheme.CONTRAST
        return Scheme.DARK if self._hints.colorScheme() is Qt.ColorScheme.Dark else Scheme.LIGHT

    # -- colours ---------------------------------------------------------------------------------------------------
    def colour(self, name: str) -> QColor:
        """The colour of a token, e.g. ``text2``."""
        found = self._colours.get(name)
        if found is None:
            found = self._colours[name] = QColor(tokens()["color"][str(self.scheme)][name])
        return found

    def hex(self, name: str) -> str:
        """The colour of a token as ``#RRGGBB``, for the documents of posts."""
        value: str = tokens()["color"][str(self.scheme)][name]
        return value

    def status_colour(self, name: str) -> QColor:
        """Colour of a state (``conflict``, ``doubt`` …); plain text when status colours are switched off."""
        return self.colour(name if self.status_colours else "text")

    def pen(self, name: str, width: float = 1.0) -> QPen:
        """A pen in a token's colour; one pixel wide pens are cosmetic hairlines."""
        found = self._pens.get((name, width))
        if found is None:
            found = QPen(self.colour(name), width)
            found.setCosmetic(width == 1.0)
            self._pens[name, width] = found
        return found

    def drawing(self, what: str, ratio: float, draw: Callable[[], QPixmap]) -> QPixmap:
        """A small picture that many documents hold (initials, a key cap), drawn once a look and pixel ratio."""
        found = self._drawings.get((what, ratio))
        if found is None:
            if len(self._drawings) >= _DRAWINGS:
                self._drawings.clear()
            found = self._drawings[what, ratio] = draw()
        return found

    # -- type ------------------------------------------------------------------------------------------------------
    def font(self, role: str, weight: int | None = None) -> QFont:
        """Font of a type role (``body``, ``small`` …) at the text size, tabular figures; weight 400, 500 or 600."""
        spec = tokens()["type"][role]
        key = (role, weight or spec["weight"])
        found = self._fonts.get(key)
        if found is None:
            found = self._fonts[key] = self._made(spec["size"], key[1])
        return found

    def tiny(self, pixels: int) -> QFont:
        """A semibold font of so many pixels, whatever the text size: for initials in small discs."""
        key = ("tiny", pixels)
        found = self._fonts.get(key)
        if found is None:
            found = self._fonts[key] = QFont(self._made(11, 600))
            found.setPixelSize(max(8, pixels))
        return found

    def _made(self, size: int, weight: int) -> QFont:
        font = QFont()
        font.setFamilies([self._family, *tokens()["type"]["fallback_ja"]])
        font.setPixelSize(max(11, round(size * self.scale / 100)))
        font.setWeight(QFont.Weight(weight))
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def metrics(self, role: str, weight: int | None = None) -> QFontMetrics:
        """Metrics of :meth:`font`."""
        key = (role, weight or tokens()["type"][role]["weight"])
        found = self._metrics.get(key)
        if found is None:
            found = self._metrics[key] = QFontMetrics(self.font(role, weight))
        return found

    def line(self, role: str) -> int:
        """Line height of a type role in pixels at the text size."""
        spec = tokens()["type"][role]
        height: int = spec.get("line_ja", spec["line"]) if self.language == "ja" else spec["line"]
        return round(height * self.scale / 100)

    # -- measures --------------------------------------------------------------------------------------------------
    def height(self, name: str, role: str = "body", lines: int = 1) -> int:
        """A token's height, grown by what its lines of text grew; never smaller than drawn at 100 %."""
        base: int = tokens()["size"][name]
        return self.grown(base, role, lines)

    def grown(self, base: int, role: str = "body", lines: int = 1) -> int:
        """A height in pixels at 100 %, grown by what its lines of text grew."""
        line: int = tokens()["type"][role]["line"]
        return max(base, base + lines * (self.line(role) - line))

    def palette(self) -> QPalette:
        """The palette of the application in these colours."""
        spec, palette = tokens(), QPalette()
        for group in _GROUPS:
            roles: dict[str, str] = dict(spec["palette_roles"])
            if group is QPalette.ColorGroup.Inactive:
                roles |= spec["palette_inactive"]
            if group is QPalette.ColorGroup.Disabled:
                roles |= spec["palette_disabled"]
            for role, name in roles.items():
                palette.setColor(group, QPalette.ColorRole[role], self.colour(name))
        return palette


def milliseconds(name: str) -> int:
    """A time of the tokens, e.g. ``placeholder_after``."""
    value: int = tokens()["time_ms"][name]
    return value
