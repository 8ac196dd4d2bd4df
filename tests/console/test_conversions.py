"""What window and commands write and remember of conversions is the same."""

from pathlib import Path

import pytest

from console import settings as kept
from console.conversions import Conversions, wording_in
from moderation.ids import Kind, Ref
from resources.messages import text

NAME = "acme.example"
FORUM = Ref(NAME, Kind.FORUM, "7")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_placeholders_stay_for_the_plan(language: str, tmp_path: Path) -> None:
    wording = Conversions(tmp_path / "settings.toml").wording(language)
    assert wording == wording_in(lambda code, **facts: text(code, language, **facts))
    assert "{customer}" in wording.pointer
    assert "{case}" in wording.pointer_title
    assert "Maren" in wording.pointer.format(customer="Maren")
    assert "‹" not in "".join(getattr(wording, name) for name in wording.__slots__)


def test_the_private_forum_is_asked_for_once(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    entry = kept.Connected("https://acme.example", "nodebb", f"{NAME}:member:1", "ada")
    kept.save(path, kept.Settings(communities={NAME: entry}))
    port = Conversions(path)
    assert port.private_forum(NAME) is None
    port.remember(NAME, FORUM)
    assert port.private_forum(NAME) == FORUM
    assert kept.load(path).communities[NAME].private_forum == str(FORUM)
    port.remember("gone.example", Ref("gone.example", Kind.FORUM, "1"))
    assert port.private_forum("gone.example") is None
    assert kept.load(path).communities[NAME].user == "ada"


def test_groups_are_asked_for_once_too(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    entry = kept.Connected(
        "https://acme.example", "discourse", f"{NAME}:member:1", "ada", support_groups="team,second_line"
    )
    kept.save(path, kept.Settings(communities={NAME: entry}))
    assert Conversions(path).support_groups(NAME) == ("team", "second_line")
    assert Conversions(path).support_groups("gone.example") == ()
    Conversions(path).remember(NAME, FORUM)
    assert Conversions(path).support_groups(NAME) == ("team", "second_line")
