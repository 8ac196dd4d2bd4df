"""Settings: a small TOML file in the home that a person may edit; unknown entries are kept."""

import fcntl
import logging
import os
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from console.toml import to_toml
from moderation.errors import StoreError

log = logging.getLogger(__name__)
LIVE = ("auto", "on", "off")


@dataclass(frozen=True, slots=True)
class Connected:
    """A connected community: where it is and who is signed in. The token is not here: it is in the keyring.

    ``member`` and ``official`` are ids (``community:member:native``). ``acts_as`` and ``official_acts_as`` are the
    native member ids that a key of the site speaks for, empty for a key of the account's own. ``private_forum`` is the
    team's private forum (an id), under which customers get theirs; ``support_groups`` are names of groups that join
    private messages, with commas between them. ``live`` is one of :data:`LIVE`, empty for ``auto``: is a server that
    tells of changes by itself listened to.
    """

    url: str
    platform: str
    member: str
    user: str
    official: str = ""
    official_user: str = ""
    official_acts_as: str = ""
    acts_as: str = ""
    private_forum: str = ""
    support_groups: str = ""
    live: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may choose; durations in seconds.

    ``language`` is ``en`` or ``ja``, empty for the system's. ``undo_seconds`` is the undo window, ``horizon_days``
    how far back threads are kept, ``settle_seconds`` how long absence must last before it counts as such,
    ``idle_seconds`` after how long without work and listeners the engine ends. ``trusted_keyring`` names
    one more keyring backend. ``tickets`` are the connected ticket systems by name (see
    :mod:`console.ticket_offices`), without their keys, ``alarms`` the channels in which alarms are told (see
    :mod:`console.alarm_channels`), without their addresses and passwords. ``window`` holds what the window
    remembers.
    """

    language: str = ""
    undo_seconds: float = 5.0
    horizon_days: int = 90
    poll_seconds: float = 15.0
    settle_seconds: float = 90.0
    idle_seconds: float = 20.0
    trusted_keyring: str = ""
    window: dict[str, str] = field(default_factory=dict)
    communities: dict[str, Connected] = field(default_factory=dict)
    tickets: dict[str, dict[str, str]] = field(default_factory=dict)
    alarms: dict[str, dict[str, str]] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


_RANGES: dict[str, tuple[float, float]] = {
    "undo_seconds": (0.0, 60.0),
    "horizon_days": (1, 3650),
    "poll_seconds": (1.0, 3600.0),
    "settle_seconds": (0.0, 3600.0),
    "idle_seconds": (1.0, 86400.0),
}
_CHOICES = {"language": ("", "en", "ja")}
_NAMES = frozenset(f.name for f in fields(Settings)) - {"extra"}
_USUAL = Settings()


def load(path: Path) -> Settings:
    """Settings of a home, the usual ones where the file is missing.

    Raises :class:`StoreError` ``settings_unreadable`` or ``settings_value`` with the place, so that a typing error is
    never silently something else.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StoreError("settings_unreadable", path=str(path), why=str(error)) from error
    known = {name: _checked(path, name, value) for name, value in found.items() if name in _NAMES}
    return Settings(**known, extra={name: value for name, value in found.items() if name not in _NAMES})


def _checked(path: Path, name: str, value: Any) -> Any:
    usual = getattr(_USUAL, name)
    if isinstance(usual, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(usual) or not _fits(name, value):
        raise StoreError("settings_value", path=str(path), name=name)
    return {key: Connected(**entry) for key, entry in value.items()} if name == "communities" else value


def _fits(name: str, value: Any) -> bool:
    if name in _RANGES:
        low, high = _RANGES[name]
        return bool(low <= value <= high)
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name == "communities":
        return all(_is_connected(entry) for entry in value.values())
    if name in {"tickets", "alarms"}:
        return all(_is_office(entry) for entry in value.values())
    return not isinstance(value, dict) or all(isinstance(entry, str) for entry in value.values())


def _is_connected(entry: object) -> bool:
    names = {f.name for f in fields(Connected)}
    required = {"url", "platform", "member", "user"}
    return (
        isinstance(entry, dict)
        and required <= entry.keys() <= names
        and all(isinstance(value, str) for value in entry.values())
        and entry.get("live", "") in ("", *LIVE)
    )


def _is_office(entry: object) -> bool:
    return isinstance(entry, dict) and "kind" in entry and all(isinstance(value, str) for value in entry.values())


def save(path: Path, settings: Settings) -> None:
    """Write what differs from the usual, in one step: a crash leaves the old file or the new one."""
    chosen = {
        name: getattr(settings, name) for name in sorted(_NAMES) if getattr(settings, name) != getattr(_USUAL, name)
    }
    if "communities" in chosen:
        chosen["communities"] = {name: _plain(entry) for name, entry in settings.communities.items()}
    text = to_toml({**chosen, **settings.extra})
    with _writing(path):
        handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=".settings-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            Path(scratch).replace(path)
        except OSError:
            with suppress(OSError):
                Path(scratch).unlink()
            raise


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """What the disk refuses, as ``settings_unwritable``."""
    try:
        yield
    except OSError as error:
        raise StoreError("settings_unwritable", path=str(path), why=error.strerror or type(error).__name__) from error


def change(path: Path, edit: Callable[[Settings], Settings]) -> Settings:
    """Read, change and write the settings, one at a time: another process's change is neither undone nor lost."""
    with _writing(path):
        lock = os.open(path.with_suffix(".lock"), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        changed = edit(load(path))
        save(path, changed)
    finally:
        os.close(lock)
    return changed


def _plain(entry: Connected) -> dict[str, str]:
    return {f.name: value for f in fields(entry) if (value := getattr(entry, f.name))}


class WindowSettings:
    """What the window remembers, by name; implements ``views.settings.SettingsPort``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._settings = load(path)

    def get(self, name: str) -> str | None:
        """The kept value, or ``None``."""
        if name == "window.language":
            return self._settings.language or None
        return self._settings.window.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a value; what stands there already is not written again.

        A disk that takes nothing more keeps nobody from working: the value then counts as long as the window is open.
        """
        if self.get(name) == value:
            return

        def edit(settings: Settings) -> Settings:
            if name == "window.language":
                return replace(settings, language=value)
            return replace(settings, window={**settings.window, name: value})

        try:
            self._settings = change(self._path, edit)
        except StoreError as error:
            log.warning("what the window remembers was not kept: %s", error)
            self._settings = edit(self._settings)
