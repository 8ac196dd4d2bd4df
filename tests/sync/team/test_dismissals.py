"""Finds that are not private, in the team store."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moderation.ids import Kind
from moderation.privacy.dismissals import NotPrivate
from sync.team import open_team
from sync.team.early import not_private
from sync.team.store import SqlTeam
from sync.vault import Vault
from tests.factory import HERE, at, ref

SAID = NotPrivate(f"{HERE}:post:4", b"\x00\x01\xff", "email", "agreed", f"{HERE}:member:9", "Ada", at(5))


@pytest.fixture
def vault(home_folder: Path) -> Vault:
    return Vault(home_folder, bytes(range(32)))


@pytest.fixture
def team(vault: Vault) -> Iterator[SqlTeam]:
    opened = open_team(vault, lambda: at(1000))
    yield opened
    opened.close()


def test_what_was_said_is_kept_once(team: SqlTeam) -> None:
    version = team.version()
    assert team.dismiss(SAID)
    assert not team.dismiss(replace(SAID, why="ours", by_name="Bo"))
    assert team.not_private() == [SAID]
    assert team.version() > version


def test_it_is_read_early_without_sqlalchemy(team: SqlTeam, vault: Vault) -> None:
    assert not_private(vault) == []
    team.dismiss(SAID)
    assert not_private(vault) == [SAID]


def test_taken_back_and_said_again(team: SqlTeam) -> None:
    team.dismiss(SAID)
    assert team.take_back(SAID.post, SAID.print)
    assert not team.take_back(SAID.post, SAID.print)
    assert team.not_private() == []
    assert team.dismiss(SAID)


def test_it_goes_with_its_post(team: SqlTeam) -> None:
    team.dismiss(SAID)
    team.dismiss(replace(SAID, post=f"{HERE}:post:5"))
    assert team.forget_dismissals([ref(Kind.POST, 4), ref(Kind.MEMBER, 1)]) == 1
    assert [said.post for said in team.not_private()] == [f"{HERE}:post:5"]
