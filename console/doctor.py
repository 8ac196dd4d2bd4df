"""What this machine has and lacks. Each check looks at one thing, changes nothing, and names its remedy."""

import ctypes
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from console import keyrings, settings
from console.credentials import Credentials
from console.home import Home
from moderation.errors import MarqueeError

# What Qt loads, by the package that brings it on Debian and Ubuntu (from `ldd` on a bare system).
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
X_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
LEAST_FREE = 500_000_000
CLOCK_TOLERANCE = 120.0
_LOOKED_FOR = "doctor"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: ``needed`` ones make the command fail. ``remedy`` is a code with ``facts``, empty when all is well."""

    check: str
    ok: bool
    detail: str = ""
    remedy: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    needed: bool = True


def examine(home: Home, credentials: Credentials, *, ask_servers: bool = True) -> list[Finding]:
    """All checks in the order in which to mend things."""
    found = [_python(), *_libraries(), _japanese(), _settings(home), _rules(home), _folder(home), _disk(home)]
    found += [_keyring(home, credentials), *_stores(home, credentials), _engine(home)]
    if _openable(found, home):
        found += [*(_servers(home, credentials) if ask_servers else []), *_live(home)]
        found += _tickets(home, credentials) if ask_servers else []
        found += _alarm_channels(home, credentials)
    return found


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", sys.version_info >= (3, 11), version, "remedy_python")


def _libraries() -> Iterator[Finding]:
    for check, libraries, needed in (
        ("qt_libraries", QT_LIBRARIES, True),
        ("x_libraries", X_LIBRARIES, bool(os.environ.get("DISPLAY"))),
    ):
        lacking = [package for name, package in libraries.items() if sys.platform == "linux" and not _loads(name)]
        yield Finding(check, not lacking, ", ".join(lacking), "remedy_libraries", {"names": " ".join(lacking)}, needed)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _japanese() -> Finding:
    tool = shutil.which("fc-list")
    if tool is None:
        return Finding("japanese_font", True, needed=False)
    listed = subprocess.run([tool, ":lang=ja", "family"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    families = sorted({line.split(",")[0] for line in listed.splitlines() if line})
    return Finding("japanese_font", bool(families), families[0] if families else "", "remedy_font", needed=False)


def _settings(home: Home) -> Finding:
    def readable() -> str:
        settings.load(home.settings)
        return str(home.settings) if home.settings.exists() else ""

    return _tried("settings", readable)


def _rules(home: Home) -> Finding:
    def readable() -> str:
        from sync.detectors.rules_file import load_rules

        load_rules(home.privacy)
        return str(home.privacy) if home.privacy.exists() else ""

    return _tried("privacy_rules", readable)


def _folder(home: Home) -> Finding:
    place = next(path for path in (home.root, *home.root.parents) if path.exists())
    facts: dict[str, object] = {"path": str(home.root)}
    if not os.access(place, os.W_OK):
        return Finding("home", False, str(home.root), "remedy_home_readonly", facts)
    open_files = [path.name for path in _private(home.root) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    facts["names"] = ", ".join(open_files)
    return Finding("home", not open_files, str(home.root), "remedy_home_open", facts)


def _private(root: Path) -> list[Path]:
    return [root, *root.glob("*.sqlite*"), *root.glob("key.*")] if root.exists() else []


def _disk(home: Home) -> Finding:
    place = next(path for path in (home.root, *home.root.parents) if path.exists())
    free = shutil.disk_usage(place).free
    facts: dict[str, object] = {"path": str(place), "needed": LEAST_FREE // 1_000_000}
    return Finding("disk", free >= LEAST_FREE, f"{free // 1_000_000} MB", "remedy_disk", facts)


def _keyring(home: Home, credentials: Credentials) -> Finding:
    """Is there one, and does it answer: one that is locked keeps secrets, and gives none."""

    def read() -> str:
        with keyrings.errors():
            credentials.backend.get_password(home.keyring_service, _LOOKED_FOR)
        return keyrings.backend_name(credentials.backend)

    finding = _tried("keyring", read)
    return Finding(**{**{name: getattr(finding, name) for name in finding.__slots__}, "needed": False})


def _stores(home: Home, credentials: Credentials) -> Iterator[Finding]:
    if not home.has_stores:
        yield Finding("stores", True, "")
        return
    from sync.vault import StoreFile, Vault

    def opened(store: StoreFile) -> str:
        Vault(home.root, credentials.store_key()).connect(store).close()
        return store.path(home.root).name

    for store in StoreFile:
        if store.path(home.root).exists():
            yield _tried(f"store_{store}", lambda store=store: opened(store))  # type: ignore[misc]


def _engine(home: Home) -> Finding:
    from sync.engine.lock import holder

    running = holder(home.root) if home.root.exists() else None
    return Finding("engine", True, str(running or ""), needed=False)


def _openable(found: list[Finding], home: Home) -> bool:
    """Stores that open, and settings that say which communities there are."""
    asked = (finding for finding in found if finding.check == "settings" or finding.check.startswith("store_"))
    return home.has_stores and all(finding.ok for finding in asked)


def _servers(home: Home, credentials: Credentials) -> Iterator[Finding]:
    from console.connecting import reach

    for name, error, ahead in reach(settings.load(home.settings).communities, credentials):
        if error is None:
            yield Finding("community", True, name)
        else:
            yield Finding("community", False, name, error.code, {"community": name, **error.facts})
        if ahead is not None:
            facts: dict[str, object] = {"seconds": round(ahead)}
            yield Finding("clock", abs(ahead) <= CLOCK_TOLERANCE, name, "remedy_clock", facts)


def _tickets(home: Home, credentials: Credentials) -> Iterator[Finding]:
    """Do the connected ticket systems know their keys, and may tickets be opened there."""
    offices = settings.load(home.settings).tickets
    if not offices:
        return
    from console.ticket_offices import check

    for name in sorted(offices):
        try:
            desk = check(home, credentials, name)
        except MarqueeError as error:
            yield Finding("ticket_system", False, name, error.code, {"name": name, **error.facts})
        else:
            yield Finding("ticket_system", True, f"{name}: {desk.account}")


def _alarm_channels(home: Home, credentials: Credentials) -> Iterator[Finding]:
    """Do the channels of alarms fit, with their secrets at hand; nothing is sent."""
    if not settings.load(home.settings).alarms:
        return
    from console.alarm_channels import HomeAlarms

    ways = HomeAlarms(home, credentials)
    try:
        channels = ways.channels()
    except MarqueeError as error:
        yield Finding("alarm_channels", False, error.code, error.code, dict(error.facts))
        return
    for channel in channels:
        try:
            ways.open(channel)
        except MarqueeError as error:
            yield Finding("alarm_channels", False, channel.name, error.code, {"name": channel.name, **error.facts})
        else:
            yield Finding("alarm_channels", True, f"{channel.name}: {channel.kind}")


def _live(home: Home) -> Iterator[Finding]:
    """Is a server that tells of changes by itself listened to, as far as the setting and a key's usual limits say.

    What answers have taught of the limits only a running engine knows: ``marquee sync`` tells that.
    """
    from console.connectors import connector, installed
    from moderation.intents import Identities
    from sync.connector import Account, TellsAtOnce

    for name, entry in settings.load(home.settings).communities.items():
        account = Account(Identities.ME, "", entry.acts_as or None)
        if entry.platform not in installed():
            continue  # which is told where the community is asked
        connection = connector(entry.platform).open(entry.url, name, account)
        if isinstance(connection, TellsAtOnce):
            off = entry.live == "off"
            why = "live_setting_off" if off else connection.ear().hindered(wanted=entry.live == "on")
            yield Finding("live_push", off or not why, name, why, {"community": name}, needed=False)
        connection.close()


def _tried(check: str, look: Callable[[], str]) -> Finding:
    """A check that passes when looking raises nothing; the error's own sentence is the remedy."""
    try:
        return Finding(check, True, look())
    except MarqueeError as error:
        return Finding(check, False, error.code, error.code, dict(error.facts))
