"""What `marquee doctor` finds, and the remedy that it names."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from console import doctor
from sync.vault import StoreFile, Vault
from tests.console.conftest import Sample
from tests.console.schema import fits
from tests.support.program import Program, Result


def check(done: Result, name: str) -> dict[str, object]:
    return next(entry for entry in fits("doctor", done.json) if entry["check"] == name)


def test_a_fresh_machine(marquee: Program) -> None:
    done = marquee("doctor", "--json")
    assert check(done, "python")["ok"]
    assert check(done, "stores")["ok"]
    keyring = check(done, "keyring")
    assert (keyring["ok"], keyring["needed"]) == (False, False)
    assert "gnome-keyring" in str(keyring["remedy"])
    assert all((entry["remedy"] is None) == entry["ok"] for entry in done.json)
    assert not marquee.folder.exists()


@pytest.mark.parametrize("service", ["unlocked_service", "locked_service"])
def test_a_keyring_is_well_when_it_answers(home_folder: Path, service: str, request: pytest.FixtureRequest) -> None:
    """A real one; a locked one is there, and yet keeps the program from everything that lies in it."""
    environment = request.getfixturevalue(service).environment
    done = subprocess.run(
        [sys.executable, "-m", "console", "doctor", "--json", "--offline", "--home", str(home_folder)],
        env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    found = next(entry for entry in json.loads(done.stdout) if entry["check"] == "keyring")
    locked = service == "locked_service"
    assert (found["ok"], found["detail"]) == (
        (False, "keyring_locked") if locked else (True, "keyring.backends.SecretService.Keyring")
    )
    assert not locked or "unlock" in found["remedy"].casefold()


def test_everything_about_a_connected_home(connected: Program, sample: Sample) -> None:
    done = connected("doctor", "--json")
    assert done.code == 0, done.out
    for name in ("store_mirror", "store_private", "store_journal", "store_team", "community", "clock"):
        assert check(done, name)["ok"], name
    assert str(check(done, "engine")["detail"]).isdigit()
    shown = connected("doctor", "--language", "ja")
    assert "キーリング" in shown.out
    assert "‹" not in shown.out


def test_what_is_wrong_with_a_community(connected: Program, sample: Sample) -> None:
    sample.community.revoke_token(sample.token())
    done = connected("doctor", "--json")
    assert done.code == 1
    assert "token" in str(check(done, "community")["remedy"])
    assert connected("doctor", "--offline", "--json").code == 0


def test_files_that_others_may_read(connected: Program) -> None:
    (connected.folder / "journal.sqlite").chmod(0o644)
    connected.folder.chmod(0o755)
    found = check(connected("doctor", "--offline", "--json"), "home")
    assert not found["ok"]
    assert "journal.sqlite" in str(found["remedy"])
    connected.folder.chmod(0o700)


def test_a_wrong_key_and_a_full_disk(connected: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    done = connected("doctor", "--offline", "--json", MARQUEE_STORE_KEY="cd" * 32)
    assert (done.code, check(done, "store_mirror")["ok"]) == (1, False)
    monkeypatch.setattr(doctor, "LEAST_FREE", 1 << 60)
    assert not check(connected("doctor", "--offline", "--json"), "disk")["ok"]


def test_broken_settings_do_not_keep_the_rest_from_being_looked_at(marquee: Program) -> None:
    """A home with a store, whose settings somebody has edited."""
    home = marquee.home
    home.prepare()
    Vault(home.root, bytes.fromhex(marquee.environment["MARQUEE_STORE_KEY"])).connect(StoreFile.JOURNAL).close()
    home.settings.write_text("language = \n")
    done = marquee("doctor", "--json")
    assert done.code == 1
    assert not check(done, "settings")["ok"]
    assert "line 1" in str(check(done, "settings")["remedy"])
    assert check(done, "python")["ok"]


def test_a_clock_that_is_wrong(connected: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.connecting.clock_ahead", lambda url: 3600.0)
    found = check(connected("doctor", "--json"), "clock")
    assert "3600 s" in str(found["remedy"])


def test_missing_libraries_name_their_packages(monkeypatch: pytest.MonkeyPatch, marquee: Program) -> None:
    monkeypatch.setitem(doctor.QT_LIBRARIES, "libnosuch.so.1", "libnosuch1")
    found = check(marquee("doctor", "--json"), "qt_libraries")
    assert str(found["remedy"]).endswith("apt-get install -y --no-install-recommends libnosuch1")


def test_the_list_of_packages_is_that_of_make_setup() -> None:
    script = Path(__file__).parents[2] / ".ci" / "system-packages"
    listed = set(subprocess.run([str(script), "--list"], capture_output=True, text=True, check=True).stdout.split())
    ours = {*doctor.QT_LIBRARIES.values(), *doctor.X_LIBRARIES.values()}
    assert {name.removesuffix("t64") for name in listed} >= ours
    assert sys.version_info >= (3, 11)
