"""Settings survive, refuse what does not fit, and keep what they do not know."""

import stat
import threading
import tomllib
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.settings import Connected, Settings, WindowSettings, change, load, save
from console.toml import to_toml
from moderation.errors import StoreError


def test_a_missing_file_means_the_usual(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml") == Settings()


def test_everything_comes_back(tmp_path: Path) -> None:
    place = Connected(
        "https://c.example", "nodebb", "c.example:member:3", "Ada “A” \\ 阿", official="c.example:member:9"
    )
    chosen = Settings(language="ja", undo_seconds=2, window={"window.scale": "125"}, communities={"c.example": place})
    save(tmp_path / "s.toml", chosen)
    assert load(tmp_path / "s.toml") == chosen
    assert stat.S_IMODE((tmp_path / "s.toml").stat().st_mode) == 0o600


def test_unknown_entries_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('later = [1, 2]\n[team]\nurl = "x"\n')
    change(path, lambda settings: replace(settings, language="ja"))
    assert tomllib.loads(path.read_text()) == {"language": "ja", "later": [1, 2], "team": {"url": "x"}}


@pytest.mark.parametrize(
    "text",
    [
        'undo_seconds = "5"',
        "undo_seconds = -1",
        "horizon_days = 1.5",
        "horizon_days = true",
        'language = "de"',
        "window = 3",
        "[window]\nx = 3",
        '[communities.c]\nurl = "https://c"',
        '[communities.c]\nurl = "u"\nplatform = "p"\nmember = "m"\nuser = "n"\ntoken = "secret"',
    ],
)
def test_a_value_that_does_not_fit_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text)
    with pytest.raises(StoreError) as caught:
        load(path)
    assert caught.value.code == "settings_value"
    assert caught.value.facts["path"] == str(path)


def test_broken_toml_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text("language = \n")
    with pytest.raises(StoreError) as caught:
        load(path)
    assert caught.value.code == "settings_unreadable"
    assert "line 1" in str(caught.value.facts["why"])


def test_two_processes_do_not_undo_each_other(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    window = WindowSettings(path)
    change(path, lambda settings: replace(settings, undo_seconds=3.0))
    window.set("window.scale", "150")
    assert load(path).undo_seconds == 3.0
    assert load(path).window == {"window.scale": "150"}


def _with(name: str, found: Settings) -> Settings:
    return replace(found, window={**found.window, name: "x"})


def test_changes_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    path, together = tmp_path / "s.toml", threading.Barrier(4)

    def write(name: str) -> None:
        together.wait()
        for number in range(6):
            change(path, partial(_with, f"{name}{number}"))

    writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(load(path).window) == 24


def test_a_disk_that_takes_nothing_keeps_nobody_from_working(tmp_path: Path, expected_logs: list[str]) -> None:
    expected_logs.append("what the window remembers was not kept")
    (tmp_path / "file").write_text("in the way")
    window = WindowSettings(tmp_path / "file" / "s.toml")
    window.set("window.scale", "150")
    assert window.get("window.scale") == "150"
    with pytest.raises(StoreError, match="settings_unwritable"):
        change(tmp_path / "file" / "s.toml", lambda settings: settings)


def test_what_could_not_be_written_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("console.settings.os.fsync", full)
    with pytest.raises(StoreError, match="settings_unwritable"):
        save(tmp_path / "s.toml", Settings())
    assert list(tmp_path.iterdir()) == []


def test_the_language_of_the_window_is_that_of_the_commands(tmp_path: Path) -> None:
    window = WindowSettings(tmp_path / "s.toml")
    window.set("window.language", "ja")
    assert load(tmp_path / "s.toml").language == "ja"
    assert WindowSettings(tmp_path / "s.toml").get("window.language") == "ja"


_VALUES = st.recursive(
    st.text() | st.integers(-(2**60), 2**60) | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), _VALUES, max_size=5))
def test_what_is_written_reads_the_same(table: dict[str, object]) -> None:
    assert tomllib.loads(to_toml(table)) == table
