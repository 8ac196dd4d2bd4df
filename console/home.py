"""The home: the one folder that holds settings, stores, logs and the engine's lock of one installation."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from moderation.errors import StoreError


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below one folder; ``usual`` is true for the folder that is taken when nobody names one.

    Folders are made with mode 0700, so nobody else on the machine reads what lies inside.
    """

    root: Path
    usual: bool = False

    @property
    def settings(self) -> Path:
        """Settings, TOML."""
        return self.root / "settings.toml"

    @property
    def privacy(self) -> Path:
        """The team's rules for finding private data, TOML; need not be there."""
        return self.root / "privacy.toml"

    @property
    def coverage(self) -> Path:
        """The team's rules for coverage, TOML; need not be there."""
        return self.root / "coverage.toml"

    @property
    def voice(self) -> Path:
        """Folder of the team's voice packs, TOML; need not be there."""
        return self.root / "voice"

    @property
    def unhappy(self) -> Path:
        """The team's words of unhappy posts, a line each; need not be there."""
        return self.root / "unhappy.txt"

    @property
    def run(self) -> Path:
        """Folder of what only lives while processes do: lock and socket."""
        return self.root / "run"

    @property
    def logs(self) -> Path:
        """Folder of logs and crash reports."""
        return self.root / "logs"

    @property
    def salt(self) -> Path:
        """Salt of the passphrase (:mod:`sync.vault`), there only where the key of the stores comes from one."""
        return self.root / "key.salt"

    @property
    def has_stores(self) -> bool:
        """True once a store was written: its key must then be the one it was written with."""
        return any(path.stat().st_size for path in self.root.glob("*.sqlite"))

    @property
    def keyring_service(self) -> str:
        """Name under which the keyring keeps this home's secrets: another home never sees them."""
        if self.usual:
            return "marquee"
        return f"marquee-{hashlib.sha256(str(self.root).encode()).hexdigest()[:12]}"

    def prepare(self) -> None:
        """Make the folders; raises :class:`StoreError` ``home_unusable`` where that is not possible."""
        try:
            for folder in (self.root, self.run, self.logs):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                "home_unusable", path=str(self.root), why=error.strerror or type(error).__name__
            ) from error


def find_home(named: str | None, environment: Mapping[str, str]) -> Home:
    """The home that the person means: ``--home``, else ``MARQUEE_HOME``, else the usual data folder of this system.

    The usual folder is the usual home also when it is named, as an engine's command line names it.
    """
    from platformdirs import user_data_path

    usual = Path(os.path.realpath(user_data_path("marquee", appauthor=False)))
    chosen = named or environment.get("MARQUEE_HOME")
    root = Path(os.path.realpath(Path(chosen).expanduser())) if chosen else usual
    return Home(root, usual=root == usual)
