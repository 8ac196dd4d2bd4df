"""Which folder is meant, and under which name its secrets are kept."""

from pathlib import Path

import pytest

from console.home import find_home


@pytest.fixture
def usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return find_home(None, {}).root


def test_the_usual_home_keeps_its_secrets_under_one_name_however_it_is_named(usual: Path) -> None:
    services = {
        find_home(None, {}).keyring_service,
        find_home(str(usual), {}).keyring_service,
        find_home(None, {"MARQUEE_HOME": f"{usual}/"}).keyring_service,
    }
    assert services == {"marquee"}


def test_another_home_keeps_them_apart(usual: Path, tmp_path: Path) -> None:
    other = find_home(str(tmp_path / "other"), {})
    assert not other.usual
    assert other.keyring_service not in {"marquee", find_home(str(tmp_path / "third"), {}).keyring_service}
