"""Every command has help in every language, and stands in the README."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from console.cli.commands import COMMANDS
from console.cli.output import width
from console.cli.parser import build
from console.language import LANGUAGES, choose
from tests.support.program import Program

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help(name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = io.StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit) as ended:
        build(language).parse_args([*([name] if name else []), "--help"])
    assert ended.value.code == 0
    assert "‹" not in out.getvalue()
    assert all(width(line) <= 80 for line in out.getvalue().splitlines())
    if language == "ja":
        assert "オプション" in out.getvalue()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_shows_each_command(name: str) -> None:
    assert f"`{name}" in README


def test_options_may_stand_before_or_after_the_command() -> None:
    for arguments in (["--json", "--home", "H", "queue"], ["queue", "--json", "--home", "H"]):
        parsed = build("en").parse_args(arguments)
        assert (parsed.json, parsed.home) == (True, "H")


def test_the_engine_is_not_a_command_for_people(marquee: Program) -> None:
    done = marquee("--help")
    assert "engine " not in done.out
    assert "engine" not in marquee("fly").err


@pytest.mark.parametrize(
    ("named", "setting", "environment", "language"),
    [
        (None, "", {}, "en"),
        (None, "", {"LANG": "ja_JP.UTF-8"}, "ja"),
        (None, "", {"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        (None, "en", {"LANG": "ja_JP.UTF-8"}, "en"),
        ("ja", "en", {}, "ja"),
        (None, "", {"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language(named: str | None, setting: str, environment: dict[str, str], language: str) -> None:
    assert choose(named, setting, environment) == language
